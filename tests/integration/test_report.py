# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports are whole, the same for people and for programs, and never in the way of what they are about."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Run, Step
from tests.localcloud_fixtures import LocalCloud

FIGURES = {"seconds": 12, "who": "Fisioterapia São José"}


NOWHERE = Path("/proc/none")


def steps_of(story: str, where: Path) -> list[Step]:
    wanted = {"path": str(where / "2026" / "backup"), "markdown": "# Backup\n\nDone.\n", "data": FIGURES}
    gone = {"path": wanted["path"], "state": "absent"}
    return [
        Step(f"{story}: predicted", "report", wanted, check=True),
        Step(f"{story}: looked", "ansible.builtin.stat", {"path": wanted["path"] + ".md"}),
        Step(f"{story}: written", "report", wanted),
        Step(f"{story}: again", "report", wanted),
        Step(f"{story}: read", "ansible.builtin.slurp", {"src": wanted["path"] + ".json"}),
        Step(f"{story}: other", "report", {**wanted, "data": {}}),
        Step(f"{story}: incomplete", "report", {"path": wanted["path"], "data": {}}),
        Step(f"{story}: removal predicted", "report", gone, check=True),
        Step(f"{story}: removed", "report", gone),
        Step(f"{story}: removed again", "report", gone),
    ]


@dataclass(frozen=True, repr=False)
class Told:
    run: Run
    folder: Path


@pytest.fixture(scope="module")
def told(localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One run for all that is said here."""
    folder = tmp_path_factory.mktemp("reports")
    kept = folder / "backup"
    # What an older version left may be open to everyone.
    kept.with_suffix(".md").write_text("# Backup\n", encoding="utf-8")
    kept.with_suffix(".md").chmod(0o644)
    wanted = {"path": str(kept), "markdown": "# Backup\n", "data": FIGURES}
    private = [
        Step("private: predicted", "report", wanted, check=True),
        Step("private: written", "report", wanted),
        Step("private: again", "report", wanted),
    ]
    steps = [*steps_of("here", folder), *private, *steps_of("nowhere", NOWHERE)]
    return Told(play(localcloud, folder / "play", steps), folder)


@pytest.mark.xdist_group("report")
def test_a_report_is_written_read_and_removed(told: Told) -> None:
    run = told.run
    changed = {
        name.removeprefix("here: "): outcome.changed
        for name, outcome in run.outcomes.items()
        if name.startswith("here: ") and "look" not in name and "read" not in name
    }
    assert changed == {
        "predicted": True,
        "written": True,
        "again": False,
        "other": True,
        "incomplete": False,
        "removal predicted": True,
        "removed": True,
        "removed again": False,
    }
    assert not run["here: looked"].result["stat"]["exists"]
    assert run["here: incomplete"].status == "failed"
    assert "markdown" in run["here: incomplete"].message
    assert run["here: written"].result["report"] == {
        ending: str(told.folder / "2026" / f"backup.{short}")
        for ending, short in (("markdown", "md"), ("json", "json"), ("shown", "md"))
    }
    # Nothing is left, no draft either.
    assert list((told.folder / "2026").iterdir()) == []


@pytest.mark.xdist_group("report")
def test_what_is_written_can_be_read_by_its_owner_alone(told: Told) -> None:
    path = told.folder / "backup"
    names = ("private: predicted", "private: written", "private: again")
    assert [told.run[name].changed for name in names] == [True, True, False]
    assert path.with_suffix(".md").read_text(encoding="utf-8") == "# Backup\n"
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) == FIGURES
    assert [oct(path.with_suffix(ending).stat().st_mode)[-3:] for ending in (".md", ".json")] == ["600", "600"]


@pytest.mark.xdist_group("report")
def test_a_folder_that_cannot_be_written_to_is_one_sentence(told: Told) -> None:
    written = told.run["nowhere: written"]
    assert written.status == "failed"
    assert written.message == "/proc/none/2026 cannot be written to (No such file or directory)."
    assert told.run["nowhere: removed"].status == "ok"

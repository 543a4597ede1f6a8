# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports are whole, the same for people and for programs, and never in the way of what they are about."""

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.harness.ansible import play
from tests.integration.harness.steps import Run, Step
from tests.localcloud_fixtures import LocalCloud

FIGURES = {"seconds": 12, "who": "Fisioterapia São José"}


def reported(localcloud: LocalCloud, folder: Path, where: Path) -> Run:
    wanted = {"path": str(where / "2026" / "backup"), "markdown": "# Backup\n\nDone.\n", "data": FIGURES}
    return play(
        localcloud,
        folder,
        [
            Step("predicted", "report", wanted, check=True),
            Step("looked", "ansible.builtin.stat", {"path": wanted["path"] + ".md"}),
            Step("written", "report", wanted),
            Step("again", "report", wanted),
            Step("read", "ansible.builtin.slurp", {"src": wanted["path"] + ".json"}),
            Step("other", "report", {**wanted, "data": {}}),
            Step("incomplete", "report", {"path": wanted["path"], "data": {}}),
            Step("removal predicted", "report", {"path": wanted["path"], "state": "absent"}, check=True),
            Step("removed", "report", {"path": wanted["path"], "state": "absent"}),
            Step("removed again", "report", {"path": wanted["path"], "state": "absent"}),
        ],
    )


def test_a_report_is_written_read_and_removed(localcloud: LocalCloud, tmp_path: Path) -> None:
    run = reported(localcloud, tmp_path / "play", tmp_path / "reports")
    changed = {name: outcome.changed for name, outcome in run.outcomes.items() if name not in ("looked", "read")}
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
    assert not run["looked"].result["stat"]["exists"]
    assert run["incomplete"].status == "failed"
    assert "markdown" in run["incomplete"].message
    assert run["written"].result["report"] == {
        ending: str(tmp_path / "reports" / "2026" / f"backup.{short}")
        for ending, short in (("markdown", "md"), ("json", "json"), ("shown", "md"))
    }
    # Nothing is left, no draft either.
    assert list((tmp_path / "reports" / "2026").iterdir()) == []


def test_what_is_written_can_be_read_by_its_owner_alone(localcloud: LocalCloud, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    # What an older version left may be open to everyone.
    path.with_suffix(".md").write_text("# Backup\n", encoding="utf-8")
    path.with_suffix(".md").chmod(0o644)
    wanted = {"path": str(path), "markdown": "# Backup\n", "data": FIGURES}
    run = play(
        localcloud,
        tmp_path / "play",
        [
            Step("predicted", "report", wanted, check=True),
            Step("written", "report", wanted),
            Step("again", "report", wanted),
        ],
    )
    assert [run[name].changed for name in ("predicted", "written", "again")] == [True, True, False]
    assert path.with_suffix(".md").read_text(encoding="utf-8") == "# Backup\n"
    assert json.loads(path.with_suffix(".json").read_text(encoding="utf-8")) == FIGURES
    assert [oct(path.with_suffix(ending).stat().st_mode)[-3:] for ending in (".md", ".json")] == ["600", "600"]


def test_a_folder_that_cannot_be_written_to_is_one_sentence(localcloud: LocalCloud, tmp_path: Path) -> None:
    run = reported(localcloud, tmp_path / "play", Path("/proc/none"))
    assert run["written"].status == "failed"
    assert run["written"].message == "/proc/none/2026 cannot be written to (No such file or directory)."
    assert run["removed"].status == "ok"

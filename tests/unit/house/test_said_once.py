# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all plays share: how modules connect, who validates inputs, the order of roles, which names are inputs."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.lookup.misspelled_inputs import PLAYBOOKS as KNOWN
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import class_of
from tests.unit.house.roles import NAMES, ROLES, called, inputs, load, outputs, reads, tasks

ROOT = ROLES.parent
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
MODULES = {"group/fisioflow.digitalocean.all": "{{ digitalocean_connection }}"}


def order(playbook: str) -> list[str]:
    # A dump before all that is no part of it.
    names = [
        str(called(task)["name"]).rpartition(".")[2]
        for task in tasks(load(ROOT / f"playbooks/{playbook}.yml"))
        if called(task) and called(task).get("tasks_from") != "dump"
    ]
    return list(dict.fromkeys(names))


@pytest.mark.parametrize("playbook", PLAYBOOKS, ids=lambda path: path.stem)
def test_every_play_tells_the_modules_the_same(playbook: Path) -> None:
    for play in load(playbook):
        assert "ansible.builtin.import_playbook" in play or play["module_defaults"] == MODULES


def test_only_the_beginning_of_a_run_validates_inputs() -> None:
    """All at once, before anything is made; again in each role, it would cost a process each and come too late."""
    files = [*PLAYBOOKS, *sorted(ROLES.glob("*/tasks/*.yml"))]
    found = [(path, called(task)) for path in files for task in tasks(load(path)) if called(task)]
    assert len(found) > 15
    assert [f"{path}: {role['name']}" for path, role in found if role.get("rolespec_validate") is not False] == []


def test_what_is_validated_and_verified_is_what_playbooks_run() -> None:
    parts = load(ROLES / "verify/vars/main.yml")["__verify_all"]
    run = dict.fromkeys(name for playbook in ("provision", "deploy", "monitor") for name in order(playbook))
    # Which comes last, with all that there is.
    # Of postgresql, whose items are the foundation's, only what is done in the database.
    of_roles = [part.partition(":")[0] for part in parts]
    wanted = [name for name in run if name in of_roles and name != "project"] + ["project"]
    assert of_roles == wanted
    assert set(run) - set(of_roles) <= {"procedure", "preflight", "plan", "deployment", "summary"}
    validated = load(ROLES / "preflight/vars/main.yml")["__preflight_roles"]
    assert set(of_roles) <= set(validated)
    # What those take is not for users to give, but for names.yml.
    assert set(run) - set(validated) <= {"procedure", "plan"}


def test_the_names_of_all_inputs_are_known() -> None:
    """Of those beside the inputs of roles, so that a slip in one is told."""
    common = sorted((ROOT / "inventories/common").glob("*.yml"))
    files = [*common, *(ROOT / "playbooks").rglob("*.yml")]
    read = {name for path in files for name in reads(load(path))}
    of_roles = {name for role in NAMES for name in inputs(role) | outputs(role)}
    computed = {name for path in common for name in load(path)}
    assert read - of_roles - computed <= set(KNOWN)
    settings = load(ROOT / "inventories/production/group_vars/all/30_settings.yml")
    assert [name for name in KNOWN if name not in read | computed | set(settings)] == []


def test_what_is_asked_ahead_can_be_taken() -> None:
    """An answer that no module may take costs a request of each run; and a row that is wrong says so nowhere else."""
    rows = load(ROLES / "preflight/vars/main.yml")["__preflight_ahead"]
    names = [key for row in rows for key in row if key != "when"]
    assert len(names) == len(rows) > 20
    assert [name for name in names if not class_of(name).looks_ahead] == []

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How procedures begin and end: roles/procedure. In between: test_releases.py, test_verify.py, test_destroy.py."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from localcloud.resources.account import TEAM
from tests.integration.harness.ansible import ROOT
from tests.integration.harness.playbooks import in_background
from tests.integration.site.cases import refusals
from tests.integration.site.outside import play, told
from tests.integration.site.runs import run
from tests.localcloud_fixtures import LocalCloud

DESTROY = "playbooks/destroy"
DIGEST = f"image_digest=sha256:{'7' * 64}"


def test_a_second_run_is_kept_away_until_the_first_is_over_however_it_ends(environment: LocalCloud) -> None:
    environment.admin.fault("hang", method="PUT", path="/v2/apps/*", when="after", count=1)
    with in_background(environment, "playbooks/deploy", "-e", DIGEST) as first:
        assert first.wait_until(lambda: bool(environment.admin.faults()[0]["fired"])), first.output.read_text()
        second = run(environment, "playbooks/provision")
        assert (second.ok, second.writes) == (False, [])
        [said] = second.messages
        assert said.startswith("Nothing was changed: deploy has been working on local since "), said
        assert said.endswith("); wait until that run is over, and run again."), said
        # What only looks is in nobody's way.
        assert run(environment, "playbooks/destroy", "--check", "-e", "confirm=local", "-e", "destroy_data=true").ok
        first.kill()
    environment.admin.clear_faults()
    assert run(environment, "playbooks/provision").ok


def test_a_run_that_fails_on_its_way_leaves_a_report_and_says_why_last(environment: LocalCloud) -> None:
    environment.admin.fault("status", method="PATCH", path="/v2/vpcs/*", status=422)
    reports = environment.home.parent / "reports"
    before = set(reports.glob("*.json"))
    done = run(environment, "playbooks/provision", variables={"network_description": "another"})
    assert done.played.returncode == 2
    [said] = done.messages
    page, _, last = done.printed.partition("\nFAILED: ")
    assert "Provisioning · local" in page
    assert last.startswith(said)
    [report] = set(reports.glob("*.json")) - before
    assert json.loads(report.read_text(encoding="utf-8"))["failure"] == said
    assert f"Failed: {said}" in report.with_suffix(".md").read_text(encoding="utf-8")
    assert f"report: {report.with_suffix('.md').relative_to(environment.home.parent)}" in page


@pytest.mark.parametrize(
    ("options", "confirm", "words"),
    [
        (("--skip-tags", "always"), "", "To do so, add -e confirm=local."),
        (("--skip-tags", "always"), "local", "--skip-tags always would leave out the checks."),
        (("--start-at-task", "Take the environment away"), "local", "run playbooks/destroy.yml from its beginning"),
    ],
)
def test_no_option_of_ansible_gets_around_the_confirmation(
    cloud: LocalCloud, options: tuple[str, ...], confirm: str, words: str
) -> None:
    """Of an account that holds nothing: whoever gets past it ends with 0."""
    done = play(cloud, DESTROY, *options, destroy_data=True, confirm=confirm)
    assert (done.returncode, done.write_list) == (2, []), done.printed
    assert words in told(done)


def test_an_environment_laid_over_an_inventory_is_kept_from_the_names_that_the_inventory_has(cloud: LocalCloud) -> None:
    """An adopted inventory says its names literally: those are another environment's, whatever was confirmed."""
    over = {"fisioflow_environment": "pr-4", "confirm": "pr-4", "destroy_data": True}
    theirs = {"network_name": "default-nyc1", "spaces_uploads_bucket": "clinica-pr-42-files", "edge_name": "edge-pr-4"}
    done = play(cloud, DESTROY, **over, **theirs)
    assert (done.returncode, done.write_list) == (2, []), done.printed
    assert (
        "-e fisioflow_environment=pr-4 is laid over the inventory of another environment, whose names "
        "clinica-pr-42-files, clinica-pr-42-files-replica, default-nyc1 would be used, too."
    ) in told(done)
    assert play(cloud, DESTROY, **over).returncode == 0


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"compliance_key_days": "soon"}, "compliance_key_days"),
        ({"rotate": "spaces_kee"}, "rotate names spaces_kee. There are app_database_user, "),
    ],
)
def test_a_month_is_refused_before_its_first_part(environment: LocalCloud, given: dict[str, Any], words: str) -> None:
    """By an input of one of its last."""
    done = run(environment, "playbooks/monthly", variables=given)
    assert (done.ok, done.writes) == (False, [])
    [said] = done.messages
    assert said.startswith("Nothing was changed.")
    assert words in said
    assert "Drift" not in done.printed


# Of each kind, as a procedure may have them that nobody has thought of.
FIGURES = {"environment": "look", "restored": {"rows": 4}, "tables": ["patients", "visits"], "note": "a | b"}
END = {"ansible.builtin.import_role": {"name": "fisioflow.digitalocean.procedure", "tasks_from": "end"}}
BEGIN = {"ansible.builtin.import_role": {"name": "fisioflow.digitalocean.procedure", "tasks_from": "begin"}}


def a_play(*tasks: dict[str, Any], **variables: Any) -> dict[str, Any]:
    return {"hosts": "all", "gather_facts": False, "vars": variables, "tasks": list(tasks)}


def book_of(folder: Path, *plays: dict[str, Any]) -> str:
    """A playbook; its path, without the ending."""
    book = folder / "procedures.yml"
    book.write_text(yaml.safe_dump(list(plays)))
    return str(book.with_suffix(""))


def test_each_procedure_of_a_command_is_confirmed_and_locked_for_itself(cloud: LocalCloud, tmp_path: Path) -> None:
    locks = cloud.home.parent / ".ansible/fisioflow"
    held = {
        "ansible.builtin.debug": {
            "msg": f"{{{{ query('ansible.builtin.fileglob', '{locks}/look-*.lock') | length }}}} held"
        }
    }
    ends = {**END, "vars": {"procedure_figures": FIGURES, "procedure_report": True}}
    looks = a_play(BEGIN, held, ends, procedure_name="look", procedure_environment="look", procedure_writes=False)
    writes = a_play(BEGIN, held, procedure_name="write", procedure_environment="look")
    again = a_play(
        BEGIN, held, procedure_name="again", procedure_environment="look", digitalocean_api_url=f"{cloud.url}/"
    )
    destroys = {"ansible.builtin.import_playbook": str(ROOT / f"{DESTROY}.yml")}
    done = play(cloud, book_of(tmp_path, looks, writes, again, destroys), destroy_data=True)
    assert (done.returncode, done.write_list) == (2, []), done.printed
    assert "To do so, add -e confirm=local." in told(done)
    assert re.findall(r"(\d) held", done.printed) == ["0", "1", "1"]
    [report] = (cloud.home.parent / "reports").glob("look-look-*.md")
    for line in ("| note | a \\| b |", "| rows | 4 |", "- visits"):
        assert f"\n{line}\n" in report.read_text(encoding="utf-8")
    [lock] = locks.glob("look-*.lock")
    [holder] = json.loads(lock.read_text(encoding="utf-8"))
    assert (holder["procedure"], holder["account"]) == ("again", TEAM["uuid"])
    assert cloud.token not in lock.read_text(encoding="utf-8") + lock.name


def test_the_role_alone_takes_nothing_away_that_nobody_has_confirmed(cloud: LocalCloud, tmp_path: Path) -> None:
    """Nor what another procedure was confirmed for."""
    confirmed = {"procedure_name": "restore", "procedure_destroys": "lose data", "procedure_confirm": "local"}
    alone = {"ansible.builtin.import_role": {"name": "fisioflow.digitalocean.teardown"}}
    book = book_of(tmp_path, a_play(BEGIN, **confirmed), a_play(alone))
    said = refusals(cloud, tmp_path, book, {"nobody": {}, "another name": {"teardown_confirm": "production"}})
    assert "which nobody has confirmed" in said["nobody"]
    assert said["another name"].startswith("This is local, not production, which teardown_confirm names")
    assert play(cloud, book, teardown_confirm="local").returncode == 0

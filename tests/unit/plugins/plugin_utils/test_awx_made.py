# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX is to have is what playbooks and README say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.awx_made import (
    awx_credential_type,
    awx_procedures,
    awx_schedules,
    awx_variables,
)
from tests.integration.harness.awx import refused_survey

ROOT = Path(__file__).parents[4]
README = (ROOT / "README.md").read_text()
PROCEDURES = {row["name"]: row for row in awx_procedures([])}
# How the README's table says how often.
OFTEN = {
    "every five minutes": "MINUTELY",
    "every hour": "HOURLY",
    "night": "DAILY",
    "every day": "DAILY",
    "every week": "WEEKLY",
    "every month": "MONTHLY",
}


def in_readme() -> dict[str, str]:
    """The last cell of each row of its table, by the playbook that the row runs."""
    table = README.partition("## Procedures")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| .+? \| `ansible-playbook (?:playbooks/)?(\w+)\.yml.+ \| (.+) \|$", table, re.M)
    return dict(rows)


def test_each_playbook_is_a_procedure() -> None:
    assert set(PROCEDURES) == {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert all(row["description"] and (ROOT / row["playbook"]).is_file() for row in PROCEDURES.values())


def test_what_the_readme_says_is_scheduled_is() -> None:
    for name, when in in_readme().items():
        frequencies = [frequency for words, frequency in OFTEN.items() if words in when]
        often = str(PROCEDURES[name]["often"])
        assert not frequencies or frequencies[0] in often, (name, when, often)
        # plan.yml is for people, too, and its header alone says so.
        assert frequencies or not often or name == "plan", (name, when, often)
    assert len([row for row in PROCEDURES.values() if row["often"]]) >= 7


def test_each_extra_variable_of_a_header_is_a_question() -> None:
    for name, row in PROCEDURES.items():
        text = (
            (ROOT / row["playbook"])
            .read_text()
            .partition("\n- name")[0]
            .partition("# Inputs:")[2]
            .partition("# Leaves:")[0]
        )
        asked = {question["variable"] for question in row["survey"].get("spec", [])}
        assert asked == set(re.findall(r"-e (\w+)=", text)), name
    destroys = {
        name: [question["variable"] for question in row["survey"]["spec"]]
        for name, row in PROCEDURES.items()
        if row["destroys"]
    }
    assert "destroy" in destroys
    assert all("confirm" in questions for questions in destroys.values()), destroys
    [confirm, data] = PROCEDURES["destroy"]["survey"]["spec"]
    assert (confirm["required"], data["type"], data["choices"]) == (True, "multiplechoice", ["false", "true"])
    assert "so that no other one is meant" in confirm["question_description"]
    # Where something is done without it, too.
    [confirm] = [row for row in PROCEDURES["restore_table"]["survey"]["spec"] if row["variable"] == "confirm"]
    assert confirm["required"] is False


def test_awx_takes_each_survey() -> None:
    surveys = {name: row["survey"] for name, row in PROCEDURES.items() if row["survey"]}
    assert len(surveys) > 10
    assert {name: refused for name, survey in surveys.items() if (refused := refused_survey(survey))} == {}
    # What is given in several ways is one question, which tells of all of them.
    [confirm] = [row for row in PROCEDURES["restore_database"]["survey"]["spec"] if row["variable"] == "confirm"]
    assert "the app is taken to it" in confirm["question_description"]
    assert "nothing is restored" in confirm["question_description"]
    spec = {"name": "two", "description": "", "spec": [confirm, confirm]}
    assert refused_survey(spec) == "'variable' 'confirm' duplicated in survey question 1."


def test_what_nobody_answers_is_not_given() -> None:
    """A default, also an empty one, AWX gives to each job, the scheduled ones, too, as an extra variable."""
    for name, row in PROCEDURES.items():
        texts = [question for question in row["survey"].get("spec", []) if question["type"] == "text"]
        assert [question["variable"] for question in texts if "default" in question] == [], name


def test_what_the_month_runs_is_not_scheduled_beside_it() -> None:
    months = {row["name"] for row in awx_schedules(list(PROCEDURES.values()), "UTC") if "FREQ=MONTHLY" in row["rrule"]}
    assert months == {"monthly"}
    parts = {name for name, row in PROCEDURES.items() if row["part_of"] == "monthly"}
    assert {"drill_recovery", "rotate_credentials", "report_compliance", "verify_backups"} <= parts
    # More often than that they run by themselves, and so does what is due where nothing runs the month.
    assert "verify_backups" in {row["name"] for row in awx_schedules(list(PROCEDURES.values()), "UTC")}
    alone = awx_schedules([PROCEDURES["drill_recovery"]], "UTC")
    assert [row["name"] for row in alone] == ["drill_recovery"]


def test_a_dump_is_verified_after_it_was_made() -> None:
    starts = {
        row["name"]: row["rrule"].partition(":2026")[2][:9] for row in awx_schedules(list(PROCEDURES.values()), "UTC")
    }
    assert "0101T02" in starts["backup_database"]
    assert starts["backup_database"] < starts["verify_backups"] < starts["detect_drift"]


def test_what_writes_is_told_from_what_looks() -> None:
    looks = {name for name, row in PROCEDURES.items() if not row["writes"]}
    assert {"plan", "detect_drift", "report_metrics", "report_costs", "tail_logs"} <= looks
    # The month by its parts, site.yml by its own, verify.yml by its test on the wire.
    assert {"deploy", "destroy", "rotate_credentials", "monthly", "site", "verify"} & looks == set()


def test_no_two_schedules_of_an_hour_begin_together() -> None:
    rules = [row["rrule"] for row in awx_schedules(list(PROCEDURES.values()), "America/Sao_Paulo")]
    minutes = [rule.partition("T")[2][5:] for rule in rules]
    starts = [re.search(r":\d{8}T\d{2}(\d{2})00 ", rule)[1] for rule in rules if "MINUTELY" not in rule]  # type: ignore[index]
    assert minutes
    assert len(starts) == len(set(starts))
    assert all(rule.startswith("DTSTART;TZID=America/Sao_Paulo:2026") for rule in rules)


@pytest.mark.parametrize(
    "name", ["DIGITALOCEAN_TOKEN", "SPACES_SECRET_ACCESS_KEY", "FISIOFLOW_ENCRYPTION_KEY", "FISIOFLOW_SLACK_URL"]
)
def test_what_inventories_look_up_is_a_secret_that_jobs_get(name: str) -> None:
    made = awx_credential_type(awx_variables(str(ROOT / "inventories")))
    assert made["injectors"]["env"][name] == f"{{{{ {name.lower()} }}}}"
    assert {field["id"]: field["secret"] for field in made["inputs"]["fields"]}[name.lower()] is True

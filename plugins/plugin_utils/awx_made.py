# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX is to have: job templates, surveys and schedules, by the headers of the playbooks."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# The checkout, however this file is reached.
PROJECT = Path(__file__).resolve().parents[2]
_PART = re.compile(r"^# (When|Inputs|Leaves): +", re.M)
_GIVEN = re.compile(r"-e (\w+)=(\S*)")
# Where it depends on what is asked for, this is a template.
_ALWAYS_DESTROYS = re.compile(r'^ +procedure_destroys: (?!"|>)', re.M)
# How the headers say how often, and the time at which AWX starts it: nightly ones one after the other.
_OFTEN = (
    (re.compile(r"every five minutes"), "FREQ=MINUTELY;INTERVAL=5", ""),
    (re.compile(r"every hour"), "FREQ=HOURLY;INTERVAL=1", ""),
    (re.compile(r"(every|once a) day"), "FREQ=DAILY;INTERVAL=1", "02"),
    (re.compile(r"(every|once a) night"), "FREQ=DAILY;INTERVAL=1", "03"),
    (re.compile(r"(every|once a) week"), "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO", "05"),
    (re.compile(r"(every|once a) month"), "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1", "06"),
)
# Minutes between two that begin in the same hour.
_APART = 7
# Written into the environment of a job, beside what inventories look up.
_ALWAYS = ("DIGITALOCEAN_TOKEN", "SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY")
_LOOKED_UP = re.compile(r"lookup\('ansible\.builtin\.env', '(FISIOFLOW_\w+)'\)")


def awx_procedures(left_out: list[str]) -> list[Data]:
    """`{name, playbook, description, often, hour, part_of, survey, destroys, writes}` of playbooks not `left_out`.

    `often` is a rule of iCalendar without its start, "" for what nobody schedules; `hour` when it starts, "" where that
    does not matter; `part_of` names the procedure that runs it, too, "" for none.
    """
    files = sorted((PROJECT / "playbooks").glob("*.yml"), key=lambda file: (file.stem != "site", file))
    return [_procedure(file) for file in files if file.stem not in left_out]


def awx_schedules(procedures: list[Data], timezone: str) -> list[Data]:
    """`{name, rrule}` of each procedure that has one; no two of them begin in the same minute of an hour.

    What another one runs just as often is left to that one.
    """
    often = {row["name"]: row["often"] for row in procedures}
    due = [row for row in procedures if row["often"] and often.get(row["part_of"]) != row["often"]]
    return [
        {"name": row["name"], "rrule": f"DTSTART;TZID={timezone}:20260101T{_start(row, number)}00 RRULE:{row['often']}"}
        for number, row in enumerate(due)
    ]


def awx_variables(inventories: str) -> list[str]:
    """Names of the environment variables that a job may be given as secrets; `inventories` is the folder of them."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(inventories, "common").glob("*.yml"))]
    return [*_ALWAYS, *sorted({name for text in texts for name in _LOOKED_UP.findall(text)})]


def awx_credential_type(variables: list[str]) -> Data:
    """`inputs` and `injectors` of a credential type that sets those variables, each of them a secret."""
    fields = [
        {"id": name.lower(), "label": name, "type": "string", "secret": True, "help_text": f"Becomes {name}."}
        for name in variables
    ]
    return {
        "inputs": {"fields": fields, "required": [_ALWAYS[0].lower()]},
        "injectors": {"env": {name: f"{{{{ {name.lower()} }}}}" for name in variables}},
    }


def _procedure(file: Path) -> Data:
    text = file.read_text(encoding="utf-8")
    comment = "".join(re.findall(r"^#.*\n", text.partition("\n- ")[0], re.M))
    what, *parts = _PART.split(comment)
    told = {name: _prose(body) for name, body in zip(parts[::2], parts[1::2], strict=True)}
    often, hour = next(((rule, hour) for pattern, rule, hour in _OFTEN if pattern.search(told["When"])), ("", ""))
    return {
        "name": file.stem,
        "playbook": file.relative_to(PROJECT).as_posix(),
        "description": _prose(what),
        "often": often,
        "hour": hour,
        "part_of": _wholes().get(file.stem, ""),
        "survey": _survey(parts[parts.index("Inputs") + 1], file.stem, bool(_ALWAYS_DESTROYS.search(text))),
        "destroys": "procedure_destroys" in text,
        "writes": _writes(file),
    }


@cache
def _plays(file: Path) -> list[Data]:
    """`{imported, vars}` of each play; `imported` is the path of the playbook that it stands for, "" for none."""
    plays = yaml_load(file.read_text(encoding="utf-8"))
    return [
        {"imported": play.get("ansible.builtin.import_playbook", ""), "vars": play.get("vars") or {}} for play in plays
    ]


@cache
def _wholes() -> Data:
    """What runs a playbook as its part, by the playbook's name."""
    plays = [play for file in (PROJECT / "playbooks").glob("*.yml") for play in _plays(file)]
    return {
        Path(play["imported"]).stem: play["vars"]["procedure_of"] for play in plays if "procedure_of" in play["vars"]
    }


def _writes(file: Path) -> bool:
    """Whether it keeps other runs away: what says nothing of it does, and what it imports counts."""
    return any(
        _writes(file.parent / play["imported"])
        if play["imported"]
        else play["vars"].get("procedure_writes") is not False
        for play in _plays(file)
    )


def _prose(text: str) -> str:
    return " ".join(re.sub(r"^# ?", " ", text, flags=re.M).split())


def _survey(inputs: str, name: str, confirmed: bool) -> Data:
    """A question for each extra variable; {} for none. Whether `confirm` has to be answered: `confirmed`."""
    questions: dict[str, Data] = {}
    for line in (re.sub(r"^#", "", line).strip() for line in inputs.splitlines()):
        what = _prose(_GIVEN.sub("", line)).strip("`,. ")
        for variable, example in _GIVEN.findall(line):
            made = _question(variable, what, example.rstrip("`,") == "true", confirmed and variable == "confirm")
            # AWX takes one question for a variable: what can be given in several ways tells of all of them.
            asked = questions.setdefault(variable, made)
            if asked is not made and what:
                asked["question_description"] += f"; or {what}"
    return {"name": name, "description": "", "spec": list(questions.values())} if questions else {}


def _question(variable: str, what: str, flag: bool, required: bool) -> Data:
    """Texts have no default: AWX would give it to jobs, also an empty one, where nobody has said anything."""
    answers = {"type": "multiplechoice", "choices": ["false", "true"], "default": "false"} if flag else {"type": "text"}
    return {
        "question_name": variable.replace("_", " "),
        "question_description": what,
        "variable": variable,
        "required": required,
        "min": 0,
        "max": 1024,
        **answers,
    }


def _start(row: Data, number: int) -> str:
    # What comes every five minutes begins at once.
    minute = 0 if "MINUTELY" in row["often"] else number * _APART % 60
    return f"{row['hour'] or '00'}{minute:02d}"

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands that ask a running instance for something: fault, clock, hosts, journal, logs, violations."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from typing import Any

from localcloud import JSON
from localcloud.client import Admin, AdminError
from localcloud.ports.words import KINDS, METHODS, PORTS

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_SPAN = re.compile(r"\+?(\d+(?:\.\d+)?)([smhd]?)")

# What is printed of the journal unless asked otherwise.
LINES = 20

FAULT_HELP = """\
localcloud fault                                              the rules there are
localcloud fault status --path '/v2/vpcs*' --count 1          the next such request gets a 503
localcloud fault status --status 500 --when after --method POST --path /v2/databases --count 1
localcloud fault latency --seconds 2 --port spaces            each request to Spaces takes 2 s more
localcloud fault clear                                        no rules any more; `clear 3`: without rule 3

What each kind does, and the forms of --path, are in localcloud/README.md."""


def span(text: str) -> float:
    """Seconds of ``90``, ``90s``, ``15m``, ``36h`` or ``8d``."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no span of time (90, 15m, 36h, 8d)")
    return float(found.group(1)) * _UNITS[found.group(2)]


def add_to(commands: Any) -> None:
    """Describe them to the parser of the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    what = "make requests fail, on demand; without a kind: list the rules"
    fault = commands.add_parser("fault", help=what, description=what, epilog=FAULT_HELP, formatter_class=raw)
    kinds = [*KINDS, "clear"]
    fault.add_argument("kind", nargs="?", choices=kinds, metavar="kind", help=", ".join(kinds))
    fault.add_argument("id", nargs="?", type=int, help="with clear: that rule only")
    fault.add_argument("--method", choices=METHODS, metavar="METHOD", help="of which requests (default: any)")
    fault.add_argument("--path", help="a glob, a template (/v2/vpcs/{id}) or a regular expression")
    fault.add_argument("--port", choices=PORTS, help="of the API, or of Spaces (default: both)")
    fault.add_argument("--writes-only", action="store_const", const=True, help="not of reads")
    fault.add_argument("--count", type=int, metavar="N", help="so many times (default: always)")
    fault.add_argument("--skip", type=int, metavar="N", help="let the first N pass")
    fault.add_argument("--probability", type=float, metavar="P", help="at random, from 0 to 1")
    fault.add_argument("--seed", type=int, metavar="N", help="another sequence of random decisions")
    fault.add_argument("--when", choices=("before", "after"), help="the effect (default: before)")
    fault.add_argument("--status", type=int, metavar="CODE", help="with status: the HTTP status (default 503)")
    fault.add_argument("--body", metavar="TEXT", help="with status: say this instead of an error in the usual shape")
    fault.add_argument("--seconds", type=float, metavar="S", help="of latency, hang, stale; else retry-after")
    fault.add_argument("--reads", type=int, metavar="N", help="with stale: hidden from so many reads")
    what = "move the virtual clock forward, and let happen what becomes due; without a span: show it"
    clock = commands.add_parser("clock", help=what, description=what)
    clock.add_argument("span", nargs="?", type=span, help="90, 15m, 36h, 8d")
    what = "what was asked, and what came of it; never what was said"
    journal = commands.add_parser("journal", help=what, description=what)
    journal.add_argument("--since", type=int, default=0, metavar="SEQ", help="what came after that number")
    journal.add_argument("--last", type=int, default=LINES, metavar="N", help=f"so many at most (default {LINES})")
    journal.add_argument("--writes", action="store_true", help="only what can change something")
    what = "what the software behind the records says; without a name: whose logs there are"
    logs = commands.add_parser("logs", help=what, description=what)
    logs.add_argument("key", nargs="?", help="as in `localcloud status`, or its beginning")
    logs.add_argument("--last", type=int, default=LINES, metavar="N", help=f"so many lines (default {LINES})")
    what = "names of the account that lead to this machine, as lines for /etc/hosts"
    commands.add_parser("hosts", help=what, description=what)
    what = "where requests or answers broke the API description"
    violations = commands.add_parser("violations", help=what, description=what)
    for parser, name in ((journal, "entries"), (violations, "violations")):
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--clear", action="store_true", help=f"forget the {name} instead of showing them")


def _fault(args: argparse.Namespace, admin: Admin) -> str:
    names = ("method", "path", "port", "writes_only", "count", "skip", "probability", "seed", "when", "status")
    given = {name: getattr(args, name) for name in (*names, "body", "seconds", "reads")}
    given = {name: value for name, value in given.items() if value is not None}
    if args.kind == "clear" and not given:
        removed = admin.clear_faults(args.id)
        return f"{removed} rule{'' if removed == 1 else 's'} removed."
    if args.kind in KINDS and args.id is None:
        id = admin.fault(args.kind, **given)
        return f"Rule {id} is set; `localcloud fault clear {id}` removes it."
    if args.kind or given:
        raise AdminError("a rule has a kind and no number, clear takes a number and nothing else (localcloud fault -h)")
    return "\n".join(map(_rule, admin.faults())) or "No rules."


def _rule(rule: JSON) -> str:
    usual = {"method": "*", "path": "*", "when": "before"} | ({} if rule["kind"] == "status" else {"status": 503})
    shown = {name: value for name, value in rule.items() if name not in ("id", "kind", "matched", "fired")}
    words = [f"{name}={value}" for name, value in shown.items() if value and value != usual.get(name)]
    return f"{rule['id']:>3}  {rule['kind']}  {' '.join(words)}  fired {rule['fired']} of {rule['matched']}"


def _clock(args: argparse.Namespace, admin: Admin) -> str:
    if args.span is not None:
        admin.advance(args.span)
    return str(admin.status()["clock"])


def _journal(args: argparse.Namespace, admin: Admin) -> str:
    if args.clear:
        admin.call("DELETE", "journal")
        return "The journal is empty."
    entries = admin.writes(args.since) if args.writes else admin.journal(args.since)
    entries = entries[-args.last :] if args.last > 0 else []
    return json.dumps(entries, indent=2) if args.json else "\n".join(map(_entry, entries)) or "Nothing was asked."


def _entry(entry: JSON) -> str:
    path = f"{entry['path']}?{entry['query']}" if entry["query"] else entry["path"]
    fault = f"  fault {entry['fault']}" if entry["fault"] else ""
    answer = entry["status"] or "---"
    return f"{entry['seq']:>6}  {answer}  {entry['duration_ms']:>9.2f} ms  {entry['method']:<6} {path}{fault}"


def _logs(args: argparse.Namespace, admin: Admin) -> str:
    lines = admin.logs() if args.key is None else admin.log(args.key, args.last)
    return "\n".join(lines) or "Nothing was said."


def _hosts(_args: argparse.Namespace, admin: Admin) -> str:
    names = admin.call("GET", "hosts")
    return "\n".join(f"{address} {name}" for name, address in names.items()) or "# No name leads to this machine."


def _violations(args: argparse.Namespace, admin: Admin) -> str:
    if args.clear:
        admin.forget_violations()
        return "The violations are forgotten."
    found = admin.violations()
    if args.json:
        return json.dumps(found, indent=2)
    if not found and not admin.status()["contract"]["on"]:
        return "Nothing is checked: there is no API description at hand (`make description` fetches it)."
    return "\n".join(f"{row['what']} of {row['operation']}: {row['problem']}" for row in found) or "No violations."


COMMANDS: dict[str, Callable[[argparse.Namespace, Admin], str]] = {
    "fault": _fault,
    "clock": _clock,
    "hosts": _hosts,
    "journal": _journal,
    "logs": _logs,
    "violations": _violations,
}

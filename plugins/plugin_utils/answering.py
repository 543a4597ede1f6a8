# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the app answers as it should: what it says of itself."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

GOOD = ("healthy", "ok", "up")


def health_problems(answer: Data, checks: list[str]) -> list[str]:
    """What is wrong by the answer of a health check, as clauses that follow its address; [] when all is well.

    `answer` is a result of `ansible.builtin.uri`. FisioFlow answers 200 whatever it finds (503 if it has learnt to), so
    the body counts: `checks` are those whose `checks.<name>.status` must be good. Nothing said is not good. What else
    the body tells is not judged: a heap that is nearly full says nothing of a deployment.
    """
    status, body = answer.get("status", -1), answer.get("json")
    if status == -1:
        reason = str(answer.get("msg") or "").removeprefix("Status code was -1 and not [200]: ").rstrip(".")
        return [f"answers nothing{f' ({reason})' if reason else ''}"]
    if status not in (200, 503) or not checks:
        return [] if status == 200 else [f"answers {status}"]
    found = body.get("checks") if isinstance(body, dict) else None
    if not isinstance(found, dict):
        return [f"answers {status} with a body without checks (deployment_probe_checks: [] judges the status alone)"]
    said = {name: found[name].get("status") if isinstance(found.get(name), dict) else None for name in checks}
    bad = {name: word for name, word in said.items() if word not in GOOD}
    if bad:
        told = [f"{name} {'is ' + str(word) if word else 'is not told of'}" for name, word in bad.items()]
        return [f"says that {', '.join(told)}"]
    return [] if status == 200 else [f"answers {status}"]

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What came of a run over several environments: one page, and what failed at its end, where one looks first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words


def fleet_page(told: Mapping[str, Data], going_on: Sequence[str], language: str = "en") -> str:
    """`told`: host → its outcome, as the role procedure hands it over, or {} where there is none.

    Without one, a host either goes on, or has failed before it could tell of it.
    """
    say = Words(language)
    done = [outcome["headline"] for outcome in told.values() if outcome and not outcome["failure"]]
    others = [host for host, outcome in told.items() if not outcome and host in going_on]
    failed = {
        host: _reason(outcome, say)
        for host, outcome in told.items()
        if (outcome and outcome["failure"]) or (not outcome and host not in going_on)
    }
    lines = [*done, *([""] if done and failed else [])]
    lines += [f"{say('FAILED')} · {host} · {reason}" for host, reason in failed.items()]
    counts = [
        say("{count} done", count=len(done)) if done else "",
        say("{count} go on", count=len(others)) if others else "",
        say("{count} failed: {hosts}", count=len(failed), hosts=", ".join(failed)) if failed else "",
    ]
    return "\n".join([*lines, "", " · ".join([say("{count} environments", count=len(told)), *filter(None, counts)])])


def _reason(outcome: Data, say: Words) -> str:
    """What is on the first line of it says enough; the whole stands where it happened, and in the report."""
    first: str = outcome["failure"].strip().splitlines()[0] if outcome else say("it says why above")
    return first + (f" ({outcome['report']})" if outcome and outcome["report"] else "")

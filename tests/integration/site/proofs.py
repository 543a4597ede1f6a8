# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What proofs about whole runs say of them, on good days and on bad ones."""

from __future__ import annotations

import re
from typing import Any

from localcloud.client import WRITE_METHODS
from tests.integration.harness.playbooks import NEXTAUTH_SECRET, in_background
from tests.integration.harness.steps import assert_sentence
from tests.integration.site.account import differences, duplicates, inventory, usable
from tests.integration.site.fixtures import Baseline
from tests.integration.site.runs import SiteRun, run
from tests.localcloud_fixtures import LocalCloud

DESTROY = ("-e", "confirm=local", "-e", "destroy_data=true")
# The first VPC of a region becomes its default, which can only be deleted once another one is: that one stays.
LEFT_BEHIND = "vpcs "


def good(done: SiteRun) -> SiteRun:
    assert done.ok, done.printed[-6000:]
    return done


def converged(cloud: LocalCloud, baseline: Baseline) -> None:
    """The account is what a clean run makes of it, and the app can use its secrets."""
    state = cloud.admin.state()
    assert duplicates(state) == []
    found = differences(inventory(state), baseline.inventory)
    assert not found, found
    assert usable(state, NEXTAUTH_SECRET) == []


def emptied(cloud: LocalCloud, baseline: Baseline) -> None:
    """The account is what it was before the environment came."""
    left = [line for line in inventory(cloud.admin.state()) if not line.startswith(LEFT_BEHIND)]
    found = differences(left, inventory(baseline.empty))
    assert not found, found


def refused(done: SiteRun, *sentences: str) -> None:
    """Refused before any write, with these problems and no other."""
    assert not done.ok
    assert done.writes == []
    assert "Traceback" not in done.printed
    assert len(done.messages) == 1, done.messages
    told(done.messages[0], *sentences)


def told(message: str, *sentences: str) -> None:
    """Preflight says these problems and no other, each in a sentence."""
    first, *numbered = message.strip().splitlines()
    assert first == f"Nothing was created. {len(sentences)} problem(s) to solve first:", message
    for sentence in sentences:
        assert len([line for line in numbered if sentence in line]) == 1, (sentence, numbered)
    for line in numbered:
        assert re.fullmatch(r"\d+\. .*[.]", line), line


def survived(cloud: LocalCloud, baseline: Baseline) -> str:
    """How a creation ends under the faults that are set. The next run, without them, makes good what is missing."""
    first = run(cloud)
    assert any(call["fault"] for call in first.calls)
    assert [rule for rule in cloud.admin.faults() if rule["method"] == "POST" and rule["fired"] != rule["count"]] == []
    assert "Traceback" not in first.printed
    cloud.admin.clear_faults()
    if not first.ok:
        assert first.messages
        for message in _sentences(first):
            assert_sentence(message)
        good(run(cloud))
    converged(cloud, baseline)
    return "survived" if first.ok else "told, completed by the next run"


def _sentences(done: SiteRun) -> list[str]:
    """What failed, one by one: preflight numbers its own."""
    lines = [line for message in done.messages for line in message.strip().splitlines()]
    said = [line.split(". ", 1)[1] if line[:1].isdigit() else line for line in lines]
    return [line for line in said if not line.startswith("Nothing was created.")]


def kill_at(cloud: LocalCloud, baseline: Baseline, **write: Any) -> int:
    """Kill a run when the write that a fault rule describes has happened but is not answered; the next completes it.

    Returns how many writes the first had sent.
    """
    rule = cloud.admin.fault("hang", when="after", writes_only=True, count=1, **write)
    since = cloud.admin.seq()
    with in_background(cloud) as going:
        assert going.wait_until(lambda: _has_fired(cloud, rule)), going.output.read_text()
        assert cloud.admin.status()["under_way"]
        going.kill()
        assert going.processes() == []
    cloud.admin.clear_faults(rule)
    sent = [call for call in cloud.admin.journal(since) if call["method"] in WRITE_METHODS]
    assert len(sent) >= write.get("skip", 0)
    good(run(cloud))
    converged(cloud, baseline)
    return len(sent)


def _has_fired(cloud: LocalCloud, rule: int) -> bool:
    return any(found["fired"] for found in cloud.admin.faults() if found["id"] == rule)

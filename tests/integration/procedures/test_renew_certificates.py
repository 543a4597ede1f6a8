# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`renew_certificates.yml`: another certificate of the same name is shown, and no visitor has seen none."""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import Any

import pytest

from tests.integration.harness.playbooks import PROVIDED, in_background, playbook
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.visitors import DOMAIN, visited

pytestmark = pytest.mark.xdist_group("procedures")
NAME = "fisioflow-local-edge"


def certificates(running: Environment) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = running.api.ok("GET", "/certificates")["certificates"]
    return [row for row in found if row["name"].startswith(NAME)]


def shown(running: Environment) -> str:
    """The fingerprint of what a visitor is shown, whose chain and name are verified."""
    at = running.api.ok("GET", "/load_balancers")["load_balancers"][0]["ip"]
    context = ssl.create_default_context(cafile=running.cloud.ca)
    with (
        socket.create_connection((at, 443), timeout=20) as raw,
        context.wrap_socket(raw, server_hostname=DOMAIN) as secured,
    ):
        return hashlib.sha1(secured.getpeercert(binary_form=True) or b"").hexdigest()


def test_what_lasts_is_left_alone_and_what_does_not_is_renewed_unseen(running: Environment) -> None:
    [before] = certificates(running)
    first = shown(running)
    quiet = running.green("renew_certificates")
    assert (quiet.write_list, running.report("certificates")["renewed"]) == ([], False)
    with visited(running, "/api/ping") as answers:
        running.green("renew_certificates", renew_within_days=1000)
    assert len(answers) > 20
    assert set(answers) == {200}
    [after] = certificates(running)
    assert (after["name"], after["dns_names"]) == (before["name"], before["dns_names"])
    assert after["sha1_fingerprint"] != before["sha1_fingerprint"]
    assert shown(running) != first
    report = running.report("certificates")
    assert report["renewed"]
    assert [DOMAIN in tls["names"] and tls["days_left"] > 60 for tls in report["shown"]] == [True, True]


def test_one_that_was_killed_is_brought_to_its_end_and_site_changes_nothing(running: Environment) -> None:
    since, first = running.cloud.admin.seq(), shown(running)
    with in_background(running.cloud, "playbooks/renew_certificates", "-e", "renew_within_days=1000") as run:
        # The first one is gone, and another stands in for it.
        assert run.wait_until(lambda: any(row["method"] == "DELETE" for row in running.cloud.admin.writes(since)))
        run.kill()
    running.green("renew_certificates")
    assert [row["name"] for row in certificates(running)] == [NAME]
    assert shown(running) != first
    again = playbook(running.cloud, "site", env=PROVIDED)
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, []), again.printed[-3000:]

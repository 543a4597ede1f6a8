# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`upgrade_postgresql.yml` on a cluster of its own, of the version before the server that stands for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.procedures.environment import Environment
from tests.integration.procedures.recovery import names, older_cluster

pytestmark = pytest.mark.xdist_group("procedures")
OLD = "fisioflow-local-old"
FORK = f"{OLD}-rehearsal"
MEANT: dict[str, Any] = {"upgrade_cluster": OLD, "confirm": "local", "version": "17", "upgrade_asks_version": True}


@pytest.fixture(scope="module")
def old(running: Environment) -> Iterator[str]:
    with older_cluster(running, OLD):
        yield OLD


def test_it_refuses_what_cannot_be(running: Environment, old: str) -> None:
    unmeant = running.red("upgrade_postgresql", **{**MEANT, "confirm": ""})
    assert "add -e confirm=local" in unmeant.printed
    running.ask("CREATE TABLE odd (what regproc)", "CREATE SCHEMA IF NOT EXISTS public", cluster=old)
    refused = running.red("upgrade_postgresql", **{**MEANT, "version": "14"}, upgrade_backup_hours=-1)
    told = " ".join(refused.printed.split())
    assert "No cluster goes back from 16 to 14" in told
    assert "On offer" not in told.partition("From 16 on offer: 17, 18.")[2]
    assert "more than -1: wait for a new one" in told
    assert "The columns odd.what hold numbers of objects" in told
    assert not [line for line in refused.write_list if "/firewall" not in line]
    running.ask("DROP TABLE odd", cluster=old)


def test_check_tells_what_it_would_do(running: Environment, old: str) -> None:
    foretold = running.green("upgrade_postgresql", "--check", **MEANT)
    assert "PostgreSQL upgrade · local · 16 would become 17" in foretold.printed
    assert foretold.write_list == []


def test_somebody_elses_cluster_of_that_name_is_left_alone(running: Environment, old: str) -> None:
    values = {"name": FORK, "engine": "valkey", "size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "nyc1"}
    made = running.api.ok("POST", "/databases", values)["database"]
    try:
        assert f"does not bear the tag {FORK}" in " ".join(running.red("upgrade_postgresql", **MEANT).printed.split())
        assert running.cluster(FORK)["id"] == made["id"]
        assert running.cluster(old)["version"] == "16"
    finally:
        if FORK in names(running):
            running.api.ok("DELETE", f"/databases/{made['id']}")


def test_it_rehearses_upgrades_and_verifies(running: Environment, old: str) -> None:
    # As a run that was killed leaves it.
    left: dict[str, Any] = {
        **running.cluster(old),
        "name": FORK,
        "rules": [{"type": "ip_addr", "value": "10.20.0.0/20"}],
    }
    left["tags"] = [FORK]
    names_of = ("name", "engine", "version", "size", "region", "num_nodes", "rules", "tags")
    running.api.ok("POST", "/databases", {name: left[name] for name in names_of})
    sources = running.sources(old)
    done = running.green("upgrade_postgresql", **MEANT)
    assert "PostgreSQL upgrade · local · 16 → 17" in done.printed
    assert running.cluster(old)["version"] == "17"
    assert FORK not in names(running)
    assert FORK not in [row["name"] for row in running.api.ok("GET", "/tags")["tags"]]
    assert running.sources(old) == sources
    writes = [line for line in done.write_list if "/upgrade" in line]
    assert len(writes) == 2, "the fork, then the cluster"
    told = running.report("upgraded")
    assert told["ok"] is True
    assert (told["version_before"], told["version"]) == ("16", "17")
    assert told["rows_before"] == told["rows_after"] == {"public.patients": "50"}
    assert (told["server"], told["rehearsed"]) == ("17.10", True)
    assert {"checks", "fork", "rehearsal", "upgrade", "verification"} == set(told["seconds"])
    again = running.green("upgrade_postgresql", **MEANT)
    assert [line for line in again.write_list if "/firewall" not in line] == []
    assert "17 as before" in again.printed


def test_a_rehearsal_that_goes_wrong_leaves_the_cluster_alone(running: Environment, old: str) -> None:
    """The server stands for 18, too, and says that it is none."""
    failed = running.red("upgrade_postgresql", **{**MEANT, "version": "18"})
    assert "was not touched, since the rehearsal on a fork went wrong: The server says that it is 17.10, not 18." in (
        " ".join(failed.printed.split())
    )
    assert running.cluster(old)["version"] == "17"
    assert FORK not in names(running)
    assert running.report("upgraded")["ok"] is False

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was read ahead tells only that there is nothing to do; what has happened since then is never overlooked by who
does something.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.inside import Task, look_ahead, perform
from localcloud.client import writes_in
from tests.integration.harness.ansible import environment
from tests.integration.harness.inside import surroundings
from tests.localcloud_fixtures import LocalCloud

VPC = {"name": "clinic", "region": "fra1", "ip_range": "10.10.0.0/20"}
DOMAIN = {"name": "clinic.example"}
FIREWALL = {"name": "clinic", "tags": []}
SSH = {"protocol": "tcp", "ports": "22", "sources": {"addresses": ["192.0.2.1/32"]}}
HTTP = {"protocol": "tcp", "ports": "80", "sources": {"addresses": ["192.0.2.1/32"]}}

NAMES = {"protocol": "udp", "ports": "53", "destinations": {"addresses": ["0.0.0.0/0"]}}


class RunOfTasks:
    """Tasks of one run, each a worker of its own; between two of them somebody else may do something."""

    def __init__(self, cloud: LocalCloud) -> None:
        self._cloud, self._number = cloud, 0
        self.broker = Broker(keeps_pace=False)
        self.requests: list[dict[str, Any]] = []

    def _task(self, module: str) -> Task:
        self._number += 1
        self.broker.attend(str(self._number))
        return Task(module, diff=True, broker=self.broker.carry)

    def ahead(self, module: str, options: dict[str, Any]) -> None:
        with surroundings(environment(self._cloud)):
            look_ahead(self._task(module), options)

    def does(self, module: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The result; its requests are kept in `requests`."""
        since = self._cloud.admin.seq()
        with surroundings(environment(self._cloud)):
            result = perform(self._task(module), {**options, **more})
        self.requests = self._cloud.admin.journal(since)
        return result

    def somebody_else(self, module: str, options: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Does something that this run's broker does not see."""
        with surroundings(environment(self._cloud)):
            result = perform(Task(module), {**options, **more})
        assert result["changed"], result
        return result

    @property
    def writes(self) -> list[str]:
        return [call["method"] for call in writes_in(self.requests)]


@pytest.fixture
def run(cloud: LocalCloud) -> Iterator[RunOfTasks]:
    made = RunOfTasks(cloud)
    yield made
    if made.broker.pid:
        os.kill(made.broker.pid, signal.SIGKILL)
        os.waitpid(made.broker.pid, 0)


def test_what_is_unchanged_is_found_so_without_a_request_the_first_time(run: RunOfTasks) -> None:
    run.does("vpc", VPC)
    run.ahead("vpc", {"name": "clinic"})
    assert run.does("vpc", VPC)["changed"] is False
    assert run.requests == []
    assert run.does("vpc", VPC)["changed"] is False
    assert len(run.requests) == 1


def test_what_somebody_has_made_meanwhile_is_not_made_again(run: RunOfTasks) -> None:
    run.ahead("vpc", VPC)
    made = run.somebody_else("vpc", VPC)
    result = run.does("vpc", VPC)
    assert (result["changed"], result["vpc"]["id"], run.writes) == (False, made["vpc"]["id"], [])


def test_what_somebody_has_added_meanwhile_is_not_lost(run: RunOfTasks) -> None:
    """A firewall is replaced as a whole."""
    run.does("firewall", FIREWALL, inbound_rules=[SSH])
    run.ahead("firewall", FIREWALL)
    run.somebody_else("firewall", FIREWALL, inbound_rules=[SSH, HTTP])
    result = run.does("firewall", FIREWALL, outbound_rules=[NAMES])
    assert [rule["ports"] for rule in result["firewall"]["inbound_rules"]] == ["22", "80"]


def test_what_holds_something_by_now_is_not_deleted(run: RunOfTasks) -> None:
    run.does("domain", DOMAIN)
    run.ahead("domain", DOMAIN)
    mail = {"name": "@", "type": "MX", "values": ["10 mail.clinic.example."]}
    run.somebody_else("domain_records", {"domain": "clinic.example", "records": [mail]})
    result = run.does("domain", DOMAIN, state="absent")
    assert result["failed"]
    assert "it holds" in result["msg"]
    assert run.writes == []


def test_what_is_wrong_no_more_is_no_failure(run: RunOfTasks) -> None:
    one = run.somebody_else("vpc", {**VPC, "name": "first"})["vpc"]["id"]
    run.somebody_else("vpc", {**VPC, "ip_range": "10.20.0.0/20"})
    run.somebody_else("vpc", {"id": one, "name": "CLINIC"})
    run.ahead("vpc", {"name": "Clinic"})
    run.somebody_else("vpc", {"id": one, "name": "Clinic"})
    assert run.does("vpc", {"name": "Clinic"})["vpc"]["id"] == one


def test_an_information_is_never_of_before(run: RunOfTasks) -> None:
    run.does("vpc", VPC)
    run.ahead("vpc", VPC)
    run.somebody_else("vpc", VPC, description="new")
    assert run.does("vpc_info", {"name": "clinic"})["vpcs"][0]["description"] == "new"


@pytest.mark.parametrize(
    "then", [lambda run: run.does("tag", {"name": "other"}), lambda run: os.kill(run.broker.pid, signal.SIGKILL)]
)
def test_after_a_write_of_this_run_and_without_its_broker_all_is_asked_anew(
    run: RunOfTasks, then: Callable[[RunOfTasks], object]
) -> None:
    run.does("vpc", VPC)
    run.ahead("vpc", VPC)
    then(run)
    run.somebody_else("vpc", VPC, description="new")
    assert run.does("vpc", VPC, description="ours")["diff"]["before"]["description"] == "new"
    assert run.does("vpc", VPC, description="ours")["changed"] is False


def test_what_cannot_be_read_ahead_is_told_by_who_asks_for_it(run: RunOfTasks) -> None:
    run.ahead("database_user", {"cluster": "nowhere", "name": "app"})
    run.ahead("vpc", {"name": "clinic", "api_token": "none"})
    result = run.does("database_user", {"cluster": "nowhere", "name": "app"})
    assert result["failed"]
    assert "Could not find" in result["msg"]

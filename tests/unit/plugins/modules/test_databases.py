# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What database modules send, where no answer of localcloud would show it."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_config import DatabaseConfig
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_firewall import DatabaseFirewall
from tests.unit.plugins.module_utils.scripted import Script, answer, api

CLUSTER = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
ONE = f"/v2/databases/{CLUSTER}"


def run(module, exchanges, **options):
    """The result, and the bodies of the writes. The script must be played to its end."""
    script = Script(exchanges)
    account = api(script)

    class Tested(module):
        def __init__(self, invocation):
            super().__init__(invocation)
            self.clock, self.api = account.clock, account

    spec = Tested.argument_spec()["argument_spec"]
    params = {**{name: option.get("default") for name, option in spec.items()}, "wait_timeout": 600, **options}
    result = execute(Tested, Invocation(params))
    assert "defect" not in result.get("msg", ""), result["msg"]
    script.done()
    return {**result, "written": [body for line, _query, body in script.sent if not line.startswith("GET ")]}


def sent(module, exchanges, **options):
    """The body of the one write of a run that changes something."""
    result = run(module, exchanges, cluster_id=CLUSTER, **options)
    assert result["changed"] is True, result
    (body,) = result["written"]
    return body


def test_only_the_settings_that_differ_are_sent():
    before = {"config": {"work_mem": 4, "timezone": "UTC", "pgbouncer": {"server_lifetime": 60}}}
    after = {"config": {**before["config"], "work_mem": 8}}
    exchanges = [
        (f"GET {ONE}/config", answer(200, before)),
        (f"PATCH {ONE}/config", answer(200)),
        (f"GET {ONE}/config", answer(200, after)),
    ]
    assert sent(DatabaseConfig, exchanges, config={"work_mem": 8, "timezone": "UTC"}) == {"config": {"work_mem": 8}}


@pytest.mark.parametrize("mode", ["exact", "append"])
def test_a_trusted_source_that_stays_is_sent_with_its_id(mode):
    there = {"uuid": "79f26d28-ea8a-41f2-8ad8-8cfcdd020095", "cluster_uuid": CLUSTER, "type": "ip_addr",
             "value": "203.0.113.7", "created_at": "2026-11-24T03:00:00Z"}  # fmt: skip
    kept = {name: there[name] for name in ("uuid", "type", "value")}
    new = {"type": "ip_addr", "value": "203.0.113.8"}
    exchanges = [
        (f"GET {ONE}/firewall", answer(200, {"rules": [there]})),
        (f"PUT {ONE}/firewall", answer(204)),
        (f"GET {ONE}/firewall", answer(200, {"rules": [there, {**there, **new, "uuid": "another"}]})),
    ]
    rules = [new, {"type": "ip_addr", "value": "203.0.113.7"}] if mode == "exact" else [new]
    body = sent(DatabaseFirewall, exchanges, rules=rules, mode=mode)
    assert sorted(body["rules"], key=lambda rule: rule["value"]) == [kept, new]


def moved(*statuses):
    """The result of moving a cluster to another project, which answers so, one time after the other."""
    urn = f"do:dbaas:{CLUSTER}"
    there = {"id": CLUSTER, "name": "clinic-pg", "engine": "pg", "status": "online", "project_id": "elsewhere"}
    answers = [answer(200, {"resources": [{"urn": urn, "status": status}]}) for status in statuses]
    exchanges = [
        (f"GET {ONE}", answer(200, {"database": there})),
        *(("POST /v2/projects/here/resources", row) for row in answers),
        *(
            [(f"GET {ONE}", answer(200, {"database": {**there, "project_id": "here"}}))] * 2
            if "assigned" in statuses
            else []
        ),
    ]
    return run(DatabaseCluster, exchanges, id=CLUSTER, project_id="here")


def test_a_project_that_does_not_know_the_cluster_yet_is_asked_again():
    result = moved("not_found", "not_found", "assigned")
    assert result["changed"] is True
    assert result["database_cluster"]["project_id"] == "here"


def test_a_project_that_does_not_take_the_cluster_is_a_failure():
    said = f'Could not move database cluster "{CLUSTER}" to project here: the API answered service_down'
    assert said in moved("service_down")["msg"]

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of a change: every line says of which component it is."""

from __future__ import annotations

import re

import pytest
from ansible.plugins.callback import CallbackBase

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import lines, plan_spec


def component(name, **more):
    envs = [{"key": f"{name}_{number}".upper(), "value": "x"} for number in range(9)]
    return {"name": name, "image": {"repository": name}, "envs": envs, "http_port": 3000, **more}


CURRENT = {
    "name": "clinic",
    "services": [component("web"), component("api", internal_ports=[9000, 9001])],
    "ingress": {"rules": [{"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}}]},
    "alerts": [{"rule": "DEPLOYMENT_FAILED"}],
}


def test_it_shows_what_is_spoken_of_and_whatever_differs():
    plan = plan_spec(
        {"name": "clinic", "region": "fra", "services": [component("web", instance_count=1)]},
        {"name": "clinic", "services": [{"name": "web", "http_port": 3000, "autoscaling": {"max_instance_count": 2}}]},
        {},
    )
    same = {"name": "clinic", "services[web].name": "web", "services[web].http_port": 3000}
    assert plan.before == {**same, "services[web].instance_count": 1}
    assert plan.after == {**same, "services[web].autoscaling.max_instance_count": 2}
    assert plan_spec(None, {"name": "clinic"}, {}).before == {}


def test_places_name_elements_and_number_what_has_no_name_of_its_own():
    rules = [{"match": {"path": {"prefix": "/a"}}, "cors": {"allow_origins": [{"exact": "https://a"}]}}]
    alerts = [{"rule": "CPU_UTILIZATION", "value": 80}, {"rule": "CPU_UTILIZATION", "value": 90}]
    logs = [{"name": "logs", "logtail": {}}]
    found = lines({"ingress": {"rules": rules}, "services": [
        {"name": "web", "alerts": alerts, "internal_ports": [1, 2], "log_destinations": logs}]})  # fmt: skip
    assert found == {
        "ingress.rules[/a].match.path.prefix": "/a",
        "ingress.rules[/a].cors.allow_origins[0].exact": "https://a",
        "services[web].name": "web",
        "services[web].alerts[CPU_UTILIZATION].rule": "CPU_UTILIZATION",
        "services[web].alerts[CPU_UTILIZATION].value": 80,
        "services[web].alerts[CPU_UTILIZATION #2].rule": "CPU_UTILIZATION",
        "services[web].alerts[CPU_UTILIZATION #2].value": 90,
        "services[web].internal_ports": "1, 2",
        "services[web].log_destinations[logs].name": "logs",
        "services[web].log_destinations[logs].logtail": {},
    }


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda api: api.update(http_port=4000), ["-services[api].http_port: 3000", "+services[api].http_port: 4000"]),
        (lambda api: api["envs"][4].update(value="y"),
         ["-services[api].envs[API_4].value: x", "+services[api].envs[API_4].value: y"]),
        (lambda api: api.update(internal_ports=[9001]),
         ["-services[api].internal_ports: 9000, 9001", "+services[api].internal_ports: 9001"]),
        (lambda api: api.update(instance_count=2), ["+services[api].instance_count: 2"]),
    ],
)  # fmt: skip
def test_each_line_that_ansible_prints_says_whose_it_is(change, lines):
    api = component("api", internal_ports=[9000, 9001])
    change(api)
    plan = plan_spec(CURRENT, {"name": "clinic", "services": [component("web"), api]}, {})
    printed = CallbackBase()._get_diff({"before": {"spec": plan.before}, "after": {"spec": plan.after}})
    plain = [re.sub(r'\x1b\[[0-9;]*m|"|,$', "", line) for line in printed.splitlines()]
    found = [line[0] + line[1:].strip() for line in plain if re.match(r"[-+](?![-+])", line)]
    assert found == lines

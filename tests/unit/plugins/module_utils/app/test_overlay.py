# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app spec laid over what the API returned: what counts as a change, what is kept, what goes."""

from __future__ import annotations

import copy

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import overlay

RULE = {"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}}
CURRENT = {
    "name": "clinic",
    "region": "fra",
    "features": ["buildpack-stack=ubuntu-22"],
    "services": [
        {
            "name": "web",
            "image": {"registry_type": "DOCR", "repository": "web", "digest": "sha256:aa"},
            "instance_count": 1,
            "instance_size_slug": "apps-s-1vcpu-1gb",
            "http_port": 8080,
            "envs": [
                {"key": "A", "value": "1", "scope": "RUN_AND_BUILD_TIME"},
                {"key": "B", "value": "2", "scope": "RUN_TIME"},
            ],
            "health_check": {"http_path": "/api/health", "period_seconds": 10},
        }
    ],
    "ingress": {"rules": [RULE]},
    "vpc": {"id": "c22d8f48", "egress_ips": [{"ip": "10.0.0.1"}]},
}


def laid(wanted, current=CURRENT):
    """The current spec normalised, and the wanted one laid over it."""
    now = overlay.normalise(current)
    return now, overlay.overlay(now, overlay.normalise(wanted, now))


def web(spec):
    return next(service for service in spec["services"] if service["name"] == "web")


def service(**attributes):
    return {"name": "clinic", "services": [{"name": "web", **attributes}]}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"name": "clinic"},
        {"name": "clinic", "region": None, "services": None},
        service(),
        service(instance_count=1),
        service(instance_count="1", http_port="8080"),
        service(protocol="HTTP"),
        service(instance_size_slug="professional-xs"),
        service(health_check={"http_path": "/api/health", "failure_threshold": 9, "initial_delay_seconds": 0}),
        service(termination={"drain_seconds": 15, "grace_period_seconds": 120}),
        service(liveness_health_check={}),
        service(routes=[{"path": "/"}]),
        service(image={"digest": "sha256:aa", "deploy_on_push": {"enabled": False}}),
        service(envs=[{"key": "B", "value": 2, "scope": "RUN_TIME"}, {"key": "A", "value": "1", "type": "GENERAL"}]),
        {"name": "clinic", "ingress": {"rules": [{"component": {"name": "web"}}]}},
        {"name": "clinic", "egress": {"type": "AUTOASSIGN"}, "disable_edge_cache": False, "maintenance": {}},
        {"name": "clinic", "vpc": {"id": "c22d8f48"}},
        {"name": "clinic", "workers": [], "domains": [], "maintenance": {"enabled": False}},
        copy.deepcopy(CURRENT),
    ],
)
def test_what_means_the_same_is_no_change(wanted):
    now, merged = laid(wanted)
    assert merged == now


@pytest.mark.parametrize(
    ("wanted", "path", "value"),
    [
        (service(instance_count=2), ("instance_count",), 2),
        (service(http_port=3000), ("http_port",), 3000),
        (service(instance_size_slug="basic-m"), ("instance_size_slug",), "basic-m"),
        (service(health_check={"period_seconds": 30}), ("health_check", "period_seconds"), 30),
        (service(image={"digest": "sha256:bb"}), ("image", "digest"), "sha256:bb"),
        (service(protocol="HTTP2"), ("protocol",), "HTTP2"),
        (service(internal_ports=[9000]), ("internal_ports",), [9000]),
    ],
)
def test_a_real_change_is_one_and_touches_nothing_else(wanted, path, value):
    now, merged = laid(wanted)
    assert merged != now
    there, here = web(merged), web(now)
    for key in path[:-1]:
        there, here = there[key], here.setdefault(key, {})
    assert there[path[-1]] == value
    here[path[-1]] = value
    assert merged == now


def test_a_list_holds_exactly_what_is_given_and_keeps_what_its_elements_leave_out():
    _, merged = laid(service(envs=[{"key": "B", "value": "3"}, {"key": "C", "value": "x"}]))
    assert web(merged)["envs"] == [{"key": "B", "value": "3", "scope": "RUN_TIME"}, {"key": "C", "value": "x"}]


def test_an_env_value_is_text_and_compares_as_text():
    _, merged = laid(service(envs=[{"key": "A", "value": "1.0"}, {"key": "B", "value": 2}]))
    assert [env["value"] for env in web(merged)["envs"]] == ["1.0", "2"]
    _, merged = laid(service(envs=[{"key": "A", "value": True}]))
    assert web(merged)["envs"][0]["value"] == "true"


@pytest.mark.parametrize("gone", [{}, None])
def test_an_empty_value_removes_and_null_leaves_alone(gone):
    now, merged = laid({**service(health_check=gone), "vpc": gone})
    if gone is None:
        assert merged == now
    else:
        assert "health_check" not in web(merged)
        assert "vpc" not in merged


def test_alternatives_exclude_each_other():
    scaled = {"min_instance_count": 1, "max_instance_count": 3, "metrics": {"cpu": {"percent": 80}}}
    _, merged = laid(service(autoscaling=scaled))
    assert "instance_count" not in web(merged)
    assert web(merged)["autoscaling"] == scaled, "a default of a new dict is sent, since being there means something"
    _, back = laid(service(instance_count=1), merged)
    assert "autoscaling" not in web(back)
    _, tagged = laid(service(image={"tag": "v2"}))
    assert web(tagged)["image"] == {"registry_type": "DOCR", "repository": "web", "tag": "v2"}


def test_autoscaling_is_unchanged_although_the_api_reports_a_count():
    scaled = {"min_instance_count": 1, "max_instance_count": 3, "metrics": {"cpu": {"percent": 80}}}
    current = copy.deepcopy(CURRENT)
    current["services"][0].update(autoscaling=scaled, instance_count=2)
    now, merged = laid(service(autoscaling={**scaled, "metrics": {"cpu": {}}}), current)
    assert merged == now
    assert "instance_count" not in web(merged)


def test_metrics_are_exactly_those_given():
    current = copy.deepcopy(CURRENT)
    current["services"][0]["autoscaling"] = {
        "max_instance_count": 3,
        "metrics": {"cpu": {"percent": 80}, "requests_per_second": {"per_instance": 9}},
    }
    _, merged = laid(service(autoscaling={"metrics": {"requests_per_second": {"per_instance": 9}}}), current)
    assert web(merged)["autoscaling"]["metrics"] == {"requests_per_second": {"per_instance": 9}}


def test_an_image_drops_what_only_a_build_reads():
    current = {"name": "clinic", "services": [{"name": "web", "github": {"repo": "o/r"}, "build_command": "make"}]}
    _, merged = laid(service(image={"repository": "web"}), current)
    assert web(merged) == {"name": "web", "image": {"repository": "web"}}


def image(**parts):
    return {"name": "clinic", "services": [{"name": "web", "image": parts}]}


GHCR = {"registry_type": "GHCR", "registry": "example", "repository": "x", "tag": "v1"}
POSTGRES = {"engine": "PG", "version": "17", "db_name": "d", "db_user": "u"}


@pytest.mark.parametrize(
    ("current", "wanted", "found"),
    [
        (image(**GHCR, registry_credentials="EV[1:a:b]"), image(registry_type="DOCR", repository="x", tag="v1"),
         image(registry_type="DOCR", repository="x", tag="v1")),
        (image(**GHCR, registry_credentials="EV[1:a:b]"), image(registry_type="DOCKER_HUB", registry="o"),
         image(**{**GHCR, "registry_type": "DOCKER_HUB", "registry": "o"})),
        (image(registry_type="DOCR", repository="x", tag="v1", deploy_on_push={"enabled": True}), image(**GHCR),
         image(**GHCR)),
        ({"jobs": [{"name": "j", "kind": "SCHEDULED", "schedule": {"cron": "0 3 * * *"}}]},
         {"jobs": [{"name": "j", "kind": "PRE_DEPLOY"}]}, {"jobs": [{"name": "j", "kind": "PRE_DEPLOY"}]}),
        ({"databases": [{"name": "db", **POSTGRES}]}, {"databases": [{"name": "db", "engine": "VALKEY"}]},
         {"databases": [{"name": "db", "engine": "VALKEY"}]}),
        ({"databases": [{"name": "db", **POSTGRES}]}, {"databases": [{"name": "db", "engine": "MYSQL"}]},
         {"databases": [{"name": "db", "engine": "MYSQL", "db_name": "d", "db_user": "u"}]}),
        ({"maintenance": {"archive": True}}, {"maintenance": {"enabled": False}}, {"maintenance": {}}),
    ],
)  # fmt: skip
def test_what_a_new_value_forbids_is_not_sent_along(current, wanted, found):
    _, merged = laid(wanted, current)
    assert merged == found


@pytest.mark.parametrize("kind", ["datadog", "logtail"])
def test_a_log_destination_of_which_only_the_token_matters_drops_the_others(kind):
    current = service(log_destinations=[{"name": "logs", "papertrail": {"endpoint": "logs.example:1"}}])
    _, merged = laid(service(log_destinations=[{"name": "logs", kind: {}}]), current)
    assert web(merged)["log_destinations"] == [{"name": "logs", kind: {}}]


def test_routes_become_ingress_rules_and_old_apps_read_the_same():
    old = copy.deepcopy(CURRENT)
    del old["ingress"]
    old["services"][0]["routes"] = [{"path": "/"}]
    now, merged = laid({"name": "clinic", "ingress": {"rules": [RULE]}}, old)
    assert merged == now
    assert "routes" not in web(merged)
    _, moved = laid(service(routes=[{"path": "/app", "preserve_path_prefix": True}]))
    assert moved["ingress"]["rules"] == [
        {"match": {"path": {"prefix": "/app"}}, "component": {"name": "web", "preserve_path_prefix": True}}
    ]


def test_the_order_of_rules_envs_and_components_means_nothing():
    current = copy.deepcopy(CURRENT)
    current["services"].append({"name": "api"})
    current["ingress"]["rules"].append({"match": {"path": {"prefix": "/api"}}, "component": {"name": "api"}})
    now, merged = laid(
        {
            "services": [{"name": "api"}, {"name": "web"}],
            "ingress": {"rules": list(reversed(copy.deepcopy(current["ingress"]["rules"])))},
        },
        current,
    )
    assert merged == now


def test_rules_to_a_removed_component_go_with_it_unless_ingress_is_given():
    _, merged = laid({"services": [{"name": "site", "image": {"repository": "site"}}]})
    assert [item["name"] for item in merged["services"]] == ["site"]
    assert "ingress" not in merged, "without a rule left the API routes to the only service"


def test_two_alerts_of_one_rule_are_told_apart_wherever_they_stand():
    low = {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}
    high = {**low, "value": 95, "window": "ONE_HOUR"}
    current = {"name": "clinic", "alerts": [low, high]}
    now, merged = laid({"alerts": [{**low, "value": "80"}, high]}, current)
    assert merged == now
    now, merged = laid({"alerts": [high, low]}, current)
    assert merged == now
    muted = {**low, "disabled": True}
    now, merged = laid({"alerts": [high]}, {"name": "clinic", "alerts": [muted, high]})
    assert merged["alerts"] == [high]
    _, merged = laid({"alerts": [low]}, current)
    assert merged["alerts"] == [low]


def test_domains_compare_without_case_and_dot():
    current = {"name": "clinic", "domains": [{"domain": "app.example.com", "type": "PRIMARY"}]}
    now, merged = laid({"domains": [{"domain": "App.Example.com.", "type": "UNSPECIFIED"}]}, current)
    assert merged == now


def test_nothing_of_the_arguments_is_shared_or_changed():
    now = overlay.normalise(CURRENT)
    before = copy.deepcopy((CURRENT, now))
    merged = overlay.overlay(now, {"name": "clinic"})
    web(merged)["envs"][0]["value"] = "spoilt"
    assert before == (CURRENT, now)


def test_addresses_that_the_api_gives_are_not_sent_back():
    _, merged = laid({"name": "clinic"})
    assert merged["vpc"] == {"id": "c22d8f48"}

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever spec is sent and however the API rewrites it: the second run changes nothing, a third neither.

The API of this test rewrites more than the real one: it fills in or leaves out defaults, reorders what has no order,
uses the other name of a size, writes numbers as strings, turns routes into ingress rules, encrypts secrets (half of the
time those of log destinations and the secure header, too).
"""

from __future__ import annotations

import copy
import itertools
import random

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import facts
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import scrubbed

OLD_SIZES = {new: old for old, new in facts.OLD_APP_SIZES.items()}
# Written out again, and not taken from the code under test.
INSTANCES = {"instance_count": 1, "instance_size_slug": "apps-s-1vcpu-0.5gb"}
CHECK = {"period_seconds": 10, "timeout_seconds": 1, "success_threshold": 1}
DEFAULTS = {
    "services": {**INSTANCES, "http_port": 8080, "protocol": "HTTP"},
    "jobs": {**INSTANCES, "kind": "POST_DEPLOY"},
    "envs": {"scope": "RUN_AND_BUILD_TIME", "type": "GENERAL"},
    "image": {"tag": "latest"},
    "egress": {"type": "AUTOASSIGN"},
    "redirect": {"scheme": "https", "redirect_code": 302},
    "cpu": {"percent": 80},
    "termination": {"drain_seconds": 15, "grace_period_seconds": 120},
    "health_check": {**CHECK, "failure_threshold": 9},
    "liveness_health_check": {**CHECK, "initial_delay_seconds": 5, "failure_threshold": 18},
}
NAMES = {"services": "name", "jobs": "name", "databases": "name", "domains": "domain", "envs": "key", "alerts": "rule",
         "log_destinations": "name", "headers": "key"}  # fmt: skip
PLAIN_SETS = ("internal_ports",)
LOGS = [
    {"name": "dd", "datadog": {}},
    {"name": "os", "open_search": {"cluster_name": "c", "basic_auth": {"user": "u"}}, "headers": [{"key": "X-Key"}]},
]
TOKENS = ("dd.api_key", "os.password", "os.headers.X-Key")
HEADER = "ingress.secure_header.value"
SECRETS = {"TOKEN": "first", "web.KEY": "second", "registry_credentials": "user:third", HEADER: "fourth"}
SECRETS |= {f"{name}.log_destinations.{token}": "fifth" for name in ("web", "migrate") for token in TOKENS}


class Api:
    """What App Platform does to a spec, seeded."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nonces = itertools.count()
        self.encrypts = ("registry_credentials", *(("api_key", "password") if seed % 2 else ()))

    def store(self, spec: dict) -> dict:
        spec = self.rewrite("spec", copy.deepcopy(spec))
        kinds = [kind for kind in ("services", "static_sites") if spec.get(kind)]
        routed = [component for kind in kinds for component in spec[kind]]
        rules = list((spec.get("ingress") or {}).get("rules") or [])
        for component in routed:
            for route in component.pop("routes", []):
                target = {"name": component["name"]}
                if route.get("preserve_path_prefix"):
                    target["preserve_path_prefix"] = True
                rules.append({"match": {"path": {"prefix": route["path"]}}, "component": target})
        if routed and not rules:
            rules = [{"match": {"path": {"prefix": "/"}}, "component": {"name": routed[0]["name"]}}]
        if rules:
            spec["ingress"] = {**spec.get("ingress", {}), "rules": rules}
        spec.setdefault("region", "nyc")
        if spec.get("vpc"):
            spec["vpc"]["egress_ips"] = [{"ip": "10.0.0.9"}]
        return spec

    def rewrite(self, context: str, value: object) -> object:
        if isinstance(value, list):
            items = [self.rewrite(context, item) for item in value]
            names = [str(item.get(NAMES[context])) for item in items] if context in NAMES else []
            # Two alerts of one rule keep their order, which is what tells them apart.
            if context in PLAIN_SETS or context == "rules" or (names and len(set(names)) == len(names)):
                self.random.shuffle(items)
            return items
        if not isinstance(value, dict):
            return value
        for key, default in DEFAULTS.get(context, {}).items():
            excluded = (key == "instance_count" and value.get("autoscaling")) or (key == "tag" and value.get("digest"))
            excluded = excluded or (key == "error_document" and value.get("catchall_document"))
            if key not in value and not excluded and self.random.random() < 0.5:
                value[key] = default
            elif value.get(key) == default and self.random.random() < 0.5:
                del value[key]
        result = {}
        for key, item in value.items():
            if item == 0 or (item in (None, False, "", [], {}) and key != "cpu"):
                continue
            result[key] = (
                self.scalar(context, key, item) if not isinstance(item, (dict, list)) else self.rewrite(key, item)
            )
        return self.encrypt(result)

    def scalar(self, context: str, key: str, item: object) -> object:
        if key == "instance_size_slug" and self.random.random() < 0.5:
            return OLD_SIZES.get(item, item)
        if type(item) is int and key != "value" and self.random.random() < 0.3:
            return str(item)
        return item

    def encrypt(self, value: dict) -> dict:
        for secret in ("value",) if value.get("type") == "SECRET" else self.encrypts:
            if value.get(secret) and not str(value[secret]).startswith("EV["):
                value[secret] = f"EV[1:{next(self.nonces)}:{len(value[secret])}]"
        return value


def pick(random_: random.Random, **parts: object) -> dict:
    """Some of the parts."""
    return {key: value for key, value in parts.items() if random_.random() < 0.6}


def component(random_: random.Random, name: str) -> dict:
    scaled = {
        "min_instance_count": 1,
        "max_instance_count": 4,
        "metrics": random_.choice([{"cpu": {"percent": 80}}, {"cpu": {}}]),
    }
    size = random_.choice(sorted(facts.OLD_APP_SIZES.values()))
    source = random_.choice(
        [
            {"image": {"registry_type": "GHCR", "repository": "web", "tag": "latest"}},
            {"image": {"registry_type": "DOCR", "repository": "web", "digest": "sha256:aa"}},
            {"github": {"repo": "o/r", "branch": "main", "deploy_on_push": False}, "build_command": "make"},
        ]
    )
    return {
        "name": name,
        **copy.deepcopy(source),
        **pick(
            random_,
            instance_size_slug=size,
            envs=[
                {"key": "A", "value": random_.choice(["", "0", 7, True, "a b"])},
                {"key": "TOKEN", "type": "SECRET", "scope": "RUN_TIME"},
                *([{"key": "KEY", "type": "SECRET"}] if name == "web" else []),
                {"key": "URL", "value": "${db.URL}", "type": random_.choice(["GENERAL", "SECRET"])},
            ],
            log_destinations=copy.deepcopy(LOGS),
            alerts=[
                {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"},
                {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 95.5, "window": "ONE_HOUR"},
            ],
        ),
        **random_.choice(
            [{"instance_count": 1}, {"instance_count": 3}, {"autoscaling": scaled} if name == "web" else {}, {}]
        ),
    }


def make_spec(seed: int) -> dict:
    random_ = random.Random(seed)
    web = {
        **component(random_, "web"),
        **pick(
            random_,
            http_port=random_.choice([8080, 3000, "3000"]),
            protocol="HTTP",
            internal_ports=[9000, 9001],
            health_check=pick(random_, http_path="/", initial_delay_seconds=0, period_seconds=10, failure_threshold=9),
            liveness_health_check=pick(random_, http_path="/live", initial_delay_seconds=5, failure_threshold=3),
            termination={"drain_seconds": 15},
        ),
    }
    route = random_.choice(["none", "routes", "ingress"])
    if route == "routes":
        web["routes"] = [{"path": "/"}, {"path": "/api", "preserve_path_prefix": True}]
    rules = [
        {"match": {"path": {"prefix": "/"}}, "component": {"name": "web"}},
        {"match": {"path": {"prefix": "/old"}}, "redirect": {"uri": "/new", "redirect_code": 302}},
    ]
    return {
        "name": "clinic",
        "services": [web],
        **({"ingress": {"rules": rules, "secure_header": {"key": "X-Origin"}}} if route == "ingress" else {}),
        **pick(
            random_,
            jobs=[
                {**component(random_, "migrate"), "kind": random_.choice(["PRE_DEPLOY", "POST_DEPLOY", "UNSPECIFIED"])}
            ],
            databases=[{"name": "db", "engine": "PG", "production": True, "cluster_name": "c", "version": 17}],
            domains=[
                {"domain": "a.example.com", "minimum_tls_version": 1.2},
                {"domain": "b.example.com", "type": "ALIAS"},
            ],
            envs=[{"key": "TOKEN", "type": "SECRET"}, {"key": "REGION", "value": "fra"}],
            alerts=[{"rule": "DEPLOYMENT_FAILED"}, {"rule": "DOMAIN_FAILED", "disabled": False}],
            region="fra",
            egress={"type": "AUTOASSIGN"},
            vpc={"id": "c22d8f48"},
            maintenance={"enabled": False},
            disable_edge_cache=True,
            enhanced_threat_control_enabled=False,
        ),
    }


def secrets_for(spec: dict) -> dict:
    """Those of the secrets that the spec has a place for."""
    places = [spec, *spec["services"], *spec.get("jobs", [])]
    keys = {env["key"] for place in places for env in place.get("envs", [])}
    images = [place.get("image", {}).get("registry_type") for place in places]
    wanted = {"TOKEN": "TOKEN" in keys, "web.KEY": "KEY" in keys, "registry_credentials": "GHCR" in images}
    wanted[HEADER] = "secure_header" in spec.get("ingress", {})
    logging = [place["name"] for place in places[1:] if "log_destinations" in place]
    return {name: value for name, value in SECRETS.items() if wanted.get(name, name.split(".")[0] in logging)}


@pytest.mark.parametrize("seed", range(300))
def test_a_second_run_changes_nothing_and_a_real_change_converges(seed):
    api, spec = Api(seed), make_spec(seed)
    secrets = secrets_for(spec)
    stored = api.store(plan_spec(None, spec, secrets).spec)
    for given in (secrets, {}):
        again = plan_spec(stored, spec, given)
        assert again.before == again.after
        assert not again.changed
    other = make_spec(seed + 1000)
    moved = plan_spec(stored, other, secrets_for(other))
    there = api.store(moved.spec)
    assert not plan_spec(there, other, secrets_for(other)).changed
    assert "first" not in str(there)


@pytest.mark.parametrize("seed", range(40))
def test_a_result_given_back_changes_nothing(seed):
    spec = make_spec(seed)
    stored = Api(seed).store(plan_spec(None, spec, secrets_for(spec)).spec)
    shown = scrubbed({"spec": stored})["spec"]
    assert "EV[" not in str(shown)
    assert "SECRET_FINGERPRINTS" not in str(shown)
    assert not plan_spec(stored, shown, {}).changed

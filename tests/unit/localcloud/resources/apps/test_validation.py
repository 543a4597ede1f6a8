# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which specs are refused, by the same words for propose, create and update; and that the account stays as it was."""

from __future__ import annotations

import pytest

DEDICATED = "apps-d-1vcpu-0.5gb"
GIT = {"repo": "fisioflow/web", "branch": "main"}
DIGEST = "sha256:" + "ab" * 32
IMAGE = {"registry_type": "DOCR", "repository": "web", "digest": DIGEST}
JOB = {"name": "job", "image": IMAGE}
CPU = {"metrics": {"cpu": {"percent": 70}}, "min_instance_count": 1, "max_instance_count": 3}
RPS = {"metrics": {"requests_per_second": {"per_instance": 50}}, "min_instance_count": 2, "max_instance_count": 4}
CPU_ALERT = {"rule": "CPU_UTILIZATION", "operator": "GREATER_THAN", "value": 80, "window": "FIVE_MINUTES"}


def _rule(prefix="/", **target):
    return {"match": {"path": {"prefix": prefix}}, **(target or {"component": {"name": "web"}})}


# What of the smallest spec is replaced → the field that the answer names, and a word of why.
SPECS = {
    "no component": ({"services": []}, "services", "at least one component"),
    "a name twice": ({"workers": [{"name": "web", "image": IMAGE}]}, "workers.name", "more than once"),
    "a database's name twice": ({"databases": [{"name": "web", "engine": "PG"}]}, "databases.name", "more than once"),
    "no production cluster named": ({"databases": [{"name": "db", "production": True}]}, "cluster_name", "required"),
    "no such cluster": (
        {"databases": [{"name": "db", "engine": "PG", "production": True, "cluster_name": "nix"}]},
        "databases.cluster_name",
        'no database cluster "nix"',
    ),
    "a development MySQL": ({"databases": [{"name": "db", "engine": "MYSQL"}]}, "engine", "PG or VALKEY only"),
    "a VPC that is not there": ({"vpc": {"id": "00000000-0000-4000-8000-000000000000"}}, "vpc.id", "no VPC"),
    "an app rule that is none": ({"alerts": [CPU_ALERT]}, "alerts.rule", "does not apply to an app"),
    "an app rule twice": ({"alerts": [{"rule": "DOMAIN_LIVE"}] * 2}, "alerts.rule", "there twice"),
    "an app variable twice": ({"envs": [{"key": "A"}, {"key": "A", "value": "2"}]}, "envs.key", "more than once"),
    "an app variable's name": ({"envs": [{"key": "1A"}]}, "envs.key", "must be letters"),
    "two primary domains": (
        {"domains": [{"domain": f"{n}.example.com", "type": "PRIMARY"} for n in "ab"]},
        "domains.type",
        "only one",
    ),
    "a domain twice": ({"domains": [{"domain": "a.example.com"}] * 2}, "domains.domain", "more than once"),
    "a foreign zone": (
        {"domains": [{"domain": "a.example.com", "zone": "example.org"}]},
        "domains.zone",
        "does not lie in",
    ),
    "a rule without target": (
        {"ingress": {"rules": [{"match": {"path": {"prefix": "/"}}}]}},
        "ingress.rules",
        "either",
    ),
    "a rule to nobody": ({"ingress": {"rules": [_rule(component={"name": "x"})]}}, "component.name", 'component "x"'),
    "a path twice": ({"ingress": {"rules": [_rule(), _rule()]}}, "ingress.rules.match", "more than one rule"),
    "a path without slash": ({"ingress": {"rules": [_rule("api")]}}, "match.path.prefix", "must start with /"),
    "a redirect code": (
        {"ingress": {"rules": [_rule(), _rule("/old", redirect={"uri": "/", "redirect_code": 305})]}},
        "redirect_code",
        "305",
    ),
    "two ways to pass a path on": (
        {"ingress": {"rules": [_rule(component={"name": "web", "rewrite": "/v1", "preserve_path_prefix": True})]}},
        "component.rewrite",
        "exclude each other",
    ),
    "a job that scales": ({"jobs": [{**JOB, "autoscaling": CPU}]}, "jobs.autoscaling", "cannot scale"),
    "a schedule without a time": ({"jobs": [{**JOB, "kind": "SCHEDULED"}]}, "jobs.schedule.cron", "required"),
    "a static image": ({"static_sites": [{"name": "pages", "image": IMAGE}]}, "static_sites.image", "cannot run"),
    "a worker that scales by requests": (
        {"workers": [{"name": "work", "image": IMAGE, "instance_size_slug": DEDICATED, "autoscaling": RPS}]},
        "workers.autoscaling.metrics",
        '"requests_per_second"',
    ),
}

# The same for what of the service is replaced.
SERVICES = {
    "no source": ({"image": None}, "services", "it has none"),
    "two sources": ({"github": GIT}, "services", "it has github and image"),
    "a repository without owner": (
        {"image": None, "github": {"repo": "web", "branch": "main"}},
        "github.repo",
        "owner/",
    ),
    "no branch": ({"image": None, "git": {"repo_clone_url": "https://example.com/x.git"}}, "git.branch", "required"),
    "tag and digest": ({"image": {**IMAGE, "tag": "1"}}, "services.image.digest", "cannot both"),
    "a malformed digest": ({"image": {**IMAGE, "digest": "sha256:12"}}, "services.image.digest", "64 hexadecimal"),
    "a registry with DOCR": ({"image": {**IMAGE, "registry": "x"}}, "services.image.registry", "left empty"),
    "deploy on push of a digest": (
        {"image": {**IMAGE, "deploy_on_push": {"enabled": True}}},
        "image.deploy_on_push",
        "by a tag only",
    ),
    "count and autoscaling": (
        {"instance_size_slug": DEDICATED, "autoscaling": CPU, "instance_count": 2},
        "services.instance_count",
        "must not be set",
    ),
    "a single-instance size twice": (
        {"instance_size_slug": "apps-s-1vcpu-0.5gb", "instance_count": 2},
        "services.instance_count",
        "single instance only",
    ),
    "a single-instance size that scales": (
        {"instance_size_slug": "apps-s-1vcpu-1gb-fixed", "autoscaling": RPS},
        "services.autoscaling",
        "single instance only",
    ),
    "the default size twice": ({"instance_size_slug": None, "instance_count": 2}, "instance_count", "single instance"),
    "CPU scaling on a shared size": ({"autoscaling": CPU}, "metrics.cpu", "apps-s-1vcpu-1gb is shared"),
    "scaling by memory": (
        {"instance_size_slug": DEDICATED, "autoscaling": {**CPU, "metrics": {"memory": {"percent": 80}}}},
        "services.autoscaling.metrics",
        'no autoscaling metric "memory"',
    ),
    "scaling by nothing": (
        {"instance_size_slug": DEDICATED, "autoscaling": {**CPU, "metrics": {}}},
        "autoscaling.metrics",
        "at least one metric",
    ),
    "a lower bound above the upper": (
        {"instance_size_slug": DEDICATED, "autoscaling": {**CPU, "min_instance_count": 4}},
        "min_instance_count",
        "more than max_instance_count 3",
    ),
    "no upper bound": (
        {"instance_size_slug": DEDICATED, "autoscaling": {"metrics": CPU["metrics"], "min_instance_count": 1}},
        "services.autoscaling",
        "both required",
    ),
    "a health check out of range": (
        {"health_check": {"period_seconds": 301}},
        "services.health_check.period_seconds",
        "between 1 and 300",
    ),
    "a health check on another port": ({"health_check": {"port": 9090}}, "health_check.port", "not found in internal"),
    "a health check path": ({"health_check": {"http_path": "up"}}, "health_check.http_path", "must start with /"),
    "a variable twice": ({"envs": [{"key": "A"}, {"key": "A"}]}, "services.envs.key", "more than once"),
    "a binding to nobody": ({"envs": [{"key": "A", "value": "${db.PORT}"}]}, "services.envs.value", 'component "db"'),
    "a binding to nothing": (
        {"envs": [{"key": "A", "value": "http://${web.PRIVAT_URL}"}]},
        "services.envs.value",
        'no variable "PRIVAT_URL"',
    ),
    "a binding to no pool": ({"envs": [{"key": "A", "value": "${web.pool.URL}"}]}, "envs.value", 'pool "pool"'),
    "an alert of the app": ({"alerts": [{"rule": "DEPLOYMENT_FAILED"}]}, "services.alerts.rule", "to a service"),
    "an alert without threshold": ({"alerts": [{"rule": "RESTART_COUNT"}]}, "services.alerts.operator", "needs one of"),
    "an alert without window": (
        {"alerts": [{k: v for k, v in CPU_ALERT.items() if k != "window"}]},
        "services.alerts.window",
        "needs one of",
    ),
    "more than everything": ({"alerts": [{**CPU_ALERT, "value": 800}]}, "services.alerts.value", "more than 100"),
    "a log destination without place": ({"log_destinations": [{"name": "logs"}]}, "log_destinations", "exactly one"),
    "a route without slash": ({"routes": [{"path": "api"}]}, "services.routes.path", "must start with /"),
}


def _refused_everywhere(cloud, spec, field, why):
    app = cloud.deployed(cloud.spec())
    before = cloud.world.fingerprint()
    for method, path in (("POST", "/apps/propose"), ("POST", "/apps"), ("PUT", f"/apps/{app['id']}")):
        # A free name, so that only the rule can be the reason.
        body = {"spec": {**spec, "name": "other"}}
        message = cloud.refused(method, path, body)
        assert message.startswith("error validating app spec field "), message
        named, _, problem = message.partition(": ")
        assert field in named, message
        assert why in problem, message
    assert cloud.world.fingerprint() == before


@pytest.mark.parametrize("case", SPECS)
def test_a_spec_is_refused(cloud, case):
    change, field, why = SPECS[case]
    _refused_everywhere(cloud, cloud.spec(**change), field, why)


@pytest.mark.parametrize("case", SERVICES)
def test_a_service_is_refused(cloud, case):
    change, field, why = SERVICES[case]
    service = {key: value for key, value in cloud.service(**change).items() if value is not None}
    _refused_everywhere(cloud, cloud.spec(services=[service]), field, why)


def test_a_vpc_must_lie_where_the_app_can_reach_it(cloud):
    far = cloud.vpc("nyc3")
    message = cloud.refused("POST", "/apps", {"spec": cloud.spec(region="nyc", vpc={"id": far})})
    assert "an app in nyc reaches VPCs in nyc1 only" in message
    near = cloud.vpc("nyc1", "near")
    cloud.create(cloud.spec(region="nyc", vpc={"id": near}))


def test_a_region_that_is_left_out_on_update_is_the_apps_own(cloud):
    app = cloud.create(cloud.spec(region="fra"))
    spec = cloud.spec(vpc={"id": cloud.vpc("fra1")})
    del spec["region"]
    assert cloud.update(app["id"], spec)["spec"]["region"] == "fra"


def test_a_variable_of_the_app_may_refer_to_whoever_has_it(cloud):
    cloud.create(cloud.spec(envs=[{"key": "A", "value": "${_self.PRIVATE_URL}"}]))
    wrong = cloud.with_service(envs=[{"key": "A", "value": "${_self.NIX}"}])
    assert 'no variable "NIX"' in cloud.refused("POST", "/apps/propose", {"spec": wrong})


def test_a_domain_belongs_to_one_app(cloud):
    domains = [{"domain": "App.example.com"}]
    app = cloud.create(cloud.spec(domains=domains))
    cloud.update(app["id"], cloud.spec(domains=domains))
    message = cloud.refused(
        "POST", "/apps", {"spec": cloud.spec(name="other", domains=[{"domain": "app.example.com"}])}
    )
    assert 'already used by the app "fisio"' in message


# What passes although it looks like one of the above.
ACCEPTED = {
    "request scaling on a shared size": {"autoscaling": RPS},
    "CPU scaling on a dedicated size": {"instance_size_slug": DEDICATED, "autoscaling": CPU},
    "a health check on an internal port": {"internal_ports": [9090], "health_check": {"port": 9090}},
    "a binding to itself": {"envs": [{"key": "A", "value": "${_self.PRIVATE_URL}"}]},
    "a binding to a variable of its own": {"envs": [{"key": "A", "value": "1"}, {"key": "B", "value": "${web.A}"}]},
    "a binding of the app": {"envs": [{"key": "A", "value": "${APP_URL}"}]},
    "a git source": {"image": None, "github": GIT},
    "an alert": {"alerts": [CPU_ALERT]},
}


@pytest.mark.parametrize("case", ACCEPTED)
def test_a_service_is_accepted(cloud, case):
    service = {key: value for key, value in cloud.service(**ACCEPTED[case]).items() if value is not None}
    cloud.create(cloud.spec(services=[service]))


# -- without a description of the API nothing else looks at shapes and words -----------------------------------------

RAW = {
    "no spec": (None, "spec is required"),
    "a name with capitals": ({"name": "Fisio"}, '"Fisio" must have'),
    "a name of 33": ({"name": "a" * 33}, "must have 2 to 32"),
    "a component's name": ({"services": [{"name": "w"}]}, '"w" must have'),
    "an unknown region": ({"region": "gru"}, '"gru" is not one of'),
    "an unknown size": ({"services": [{"name": "web", "image": IMAGE, "instance_size_slug": "big"}]}, 'size "big"'),
    "no instance at all": ({"services": [{"name": "web", "image": IMAGE, "instance_count": 0}]}, "0 is out of range"),
    "an unknown job kind": ({"jobs": [{**JOB, "kind": "WEEKLY"}]}, '"WEEKLY" is not one of'),
    "an unknown rule": ({"alerts": [{"rule": "DISK"}]}, '"DISK" is not one of'),
    "an unknown operator": ({"alerts": [{"rule": "DOMAIN_LIVE", "operator": "EQUAL"}]}, '"EQUAL" is not one of'),
    "components that are no list": ({"services": {"name": "web"}}, "must be a list of objects"),
    "a port that is text": ({"services": [{"name": "web", "image": IMAGE, "http_port": "80"}]}, "must be an integer"),
    "ports that are a number": ({"services": [{"name": "web", "image": IMAGE, "internal_ports": 1}]}, "decoded"),
    "an env type": ({"envs": [{"key": "A", "type": "HIDDEN"}]}, '"HIDDEN" is not one of'),
    "an egress type": ({"egress": {"type": "NONE"}}, '"NONE" is not one of'),
    "liveness that must succeed twice": (
        {"services": [{"name": "web", "image": IMAGE, "liveness_health_check": {"success_threshold": 2}}]},
        "between 1 and 1",
    ),
    "a drain of two minutes": (
        {"services": [{"name": "web", "image": IMAGE, "termination": {"drain_seconds": 120}}]},
        "between 1 and 110",
    ),
}


@pytest.mark.parametrize("case", RAW)
def test_without_a_description_shapes_are_checked_too(cloud, monkeypatch, case):
    monkeypatch.setattr(cloud.shared.contract, "source", None)
    change, why = RAW[case]
    message = cloud.refused("POST", "/apps", {"spec": change and {**cloud.spec(), **change}})
    assert why in message

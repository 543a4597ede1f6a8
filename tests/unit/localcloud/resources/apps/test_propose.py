# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Propose: completed spec, price, whether the name is free; and nothing changes."""

from __future__ import annotations

import pytest

DEDICATED = "apps-d-1vcpu-1gb"


def _propose(cloud, spec, **more):
    cloud.world.run_timers()
    before = cloud.world.fingerprint()
    answer = cloud.ok("POST", "/apps/propose", {"spec": spec, **more})
    assert cloud.world.fingerprint() == before
    return answer


def test_the_spec_comes_back_completed(cloud):
    answer = _propose(cloud, cloud.spec())
    assert answer["spec"]["services"][0]["http_port"] == 8080
    assert answer["app_name_available"] is True
    assert answer["app_is_static"] is False
    assert answer["existing_static_apps"] == "0"
    assert "app_name_suggestion" not in answer


def test_a_taken_name_is_no_error(cloud):
    app = cloud.create(cloud.spec())
    cloud.create(cloud.spec(name="fisio-2"))
    answer = _propose(cloud, cloud.spec())
    assert (answer["app_name_available"], answer["app_name_suggestion"]) == (False, "fisio-3")
    assert _propose(cloud, cloud.spec(), app_id=app["id"])["app_name_available"] is True


def test_a_suggestion_is_a_name(cloud):
    name = "a" * 32
    cloud.create(cloud.spec(name=name))
    suggestion = _propose(cloud, cloud.spec(name=name))["app_name_suggestion"]
    assert suggestion == "a" * 30 + "-2"
    cloud.create(cloud.spec(name=suggestion))


def test_an_unknown_app_is_not_found(cloud):
    cloud.refused("POST", "/apps/propose", {"spec": cloud.spec(), "app_id": "nix"}, 404)


SCALING = {"min_instance_count": 2, "max_instance_count": 9, "metrics": {"cpu": {"percent": 80}}}
JOB = {"name": "job", "kind": "PRE_DEPLOY", "instance_size_slug": "apps-s-1vcpu-2gb"}


@pytest.mark.parametrize(
    ("service", "rest", "cost"),
    [
        ({"instance_size_slug": "apps-s-1vcpu-0.5gb"}, {}, 5),
        ({"instance_count": 3}, {}, 36),
        ({"instance_size_slug": "professional-xs"}, {}, 12),
        ({"instance_size_slug": DEDICATED, "autoscaling": SCALING}, {}, 68),
        ({}, {"databases": [{"name": "db", "engine": "PG"}]}, 19),
        ({}, {"egress": {"type": "DEDICATED_IP"}}, 37),
        ({}, {"jobs": [JOB]}, 12),
        ({}, {"workers": [{"name": "work", "instance_count": 1}]}, 17),
    ],
)
def test_the_price(cloud, service, rest, cost):
    image = cloud.service()["image"]
    parts = {
        k: [{**c, **({} if k == "databases" else {"image": image})} for c in v] if isinstance(v, list) else v
        for k, v in rest.items()
    }
    answer = _propose(cloud, {**cloud.with_service(**service), **parts})
    assert answer["app_cost"] == cost
    assert isinstance(answer["app_cost"], int)


def test_three_static_apps_are_free(cloud):
    site = {"name": "pages", "github": {"repo": "fisioflow/site", "branch": "main"}}
    for number in range(3):
        answer = _propose(cloud, {"name": f"site-{number}", "static_sites": [site]})
        assert (answer["app_is_static"], answer["app_cost"]) == (True, 0)
        app = cloud.create({"name": f"site-{number}", "static_sites": [site]})
        assert app["tier_slug"] == "starter"
    answer = _propose(cloud, {"name": "site-3", "static_sites": [site]})
    assert (answer["existing_static_apps"], answer["app_cost"]) == ("3", 3)

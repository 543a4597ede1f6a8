# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses: in the VPC, dedicated, and custom domains."""

from __future__ import annotations

import ipaddress

import pytest

BROKEN = {"registry_type": "DOCR", "repository": "broken"}


@pytest.fixture
def vpc(cloud):
    return cloud.vpc("fra1")


def _ips(app):
    return [entry["ip"] for entry in app["vpc"].get("egress_ips", [])]


def test_an_attached_app_gets_an_address_of_the_vpc(cloud, vpc):
    app = cloud.create(cloud.spec(vpc={"id": vpc}))
    assert app["vpc"] == {"id": vpc}
    app = cloud.app(app["id"])
    network = ipaddress.ip_network(cloud.ok("GET", f"/vpcs/{vpc}")["vpc"]["ip_range"])
    assert len(_ips(app)) == 1
    assert ipaddress.ip_address(_ips(app)[0]) in network
    assert app["spec"]["vpc"] == app["active_deployment"]["spec"]["vpc"] == app["vpc"]


def test_the_address_stays_over_deployments(cloud, vpc):
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    cloud.update(app["id"], app["spec"])
    cloud.ok("POST", f"/apps/{app['id']}/restart")
    assert _ips(cloud.app(app["id"])) == _ips(app)


def test_the_address_moves_once_when_asked_to(cloud, vpc):
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    cloud.seed(**{"apps.new_egress_ips": 1})
    assert _ips(cloud.app(app["id"])) == _ips(app)
    cloud.ok("POST", f"/apps/{app['id']}/deployments", {})
    moved = _ips(cloud.app(app["id"]))
    assert moved != _ips(app)
    cloud.ok("POST", f"/apps/{app['id']}/deployments", {})
    assert _ips(cloud.app(app["id"])) == moved


def test_a_failed_deployment_moves_nothing(cloud, vpc):
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    cloud.seed(**{"apps.new_egress_ips": 1})
    cloud.update(app["id"], cloud.with_service(image=BROKEN) | {"vpc": {"id": vpc}})
    assert _ips(cloud.app(app["id"])) == _ips(app)


def test_a_failed_first_deployment_wastes_no_address(cloud, vpc):
    app = cloud.create(cloud.with_service(image=BROKEN) | {"vpc": {"id": vpc}})
    assert _ips(cloud.app(app["id"])) == []
    reserved = cloud.world.table("apps")[app["id"]]["_next_vpc"]["egress_ips"]
    cloud.update(app["id"], cloud.spec(vpc={"id": vpc}))
    assert cloud.app(app["id"])["vpc"]["egress_ips"] == reserved


def test_an_app_that_is_no_longer_attached_has_no_address(cloud, vpc):
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    cloud.update(app["id"], cloud.spec())
    assert "vpc" not in cloud.app(app["id"])


def test_another_vpc_means_another_address(cloud, vpc):
    app = cloud.deployed(cloud.spec(vpc={"id": vpc}))
    other = cloud.vpc("fra1", "other")
    cloud.update(app["id"], cloud.spec(vpc={"id": other}))
    after = cloud.app(app["id"])
    assert after["vpc"]["id"] == other
    assert _ips(after) != _ips(app)


def test_dedicated_addresses_are_assigned_with_the_deployment(cloud):
    app = cloud.create(cloud.spec(egress={"type": "DEDICATED_IP"}))
    assert [ip["status"] for ip in app["dedicated_ips"]] == ["ASSIGNING", "ASSIGNING"]
    after = cloud.app(app["id"])
    assert [ip["status"] for ip in after["dedicated_ips"]] == ["ASSIGNED", "ASSIGNED"]
    addresses = [ipaddress.ip_address(ip["ip"]) for ip in after["dedicated_ips"]]
    assert all(address in ipaddress.ip_network("198.18.0.0/15") for address in addresses)
    assert [ip["ip"] for ip in after["dedicated_ips"]] == [ip["ip"] for ip in app["dedicated_ips"]]
    assert "dedicated_ips" not in cloud.update(app["id"], cloud.spec())


# -- domains -------------------------------------------------------------------------------------------------------

DOMAIN = {"domain": "app.example.com", "type": "PRIMARY", "zone": "example.com"}


def test_a_domain_becomes_active_and_the_live_url(cloud):
    cloud.slow()
    app = cloud.create(cloud.spec(domains=[DOMAIN]))
    assert [d["phase"] for d in app["domains"]] == ["PENDING"]
    cloud.advance(65)
    app = cloud.app(app["id"])
    assert app["domains"][0]["phase"] == "CONFIGURING"
    assert app["live_url"] == app["default_ingress"]
    cloud.advance(61)
    app = cloud.app(app["id"])
    (domain,) = app["domains"]
    assert (domain["phase"], domain["spec"]) == ("ACTIVE", DOMAIN)
    assert [step["name"] for step in domain["progress"]["steps"]] == [
        "default-ingress-ready",
        "ensure-zone",
        "ensure-certificate",
    ]
    assert domain["certificate_expires_at"] > app["updated_at"]
    assert app["live_url"] == "https://app.example.com"
    assert app["default_ingress"].endswith(".ondigitalocean.app")


def test_a_domain_keeps_its_id_while_it_is_there(cloud):
    app = cloud.deployed(cloud.spec(domains=[DOMAIN]))
    id = app["domains"][0]["id"]
    alias = {"domain": "www.example.com", "type": "ALIAS"}
    cloud.update(app["id"], cloud.spec(domains=[alias, DOMAIN]))
    after = cloud.app(app["id"])["domains"]
    assert [d["phase"] for d in after] == ["ACTIVE", "ACTIVE"]
    assert after[1]["id"] == id
    cloud.update(app["id"], cloud.spec())
    after = cloud.app(app["id"])
    assert "domains" not in after
    assert after["live_url"] == after["default_ingress"]


def test_a_wildcard_without_zone_needs_a_record(cloud):
    app = cloud.create(cloud.spec(domains=[{"domain": "example.com", "wildcard": True}]))
    (record,) = app["domains"][0]["validations"]
    assert record["txt_name"] == "_acme-challenge.example.com"

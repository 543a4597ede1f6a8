# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, as clients of any language ask for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trustme

NOWHERE = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
TLS = {"entry_protocol": "https", "entry_port": 443, "target_protocol": "http", "target_port": 80}


@pytest.fixture(scope="module")
def own() -> dict[str, str]:
    issued = trustme.CA().issue_cert(
        "clinic.example", "www.clinic.example", not_after=datetime.now(UTC) + timedelta(days=90)
    )
    leaf = issued.cert_chain_pems[0].bytes().decode()
    return {"name": "own", "private_key": issued.private_key_pem.bytes().decode(), "leaf_certificate": leaf}


def wished(api: Any, *names: str, zone: str = "clinic.example", name: str = "clinic") -> dict[str, Any]:
    """One of Let's Encrypt, in a domain that is there."""
    api.call("POST", "/domains", {"name": zone})
    answer = api.call("POST", "/certificates", {"name": name, "type": "lets_encrypt", "dns_names": [*names] or [zone]})
    assert answer.status == 202, answer
    found: dict[str, Any] = answer.body["certificate"]
    return found


def now(api: Any, id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.call("GET", f"/certificates/{id}").body["certificate"]
    return found


def test_one_of_ones_own_is_there_at_once_and_its_key_nowhere(api: Any, own: dict[str, str]) -> None:
    answer = api.call("POST", "/certificates", {**own, "type": "custom"})
    made = answer.body["certificate"]
    assert answer.status == 202
    assert (made["state"], made["type"]) == ("verified", "custom")
    assert made["dns_names"] == ["clinic.example", "www.clinic.example"]
    assert len(made["sha1_fingerprint"]) == 40
    assert set(made) == {"id", "name", "not_after", "sha1_fingerprint", "created_at", "dns_names", "state", "type"}
    assert now(api, made["id"]) == made
    assert api.call("GET", "/certificates?name=own").body["meta"]["total"] == 1
    assert api.call("GET", "/certificates?name=other").body["certificates"] == []
    assert api.call("DELETE", f"/certificates/{made['id']}").status == 204
    assert api.call("GET", f"/certificates/{made['id']}").status == 404
    assert api.call("DELETE", f"/certificates/{NOWHERE}").status == 404


def test_lets_encrypt_takes_its_time(api: Any) -> None:
    api.admin.settings(speed="real")
    made = wished(api, "*.clinic.example", "clinic.example")
    assert (made["state"], made["type"], "not_after" in made) == ("pending", "lets_encrypt", False)
    api.admin.advance(60)
    issued = now(api, made["id"])
    assert issued["state"] == "verified"
    assert issued["not_after"] > issued["created_at"]


def test_only_for_domains_of_the_account(api: Any) -> None:
    wished(api)
    strange = {"name": "x", "type": "lets_encrypt", "dns_names": ["clinic.example", "other.example"]}
    words = "one or more of the domain names are not managed by DigitalOcean"
    assert api.refused("POST", "/certificates", strange) == words
    assert api.refused("POST", "/certificates", {**strange, "dns_names": []}) == "dns_names can't be blank"
    twice = {**strange, "name": "clinic", "dns_names": ["clinic.example"]}
    assert api.refused("POST", "/certificates", twice) == "name is not unique"


@pytest.mark.parametrize("why", ["nobody's", "elsewhere", "CAA"])
def test_what_cannot_be_proved_ends_in_an_error(api: Any, why: str) -> None:
    zone = "clinic.invalid" if why == "nobody's" else "clinic.example"
    records = f"/domains/{zone}/records"
    api.call("POST", "/domains", {"name": zone})
    if why == "elsewhere":
        api.call("POST", records, {"type": "NS", "name": "@", "data": "ns.other.example."})
    if why == "CAA":
        api.call("POST", records, {"type": "CAA", "name": "@", "flags": 0, "tag": "issue", "data": "pki.goog."})
    made = wished(api, zone=zone)
    assert now(api, made["id"])["state"] == "error"
    if why == "CAA":
        api.call("POST", records, {"type": "CAA", "name": "@", "flags": 0, "tag": "issue", "data": "letsencrypt.org."})
        assert now(api, wished(api, zone=zone, name="second")["id"])["state"] == "verified"


def test_one_in_use_stays_and_is_renewed_under_another_id(api: Any) -> None:
    made = wished(api)
    rule = {**TLS, "certificate_id": made["id"]}
    edge = {"name": "edge", "region": "fra1", "forwarding_rules": [rule]}
    balancer = api.call("POST", "/load_balancers", edge).body["load_balancer"]
    words = api.refused("DELETE", f"/certificates/{made['id']}", status=403)
    assert words == "Make sure the certificate is not in use before deleting it"
    api.admin.advance(61 * 86400)
    assert api.call("GET", f"/certificates/{made['id']}").status == 404
    (renewed,) = api.call("GET", "/certificates?name=clinic").body["certificates"]
    assert renewed["not_after"] > now(api, renewed["id"])["created_at"] > made["created_at"]
    after = api.call("GET", f"/load_balancers/{balancer['id']}").body["load_balancer"]
    assert after["forwarding_rules"][0]["certificate_id"] == renewed["id"]
    bad = {**edge, "name": "other", "forwarding_rules": [{**TLS, "certificate_id": made["id"]}]}
    assert api.call("POST", "/load_balancers", bad).status == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "name can't be blank"),
        ({"leaf_certificate": "no PEM"}, "leaf_certificate is not a valid"),
        ({"certificate_chain": "no PEM"}, "certificate_chain is not a valid"),
        ({"private_key": "no PEM"}, "private_key is not a valid"),
    ],
)
def test_ones_own_must_be_right(api: Any, own: dict[str, str], change: dict[str, str], words: str) -> None:
    assert api.refused("POST", "/certificates", {**own, **change}).startswith(words)


def test_ones_own_belongs_to_its_key_and_has_not_expired(api: Any, own: dict[str, str]) -> None:
    other = trustme.CA().issue_cert("clinic.example").private_key_pem.bytes().decode()
    mixed = {**own, "private_key": other}
    assert api.refused("POST", "/certificates", mixed) == "private_key does not match leaf_certificate"
    api.admin.advance(91 * 86400)
    assert api.refused("POST", "/certificates", own) == "leaf_certificate has expired"

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`verify.yml` proves on the wire what is claimed, and sees each thing that somebody breaks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.load_balancers import body
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.databases import look
from tests.integration.procedures.environment import CLUSTER, OURS, Environment
from tests.integration.site.outside import s3

pytestmark = pytest.mark.xdist_group("procedures")

VALKEY = "fisioflow-local-valkey"
BALANCER = "fisioflow-local-edge"
OPTIONS = {
    "database": "fisioflow",
    "user": "fisioflow_app",
    "owner": "fisioflow_owner",
    "known": ["fisioflow_app_b", "fisioflow_backup", "fisioflow_readonly"],
    "only_connect": False,
    "patience": 0,
    "timeout": 30,
}
# What nobody shall find in a database, said by the administrator, and how it is taken back.
EXTRA = {
    "GRANT CREATE ON SCHEMA public TO fisioflow_app": "REVOKE CREATE ON SCHEMA public FROM fisioflow_app",
    "CREATE SCHEMA audit": "DROP SCHEMA audit",
    "GRANT USAGE ON SCHEMA audit TO fisioflow_app": "SELECT 1",
    "GRANT CONNECT ON DATABASE fisioflow TO intern": "REVOKE CONNECT ON DATABASE fisioflow FROM intern",
}


def false(running: Environment) -> list[str]:
    report = running.report("wire")
    return [f"{row['check']}: {row['evidence']}" for row in report["checks"] if not row["ok"]]


def test_all_that_is_claimed_is_seen(running: Environment) -> None:
    before = running.sources(), running.sources(VALKEY)
    running.green("verify")
    report = running.report("wire")
    assert (report["ok"], report["failure"], report["not_tried"]) == (True, "", [])
    seen = {row["check"]: row["evidence"] for row in report["checks"]}
    for check, evidence in (
        ("fisioflow.example shows a certificate that is trusted and names it", "TLSv1.3"),
        ("plain HTTP of www.fisioflow.example leads to HTTPS", "https://www.fisioflow.example/"),
        ("/.git/config is closed", "404"),
        ("PostgreSQL refuses an address that is no trusted source", "pg_hba.conf rejects connection"),
        ("PostgreSQL refuses plain text", "no encryption"),
        ("Valkey refuses an address that is no trusted source", "connecting to"),
        ("Valkey keeps a key that ends by itself, and gives it back", "ms"),
        ("the CDN has an object when it is asked for again", "MISS, then HIT"),
        ("an object of the Space is closed to who has no key", "403"),
    ):
        assert evidence in seen[check]
    assert (running.sources(), running.sources(VALKEY)) == before
    for bucket in ("uploads", "assets"):
        left = s3(running.cloud).list_object_versions(Bucket=f"fisioflow-local-{bucket}", Prefix="fisioflow-wire-")
        assert not {"Versions", "DeleteMarkers"} & left.keys()


@contextmanager
def everything_broken(running: Environment) -> Iterator[None]:
    """As somebody might leave it: open to everybody, with privileges that nobody needs, without HTTPS."""
    there, vk = (running.cluster(name) for name in (CLUSTER, VALKEY))
    paths = [f"/databases/{row['id']}/firewall" for row in (there, vk)]
    rules = [running.api.ok("GET", path)["rules"] for path in paths]
    [balancer] = [row for row in running.api.ok("GET", "/load_balancers")["load_balancers"] if row["name"] == BALANCER]
    running.api.ok("POST", f"/databases/{there['id']}/users", {"name": "intern"})
    running.ask(*EXTRA, user="doadmin")
    running.ask("REVOKE DELETE ON patients FROM fisioflow_app")
    for path in paths:
        running.api.ok("PUT", path, {"rules": []})
    running.api.ok("PUT", f"/load_balancers/{balancer['id']}", body({**balancer, "redirect_http_to_https": False}))
    try:
        yield
    finally:
        running.api.ok("PUT", f"/load_balancers/{balancer['id']}", body(balancer))
        for path, before in zip(paths, rules, strict=True):
            running.api.ok("PUT", path, {"rules": before})
        running.ask("GRANT DELETE ON patients TO fisioflow_app")
        running.ask(*reversed(EXTRA.values()), user="doadmin")
        running.api.ok("DELETE", f"/databases/{there['id']}/users/intern")


def test_each_thing_that_somebody_breaks_is_seen(running: Environment) -> None:
    with everything_broken(running):
        played = running.red("verify", wire_least_days=1000)
    told = false(running)
    for sentence in (
        "PostgreSQL refuses an address that is no trusted source: it let us in",
        "Valkey refuses an address that is no trusted source: it let us in",
        "plain HTTP of fisioflow.example leads to HTTPS: ",
        "the certificate of fisioflow.example lasts 1000 days: ",
        "the app's user can neither make roles, schemas nor tables: create a table",
        "the app's user reads no schema but public: audit",
        "nobody else may connect to the app's database: intern",
        "the app's user works with every table of the owner: patients",
    ):
        assert [line for line in told if line.startswith(sentence)], (sentence, told)
    assert "on the wire: nobody else may connect to the app's database: not so, intern" in played.printed
    assert running.report("wire")["ok"] is False


def test_another_authority_is_not_believed(running: Environment) -> None:
    other = trustme.CA().cert_pem.bytes().decode()
    for name in (CLUSTER, VALKEY):
        there: Any = running.cluster(name)
        path = f"/databases/{there['id']}/firewall"
        before = running.api.ok("GET", path)["rules"]
        running.api.ok("PUT", path, {"rules": [*before, {"type": "ip_addr", "value": OURS}]})
        try:
            assert look(there, Path(running.cloud.ca).read_text(), OPTIONS, Clock())["refused"] == ""
            assert "certificate verify failed" in look(there, other, OPTIONS, Clock())["refused"]
        finally:
            running.api.ok("PUT", path, {"rules": before})

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signs a cluster's certificate is trusted only when it was really told."""

from __future__ import annotations

import base64

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.database.authority import authority
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster_info import DatabaseClusterInfo
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_credentials_info import DatabaseCredentialsInfo
from tests.unit.plugins.module_utils.scripted import Script, answer, api, play

CLUSTER = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
ONE = f"/v2/databases/{CLUSTER}"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
LOGIN = {"host": "pg.test", "port": 25060, "database": "defaultdb", "user": "doadmin", "password": "s3cret-of-doadmin"}
ROW = {"id": CLUSTER, "name": "clinic-pg", "engine": "pg", "connection": LOGIN, "users": []}


def told(certificate):
    return answer(200, {"ca": certificate})


def encoded(text):
    return told({"certificate": base64.b64encode(text.encode()).decode()})


def test_it_is_read_as_pem():
    assert authority(api(Script([(f"GET {ONE}/ca", encoded(PEM))])), CLUSTER) == PEM


@pytest.mark.parametrize(
    "odd",
    [
        told({}),
        told({"certificate": None}),
        told({"certificate": ""}),
        told({"certificate": "no base64!"}),
        told({"certificate": "/w=="}),
        encoded("a page about maintenance"),
    ],
    ids=["nothing", "null", "empty", "no base64", "no text", "no certificate"],
)
def test_an_empty_or_odd_answer_is_an_error(odd):
    with pytest.raises(ApiError, match="without a certificate"):
        authority(api(Script([], forever=(f"GET {ONE}/ca", odd))), CLUSTER)


def test_a_list_of_clusters_is_not_told_with_an_empty_authority():
    exchanges = [(f"GET {ONE}", answer(200, {"database": ROW})), (f"GET {ONE}/ca", told({"certificate": ""}))]
    result = play(DatabaseClusterInfo, exchanges, id=CLUSTER, with_ca=True)
    assert "without a certificate" in result["msg"]


@pytest.mark.parametrize("lacking", ["host", "port"])
def test_a_login_without_an_address_is_an_error(lacking, monkeypatch):
    monkeypatch.setattr(
        "ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client.THREADS", 1
    )  # The script is in the order of the questions.
    row = {**ROW, "private_connection": {**LOGIN, lacking: None}}
    exchanges = [(f"GET {ONE}", answer(200, {"database": row})), (f"GET {ONE}/ca", encoded(PEM))]
    result = play(DatabaseCredentialsInfo, exchanges, cluster_id=CLUSTER, private=True)
    assert f'no {lacking} at which database cluster "{CLUSTER}" is reached' in result["msg"]

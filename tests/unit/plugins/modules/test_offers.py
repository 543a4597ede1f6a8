# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the API can tell without a write is asked before one is planned, in check mode as well, and only then."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.offers import app_refusals, app_slugs
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Invocation, execute
from ansible_collections.fisioflow.digitalocean.plugins.modules.app import App
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_cluster import DatabaseCluster
from ansible_collections.fisioflow.digitalocean.plugins.modules.database_replica import DatabaseReplica
from ansible_collections.fisioflow.digitalocean.plugins.modules.vpc import Vpc
from tests.unit.plugins.module_utils.scripted import Script, answer, api, error, scripted

CLUSTER = "9cc10173-e9ea-4176-9dbc-a4cee4c4ff30"
# Until then it is the API's offers that decide, by the API's clock; what is known from then on is in test_databases.py.
BEFORE = "Sun, 29 Nov 2026 23:59:59 GMT"


def engine(*versions, nodes=(1, 2)):
    small, big = "db-s-1vcpu-1gb", "db-s-1vcpu-2gb"
    layouts = [{"num_nodes": count, "sizes": [small, big] if count == 1 else [big]} for count in nodes]
    return {"regions": ["fra1", "nyc1", "nyc3"], "versions": [*versions], "layouts": layouts}


DATABASES = {"pg": engine("16", "17", nodes=(1,)), "valkey": engine("8"), "advanced_pg": {"regions": ["fra1"]}}
OPTIONS = ("GET /v2/databases/options", answer(200, {"options": DATABASES}))
ROW = {"id": CLUSTER, "name": "clinic", "engine": "pg", "version": "16", "size": "db-s-1vcpu-1gb", "num_nodes": 1,
       "region": "fra1", "status": "online"}  # fmt: skip
NEW = {name: ROW[name] for name in ("name", "engine", "version", "size", "num_nodes", "region")}
REGIONS = ("GET /v2/regions", answer(200, {"regions": [
    {"slug": "fra1", "available": True}, {"slug": "nyc1", "available": True}, {"slug": "nyc2", "available": False},
]}))  # fmt: skip
APP = {"name": "clinic", "region": "nyc", "services": [{"name": "web", "instance_size_slug": "apps-s-1vcpu-1gb"}]}
APP_REGIONS = ("GET /v2/apps/regions", answer(200, {"regions": [{"slug": "nyc"}, {"slug": "ams", "disabled": True}]}))
APP_SIZES = ("GET /v2/apps/tiers/instance_sizes",
             answer(200, {"instance_sizes": [{"slug": "apps-s-1vcpu-1gb"}, {"slug": "apps-d-2vcpu-4gb"}]}))  # fmt: skip


def run(module, exchanges, *, check=True, warnings=None, **options):
    """The result of a run in check mode. The script must be played to its end."""
    script = Script(exchanges)
    account = api(script)
    account.gather = lambda calls: {name: call() for name, call in calls.items()}

    spec = module.argument_spec()["argument_spec"]
    params = {**{name: option.get("default") for name, option in spec.items()}, **options}
    warn = [].append if warnings is None else warnings.append
    result = execute(scripted(module, account), Invocation(params, check_mode=check, warn=warn))
    assert "defect" not in result.get("msg", ""), result["msg"]
    script.done()
    return result


def refused(result, *words):
    assert result.get("failed") is True, result
    assert "nothing was done" in result["msg"]
    for text in words:
        assert text in result["msg"]


def clusters(*rows):
    return ("GET /v2/databases", answer(200, {"databases": list(rows)}, date=BEFORE))


@pytest.mark.parametrize(("wrong", "words"), [
    ({"engine": "postgres"}, "engine 'postgres' is not on offer; on offer: pg, valkey; perhaps pg is meant."),
    ({"region": "mars"}, "region 'mars' of pg is not on offer; on offer: fra1, nyc1, nyc3."),
    ({"region": "nyc"}, "perhaps nyc1 or nyc3 is meant."),
    ({"version": "12"}, "version '12' of pg is not on offer; on offer: 16, 17."),
    ({"size": "db-s-1vcpu-3gb"}, "size 'db-s-1vcpu-3gb' of pg is not on offer; on offer: db-s-1vcpu-1gb, db-s-1vcpu-2"),
    ({"num_nodes": 2}, "num_nodes is 2; pg comes with 1 node."),
    ({"engine": "valkey", "version": "8", "num_nodes": 2},
     "num_nodes 2 is not offered with size 'db-s-1vcpu-1gb', a single-node size; with 2 nodes: db-s-1vcpu-2gb."),
])  # fmt: skip
@pytest.mark.parametrize("check", [True, False])
def test_a_cluster_that_is_not_on_offer(wrong, words, check):
    result = run(DatabaseCluster, [clusters(), OPTIONS], check=check, **{**NEW, **wrong})
    refused(result, 'Could not create database cluster "clinic"', words)


def test_all_that_is_wrong_is_told_at_once():
    wrong = {**NEW, "region": "mars", "version": "1.0", "size": "tiny"}
    refused(run(DatabaseCluster, [clusters(), OPTIONS], **wrong), "region 'mars'", "version '1.0'", "size 'tiny'")


def test_what_is_on_offer_is_planned():
    assert run(DatabaseCluster, [clusters(), OPTIONS], **NEW)["changed"] is True


@pytest.mark.parametrize(("wrong", "words"), [
    ({"size": "db-s-1vcpu-3gb"}, "size 'db-s-1vcpu-3gb'"),
    ({"num_nodes": 2}, "num_nodes 2 is not offered with size 'db-s-1vcpu-1gb', a single-node size"),
    ({"version": "99"}, "version '99' of valkey is not on offer; on offer: 8"),
    ({"region": "mars1"}, "region 'mars1'"),
])  # fmt: skip
def test_a_change_to_what_is_not_on_offer(wrong, words):
    there = {**ROW, "engine": "valkey", "version": "8"}
    result = run(DatabaseCluster, [clusters(there), OPTIONS], name="clinic", **wrong)
    refused(result, 'Could not change database cluster "clinic"', words)


@pytest.mark.parametrize("same", [NEW, {"name": "clinic", "tags": ["a"]}])
def test_what_is_there_is_not_held_against_offers(same):
    """Not even where new clusters do not get it any more; and nothing more is asked."""
    there = {**ROW, "region": "nyc2", "version": "13", "tags": ["b"]}
    result = run(DatabaseCluster, [clusters(there)], **{**same, **{k: there[k] for k in ("region", "version")}})
    assert result["changed"] is ("tags" in same)


def test_an_existing_cluster_may_be_allowed_more_than_new_ones():
    """Standbys and large nodes are over for new clusters of this engine, not for everybody: the API decides."""
    there = {**ROW, "size": "db-s-1vcpu-2gb", "created_at": "2026-06-01T00:00:00Z"}
    for more in ({"num_nodes": 2}, {"size": "db-intel-8vcpu-32gb"}):
        assert run(DatabaseCluster, [clusters(there), OPTIONS], name="clinic", **more)["changed"] is True


def test_a_backup_may_be_of_a_version_that_is_over():
    restore = {**NEW, "version": "12", "backup_restore": {"database_name": "old", "backup_created_at": None}}
    assert run(DatabaseCluster, [clusters(), OPTIONS], **restore)["changed"] is True


def test_a_replica_of_what_is_not_on_offer():
    wanted = {"cluster": "clinic", "name": "copy", "size": "tiny", "region": "mars1"}
    primary = (f"GET /v2/databases/{CLUSTER}", answer(200, {"database": ROW | {"created_at": "2026-06-01T00:00:00Z"}}))
    nothing = (f"GET /v2/databases/{CLUSTER}/replicas/copy", error(404, "no such replica"))
    result = run(DatabaseReplica, [clusters(ROW), nothing, primary, OPTIONS], **wanted)
    refused(result, "size 'tiny' of pg is not on offer", "region 'mars1' of pg is not on offer")


def test_a_replica_is_not_smaller_than_its_cluster():
    large = ROW | {"created_at": "2026-06-01T00:00:00Z", "size": "db-s-1vcpu-2gb"}
    primary = (f"GET /v2/databases/{CLUSTER}", answer(200, {"database": large}))
    nothing = (f"GET /v2/databases/{CLUSTER}/replicas/copy", error(404, "no such replica"))
    wanted = {"cluster_id": CLUSTER, "name": "copy", "size": "db-s-1vcpu-1gb"}
    result = run(DatabaseReplica, [nothing, primary, OPTIONS], **wanted)
    refused(result, "size 'db-s-1vcpu-1gb' is smaller than that of its cluster: take at least db-s-1vcpu-2gb.")


def test_a_network_in_a_region_that_is_none_or_closed():
    nothing = ("GET /v2/vpcs", answer(200, {"vpcs": []}))
    for region, words in (("frankfurt", "on offer: fra1, nyc1."), ("nyc2", "perhaps nyc1 is meant."),
                          ("nyc", "perhaps nyc1 is meant.")):  # fmt: skip
        refused(run(Vpc, [nothing, REGIONS], name="net", region=region), f"region '{region}' is not on offer", words)
    assert run(Vpc, [nothing, REGIONS], name="net", region="fra1")["changed"] is True


@pytest.mark.parametrize(("wanted", "words"), [
    ("office", "ip_range 'office' is not a network such as"),
    ("8.8.8.0/24", "not inside the private ranges"),
    ("10.1.0.0/30", "has a /30 prefix"),
    ("10.9.1.0/24", "overlaps 10.9.0.0/16 of the VPC 'office': choose a free one."),
])  # fmt: skip
def test_a_network_of_a_range_that_cannot_be(wanted, words):
    there = ("GET /v2/vpcs", answer(200, {"vpcs": [{"id": "1", "name": "office", "region": "fra1",
                                                     "ip_range": "10.9.0.0/16"}]}))  # fmt: skip
    refused(run(Vpc, [there, REGIONS], name="net", region="fra1", ip_range=wanted), words)


def test_an_app_in_a_region_of_another_product():
    for region in ("nyc1", "ams"):
        spec = {**APP, "region": region, "services": []}
        result = run(App, [("GET /v2/apps", answer(200, {"apps": []})), APP_REGIONS], spec=spec)
        refused(result, f"region '{region}' is not on offer; on offer: nyc")
    spec = {**APP, "region": "nyc1", "services": []}
    refused(run(App, [("GET /v2/apps", answer(200, {"apps": []})), APP_REGIONS], spec=spec), "perhaps nyc is meant.")


def test_an_app_of_a_size_that_is_none():
    spec = {"name": "clinic", "services": [{"name": "web", "instance_size_slug": "apps-s-1vcpu-1g"}],
            "workers": [{"name": "mail", "instance_size_slug": "basic-xs"}]}  # fmt: skip
    result = run(App, [("GET /v2/apps", answer(200, {"apps": []})), APP_SIZES], spec=spec)
    refused(result, "instance_size_slug of web 'apps-s-1vcpu-1g' is not on offer", "perhaps apps-s-1vcpu-1gb is meant.")
    assert "mail" not in result["msg"], "old slugs are taken, though not listed"


def test_a_change_of_something_else_asks_for_no_offer():
    there = {"id": CLUSTER, "spec": {**APP, "region": "ams"}, "active_deployment": {"id": "d", "spec": APP}}
    script = [("GET /v2/apps", answer(200, {"apps": [there]})),
              ("POST /v2/apps/propose", answer(200, {"app_name_available": True, "spec": {}}))]  # fmt: skip
    result = run(App, script, name="clinic", spec={"services": [{"name": "web", "http_port": 3000}]})
    assert result["changed"] is True


def test_a_token_that_may_not_look_leaves_it_to_the_api():
    forbidden, warnings = ("GET /v2/regions", error(403, "you are not authorized")), []
    nothing = ("GET /v2/vpcs", answer(200, {"vpcs": []}))
    assert run(Vpc, [nothing, forbidden], warnings=warnings, name="net", region="mars1")["changed"] is True
    assert "ask what is on offer" in warnings[0]


def test_a_component_may_be_called_region():
    spec = {"region": "nyc", "services": [{"name": "region", "instance_size_slug": "apps-s-1vcpu-1gb"}]}
    offered = {"regions": [{"slug": "nyc"}], "instance_sizes": [{"slug": "apps-s-1vcpu-1gb"}]}
    assert [*app_refusals(app_slugs(spec), **offered)] == []
    spec["services"][0]["instance_size_slug"] = "nyc"
    [told] = app_refusals(app_slugs(spec), **offered)
    assert told.startswith("instance_size_slug of region 'nyc' is not on offer; on offer: apps-s-1vcpu-1gb")

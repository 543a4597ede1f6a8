# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Terraform keeps becomes an inventory, and what it does not say is not known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption import adopted
from tests.unit.plugins.plugin_utils.adopting import ABOUT, FILES, told


def state() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FILES / "state.json").read_text())
    return found


def as_state_file(shown: dict[str, Any]) -> dict[str, Any]:
    """The same in the form in which Terraform keeps it."""
    root = shown["values"]["root_module"]
    rows = [*root["resources"], *(row for child in root["child_modules"] for row in child["resources"])]
    return {"version": 4, "resources": [{**row, "instances": [{"attributes": row["values"]}]} for row in rows]}


@pytest.mark.parametrize("form", ["show", "file", "plan"])
def test_a_state_of_terraform_becomes_the_same_inventory_in_each_form(form: str) -> None:
    given = state()
    given = {"show": given, "file": as_state_file(given), "plan": {"planned_values": given["values"]}}[form]
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    found = made["settings"]
    assert {
        "network_name": "clinic-net",
        "network_ip_range": "10.9.0.0/16",
        "postgresql_name": "clinic-pg",
        "postgresql_version": "16",
        "postgresql_database": "clinic",
        "postgresql_app_user": "clinic",
        "postgresql_pool_name": "clinic-pool",
        "postgresql_maintenance_window": {"day": "monday", "hour": "03:00"},
        "valkey_name": "clinic-kv",
        "valkey_eviction_policy": "noeviction",
        "app_instance_count": 2,
        "app_domains": ["clinic.example"],
        "project_name": "Clinic",
        "trusted_sources_rules": [{"type": "ip_addr", "value": "203.0.113.7"}],
        "environment_variables": {"SITE_NAME": "Clínica"},
    }.items() <= found.items()
    assert made["secrets"]["JWT_SECRET"] == "terraform-keeps-this-in-clear"
    for words in ("digitalocean_droplet.bastion", "cloudflare_record.www is of another provider", "professional-xs"):
        assert words in told(made), words
    assert "AVNS_" not in json.dumps({**made, "secrets": {}})


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"values": {"root_module": {}}}', '{"resources": []}'])
def test_what_is_no_state_is_told_in_a_sentence(text: str) -> None:
    with pytest.raises(Failure, match="terraform show -json"):
        adopted({}, {"terraform": text}, ABOUT)


def rows_of(given: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = given["values"]["root_module"]["resources"]
    return rows


@pytest.mark.parametrize("form", ["show", "file"])
def test_what_terraform_only_reads_is_none_of_its_resources(form: str) -> None:
    given = state()
    other = {"id": "x", "name": "others-pg", "engine": "pg", "region": "fra1"}
    rows_of(given).append({"mode": "data", "type": "digitalocean_database_cluster", "name": "others", "values": other})
    made = adopted({}, {"terraform": json.dumps(given if form == "show" else as_state_file(given))}, ABOUT)
    assert made["settings"]["postgresql_name"] == "clinic-pg"
    assert "cluster others-pg" not in told(made)
    assert "data.digitalocean_database_cluster.others is only read by Terraform" in told(made)


def test_what_terraforms_project_holds_is_no_difference() -> None:
    number = "aaaaaaaa-0000-4000-8000-0000000000"
    urns = [f"do:app:{number}0a", f"do:dbaas:{number}02", f"do:dbaas:{number}03", "do:space:clinic-uploads"]
    for kind in ("digitalocean_project", "digitalocean_project_resources"):
        given = state()
        [row] = [row for row in rows_of(given) if row["type"] == "digitalocean_project"]
        if kind == "digitalocean_project":
            row["values"]["resources"] = urns
        else:
            values = {"id": "x", "project": row["values"]["id"], "resources": urns}
            rows_of(given).append({"mode": "managed", "type": kind, "name": "all", "values": values})
        made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
        assert [row for row in made["differences"] if row["name"] == "project"] == [], kind
    [differs] = [
        row for row in adopted({}, {"terraform": json.dumps(state())}, ABOUT)["differences"] if row["name"] == "project"
    ]
    assert differs["say"] == "4 resource(s) are brought into Clinic."


@pytest.mark.parametrize(
    ("block", "setting", "is_danger"),
    [
        ([], None, False),
        (None, None, False),
        ([{"enabled": False}], {}, True),
        ([{"enabled": True, "threshold_percent": 80, "increment_gib": 10}], None, False),
        (
            [{"enabled": True, "threshold_percent": 90, "increment_gib": 20}],
            {"enabled": True, "threshold_percent": 90, "increment_gib": 20},
            False,
        ),
    ],
)
def test_how_a_disk_grows_is_known_only_where_terraform_says_it(block: Any, setting: Any, is_danger: bool) -> None:
    given = state()
    [row] = [row for row in rows_of(given) if row["name"] == "pg" and row["type"].endswith("_cluster")]
    row["values"]["storage_autoscale"] = block
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    assert made["settings"].get("postgresql_storage_autoscale") == setting
    assert ("full disk" in [row["what"] for row in made["dangers"]]) is is_danger
    assert ("Whether the disk of clinic-pg grows by itself is not known" in told(made)) is (not block)


def test_who_is_told_by_terraform_is_told_and_no_webhook_is_written() -> None:
    given = state()
    [app] = [
        row
        for row in given["values"]["root_module"]["child_modules"][0]["resources"]
        if row["type"] == "digitalocean_app"
    ]
    block = app["values"]["spec"][0]
    hook = {"channel": "#ops", "url": "https://hooks.slack.com/services/T0/B0/sentinel"}
    block["alert"][0]["destinations"] = [{"emails": ["ana@clinic.example"], "slack_webhooks": [hook]}]
    block["service"][0]["alert"] = [
        {"rule": "CPU_UTILIZATION", "value": 80, "destinations": [{"emails": ["rui@clinic.example"]}]}
    ]
    made = adopted({}, {"terraform": json.dumps(given)}, ABOUT)
    assert made["settings"]["app_alert_emails"] == ["ana@clinic.example", "rui@clinic.example"]
    assert made["channels"] == ["#ops"]
    assert "FISIOFLOW_SLACK_URL" in told(made)
    assert "sentinel" not in json.dumps(made)
    assert "nobody is told" not in [row["what"] for row in made["dangers"]]
    del block["alert"][0]["destinations"], block["service"][0]["alert"]
    # An old version of the provider does not say.
    assert "app_alert_emails" not in adopted({}, {"terraform": json.dumps(given)}, ABOUT)["settings"]

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/configure_awx.yml` against a stand-in of AWX: all is there, and a second run writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.awx_made import awx_procedures
from tests.integration.harness.awx import TOKEN, awx
from tests.integration.harness.playbooks import playbook
from tests.integration.site.outside import told
from tests.localcloud_fixtures import LocalCloud

pytestmark = pytest.mark.xdist_group("procedures")
CONFIGURE = "playbooks/configure_awx"
SECRET, OTHER, MAIL = "sentinel6digitalocean6token", "sentinel6production6token", "sentinel6mail6password"
# All but these, which take as long each as the others.
LEFT_OUT = ["configure_awx", "adopt_environment"]
TRIED = ["deploy", "destroy", "monthly", "restore_database", "tail_logs", "verify"]
IMAGE = "registry.example/fisioflow/fisioflow-ee:1"
GIVEN: dict[str, Any] = {
    "awx_scm_url": "https://git.example/fisioflow.git",
    "awx_execution_environment": IMAGE,
    "awx_scm_credential": "Deploy key",
    "awx_vault_credentials": {"production": "Vault production"},
    "awx_environments": ["staging", "production"],
    "awx_secrets": {"staging": {"DIGITALOCEAN_TOKEN": SECRET}, "production": {"DIGITALOCEAN_TOKEN": OTHER}},
    "awx_notifications": [
        {
            "name": "Operations",
            "type": "email",
            "configuration": {"host": "smtp.example", "recipients": ["ops@clinic.example"], "password": MAIL},
        }
    ],
    "awx_left_out": [*LEFT_OUT, *(row["name"] for row in awx_procedures(LEFT_OUT) if row["name"] not in TRIED)],
}


def test_awx_runs_the_procedures_and_a_second_run_writes_nothing(cloud: LocalCloud) -> None:
    with awx() as there:
        there.repository = [row["playbook"] for row in awx_procedures([])]
        key = there.made("credentials", name="Deploy key")
        there.made("credentials", name="Vault production")
        env = {"CONTROLLER_HOST": there.url, "CONTROLLER_OAUTH_TOKEN": TOKEN, "CONTROLLER_VERIFY_SSL": "false"}
        run = playbook(cloud, CONFIGURE, "-v", env=env, variables=GIVEN)
        assert run.returncode == 0, run.printed[-6000:]
        assert run.write_list == []
        templates = there.named("job_templates")
        assert set(templates) == {f"{place} {name}" for place in ("staging", "production") for name in TRIED}
        assert {row["allow_simultaneous"] for row in templates.values()} == {False}
        deploy = templates["production deploy"]
        assert (deploy["playbook"], there.tables["inventories"][deploy["inventory"]]["name"]) == (
            "playbooks/deploy.yml",
            "FisioFlow production",
        )
        questions = {
            row["variable"]: row["required"] for row in there.surveys[templates["staging destroy"]["id"]]["spec"]
        }
        assert questions == {"confirm": True, "destroy_data": False}
        rules = {name: row["rrule"].partition(" RRULE:")[2] for name, row in there.named("schedules").items()}
        assert rules == {
            "staging verify": "FREQ=HOURLY;INTERVAL=1",
            "production verify": "FREQ=HOURLY;INTERVAL=1",
            "FisioFlow monthly": "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=1",
        }
        steps = {row["identifier"]: row["id"] for row in there.rows("workflow_job_template_nodes")}
        assert there.related[f"workflow_job_template_nodes/{steps['staging']}/always_nodes"] == [steps["production"]]
        [kind] = [row for row in there.rows("credential_types") if row["name"] == "FisioFlow"]
        assert kind["injectors"]["env"]["DIGITALOCEAN_TOKEN"] == "{{ digitalocean_token }}"
        assert there.named("credentials")["FisioFlow staging"]["inputs"] == {"digitalocean_token": SECRET}
        assert there.named("credentials")["FisioFlow production"]["inputs"] == {"digitalocean_token": OTHER}
        # What writes waits for what writes to the same environment.
        groups = {row["id"]: name for name, row in there.named("instance_groups").items()}
        assert {row["max_concurrent_jobs"] for row in there.rows("instance_groups")} == {1}
        shared = {
            name: [groups[number] for number in there.related.get(f"job_templates/{row['id']}/instance_groups", [])]
            for name, row in templates.items()
        }
        assert shared["production deploy"] == shared["production monthly"] == ["FisioFlow production"]
        assert (shared["staging deploy"], shared["staging tail_logs"]) == (["FisioFlow staging"], [])
        assert deploy["prevent_instance_group_fallback"] is True
        # Nobody but administrators destroys.
        execute = deploy["summary_fields"]["object_roles"]["execute_role"]["id"]
        operators = there.named("teams")["FisioFlow operators"]["id"]
        assert there.related[f"roles/{execute}/teams"] == [operators]
        destroy = templates["production destroy"]["summary_fields"]["object_roles"]["execute_role"]["id"]
        assert f"roles/{destroy}/teams" not in there.related

        # What jobs need to run at all: the repository, an image with what modules import, and what opens the vault.
        [project], [image] = there.rows("projects"), there.rows("execution_environments")
        assert (project["credential"], project["default_environment"], image["image"]) == (key, image["id"], IMAGE)
        held = {name: there.related[f"job_templates/{row['id']}/credentials"] for name, row in templates.items()}
        own = {name: row["id"] for name, row in there.named("credentials").items()}
        assert set(held["production deploy"]) == {own["FisioFlow production"], own["Vault production"]}
        assert held["staging deploy"] == [own["FisioFlow staging"]]

        there.writes.clear()
        # Told before what is hidden for the secrets' sake could fail.
        secrets = {"DIGITALOCEAN_TOKEN": SECRET, "staging": {"DIGITALOCEAN_TOKN": SECRET}}
        meant = {**GIVEN, "awx_secrets": secrets, "awx_vault_credentials": {"stagng": "Vault production"}}
        refused = playbook(cloud, CONFIGURE, "-v", env=env, variables=meant)
        assert (refused.returncode, there.writes) == (2, [])
        for words in (
            "DIGITALOCEAN_TOKEN is none of staging, production with some",
            "awx_secrets names DIGITALOCEAN_TOKN, which no inventory reads: there are DIGITALOCEAN_TOKEN, ",
            "awx_vault_credentials names stagng, which is none of staging, production",
        ):
            assert words in told(refused)
        assert SECRET not in refused.printed
        again = playbook(cloud, CONFIGURE, env=env, variables=GIVEN)
        assert (again.returncode, again.recap["changed"]) == (0, 0), again.printed[-6000:]
        assert there.writes == []
        # A playbook that AWX has not seen yet.
        there.synced[project["id"]].remove("playbooks/deploy.yml")
        alone = {"awx_environments": ["staging"], "awx_secrets": {}, "awx_vault_credentials": {}}
        left = {"awx_left_out": [*GIVEN["awx_left_out"], *(set(TRIED) - {"deploy"})]}
        later = playbook(cloud, CONFIGURE, env=env, variables=GIVEN | alone | left)
        assert later.returncode == 0, later.printed[-6000:]
        assert there.writes == [f"POST /api/v2/projects/{project['id']}/update/"]
    for secret in (SECRET, OTHER, MAIL, TOKEN):
        assert secret not in run.printed + again.printed

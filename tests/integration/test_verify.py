# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`playbooks/verify.yml` tells whatever somebody did to an environment, and `site.yml` puts it right."""

from __future__ import annotations

import re

from tests.integration.harness.ansible import Played
from tests.integration.site.outside import NAME, app, call, closed, clusters, play, s3, told
from tests.integration.site.runs import NO_SPACES_KEY
from tests.localcloud_fixtures import LocalCloud

VERIFY = "playbooks/verify"
# No report can be written there, which must not hide anything.
NOWHERE = "/proc/none"
# Who is told of the app's alerts, and the last of those.
TOLD = "ops@fisioflow.example"
LAST = ("RESTART_COUNT", "REQUEST_DURATION_P95_MS")


def meddle(cloud: LocalCloud) -> None:
    """Set by hand, or left by an earlier inventory or a killed run: an intruder's worker and mailbox among them."""
    now = app(cloud)
    spec = now["spec"]
    image = spec["services"][0]["image"]
    spec["workers"] = [{"name": "miner", "image": image, "instance_size_slug": "apps-s-1vcpu-1gb", "instance_count": 1}]
    spec["maintenance"] = {"enabled": True}
    spec["domains"] = [{"domain": "clinic.example"}]
    spec["envs"] = [*spec.get("envs", []), {"key": "NODE_TLS_REJECT_UNAUTHORIZED", "value": "0"}]
    spec["services"][0]["internal_ports"] = [9229]
    spec["services"][0]["run_command"] = "node extra.js"
    spec["services"][0]["log_destinations"] = [{"name": "abroad", "logtail": {"token": "t"}}]
    call(cloud, f"/v2/apps/{now['id']}", "PUT", {"spec": spec})
    for alert in call(cloud, f"/v2/apps/{now['id']}/alerts")["alerts"]:
        destinations = {"emails": ["sammy@example.com"], "slack_webhooks": []}
        call(cloud, f"/v2/apps/{now['id']}/alerts/{alert['id']}/destinations", "POST", destinations)
    foreign = {"CORSRules": [{"AllowedOrigins": ["https://evil.example"], "AllowedMethods": ["PUT"]}]}
    s3(cloud).put_bucket_cors(Bucket=f"{NAME}-assets", CORSConfiguration=foreign)
    cluster = f"/v2/databases/{clusters(cloud)['pg']}"
    call(cloud, f"{cluster}/users/fisioflow_backup", "DELETE")
    call(cloud, f"{cluster}/maintenance", "PUT", {"day": "monday", "hour": "07:00"})
    call(cloud, f"{cluster}/firewall", "PUT", {"rules": [{"type": "ip_addr", "value": "203.0.113.9"}]})
    grants = [{"bucket": "", "permission": "fullaccess"}]
    call(cloud, "/v2/spaces/keys", "POST", {"name": f"{NAME}-bootstrap", "grants": grants})
    [network] = [row["id"] for row in call(cloud, "/v2/vpcs")["vpcs"] if row["name"] == NAME]
    call(cloud, f"/v2/vpcs/{network}", "PATCH", {"description": "changed by hand"})


def differences(run: Played) -> list[str]:
    """All of them, in their order; as many as the headline counts."""
    count, _, listed = run.printed.partition(" difference(s) between local and what is wanted:\n")
    lines = [line.split(". ", 1)[1] for line in listed.splitlines() if re.match(r" *\d+\. ", line)]
    assert count.endswith(f"FAILED: {len(lines)}"), run.printed[-3000:]
    return lines


def test_what_nobody_wants_is_told_and_put_right(environment: LocalCloud) -> None:
    wanted = app(environment)["spec"]["services"][0]["run_command"]
    meddle(environment)
    run = play(environment, VERIFY, fisioflow_report_dir=NOWHERE)
    assert (run.returncode, run.write_list) == (2, [])
    assert f"No report: {NOWHERE} cannot be written to" in told(run)
    now = app(environment)
    [address] = [row["ip"] for row in now["vpc"]["egress_ips"]]
    alerts = [f"web/{rule}" for rule in ("CPU_UTILIZATION", "MEM_UTILIZATION", *LAST)]
    assert differences(run) == [
        "network: description is changed by hand, should be Private network of FisioFlow",
        "postgresql: maintenance_window.day is monday, should be sunday",
        "postgresql users fisioflow_backup: is missing",
        "spaces leftover key: should not be there",
        "spaces assets: cors has ['PUT'] ['https://evil.example'] [] [], which is not wanted",
        f"app: spec.services[web].run_command is node extra.js, should be {wanted[:57]}...",
        "app: spec.services[web].internal_ports is 9229, should be nothing",
        "app: spec.services[web].log_destinations[abroad] should not be there",
        "app: spec.workers[miner] should not be there",
        "app: spec.domains[clinic.example] should not be there",
        "app: spec.envs[NODE_TLS_REJECT_UNAUTHORIZED] should not be there",
        *(
            f"app: alert_destinations.{alert}.emails {word}"
            for alert in ("DEPLOYMENT_FAILED", "DOMAIN_FAILED", *alerts)
            for word in ("has sammy@example.com, which is not wanted", f"lacks {TOLD}")
        ),
        f"trusted sources {NAME}-postgresql: rules has ip_addr 203.0.113.9, which is not wanted",
        f"trusted sources {NAME}-postgresql: rules lacks app {now['id']}",
        f"trusted sources {NAME}-postgresql: rules lacks ip_addr {address}",
        "app: is in maintenance, so nobody asked it whether it is well; "
        "playbooks/maintenance.yml -e maintenance=off ends that.",
    ]
    repaired = play(environment, "site", fisioflow_report_dir=NOWHERE)
    assert repaired.returncode == 0, repaired.printed[-3000:]
    assert f"report: none, {NOWHERE} cannot be written to" in repaired.printed
    now = app(environment)
    alone = now["spec"]["services"][0]
    assert not {"workers", "domains"} & {key for key, value in now["spec"].items() if value}
    # Whoever closed it knows why: it is told, and left.
    assert now["spec"]["maintenance"] == {"enabled": True}
    assert "The app is in maintenance, so nobody asked it whether it is well" in " ".join(repaired.printed.split())
    assert "NODE_TLS_REJECT_UNAUTHORIZED" not in [env["key"] for env in now["spec"].get("envs", [])]
    assert not {key for key in ("internal_ports", "log_destinations") if alone.get(key)}
    assert "extra.js" not in alone["run_command"]
    alerts = call(environment, f"/v2/apps/{now['id']}/alerts")["alerts"]
    assert alerts
    assert {tuple(alert["emails"]) for alert in alerts} == {(TOLD,)}
    assert f"{NAME}-bootstrap" not in [key["name"] for key in call(environment, "/v2/spaces/keys")["keys"]]
    assert closed(environment)
    again = play(environment, "site")
    assert (again.recap["changed"], again.write_list) == (0, [])


def test_verify_goes_as_far_as_it_can(environment: LocalCloud) -> None:
    """Somebody has resized the cluster and rolled the app back in the web console, which pins it; we want another."""
    resized = {"size": "db-s-1vcpu-2gb", "num_nodes": 1}
    call(environment, f"/v2/databases/{clusters(environment)['pg']}/resize", "PUT", resized)
    now = app(environment)
    deployed = f"/v2/apps/{now['id']}/deployments"
    call(environment, deployed, "POST", {"force_build": False})
    [before] = [row for row in call(environment, deployed)["deployments"] if row["phase"] == "SUPERSEDED"]
    rollback = {"deployment_id": before["id"], "skip_pin": False}
    call(environment, f"/v2/apps/{now['id']}/rollback", "POST", rollback)
    run = play(environment, VERIFY, app_run_command="node extra.js")
    assert (run.returncode, run.write_list) == (2, [])
    for words in (
        "postgresql: could not be compared: Could not change database cluster",
        # The cluster that is too big hides nothing of the app, nor the app that is pinned of what comes after it.
        "app: could not be compared: Could not change app",
        "What comes after that in its part was not compared: Could not change database cluster",
        "site.yml puts it right, once what stopped this is out of its way;",
    ):
        assert words in told(run), words


def test_verify_tells_of_what_is_missing_once_and_in_words(environment: LocalCloud) -> None:
    call(environment, f"/v2/apps/{app(environment)['id']}", "DELETE")
    run = play(environment, VERIFY)
    assert (run.returncode, run.write_list) == (2, [])
    lines = differences(run)
    assert [line for line in lines if line.startswith("app: ")] == ["app: is missing"]
    assert f"trusted sources {NAME}-valkey: rules lacks app (yet to be created)" in lines
    assert "project: resources lacks do:app:(yet to be created)" in lines
    assert not [line for line in lines if "known-after-creation" in line]


def test_verify_tells_of_an_app_that_never_ran_and_of_buckets_that_it_cannot_read(
    environment: LocalCloud,
) -> None:
    state = environment.admin.state()
    for row in state["world"]["tables"]["apps"].values():
        row["_active"] = None
    environment.admin.load(state)
    run = play(environment, VERIFY, env=NO_SPACES_KEY)
    assert (run.returncode, run.write_list) == (2, [])
    # No key to look with is no difference.
    assert differences(run) == ["app: no deployment of it has ever succeeded"]
    assert "verifying, which makes none, cannot compare the buckets" in told(run)
    assert "check mode" not in told(run)

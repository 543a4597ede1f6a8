# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures on an environment that is there: deploy and its ways back, verify, destroy."""

from __future__ import annotations

import json
import re
import ssl
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from localcloud import resources
from localcloud.ports.routing import OPERATIONS
from tests import readme
from tests.integration.harness.ansible import ROOT
from tests.integration.harness.playbooks import in_background, playbook
from tests.localcloud_fixtures import LocalCloud

resources.load()
GOOD, BAD = f"sha256:{'7' * 64}", f"sha256:0bad{'7' * 60}"
NAME = "fisioflow-local"
FIRST = "sha256:5f2c1a7e9b8d4c3f6a0e1d2b3c4f5a6978b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4"


@pytest.fixture(scope="module")
def state(localcloud: LocalCloud) -> dict[str, Any]:
    """The account after one `site.yml`."""
    localcloud.admin.reset()
    localcloud.admin.settings(speed="instant", latency_ms=0, rate_limit=False, strict=True)
    run = playbook(localcloud, "site")
    assert run.returncode == 0, run.printed[-6000:]
    return localcloud.admin.state()


@pytest.fixture
def built(cloud: LocalCloud, state: dict[str, Any]) -> Iterator[LocalCloud]:
    cloud.admin.load(state)
    return cloud


def call(cloud: LocalCloud, path: str, method: str = "GET", body: dict[str, Any] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{cloud.url}{path}", method=method, data=json.dumps(body).encode() if body else None
    )
    request.add_header("Authorization", f"Bearer {cloud.token}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, context=ssl.create_default_context(cafile=cloud.ca)) as answer:
        return json.loads(answer.read() or b"{}")


def s3(cloud: LocalCloud) -> Any:
    """Somebody else with the same rights."""
    return boto3.client(
        "s3",
        endpoint_url=cloud.spaces_url,
        region_name="nyc3",
        verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}),
    )


def app(cloud: LocalCloud) -> dict[str, Any]:
    [found] = [row for row in call(cloud, "/v2/apps")["apps"] if row["spec"]["name"] == NAME]
    return found


def clusters(cloud: LocalCloud) -> dict[str, str]:
    """Engine → id."""
    return {row["engine"]: row["id"] for row in call(cloud, "/v2/databases")["databases"]}


def rules(cloud: LocalCloud, engine: str) -> set[tuple[str, str]]:
    found = call(cloud, f"/v2/databases/{clusters(cloud)[engine]}/firewall")["rules"]
    return {(rule["type"], rule["value"]) for rule in found}


def closed(cloud: LocalCloud) -> bool:
    """Whether the app alone reaches both clusters."""
    now = app(cloud)
    wanted = {("app", now["id"]), *(("ip_addr", row["ip"]) for row in now["vpc"]["egress_ips"])}
    return rules(cloud, "pg") == rules(cloud, "valkey") == wanted


def test_an_unchanged_run_sends_no_write(built: LocalCloud) -> None:
    run = playbook(built, "site")
    assert (run.returncode, run.recap["changed"], run.write_list) == (0, 0, [])
    # The budget for speed: see docs/decisions/0002.
    assert run.recap["ok"] <= 40


def test_a_plain_run_keeps_what_was_deployed(built: LocalCloud) -> None:
    assert playbook(built, "playbooks/deploy", variables={"image_digest": GOOD}).returncode == 0
    run = playbook(built, "site")
    assert (run.returncode, run.recap["changed"]) == (0, 0)
    assert app(built)["active_deployment"]["spec"]["services"][0]["image"]["digest"] == GOOD
    assert closed(built)


def test_a_new_version_of_the_same_source_is_no_difference(built: LocalCloud) -> None:
    source = {"app_image": {}, "app_git": {"provider": "github", "repo": "fisioflow/fisioflow", "branch": "main"}}
    assert playbook(built, "site", variables=source).returncode == 0
    run = playbook(built, "site", variables={**source, "git_branch": "main"})
    assert run.returncode == 0, run.printed[-2000:]
    assert "· 1 changed ·" in run.printed
    assert run.recap["changed"] == 1


def test_a_deployment_that_fails_leaves_the_old_version_and_tells_why(built: LocalCloud) -> None:
    before = app(built)["active_deployment"]["id"]
    run = playbook(built, "playbooks/deploy", variables={"image_digest": BAD})
    printed = " ".join(run.printed.split())
    assert run.returncode != 0
    assert "of component migrate (DeployContainerExitNonZero" in printed
    assert f"Deployment {before} has run all the time, and the app has its spec again. The end of the log" in printed
    last_words = "localcloud: the image, branch or command of this job is called broken, so it fails"
    assert printed.count(last_words) == 1
    for spec in (app(built)["spec"], app(built)["active_deployment"]["spec"]):
        assert spec["services"][0]["image"]["digest"] == FIRST
    assert closed(built)
    [report] = sorted((built.home.parent / "reports").glob("local-2*.md"))[-1:]
    assert "Failed: The deployment failed: deployment " in report.read_text(encoding="utf-8")
    assert last_words in report.read_text(encoding="utf-8")
    assert playbook(built, "site").recap["changed"] == 0


def test_a_deployment_that_is_not_healthy_is_rolled_back(built: LocalCloud) -> None:
    """Nothing answers on localcloud, so a probe that insists fails."""
    impatient = {"deployment_probe": True, "deployment_probe_retries": 1, "deployment_probe_delay": 1}
    # A number given on the command line is a text.
    impatient["deployment_wait_timeout"] = "1200"
    # No DNS knows a new domain yet, so it must not be asked.
    impatient["app_domains"] = ["clinic.example"]
    run = playbook(built, "playbooks/deploy", variables={"image_digest": GOOD, **impatient})
    assert run.returncode != 0
    assert f"its health check https://{NAME}-" in run.printed
    assert ".ondigitalocean.app/api/health answers nothing" in run.printed
    now = app(built)
    assert now["active_deployment"]["spec"]["services"][0]["image"]["digest"] == FIRST
    assert now["spec"]["services"][0]["image"]["digest"] == FIRST
    # Killed after that, a run that pins would leave the pin behind.
    assert not [write for write in run.write_list if write.endswith("/rollback/commit")]
    assert not now.get("pinned_deployment")
    assert closed(built)


def test_a_run_over_an_app_that_is_not_healthy_does_not_end_green(built: LocalCloud) -> None:
    """Nothing is to change, and nothing answers: the app of a first deployment that failed, or one that has died."""
    asked = {"deployment_probe": True, "deployment_probe_retries": 1, "deployment_probe_delay": 1}
    run = playbook(built, "site", variables=asked)
    printed = " ".join(run.printed.split())
    assert (run.returncode, run.write_list, run.recap["changed"]) == (2, [], 0), run.printed[-3000:]
    assert f"This run deployed nothing, and the app {NAME} is not healthy: its health check https://" in printed
    run = playbook(built, "playbooks/verify", variables=asked)
    printed = " ".join(run.printed.split())
    assert (run.returncode, run.write_list) == (2, [])
    assert "app: its health check https://" in printed
    assert "No run of site.yml mends an app that is not healthy (see docs/how-to/logs.md)" in printed
    assert "site.yml puts it right" not in printed


def test_a_deployment_before_anything_is_there_is_refused(cloud: LocalCloud) -> None:
    run = playbook(cloud, "playbooks/deploy", variables={"image_digest": GOOD})
    assert "there is no private network fisioflow-local yet" in " ".join(run.printed.split())
    assert (run.returncode, run.write_list) == (2, [])


def test_provisioned_and_then_deployed_is_all_that_is_wanted(cloud: LocalCloud) -> None:
    for procedure in ("provision", "deploy", "verify"):
        run = playbook(cloud, f"playbooks/{procedure}")
        assert run.returncode == 0, run.printed[-2000:]


def test_verify_is_silent_about_what_is_right(built: LocalCloud) -> None:
    reports = built.home.parent / "reports"
    reports.mkdir(exist_ok=True)
    stale = [reports / f"local-differences.{ending}" for ending in ("md", "json")]
    for path in stale:
        path.write_text("of an hour ago", encoding="utf-8")
    run = playbook(built, "playbooks/verify")
    assert (run.returncode, run.write_list) == (0, [])
    assert not [path for path in stale if path.exists()]


def test_verify_goes_as_far_as_it_can(built: LocalCloud) -> None:
    """Somebody has resized the cluster and rolled the app back in the web console, which pins it."""
    database = f"/v2/databases/{clusters(built)['pg']}"
    call(built, f"{database}/resize", "PUT", {"size": "db-s-1vcpu-2gb", "num_nodes": 1})
    assert playbook(built, "playbooks/deploy", variables={"image_digest": GOOD}).returncode == 0
    now = app(built)
    [before] = [
        row for row in call(built, f"/v2/apps/{now['id']}/deployments")["deployments"] if row["phase"] == "SUPERSEDED"
    ]
    call(built, f"/v2/apps/{now['id']}/rollback", "POST", {"deployment_id": before["id"], "skip_pin": False})
    run = playbook(built, "playbooks/verify")
    printed = " ".join(run.printed.split())
    assert (run.returncode, run.write_list) == (2, [])
    assert "postgresql: could not be compared: Could not change database cluster" in printed
    # The cluster that is too big hides nothing of the app, nor the app that is pinned of what comes after it.
    assert "app: could not be compared: Could not change app" in printed
    assert "What comes after that in its part was not compared: Could not change database cluster" in printed
    assert "site.yml puts it right, once what stopped this is out of its way;" in printed


def test_the_key_that_a_killed_run_left_is_told_and_taken_away(built: LocalCloud) -> None:
    grants = [{"bucket": "", "permission": "fullaccess"}]
    call(built, "/v2/spaces/keys", "POST", {"name": f"{NAME}-bootstrap", "grants": grants})
    assert "spaces leftover key: should not be there" in playbook(built, "playbooks/verify").printed
    assert playbook(built, "site").returncode == 0
    assert f"{NAME}-bootstrap" not in [key["name"] for key in call(built, "/v2/spaces/keys")["keys"]]


def test_what_nobody_wants_is_told_and_taken_away(built: LocalCloud) -> None:
    """Set by hand, or left by an earlier inventory: an intruder's worker and mailbox among them."""
    wishes = {
        "app_alert_emails": ["sammy@example.com"],
        "app_run_command": "node extra.js",
        "app_domains": ["clinic.example"],
    }
    wished = playbook(built, "site", variables=wishes)
    now = app(built)
    record = f"clinic.example CNAME {now['default_ingress'].removeprefix('https://')}"
    assert (wished.returncode, record in wished.printed) == (0, True)
    spec = now["spec"]
    image = spec["services"][0]["image"]
    spec["workers"] = [{"name": "miner", "image": image, "instance_size_slug": "apps-s-1vcpu-1gb", "instance_count": 1}]
    spec["maintenance"] = {"enabled": True}
    spec["envs"] = [*spec.get("envs", []), {"key": "NODE_TLS_REJECT_UNAUTHORIZED", "value": "0"}]
    spec["services"][0]["internal_ports"] = [9229]
    spec["services"][0]["log_destinations"] = [{"name": "abroad", "logtail": {"token": "t"}}]
    call(built, f"/v2/apps/{now['id']}", "PUT", {"spec": spec})
    foreign = {"CORSRules": [{"AllowedOrigins": ["https://evil.example"], "AllowedMethods": ["PUT"]}]}
    s3(built).put_bucket_cors(Bucket=f"{NAME}-assets", CORSConfiguration=foreign)
    told = " ".join(playbook(built, "playbooks/verify").printed.split())
    by_hand = ("miner", "maintenance", "NODE_TLS", "9229", "abroad", "evil.example")
    for what in (*by_hand, "run_command", "sammy@example.com", "clinic.example"):
        assert what in told, what
    repaired = playbook(built, "site")
    assert repaired.returncode == 0, repaired.printed[-3000:]
    now = app(built)
    alone = now["spec"]["services"][0]
    assert not {"workers", "maintenance"} & {key for key, value in now["spec"].items() if value}
    assert "NODE_TLS_REJECT_UNAUTHORIZED" not in [env["key"] for env in now["spec"].get("envs", [])]
    assert not {key for key in ("internal_ports", "log_destinations") if alone.get(key)}
    assert "extra.js" not in alone["run_command"]
    alerts = call(built, f"/v2/apps/{now['id']}/alerts")["alerts"]
    assert alerts
    assert not [alert for alert in alerts if alert.get("emails")]
    assert playbook(built, "site").recap["changed"] == 0


def test_verify_lists_each_difference_and_changes_nothing(built: LocalCloud) -> None:
    cluster = f"/v2/databases/{clusters(built)['pg']}"
    call(built, f"{cluster}/users/fisioflow_backup", "DELETE")
    call(built, f"{cluster}/maintenance", "PUT", {"day": "monday", "hour": "07:00"})
    call(built, f"{cluster}/firewall", "PUT", {"rules": [{"type": "ip_addr", "value": "203.0.113.9"}]})
    # No report can be written there, which must not hide the differences.
    run = playbook(built, "playbooks/verify", variables={"fisioflow_report_dir": "/proc/none"})
    assert run.returncode != 0
    assert run.write_list == []
    for sentence in (
        "No report: /proc/none cannot be written to",
        "5 difference(s) between local and what is wanted",
        "postgresql: maintenance_window.day is monday, should be sunday",
        "postgresql users fisioflow_backup: is missing",
        f"trusted sources {NAME}-postgresql: rules has ip_addr 203.0.113.9, which is not wanted",
    ):
        assert sentence in run.printed
    repaired = playbook(built, "site", variables={"fisioflow_report_dir": "/proc/none"})
    assert repaired.returncode == 0
    assert "report: none, /proc/none cannot be written to" in repaired.printed
    assert closed(built)


@pytest.mark.parametrize("configured", [True, False])
def test_a_report_is_told_from_where_the_reader_is(built: LocalCloud, tmp_path: Path, configured: bool) -> None:
    nothing = tmp_path / "empty.cfg"
    nothing.touch()
    env = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections")}
    env |= {} if configured else {"ANSIBLE_CONFIG": str(nothing)}
    run = playbook(built, "site", variables={"image_digest": GOOD}, env=env)
    assert run.returncode == 0, run.printed
    (report,) = re.findall(r"^.*report: ([^\\\n]*)", run.printed, re.MULTILINE)
    assert not Path(report).is_absolute()
    assert (built.home.parent / report).is_file()


def test_verify_tells_of_what_is_missing_once_and_in_words(built: LocalCloud) -> None:
    gone = app(built)["id"]
    call(built, f"/v2/apps/{gone}", "DELETE")
    run = playbook(built, "playbooks/verify")
    assert (run.returncode, run.write_list) == (2, [])
    told = {line.split(". ", 1)[1] for line in run.printed.splitlines() if re.match(r" *\d+\. ", line)}
    assert {line for line in told if line.startswith("app: ")} == {"app: is missing"}
    assert f"trusted sources {NAME}-valkey: rules lacks app (yet to be created)" in told
    assert "project: resources lacks do:app:(yet to be created)" in told
    assert not [line for line in told if "known-after-creation" in line]


def test_verify_tells_of_an_app_that_never_ran(built: LocalCloud) -> None:
    state = built.admin.state()
    for row in state["world"]["tables"]["apps"].values():
        row["_active"] = None
    built.admin.load(state)
    run = playbook(built, "playbooks/verify")
    assert run.returncode == 2
    assert "app: no deployment of it has ever succeeded" in run.printed


def test_a_lost_spaces_secret_is_replaced(built: LocalCloud) -> None:
    """As after a run that was killed between the key and the app: the app has the id of another key."""
    [key] = [row for row in call(built, "/v2/spaces/keys")["keys"] if row["name"] == f"{NAME}-uploads"]
    call(built, f"/v2/spaces/keys/{key['access_key']}", "DELETE")
    call(built, "/v2/spaces/keys", "POST", {"name": f"{NAME}-uploads", "grants": key["grants"]})
    assert playbook(built, "site").returncode == 0
    [now] = [row for row in call(built, "/v2/spaces/keys")["keys"] if row["name"] == f"{NAME}-uploads"]
    envs = {row["key"]: row["value"] for row in app(built)["spec"]["services"][0]["envs"]}
    assert envs["DO_SPACES_KEY"] == now["access_key"]
    assert playbook(built, "site").recap["changed"] == 0


def uploads_keys(cloud: LocalCloud) -> dict[str, str]:
    """What names of the app's key have behind `-uploads` → access key."""
    rows = call(cloud, "/v2/spaces/keys")["keys"]
    prefix = f"{NAME}-uploads"
    return {row["name"].removeprefix(prefix): row["access_key"] for row in rows if row["name"].startswith(prefix)}


def key_in_use(cloud: LocalCloud) -> str:
    """The Spaces key that the app runs with."""
    envs = app(cloud)["active_deployment"]["spec"]["services"][0]["envs"]
    return str({row["key"]: row.get("value") for row in envs}["DO_SPACES_KEY"])


def narrow(cloud: LocalCloud) -> str:
    """Somebody gives the app's key other grants, so that it has to be replaced; returns it."""
    key = uploads_keys(cloud)[""]
    state = cloud.admin.state()
    for row in state["world"]["tables"]["spaces_keys"].values():
        if row["access_key"] == key:
            row["grants"] = [{"bucket": f"{NAME}-uploads", "permission": "read"}]
    cloud.admin.load(state)
    return key


def test_the_app_never_holds_a_spaces_key_that_is_gone(built: LocalCloud) -> None:
    """A deployment that fails falls back to the old key, so that one must still be there."""
    old = narrow(built)
    failed = playbook(built, "playbooks/deploy", variables={"image_digest": BAD})
    assert failed.returncode != 0
    assert key_in_use(built) == old
    assert set(uploads_keys(built)) == {"", "-old-from-ansible"}
    assert uploads_keys(built)["-old-from-ansible"] == old

    good = playbook(built, "playbooks/deploy", variables={"image_digest": GOOD})
    assert good.returncode == 0, good.printed[-3000:]
    assert list(uploads_keys(built)) == [""]
    assert key_in_use(built) == uploads_keys(built)[""] != old
    assert (playbook(built, "site").recap["changed"], playbook(built, "playbooks/verify").returncode) == (0, 0)


def test_without_a_spaces_key_of_its_own_a_run_makes_one_and_deletes_it(built: LocalCloud) -> None:
    env = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": "", "LOCALCLOUD_HOME": str(built.home / "nothing")}
    call(
        built,
        "/v2/spaces/keys",
        "POST",
        {"name": f"{NAME}-bootstrap", "grants": [{"bucket": "", "permission": "fullaccess"}]},
    )
    run = playbook(built, "site", env=env)
    assert run.returncode == 0, run.printed[-4000:]
    assert f"{NAME}-bootstrap" not in [row["name"] for row in call(built, "/v2/spaces/keys")["keys"]]
    again = playbook(built, "site", env=env)
    assert again.recap["changed"] == 0
    assert [text.rsplit("/", 1)[0] for text in again.write_list] == ["POST /v2/spaces", "DELETE /v2/spaces/keys"]
    checked = playbook(built, "site", "--check", env=env)
    assert (checked.returncode, checked.write_list) == (0, [])
    assert "check mode cannot compare the buckets" in checked.printed
    verified = playbook(built, "playbooks/verify", env=env)
    assert (verified.returncode, verified.write_list) == (0, []), verified.printed[-3000:]
    told = " ".join(verified.printed.split())
    assert "verifying, which makes none, cannot compare the buckets" in told
    assert not [done for done in (run, again, verified) if "check mode" in done.printed]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "To do so, add -e confirm=local."),
        ({"confirm": "production"}, "This inventory is local, not production"),
        ({"confirm": "local"}, "add -e destroy_data=true"),
        ({"confirm": "local", "destroy_data": "perhaps"}, "destroy_data"),
    ],
)
def test_destroy_refuses(built: LocalCloud, variables: dict[str, Any], words: str) -> None:
    run = playbook(built, "playbooks/destroy", variables=variables)
    assert run.returncode != 0
    assert words in " ".join(run.printed.split())
    assert run.write_list == []


@pytest.mark.parametrize("count", [1, 2, None])
@pytest.mark.parametrize("body", ["", '{"databases": []}'])
def test_destroy_concludes_nothing_from_an_api_that_says_nothing(
    built: LocalCloud, body: str, count: int | None
) -> None:
    """An empty 200 in the place of the list once took both clusters; a list that is behind shows none either."""
    built.admin.fault("status", method="GET", path="/v2/databases", status=200, body=body, count=count)
    run = playbook(built, "playbooks/destroy", variables={"confirm": "local"})
    built.admin.clear_faults()
    assert run.returncode == 2
    # Network and project know the clusters by id, whatever the list says.
    assert "add -e destroy_data=true" in " ".join(run.printed.split())
    assert run.write_list == []
    assert len(call(built, "/v2/databases")["databases"]) == 2


def test_destroy_of_an_environment_in_other_capitals_is_not_done_at_once(built: LocalCloud) -> None:
    variables = {"confirm": "local", "teardown_postgresql": f"{NAME}-PostgreSQL"}
    run = playbook(built, "playbooks/destroy", variables=variables)
    assert run.returncode == 2
    assert f'but there is "{NAME}-postgresql", nothing was done' in " ".join(run.printed.split())
    assert run.write_list == []


def test_destroy_leaves_nothing_and_then_has_nothing_to_do(built: LocalCloud, tmp_path: Path) -> None:
    # Outside the working directory, so its whole path is told.
    variables = {"confirm": "local", "destroy_data": True, "fisioflow_report_dir": str(tmp_path / "reports")}
    gone = playbook(built, "playbooks/destroy", variables=variables)
    assert gone.returncode == 0
    assert "Destroyed · local · gone" in gone.printed
    (report,) = re.findall(r"^.*report: (.*)", gone.printed, re.MULTILINE)
    assert Path(report).is_relative_to(tmp_path)
    assert Path(report).is_file()
    assert [
        call(built, f"/v2/{path}")[key]
        for path, key in (("apps", "apps"), ("databases", "databases"), ("cdn/endpoints", "endpoints"))
    ] == [[], [], []]
    again = playbook(built, "playbooks/destroy", variables=variables)
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, [])
    assert "local · nothing was left" in again.printed


@pytest.mark.parametrize("procedure", ["site", "playbooks/provision", "playbooks/deploy", "playbooks/verify"])
def test_tags_are_refused_rather_than_ending_green(built: LocalCloud, procedure: str) -> None:
    run = playbook(built, procedure, "--tags", "app")
    assert run.returncode != 0
    assert "There are no tags to choose parts by: instead of --tags app, run" in run.printed
    assert run.write_list == []


def test_a_failed_deployment_is_told_in_few_lines(built: LocalCloud) -> None:
    run = playbook(built, "playbooks/deploy", variables={"image_digest": BAD})
    assert run.returncode != 0
    lines = run.printed.splitlines()
    assert len(lines) < 250, len(lines)


def test_a_deployment_counts_what_it_changed_for_good(built: LocalCloud) -> None:
    """The databases are opened for its time only; a rule that goes for good is told."""
    foretold = playbook(built, "playbooks/deploy", "--check", variables={"image_digest": GOOD})
    assert "· 1 would change ·" in foretold.printed
    assert "would run   fisioflow/fisioflow@sha256:777777777777" in foretold.printed
    done = playbook(built, "playbooks/deploy", variables={"image_digest": GOOD})
    assert "· 1 changed ·" in done.printed
    assert "changed: app\n" in done.printed
    rules_now = [{"type": kind, "value": value} for kind, value in rules(built, "pg")]
    alien = [*rules_now, {"type": "ip_addr", "value": "203.0.113.9"}]
    call(built, f"/v2/databases/{clusters(built)['pg']}/firewall", "PUT", {"rules": alien})
    done = playbook(built, "playbooks/deploy", variables={"image_digest": FIRST})
    assert f"changed: app, trusted sources ({NAME}-postgresql)\n" in done.printed
    assert closed(built)


def test_a_deployment_of_another_run_is_left_alone(built: LocalCloud) -> None:
    """Going back from ours would take theirs away as well."""
    impatient = {
        "deployment_probe": True,
        "deployment_probe_retries": 10,
        "deployment_probe_delay": 1,
        "image_digest": GOOD,
    }
    before = app(built)["active_deployment"]["id"]
    with in_background(built, "playbooks/deploy", "-e", json.dumps(impatient)) as ours:
        ours.wait_until(lambda: app(built)["active_deployment"]["id"] != before)
        theirs = call(built, f"/v2/apps/{app(built)['id']}/deployments", "POST", {"force_build": False})["deployment"][
            "id"
        ]
        ours.wait_until(lambda: ours.over)
        printed = " ".join(ours.output.read_text().split())
    assert ours.process.returncode == 2
    assert f"Deployment {theirs} of another run is active and was left alone" in printed
    assert app(built)["active_deployment"]["id"] == theirs
    assert closed(built)


def test_check_mode_goes_on_where_the_app_needs_what_is_not_there_yet(built: LocalCloud) -> None:
    """Another user takes over; another database or cluster would be an empty one, which preflight refuses."""
    renamed = {"postgresql_app_user": "clinic_app"}
    foretold = playbook(built, "site", "--check", "--diff", variables=renamed)
    assert (foretold.returncode, foretold.write_list) == (0, []), foretold.printed[-3000:]
    assert "The app cannot be compared before what its spec names is there" in " ".join(foretold.printed.split())
    [told] = re.findall(r"\n\nwould change: ([^:]*?)\n\n", foretold.printed)
    differs = playbook(built, "playbooks/verify", variables=renamed)
    assert "app: is not as wanted" in differs.printed
    done = playbook(built, "site", variables=renamed)
    assert done.returncode == 0, done.printed[-3000:]
    [happened] = re.findall(r"\n\nchanged: ([^:]*?)\n\n", done.printed)
    assert told.split() == happened.split()


def test_check_mode_tells_of_a_spec_that_is_wrong_by_itself(built: LocalCloud) -> None:
    run = playbook(built, "site", "--check", variables={"environment_variables": {"X": "${nowhere.Y}"}})
    assert run.returncode == 2
    assert "Could not validate the spec" in run.printed


@pytest.mark.parametrize("key", ["a key of its own", "none"])
def test_destroy_foretells_what_goes(built: LocalCloud, key: str) -> None:
    none = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": "", "LOCALCLOUD_HOME": str(built.home / "nothing")}
    run = playbook(
        built,
        "playbooks/destroy",
        "--check",
        variables={"confirm": "local", "destroy_data": True},
        env={} if key != "none" else none,
    )
    assert (run.returncode, run.write_list) == (0, [])
    assert "Destroyed · local · would go" in run.printed
    [told] = re.findall(r"\nwould go: (.*?)\n(?=\S|\n)", run.printed, re.DOTALL)
    assert ("buckets (fisioflow-local-uploads, fisioflow-local-assets)" in " ".join(told.split())) == (key != "none")
    assert {"app", "cdn", "project", "network"} <= set(" ".join(told.split()).split(", "))
    assert ("not looked at: the buckets" in run.printed) == (key == "none")


@pytest.mark.parametrize("key", ["a key of its own", "none"])
def test_destroy_refuses_while_objects_would_be_lost(built: LocalCloud, key: str) -> None:
    """After a destruction that stopped half-way, say: no database stands before the buckets any more."""
    none = {"SPACES_ACCESS_KEY_ID": "", "SPACES_SECRET_ACCESS_KEY": "", "LOCALCLOUD_HOME": str(built.home / "nothing")}
    keys = call(built, "/v2/spaces/keys")["keys"]
    s3(built).put_object(Bucket=f"{NAME}-uploads", Key="patient", Body=b"x-ray")
    call(built, f"/v2/databases/{clusters(built)['pg']}", "DELETE")
    run = playbook(built, "playbooks/destroy", variables={"confirm": "local"}, env=none if key == "none" else {})
    printed = " ".join(run.printed.split())
    assert run.returncode == 2
    assert 'it is not empty (it holds "patient"); add -e destroy_data=true to delete everything' in printed
    assert app(built)
    assert call(built, "/v2/spaces/keys")["keys"] == keys
    if key != "none":
        assert run.write_list == []


def test_destroy_tells_what_else_project_and_network_hold(built: LocalCloud) -> None:
    [project] = [row for row in call(built, "/v2/projects")["projects"] if row["name"] == NAME]
    [network] = [row for row in call(built, "/v2/vpcs")["vpcs"] if row["name"] == NAME]
    made = call(
        built,
        "/v2/databases",
        "POST",
        {
            "name": "theirs",
            "engine": "valkey",
            "version": "8",
            "size": "db-s-1vcpu-1gb",
            "region": network["region"],
            "num_nodes": 1,
            "project_id": project["id"],
            "private_network_uuid": network["id"],
        },
    )["database"]
    run = playbook(built, "playbooks/destroy", variables={"confirm": "local", "destroy_data": True})
    printed = " ".join(run.printed.split())
    assert run.returncode == 2
    assert "Destroyed · local · partly gone" in printed
    told = f"The project {NAME} still holds do:dbaas:{made['id']}. The network {NAME} still holds theirs do:dbaas:"
    assert f"{told}{made['id']}. Move or delete that, and run again." in printed
    assert "stays: the empty VPC" not in printed
    assert call(built, f"/v2/vpcs/{network['id']}")["vpc"]["default"] == network["default"]


def test_the_scopes_of_destroy_are_enough_and_none_too_many(built: LocalCloud) -> None:
    """Without a Spaces key of its own, which takes most; asked for as the README tells them."""
    keyless = {
        "SPACES_ACCESS_KEY_ID": "",
        "SPACES_SECRET_ACCESS_KEY": "",
        "LOCALCLOUD_HOME": str(built.home / "nothing"),
    }
    scopes = readme.scopes("destroy")
    since = built.admin.seq()
    env = {"DO_API_TOKEN": built.admin.token(scopes=sorted(scopes)), **keyless}
    run = playbook(built, "playbooks/destroy", variables={"confirm": "local", "destroy_data": True}, env=env)
    assert run.returncode == 0, run.printed[-3000:]
    by_name = {operation.name: operation.scopes for operation in OPERATIONS.values()}
    # Whether a region is on offer is asked too, and left to the API where the token may not ask.
    used = [by_name.get(row["operation"], ()) for row in built.admin.journal(since) if row["status"] != 403]
    assert {scope for asked in used for scope in asked} == scopes

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of docs/how-to do what their page says: each page, as it stands, on an environment that is there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.harness import ansible
from tests.integration.harness.ansible import ROOT
from tests.integration.harness.playbooks import PROVIDED
from tests.integration.site.account import APP, tables_of
from tests.localcloud_fixtures import LocalCloud

PAGES = sorted(path for path in (ROOT / "docs/how-to").glob("*.md") if path.name != "README.md")
DAY = 86400


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that can be written to, for a new inventory; everything else is this one."""
    made = tmp_path_factory.mktemp("checkout")
    for entry in ROOT.iterdir():
        if entry.name not in ("inventories", "ansible.cfg") and not entry.name.startswith((".git", ".local")):
            (made / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "inventories", made / "inventories", symlinks=True)
    shutil.copy(ROOT / "ansible.cfg", made)
    return made


@pytest.fixture
def follow(environment: LocalCloud, checkout: Path) -> Callable[[str], str]:
    """Run the commands of a page in one shell, and return what they printed."""

    def commands(name: str) -> str:
        script = "\n".join(blocks(ROOT / "docs/how-to" / f"{name}.md", "sh"))
        env = ansible.environment(environment) | PROVIDED | {"ANSIBLE_CONFIG": str(checkout / "ansible.cfg")}
        env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
        shell = ["bash", "-euo", "pipefail", "-c", script]
        done = subprocess.run(shell, cwd=checkout, env=env, capture_output=True, text=True, check=False, timeout=600)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
        return done.stdout

    return commands


def digest(cloud: LocalCloud) -> str:
    [app] = tables_of(cloud.admin.state())["apps"].values()
    return str(app["spec"]["services"][0]["image"]["digest"])


def writes(cloud: LocalCloud, since: int) -> list[str]:
    return [f"{entry['method']} {entry['path']}" for entry in cloud.admin.writes(since)]


def test_every_page_is_listed_and_run() -> None:
    listed = re.findall(r"\]\(([\w-]+)\.md\)", (ROOT / "docs/how-to/README.md").read_text(encoding="utf-8"))
    run = re.findall(r"\bfollow\(\"([\w-]+)\"\)", Path(__file__).read_text(encoding="utf-8"))
    assert len(listed) >= 10
    assert sorted(listed) == sorted(run) == [page.stem for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_is_not_run_is_the_vendors_command_line(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.count("\n```") == 2 * (len(blocks(page, "sh")) + len(blocks(page, "text")))
    assert [block for block in blocks(page, "text") if not block.startswith("doctl ")] == []
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / target).exists(), target


def test_a_new_environment(follow: Callable[[str], str], environment: LocalCloud, checkout: Path) -> None:
    since = environment.admin.seq()
    printed = follow("new-environment")
    assert "· minha-clinica (resilient) · " in printed
    assert writes(environment, since) == []
    made = checkout / "inventories/minha-clinica/group_vars/all"
    assert (made / "20_profile.yml").readlink() == Path("../../../common/resilient.yml")
    assert {path.name for path in made.iterdir()} == {
        path.name for path in (ROOT / "inventories/production/group_vars/all").iterdir()
    }


def test_many_environments(follow: Callable[[str], str], environment: LocalCloud) -> None:
    since = environment.admin.seq()
    assert "\n2 environments · 2 done\n" in follow("fleet")
    assert writes(environment, since) == []


@pytest.mark.parametrize(
    ("name", "profile", "told"),
    [
        ("", "essential", "NAME='' must be 2 to 22 of a-z"),
        ("Clinica", "essential", "NAME='Clinica' must be"),
        ("../x", "essential", "NAME='../x' must be"),
        ("a" * 23, "essential", "must be 2 to 22"),
        ("no", "essential", "NAME='no' is no name to YAML"),
        ("staging", "essential", "inventories/staging is there already"),
        ("clinica", "big", "PROFILE='big' is none of: essential, high_availability, resilient."),
        ("clinica", "", "PROFILE='' is none of:"),
    ],
)
def test_what_can_be_no_environment_is_refused(checkout: Path, name: str, profile: str, told: str) -> None:
    before = sorted((checkout / "inventories").iterdir())
    command = [str(checkout / ".ci/environment"), name, profile]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted((checkout / "inventories").iterdir()) == before


def test_dns(follow: Callable[[str], str]) -> None:
    printed = follow("dns")
    assert re.search(r"^  app +https://clinic.example$", printed, re.M)
    assert "www.clinic.example" in printed


@pytest.mark.soak
def test_edge(follow: Callable[[str], str], environment: LocalCloud) -> None:
    printed = follow("edge")
    app_platform, balanced, rotated = re.findall(r"^changed: app, .*", printed, re.M)
    assert "edge load balancer" in app_platform
    assert "edge load balancer" in balanced
    # By another secret the pool's template is another one.
    assert rotated == "changed: app, edge proxies"
    assert len(tables_of(environment.admin.state())["load_balancers"]) == 1


def test_logs(follow: Callable[[str], str]) -> None:
    printed = follow("logs")
    assert "listening on port 3000" in printed
    assert len(re.findall(r"^Logs · local · \d+ lines$", printed, re.M)) == 2
    assert "app_deployments: []" in printed


@pytest.mark.soak
def test_roll_back(follow: Callable[[str], str], environment: LocalCloud) -> None:
    first = digest(environment)
    printed = follow("roll-back")
    # Back to the first, and then once more to what was left.
    assert first.startswith("sha256:5f2c")
    assert printed.count("· 1 changed ·") == 2
    assert "rolled back to deployment" in printed
    assert digest(environment) == f"sha256:{'7' * 64}"


def test_plan(follow: Callable[[str], str], environment: LocalCloud) -> None:
    printed = follow("plan")
    assert "spec.services[web].instance_count: 1 → 2" in printed
    assert "## `~` app (app fisioflow-local)" in printed
    [found] = tables_of(environment.admin.state())["apps"].values()
    assert found["spec"]["services"][0]["instance_count"] == 2


def test_restart(follow: Callable[[str], str]) -> None:
    printed = follow("restart")
    assert re.findall(r"^restarted .*", printed, re.MULTILINE) == ["restarted all of it.", "restarted web."]
    assert re.findall(r"^localhost \| (\w+)", printed, re.MULTILINE) == ["SUCCESS"]


def test_restore(follow: Callable[[str], str], environment: LocalCloud) -> None:
    environment.admin.advance(2 * DAY)
    printed = follow("restore")
    assert "newest_age_hours: " in printed
    names = {row["name"] for row in tables_of(environment.admin.state())["databases"].values()}
    assert names == {f"{APP}-postgresql", f"{APP}-valkey", f"{APP}-restored"}


@pytest.mark.soak
def test_rotate(follow: Callable[[str], str], environment: LocalCloud) -> None:
    def held() -> tuple[str, str]:
        """The app's key to the uploads, and its database user."""
        tables = tables_of(environment.admin.state())
        keys = [row["access_key"] for row in tables["spaces_keys"].values() if row["name"] == f"{APP}-uploads"]
        databases = next(iter(tables["apps"].values()))["spec"]["databases"]
        return keys[0], next(row["db_user"] for row in databases if row["name"] == "db")

    before = held()
    since = environment.admin.seq()
    follow("rotate")
    assert [old == new for old, new in zip(before, held(), strict=True)] == [False, False]
    assert [write for write in writes(environment, since) if write.endswith("/reset_auth")]


def test_psql(follow: Callable[[str], str], environment: LocalCloud) -> None:
    def rules() -> list[dict[str, str]]:
        rows = tables_of(environment.admin.state())["databases"].values()
        return next(row["rules"] for row in rows if row["engine"] == "pg")

    before = rules()
    since = environment.admin.seq()
    follow("psql")
    # Let in, and closed again.
    assert len([write for write in writes(environment, since) if write.endswith("/firewall")]) == 2
    assert [(row["type"], row["value"]) for row in rules()] == [(row["type"], row["value"]) for row in before]


@pytest.mark.soak
def test_alerts(follow: Callable[[str], str], environment: LocalCloud) -> None:
    printed = follow("alerts")
    rows = tables_of(environment.admin.state())["alert_policies"].values()
    assert {tuple(row["alerts"]["email"]) for row in rows} == {("ana@clinic.example", "rui@clinic.example")}
    assert {row["alerts"]["slack"][0]["channel"] for row in rows} == {"#ops"}
    assert "+    target: https://" in printed
    assert "hooks.slack" not in printed


def test_scale(follow: Callable[[str], str]) -> None:
    printed = follow("scale")
    assert "3 × apps-s-1vcpu-1gb" in printed
    assert "+    size: db-s-1vcpu-2gb" in printed


def test_upgrade(follow: Callable[[str], str]) -> None:
    printed = follow("upgrade")
    assert "default_version: '17'" in printed
    assert "- '18'" in printed


def test_inventory(follow: Callable[[str], str]) -> None:
    printed = follow("inventory")
    for group in ("tag_example", "region_fra1", "small"):
        assert re.search(rf"@{group}:\n(\s+\|.*\n)*?\s+\|\s+\|--inventory-example$", printed, re.MULTILINE), printed
    assert re.search(r"\{ansible_host = 198\.18\.\d+\.\d+\}", printed)


def test_together(follow: Callable[[str], str], environment: LocalCloud) -> None:
    since = environment.admin.seq()
    printed = follow("together")
    told = re.findall(r"^(would change|changed): Start what takes long \((\w+)\)$", printed, re.MULTILINE)
    names = ["network", "postgresql", "valkey", "database"]
    assert told == [(word, name) for word in ("would change", "changed") for name in names]
    assert len(writes(environment, since)) == 4
    assert len(re.findall(r"^In fra1: reports-pg-.*ondigitalocean", printed, re.MULTILINE)) == 2

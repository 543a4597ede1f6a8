# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`make demo-nextjs`: a real Next.js app is built, migrated and deployed, works with its stores, and goes back."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config

from tests.integration.harness.ansible import ROOT, environment
from tests.integration.harness.playbooks import PROVIDED, playbook
from tests.integration.harness.visitor import Visitor
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud, emptied, start_localcloud

DOMAIN = "nextjs.example"
IMAGE = "fisioflow/nextjs"
TOKEN = "sentinel-status-token"
GIVEN = PROVIDED | {"FISIOFLOW_STATUS_CHECK_TOKEN": TOKEN}
OPTIONS = ("-e", f"@{ROOT / 'examples/nextjs/environment.yml'}")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    home = tmp_path_factory.mktemp("nextjs") / "home"
    with start_localcloud(home, records_only=False) as found, emptied(found):
        # As where no container engine is.
        env = environment(found) | GIVEN | {"DOCKER_HOST": "unix:///nonexistent"}
        told = json.dumps({"fisioflow_report_dir": str(home.parent / "reports")})
        done = subprocess.run([ROOT / ".ci/nextjs", "-e", told], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
        assert re.findall(r"^── (\w+)$", done.stdout, re.M) == ["test", "build", "publish", "deploy"]
        assert f"--resolve {DOMAIN}:443:" in done.stdout
        yield found


@pytest.fixture(scope="module")
def api(cloud: LocalCloud) -> Iterator[Api]:
    found = Api(cloud)
    yield found
    found.session.close()


@dataclass
class Browser(Visitor):
    """A visitor who keeps his cookies."""

    cookies: str = ""

    def send(self, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        told = {"cookie": self.cookies, **headers}
        method, text = ("GET", None) if body is None else ("POST", json.dumps(body))
        answer, found = self.ask(path, domain=DOMAIN, headers=told, method=method, body=text)
        if given := answer.headers.get_all("set-cookie"):
            self.cookies = "; ".join(cookie.partition(";")[0] for cookie in given)
        return answer.status, json.loads(found)


@pytest.fixture
def browser(cloud: LocalCloud, api: Api) -> Browser:
    [balancer] = api.ok("GET", "/load_balancers")["load_balancers"]
    return Browser(cloud, balancer["ip"])


def active(api: Api) -> dict[str, Any]:
    [app] = api.ok("GET", "/apps")["apps"]
    found: dict[str, Any] = app["active_deployment"]
    return found


def said(cloud: LocalCloud, deployment: dict[str, Any]) -> str:
    return "\n".join(cloud.admin.log(f"deployment/{deployment['id']}", 200))


def test_its_stores_are_there_and_those_who_watch_are_told(browser: Browser, cloud: LocalCloud, api: Api) -> None:
    assert "All migrations have been successfully applied." in said(cloud, active(api))
    assert browser.send("/api/ping") == (200, {"status": "ok", "missing": []})
    status, found = browser.send("/api/health")
    assert (status, found["status"]) == (200, "healthy")
    assert {name: check["status"] for name, check in found["checks"].items()} == dict.fromkeys(
        ("database", "redis", "memory"), "healthy"
    )
    assert browser.send("/api/health/slo")[0] == 200
    assert browser.send("/api/status") == (401, {"error": "unauthorized"})
    status, found = browser.send("/api/status", authorization=f"Bearer {TOKEN}")
    assert (status, found["status"]) == (200, "healthy")
    home, _body = browser.ask("/", domain=DOMAIN)
    assert (home.status, home.headers["location"]) == (307, "/login")
    assert browser.ask("/.env", domain=DOMAIN)[0].status == 404


def test_the_image_knows_its_address_and_its_parts(browser: Browser) -> None:
    _answer, page = browser.ask("/login", domain=DOMAIN)
    assert f'<link rel="canonical" href="https://{DOMAIN}/login"/>' in page.decode()
    parts = json.loads((ROOT / "examples/nextjs/.delivery/sbom.json").read_text())
    names = {part["name"] for part in parts["components"]}
    assert (parts["bomFormat"], {"next", "prisma", "ioredis"} - names) == ("CycloneDX", set())
    assert "typescript" not in names


def test_who_comes_past_the_front_door_is_refused(cloud: LocalCloud, api: Api) -> None:
    [app] = api.ok("GET", "/apps")["apps"]
    past = requests.get(f"{app['live_url']}/login", verify=cloud.ca, timeout=20)
    assert (past.status_code, past.json()) == (403, {"error": "come by the front door"})
    check = requests.get(f"{app['live_url']}/api/ping", verify=cloud.ca, timeout=20)
    assert (check.status_code, check.headers["cache-control"]) == (200, "private, no-store")
    assert check.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


def test_people_work_with_it(browser: Browser, cloud: LocalCloud) -> None:
    assert browser.send("/api/patients") == (401, {"error": "log in first"})
    assert browser.send("/api/login", {"name": "Ana"}) == (200, {"name": "Ana"})
    status, found = browser.send("/api/patients", {"name": "João <b>Silva</b>"})
    assert status == 201
    patient = found["patient"]
    given = {"patient_id": patient["id"], "starts_at": "2099-12-01T09:00:00-03:00"}
    status, found = browser.send("/api/appointments", given)
    assert (status, found["appointment"]["starts_at"]) == (201, "2099-12-01T12:00:00.000Z")
    assert browser.send("/api/appointments", {**given, "patient_id": "one"})[0] == 400
    assert browser.send("/api/patients") == (200, {"patients": [patient]})
    _answer, page = browser.ask("/dashboard", domain=DOMAIN, headers={"cookie": browser.cookies})
    assert "Bom trabalho" in page.decode()
    assert "João &lt;b&gt;Silva&lt;/b&gt;" in page.decode()
    assert "09:00" in page.decode()

    status, found = browser.send("/api/uploads", {"type": "application/pdf"})
    assert status == 201
    put = {"data": b"%PDF", "verify": cloud.ca, "timeout": 20}
    assert requests.put(found["url"], headers={"content-type": "text/html"}, **put).status_code == 403
    assert requests.put(found["url"], headers={"content-type": "application/pdf"}, **put).status_code == 200
    spaces = boto3.client(
        "s3", endpoint_url=cloud.spaces_url, region_name="nyc3", verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"], config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    kept = spaces.get_object(Bucket="fisioflow-nextjs-uploads", Key=found["key"])
    assert (kept["Body"].read(), kept["ContentType"]) == (b"%PDF", "application/pdf")
    spaces.close()

    other = Browser(cloud, browser.address, cookies=browser.cookies)
    assert browser.send("/api/logout", {})[0] == 200
    assert other.send("/api/patients") == (401, {"error": "log in first"})


def test_a_later_version_goes_back_and_nobody_is_logged_out(browser: Browser, cloud: LocalCloud, api: Api) -> None:
    first = active(api)
    assert browser.send("/api/login", {"name": "Bia"})[0] == 200
    images = cloud.home / "images.json"
    known = json.loads(images.read_text())
    later = f"sha256:{'b2' * 32}"
    [built] = [entry for name, entry in known.items() if name.startswith(f"{IMAGE}@")]
    images.write_text(json.dumps({**known, f"{IMAGE}@{later}": built}))
    done = playbook(cloud, "playbooks/deploy", *OPTIONS, variables={"image_digest": later}, env=GIVEN)
    assert done.returncode == 0, done.printed[-5000:]
    assert active(api)["spec"]["services"][0]["image"]["digest"] == later
    assert "No pending migrations to apply." in said(cloud, active(api))
    assert browser.send("/api/patients")[0] == 200

    done = playbook(cloud, "playbooks/rollback", *OPTIONS, env=GIVEN)
    assert done.returncode == 0, done.printed[-5000:]
    assert active(api)["spec"]["services"] == first["spec"]["services"]
    assert browser.send("/api/patients")[0] == 200


def test_login_is_limited(browser: Browser) -> None:
    answers = [browser.send("/api/login", {"name": "Eve"})[0] for _number in range(6)]
    assert answers[-1] == 429

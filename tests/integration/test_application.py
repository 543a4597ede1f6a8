# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory of a real environment gives the application what it reads, and keeps what must not be lost."""

from __future__ import annotations

from typing import Any

from tests.integration.harness.playbooks import playbook
from tests.localcloud_fixtures import LocalCloud

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
OWN = {
    "FISIOFLOW_NEXTAUTH_SECRET": "sentinel1nextauth2secret3value4of5its6own",
    "FISIOFLOW_ENCRYPTION_KEY": KEY,
    "FISIOFLOW_STATUS_CHECK_TOKEN": "sentinel1status2check3token4of5its6own",
    "FISIOFLOW_SENTRY_DSN": "https://5entinel@o1.ingest.sentry.io/1",
}
BUILT_FROM_GIT = {
    "app_image": {},
    "app_git": {"provider": "github", "repo": "fisioflow/fisioflow", "branch": "main"},
    "app_domains": ["clinic.example", "www.clinic.example"],
    "deployment_probe": False,
}


def site(cloud: LocalCloud, secrets: dict[str, str]) -> Any:
    return playbook(cloud, "site", variables=BUILT_FROM_GIT, env=secrets, inventory="staging")


def test_the_application_gets_what_it_reads_and_keeps_it(cloud: LocalCloud) -> None:
    made = site(cloud, OWN)
    assert made.returncode == 0, made.printed[-4000:]
    [app] = cloud.admin.state()["world"]["tables"]["apps"].values()
    service = app["spec"]["services"][0]
    envs = {env["key"]: env for env in service["envs"]}
    provided = {"NEXTAUTH_SECRET", "AUTH_SECRET", "ENCRYPTION_KEY", "STATUS_CHECK_TOKEN", "SENTRY_DSN"}
    assert {key for key, env in envs.items() if env.get("type") == "SECRET"} == {"DO_SPACES_SECRET", *provided}
    built = {key: env["value"] for key, env in envs.items() if env["scope"] == "RUN_AND_BUILD_TIME"}
    assert built["NEXT_PUBLIC_API_URL"] == "https://clinic.example/api"
    assert envs["CORS_ORIGINS"]["value"] == "https://clinic.example,https://www.clinic.example"
    assert service["run_command"].endswith(" && exec npm start'")

    # Nobody has the secrets at hand any more: the app keeps its own, a provider's among them.
    again = site(cloud, {})
    assert (again.returncode, again.recap["changed"], again.write_list) == (0, 0, []), again.printed[-3000:]

    # A new version of the same source is the only change.
    released = playbook(cloud, "site", variables={**BUILT_FROM_GIT, "git_branch": "main"}, inventory="staging")
    assert (released.returncode, released.recap["changed"]) == (0, 1), released.printed[-3000:]
    assert "· 1 changed ·" in released.printed

    # With the right key at hand nothing is asked of the app either.
    kept = playbook(cloud, "playbooks/verify", variables=BUILT_FROM_GIT, env=OWN, inventory="staging")
    assert kept.returncode == 0, kept.printed[-3000:]

    # Another one is refused before anything is changed, be it what comes long before the app.
    wrong = {"variables": {**BUILT_FROM_GIT, "valkey_size": "db-s-1vcpu-2gb"}, "inventory": "staging"}
    for name in ("site", "playbooks/verify"):
        refused = playbook(cloud, name, env={"FISIOFLOW_ENCRYPTION_KEY": OTHER}, **wrong)
        told = " ".join(refused.printed.split())
        assert (refused.returncode, refused.write_list) == (2, []), name
        assert told.count("environment_secrets.ENCRYPTION_KEY is not the value that the app has") == 1, told[-3000:]
        assert OTHER not in refused.printed
    # A build that fails: the end of its log, once, and what runs.
    release = {**BUILT_FROM_GIT, "git_branch": "brokenbuild"}
    broken = playbook(cloud, "playbooks/deploy", variables=release, inventory="staging")
    told = " ".join(broken.printed.split())
    assert (broken.returncode, told.count("so its build fails")) == (2, 1)
    assert "has run all the time, and the app has its spec again" in told
    assert "Rolled back" not in told

    for run in (made, again, released, kept, broken):
        assert not [value for value in (*OWN.values(), OTHER) if value in run.printed]

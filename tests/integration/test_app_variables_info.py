# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in clear in an app is told to a task that hides its result, and to no other."""

from __future__ import annotations

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_api import Api
from tests.localcloud_fixtures import LocalCloud

URL = "postgresql://doadmin:sentinel5password@db.example:25060/defaultdb"
APP = {
    "name": "clinic",
    "region": "nyc",
    "envs": [{"key": "TZ", "value": "America/Recife"}],
    "services": [
        {
            "name": "web",
            "image": {"registry_type": "DOCKER_HUB", "registry": "library", "repository": "nginx", "tag": "1"},
            "envs": [
                {"key": "DATABASE_URL", "value": URL},
                {"key": "NEXTAUTH_SECRET", "value": "sentinel5kept5apart", "type": "SECRET"},
            ],
        }
    ],
}


def test_values_in_clear_are_told_to_whoever_hides_them(cloud: LocalCloud) -> None:
    Api(cloud).ok("POST", "/apps", {"spec": APP})
    run = inside(
        cloud,
        [
            Step("hidden", "app_variables_info", {"app": "clinic"}, keywords={"no_log": True}),
            Step("shown", "app_variables_info", {"app": "clinic"}),
            Step("none yet", "app_variables_info", {"app": "nobody"}, check=True),
            Step("none", "app_variables_info", {"app": "nobody"}),
        ],
    )
    # What is a secret by its type, the API itself does not tell.
    values = run.good("hidden").result["app_variables"]["values"]
    assert values == {"TZ": "America/Recife", "web.DATABASE_URL": URL}
    assert set(run.good("shown").result["app_variables"]) == {"app_id"}
    assert "sentinel5" not in str(run["shown"].result)
    assert run.good("none yet").result["app_variables"] == {}
    run.assert_refused("none", 'There is no app "nobody"')

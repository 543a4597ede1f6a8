# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app that lives as long as a run is known by its mark, so that nobody's own is taken for it."""

from __future__ import annotations

from typing import Any

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud

IMAGE = {"registry_type": "DOCR", "repository": "clinic", "digest": f"sha256:{'1a' * 32}"}
SPEC = {"region": "fra", "services": [{"name": "web", "image": IMAGE}]}
REFUSED = "does not bear the env SHORT_LIVED"


def app(step: str, **options: Any) -> Step:
    return Step(step, "app", {"name": "clinic", **options})


def test_it_bears_its_mark_and_another_of_its_name_is_left_alone(cloud: LocalCloud) -> None:
    run = inside(
        cloud,
        [
            app("somebody's", spec=SPEC),
            app("take it", spec=SPEC, short_lived=True),
            app("delete it", state="absent", short_lived=True),
            app("gone by his own hand", state="absent"),
            app("ours", spec={**SPEC, "envs": []}, short_lived=True),
            app("ours again", spec={**SPEC, "envs": []}, short_lived=True),
            app("ours gone", state="absent", short_lived=True),
            app("nothing left", state="absent", short_lived=True),
        ],
    )
    run.assert_refused("take it", REFUSED)
    run.assert_refused("delete it", REFUSED)
    assert [env["key"] for env in run.good("ours").result["app"]["spec"]["envs"]] == ["SHORT_LIVED"]
    changed = [run.good(step).changed for step in ("ours", "ours again", "ours gone", "nothing left")]
    assert changed == [True, False, True, False]

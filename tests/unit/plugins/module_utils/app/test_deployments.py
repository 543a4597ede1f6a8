# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading deployments: progress, failure, successor, and where a rollback goes."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments

REASON = {"code": "DeployContainerHealthChecksFailed", "message": "It did not respond."}


def step(name, status, *steps, **more):
    return {"name": name, "status": status, **({"steps": list(steps)} if steps else {}), **more}


def deployment(number, phase="SUPERSEDED", **more):
    return {"id": f"d{number}", "phase": phase, "created_at": f"2026-11-24T03:0{number}:00Z", **more}


def ran(number, digest, phase="SUPERSEDED", **more):
    spec = {"name": "clinic", "services": [{"name": "web", "image": {"digest": digest}}]}
    return deployment(number, phase, spec=spec, services=[{"name": "web"}], **more)


FAILED = deployment(
    3,
    "ERROR",
    progress={
        "steps": [
            step("build", "SUCCESS"),
            step(
                "deploy",
                "ERROR",
                step("initialize", "SUCCESS"),
                step("components", "ERROR", step("web", "ERROR", step("deploy", "SUCCESS"),
                     step("wait", "ERROR", component_name="web", reason=REASON), component_name="web")),
            ),
        ]
    },
)  # fmt: skip


def test_the_innermost_failed_step_is_named_with_its_reason():
    assert deployments.failures(FAILED) == [{"component": "web", "step": "deploy/components/web/wait", **REASON}]
    assert deployments.why(FAILED) == (
        "failed in step deploy/components/web/wait of component web "
        "(DeployContainerHealthChecksFailed: It did not respond)"
    )


def test_a_failed_step_without_a_failed_step_inside_is_itself_the_place():
    found = deployment(
        1, "ERROR", progress={"steps": [step("build", "ERROR", step("initialize", "SUCCESS"), reason=REASON)]}
    )
    assert [failure["step"] for failure in deployments.failures(found)] == ["build"]


def test_an_end_without_steps_is_told_as_well():
    assert deployments.why(deployment(1, "ERROR")) == "failed without naming a step"
    assert deployments.why(deployment(1, "CANCELED")) == "was canceled"


def test_progress_names_the_component_at_work():
    found = deployment(
        1,
        "DEPLOYING",
        progress={
            "success_steps": 5,
            "total_steps": 12,
            "steps": [
                step(
                    "deploy",
                    "RUNNING",
                    step("wait", "RUNNING", component_name="web", message_base="Waiting for service"),
                )
            ],
        },
    )
    assert deployments.progress(found) == "DEPLOYING, 5 of 12 steps, web: Waiting for service"
    assert deployments.progress({}) == "UNKNOWN"


def test_under_way():
    assert deployments.under_way({"pending_deployment": deployment(1, "BUILDING")})["id"] == "d1"
    assert deployments.under_way({"in_progress_deployment": deployment(1, "DEPLOYING")})["id"] == "d1"
    assert deployments.under_way({"pending_deployment": {"id": "d1"}})["id"] == "d1"
    assert deployments.under_way({"pending_deployment": deployment(1, "ACTIVE")}) is None
    assert deployments.under_way({}) is None


def test_the_successor_is_the_newest_one_made_later():
    rows = [deployment(1), deployment(3, "BUILDING"), deployment(2)]
    assert deployments.successor(deployment(1), rows)["id"] == "d3"
    assert deployments.successor(deployment(3), rows) is None
    twins = [{**deployment(2), "id": "newer"}, deployment(2)]
    assert deployments.successor(deployment(2), twins)["id"] == "newer", "of one second the API's order counts"
    assert deployments.successor(deployment(4), rows) is None


@pytest.mark.parametrize(
    ("rows", "target"),
    [
        ([ran(2, "b", "ACTIVE"), ran(1, "a")], "d1"),
        ([ran(1, "a"), ran(2, "b", "ACTIVE")], "d1"),
        ([ran(3, "c", "ACTIVE"), ran(2, "b", "ERROR"), ran(1, "a")], "d1"),
        ([ran(3, "b", "ACTIVE", cloned_from="d2"), ran(2, "b"), ran(1, "a")], "d1"),
        ([ran(3, "b", "ERROR"), ran(2, "b", "ACTIVE"), ran(1, "a")], "d2"),
        ([ran(2, "b", "ACTIVE"), ran(1, "a", progress={"total_steps": 6, "success_steps": 2})], None),
        ([ran(1, "a", "ACTIVE")], None),
        ([], None),
    ],
)
def test_a_rollback_goes_to_the_last_success_that_ran_something_else(rows, target):
    assert (deployments.rollback_target(rows) or {}).get("id") == target


def test_a_tag_may_have_run_something_else_although_the_spec_is_the_same():
    spec = {"name": "clinic", "services": [{"name": "web", "image": {"tag": "latest"}}]}
    rows = [deployment(2, "ACTIVE", spec=spec), deployment(1, spec=spec)]
    assert deployments.rollback_target(rows)["id"] == "d1"
    named = [{**row, "services": [{"name": "web", "source_image_digest": "sha256:a"}]} for row in rows]
    assert deployments.rollback_target(named) is None


def test_rollbacks_are_recognised():
    clone = {"cloned_from": "d1"}
    assert deployments.is_rollback({**clone, "cause_details": {"type": "MANUAL_ROLLBACK"}})
    assert deployments.is_rollback({**clone, "cause": "rollback to deployment d1"})
    assert not deployments.is_rollback({**clone, "cause": "restart"})
    assert not deployments.is_rollback(None)


def test_runs_on():
    app = {"active_deployment": {"id": "d3", "cloned_from": "d1"}, "pinned_deployment": {"id": "d4"}}
    assert [name for name in ("d1", "d2", "d3", "d4") if deployments.runs_on(app, name)] == ["d1", "d3", "d4"]

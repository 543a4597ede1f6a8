# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A deployment's way: PENDING_BUILD → BUILDING → PENDING_DEPLOY → DEPLOYING → ACTIVE, or ERROR.

Each step is a timer. Images are not built: they skip BUILDING. Which deployments fail, and where: ``failures``. Where
software runs, a timer waits for its part of the deployment (``_stage``), and that may fail too.
"""

from __future__ import annotations

from collections.abc import Callable

from localcloud import JSON
from localcloud.resources.apps import address, alerts, domains, egress, scaling
from localcloud.resources.apps.deployments import failures, progress, stages
from localcloud.resources.apps.deployments.course import end, move
from localcloud.resources.apps.rows import APPS, DEPLOYMENTS
from localcloud.resources.apps.spec import ROUTED, components
from localcloud.world.world import World, duration, timer

# ``step(world, app, deployment)``
Step = Callable[[World, JSON, JSON], None]

duration("app.start", 2.0)
duration("app.build", 90.0)
duration("app.queue", 2.0)
duration("app.job", 8.0)
duration("app.deploy", 60.0)


def _fail(world: World, app: JSON, deployment: JSON, failure: failures.Failure, *path: str) -> None:
    progress.fail(deployment["progress"], world.timestamp(), failure.reason, *path, failure.component)
    end(world, app, deployment, "ERROR")


def _in_phase(phase: str, name: str) -> Callable[[Step], Step]:
    """Make a step a timer: ``id`` is the deployment's, and nothing happens unless it is still in that phase."""

    def register(step: Step) -> Step:
        @timer(name)
        def run(world: World, id: str) -> None:
            deployment = world.table(DEPLOYMENTS).peek(id)
            app = world.table(APPS).peek(deployment["_app_id"]) if deployment else None
            if deployment is not None and app is not None and deployment["phase"] == phase:
                step(world, app, deployment)

        return step

    return register


@_in_phase("PENDING_BUILD", "apps.begin")
def begin(world: World, app: JSON, deployment: JSON) -> None:
    app.update(_pending=None, _in_progress=deployment["id"])
    now = world.timestamp()
    progress.finish(deployment["progress"], now, "build", "initialize")
    if deployment["_build"]:
        move(world, deployment, "BUILDING")
        progress.begin(deployment["progress"], now, "build", "components")
        world.after("app.build", "apps.built", id=deployment["id"])
    else:
        _queue(world, deployment)


@_in_phase("BUILDING", "apps.built")
def built(world: World, app: JSON, deployment: JSON) -> None:
    failure = failures.build_failure(deployment["spec"])
    if failure:
        _fail(world, app, deployment, failure, "build", "components")
        return
    progress.finish(deployment["progress"], world.timestamp(), "build")
    _queue(world, deployment)


def _queue(world: World, deployment: JSON) -> None:
    move(world, deployment, "PENDING_DEPLOY")
    world.after("app.queue", "apps.deploy", id=deployment["id"])


@_in_phase("PENDING_DEPLOY", "apps.deploy")
def deploy(world: World, app: JSON, deployment: JSON) -> None:
    move(world, deployment, "DEPLOYING")
    progress.finish(deployment["progress"], world.timestamp(), "deploy", "initialize")
    egress.attach(world, app, deployment["spec"])
    if jobs := _jobs(deployment, stages.BEFORE):
        _start(world, deployment, jobs, "app.job", "apps.migrated", stages.BEFORE)
    else:
        _roll_out(world, deployment)


def _jobs(deployment: JSON, kind: str) -> list[str]:
    return [job["name"] for job in stages.jobs(deployment, kind)]


def _start(world: World, deployment: JSON, names: list[str], duration: str, then: str, stage: str) -> None:
    """Begin the steps of these components; ``then`` is the timer that ends them, once they are what they should be."""
    for name in names:
        progress.begin(deployment["progress"], world.timestamp(), "deploy", "components", name)
    deployment["_stage"] = stage
    world.after(duration, then, id=deployment["id"], needs=stages.key(deployment))


def _ended(world: World, app: JSON, deployment: JSON, names: list[str], failure: failures.Failure | None) -> bool:
    """End the steps of these components; whether they succeeded, which otherwise ends the deployment."""
    if failure:
        _fail(world, app, deployment, failure, "deploy", "components")
        return False
    for name in names:
        progress.finish(deployment["progress"], world.timestamp(), "deploy", "components", name)
    return True


@_in_phase("DEPLOYING", "apps.migrated")
def migrated(world: World, app: JSON, deployment: JSON) -> None:
    """The jobs before the deployment are done."""
    failure = stages.failure(world, deployment) or failures.job_failure(deployment["spec"], stages.BEFORE)
    if _ended(world, app, deployment, _jobs(deployment, stages.BEFORE), failure):
        _roll_out(world, deployment)


def _roll_out(world: World, deployment: JSON) -> None:
    _start(world, deployment, _running(deployment), "app.deploy", "apps.deployed", stages.RUN)


def _running(deployment: JSON) -> list[str]:
    """The components that go on running, which have their steps."""
    return [component["name"] for kind, component in components(deployment["spec"]) if kind != "jobs"]


@_in_phase("DEPLOYING", "apps.deployed")
def deployed(world: World, app: JSON, deployment: JSON) -> None:
    failure = stages.failure(world, deployment) or failures.deploy_failure(deployment["spec"])
    if _ended(world, app, deployment, _running(deployment), failure):
        app["_routed"] = deployment["id"]
        world.after(0.0, "apps.routed", id=deployment["id"], needs=stages.route(app, deployment))


@_in_phase("DEPLOYING", "apps.routed")
def routed(world: World, app: JSON, deployment: JSON) -> None:
    """Requests reach what has been deployed."""
    if jobs := _jobs(deployment, stages.AFTER):
        _start(world, deployment, jobs, "app.job", "apps.followed", stages.AFTER)
    else:
        _complete(world, app, deployment)


@_in_phase("DEPLOYING", "apps.followed")
def followed(world: World, app: JSON, deployment: JSON) -> None:
    """The jobs after the deployment are done."""
    failure = stages.failure(world, deployment) or failures.job_failure(deployment["spec"], stages.AFTER)
    if _ended(world, app, deployment, _jobs(deployment, stages.AFTER), failure):
        _complete(world, app, deployment)


def _complete(world: World, app: JSON, deployment: JSON) -> None:
    progress.finish(deployment["progress"], world.timestamp(), "deploy")
    _activate(world, app, deployment)


def _activate(world: World, app: JSON, deployment: JSON) -> None:
    previous: JSON | None = world.table(DEPLOYMENTS).peek(app["_active"] or "")
    if previous:
        move(world, previous, "SUPERSEDED")
    move(world, deployment, "ACTIVE")
    deployment["_succeeded"] = True
    spec, now = deployment["spec"], world.timestamp()
    app.update(_active=deployment["id"], _in_progress=None, last_deployment_active_at=now, updated_at=now)
    if not app.get("default_ingress") and any(True for _ in components(spec, *ROUTED)):
        app["default_ingress"] = address.default_ingress(app)
    scaling.begin(world, deployment)
    egress.settle(world, app, spec)
    alerts.sync(world, app, spec)
    domains.configure(world, app)

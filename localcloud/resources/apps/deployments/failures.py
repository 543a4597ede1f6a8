# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which deployments fail. Where nothing is really built or run, the spec itself says so:

- a git branch that contains ``brokenbuild`` fails the build of its component;
- a ``PRE_DEPLOY`` job whose image, git branch or ``run_command`` contains ``broken-migration`` fails before anything is
  replaced;
- an image whose repository, tag or digest contains ``broken`` (or whose digest begins with ``sha256:0bad``, for clients
  that insist on hexadecimal digits) never passes the health check of its component.

Codes and messages are those that users of App Platform report.
"""

from __future__ import annotations

from dataclasses import dataclass

from localcloud import JSON
from localcloud.resources.apps.spec import components, git_source

BROKEN, BROKEN_BUILD, BROKEN_MIGRATION, BROKEN_DIGEST = "broken", "brokenbuild", "broken-migration", "sha256:0bad"

BUILD_FAILED = {
    "code": "BuildJobExitNonZero",
    "message": "Your build job failed because it returned a non-zero exit code. See the logs for details.",
}
JOB_FAILED = {
    "code": "DeployContainerExitNonZero",
    "message": "Your deploy failed because your container exited with a non-zero exit code.",
}
UNHEALTHY = {
    "code": "DeployContainerHealthChecksFailed",
    "message": "Your deploy failed because your container did not respond to health checks.",
}


def last_words(code: str, component: JSON) -> list[str]:
    """What the process that failed so would have written last, for the logs."""
    words = {
        BUILD_FAILED["code"]: [
            f'localcloud: the branch is called "{(git_source(component) or {}).get("branch")}", so its build fails',
            "the build command exited with status 1",
        ],
        JOB_FAILED["code"]: [
            "localcloud: the image, branch or command of this job is called broken, so it fails",
            "the command exited with status 1",
        ],
        UNHEALTHY["code"]: [
            "localcloud: its image is called broken, so it never answers",
            f"health check on port {component.get('http_port', 8080)} failed: connection refused",
        ],
    }
    return words.get(code, []) if _is_named_so(component) else []


def _is_named_so(component: JSON) -> bool:
    """Whether it failed for its name, and not because of what really ran."""
    source = git_source(component) or {}
    texts = (source.get("branch", ""), component.get("run_command", ""))
    return _is_broken(component) or any(word in text for word in (BROKEN_BUILD, BROKEN_MIGRATION) for text in texts)


@dataclass(frozen=True)
class Failure:
    component: str
    reason: dict[str, str]


def build_failure(spec: JSON) -> Failure | None:
    for _kind, component in components(spec):
        if BROKEN_BUILD in (git_source(component) or {}).get("branch", ""):
            return Failure(component["name"], BUILD_FAILED)
    return None


def job_failure(spec: JSON, kind: str) -> Failure | None:
    """Of a job that runs before the deployment, or after it."""
    for _kind, job in components(spec, "jobs"):
        if job.get("kind") != kind:
            continue
        texts = (*_image_words(job), job.get("run_command", ""), (git_source(job) or {}).get("branch", ""))
        if any(BROKEN_MIGRATION in text for text in texts) or _is_broken(job):
            return Failure(job["name"], JOB_FAILED)
    return None


def deploy_failure(spec: JSON) -> Failure | None:
    for _kind, component in components(spec, "services", "workers"):
        if _is_broken(component):
            return Failure(component["name"], UNHEALTHY)
    return None


def _image_words(component: JSON) -> tuple[str, ...]:
    image = component.get("image") or {}
    return tuple(str(image.get(key, "")) for key in ("repository", "tag", "digest"))


def _is_broken(component: JSON) -> bool:
    words = _image_words(component)
    return any(BROKEN in word for word in words) or words[-1].startswith(BROKEN_DIGEST)

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps about one small app, "clinic", and its deployments."""

from __future__ import annotations

from typing import Any

from tests.integration.harness.steps import Step

# Digests by version, and one whose deployment fails.
DIGESTS = {1: f"sha256:{'1a' * 32}", 2: f"sha256:{'2b' * 32}", 3: f"sha256:{'3c' * 32}"}
BROKEN = f"sha256:0bad{'1a' * 30}"
SECRET = "deployment-sentinel"


def release(step: str, digest: str, *, register: str = "", **image: Any) -> Step:
    """The app as it shall be, with that image."""
    source = {"registry_type": "DOCR", "repository": "clinic", "digest": digest, **image}
    source = {key: value for key, value in source.items() if value}
    service = {"name": "web", "image": source, "instance_size_slug": "apps-s-1vcpu-1gb",
               "envs": [{"key": "SESSION_SECRET", "type": "SECRET"}]}  # fmt: skip
    spec = {"region": "fra", "services": [service]}
    return Step(step, "app", {"name": "clinic", "spec": spec, "secrets": {"SESSION_SECRET": SECRET}}, register=register)


def do(step: str, state: str, *, before: list[dict[str, Any]] | None = None, check: bool = False, register: str = "",
       **options: Any) -> Step:  # fmt: skip
    """What is done with its deployments."""
    target = {} if {"app_id", "app"} & set(options) else {"app": "clinic"}
    return Step(step, "app_deployment", {**target, "state": state, **options}, check=check, register=register,
                before=before or [])  # fmt: skip

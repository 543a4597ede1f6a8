# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of the log of what failed in a deployment.

The API gives addresses of logs, never a log: ``historic_urls`` of what has ended, ``live_url`` (https or wss) of what
has not. Whoever holds such an address may read, so the API token is not sent along.
"""

from __future__ import annotations

import re
import time
from http.client import HTTPException

from ansible.module_utils.urls import open_url

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import APP_DEPLOYMENT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.masking import masked
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module

# Lines of a log that are told, and the length of each.
LINES, WIDTH = 20, 300
# Seconds that reading a log may take in all, the bytes of its end that are asked for, and those read at most.
_PATIENCE, _END, _MOST = 10.0, 64 * 1024, 8 * 1024 * 1024
# Of how many failed steps the log is read.
_STEPS = 3
COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def with_logs(module: Module, app_id: str, deployment: Data, failures: list[Data]) -> list[Data]:
    """The failures, those of components with the end of their ``log`` as lines, where it can be read."""
    found: list[Data] = []
    seen: set[tuple[str, str]] = set()
    for failure in failures:
        kind = "BUILD" if failure["step"].startswith("build") else "DEPLOY"
        place = (failure["component"], kind)
        lines = []
        if failure["component"] and place not in seen and len(seen) < _STEPS:
            seen.add(place)
            lines = _end_of_log(module, app_id, str(deployment.get("id")), *place)
        found.append({**failure, **({"log": lines} if lines else {})})
    return found


def _end_of_log(module: Module, app_id: str, deployment_id: str, component: str, kind: str) -> list[str]:
    """[] when it cannot be read: that must not hide why the deployment failed."""
    path = f"{APP_DEPLOYMENT.location(deployment_id, app_id)}/components/{component}/logs"
    try:
        # Either address may be missing, and without any there is nothing to read.
        answer = module.api.get(path, ACKNOWLEDGED, {"type": kind})
        historic = answer.get("historic_urls")
        urls = [*(historic if isinstance(historic, list) else []), answer.get("live_url")]
        url = next((url for url in urls if isinstance(url, str) and url.startswith("https://")), None)
        return tail(_read(url, module.params.get("ca_path") or None)) if url else []
    except (ApiError, HTTPException, OSError, ValueError):
        return []


def _read(url: str, ca_path: str | None) -> str:
    """Its last 64 KiB, or from its beginning where the server knows no ranges."""
    begun = time.monotonic()
    parts: list[bytes] = []
    headers = {"Range": f"bytes=-{_END}"}
    with open_url(url, ca_path=ca_path, timeout=_PATIENCE / 2, headers=headers, follow_redirects="no") as answer:
        while sum(map(len, parts)) < _MOST and time.monotonic() - begun < _PATIENCE:
            part = answer.read1(_END)
            if not part:
                break
            parts.append(part)
    return b"".join(parts)[-_END:].decode("utf-8", "replace")


def tail(text: str) -> list[str]:
    """The last lines of a log, without colours, what looks like a secret, and what identifies a person."""
    # Before it is cut: what is cut off in the middle looks like nothing.
    lines = [line.rstrip() for line in masked(COLOUR.sub("", text)).splitlines()]
    return [line[:WIDTH] for line in lines if line][-LINES:]

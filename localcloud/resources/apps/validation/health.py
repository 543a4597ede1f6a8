# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks. Ranges are those of the vendor's Go client; the description states them for liveness checks only."""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.spec import components
from localcloud.resources.apps.validation.errors import integer, invalid, object_of, text

# field → (smallest, largest)
READINESS = {
    "initial_delay_seconds": (0, 3600),
    "period_seconds": (1, 300),
    "timeout_seconds": (1, 120),
    "success_threshold": (1, 50),
    "failure_threshold": (1, 50),
}
LIVENESS = {**READINESS, "success_threshold": (1, 1)}


def check_health(spec: JSON) -> None:
    for kind, component in components(spec, "services", "workers"):
        for key, ranges in (("health_check", READINESS), ("liveness_health_check", LIVENESS)):
            field = f"{kind}.{key}"
            check = object_of(component, key, field)
            for setting, (low, high) in ranges.items():
                integer(check, setting, f"{field}.{setting}", low, high)
            path = text(check, "http_path", f"{field}.http_path")
            if path and not path.startswith("/"):
                raise invalid(f"{field}.http_path", f'"{path}" must start with /')
            _check_port(kind, field, component, integer(check, "port", f"{field}.port", 1, 65535))


def _check_port(kind: str, field: str, component: JSON, port: int | None) -> None:
    if kind != "services" or port is None:
        return
    if port != (component.get("http_port") or 8080) and port not in (component.get("internal_ports") or []):
        raise invalid(f"{field}.port", f'health check port "{port}" not found in internal_ports')

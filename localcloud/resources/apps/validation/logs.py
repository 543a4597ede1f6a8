# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Log destinations: a name and exactly one place."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.resources.apps.spec import components
from localcloud.resources.apps.validation.errors import invalid, object_of, objects, text

NAME = re.compile(r"[A-Za-z0-9()\[\]'\"][-A-Za-z0-9_. /()\[\]]{0,40}[A-Za-z0-9()\[\]'\"]")
REQUIRED = {"papertrail": "endpoint", "datadog": "api_key", "logtail": "token", "open_search": ""}


def check_logs(spec: JSON) -> None:
    for kind, component in components(spec):
        field = f"{kind}.log_destinations"
        seen: set[str] = set()
        for destination in objects(component, "log_destinations", field):
            name = text(destination, "name", f"{field}.name")
            if not NAME.fullmatch(name):
                raise invalid(f"{field}.name", f'"{name}" must have 2 to 42 letters, digits and some punctuation')
            if name in seen:
                raise invalid(f"{field}.name", f'the log destination "{name}" is there more than once')
            seen.add(name)
            _check_place(field, name, destination)


def _check_place(field: str, name: str, destination: JSON) -> None:
    given = [place for place in REQUIRED if object_of(destination, place, f"{field}.{place}")]
    if not given and text(destination, "endpoint", f"{field}.endpoint"):
        # An older form that the Go client still has.
        return
    if len(given) != 1:
        raise invalid(field, f'the log destination "{name}" needs exactly one of {", ".join(REQUIRED)}')
    (place,) = given
    details = destination[place]
    needed = REQUIRED[place]
    if needed and not text(details, needed, f"{field}.{place}.{needed}"):
        raise invalid(f"{field}.{place}.{needed}", "is required")
    if place == "open_search" and bool(details.get("endpoint")) == bool(details.get("cluster_name")):
        raise invalid(f"{field}.open_search", f'the log destination "{name}" needs either endpoint or cluster_name')

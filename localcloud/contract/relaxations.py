# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API description is wrong or behind, corrected one by one, each with its reason.

A resource package adds its own with ``@relax("reason")``; the function changes the description in place. The numbers in
the reasons refer to section 15 of the digest of the description.
"""

from __future__ import annotations

from collections.abc import Callable

from localcloud import JSON

Relaxation = Callable[[JSON], None]

RELAXATIONS: list[tuple[str, Relaxation]] = []


def relax(reason: str) -> Callable[[Relaxation], Relaxation]:
    """Register a correction of the description."""

    def register(function: Relaxation) -> Relaxation:
        RELAXATIONS.append((reason, function))
        return function

    return register


def schema(description: JSON, name: str) -> JSON:
    """The named schema of the components."""
    found: JSON = description["components"]["schemas"][name]
    return found


def apply(description: JSON) -> list[str]:
    """Correct the description; the reasons, for ``status``."""
    for _reason, function in RELAXATIONS:
        function(description)
    return [reason for reason, _function in RELAXATIONS]


@relax("§15.2: the pattern of URNs omits do:app:…, which project assignment is documented to take")
def _app_urns(description: JSON) -> None:
    urn = schema(description, "urn")
    urn["pattern"] = urn["pattern"].replace("^do:(", "^do:(app|")


@relax("§15.1: apps_vpc is readOnly by the schema, but the description's own example and the Go client set it")
def _settable_app_vpc(description: JSON) -> None:
    schema(description, "apps_vpc").pop("readOnly", None)


@relax("§15.3: databases can be tagged (prose), but the enum of resource_type lacks them")
def _taggable_databases(description: JSON) -> None:
    kind = schema(description, "tags_resource")["properties"]["resources"]["items"]["properties"]["resource_type"]
    kind["enum"].append("database")


@relax(
    "OpenAPI itself: parameters named Accept, Content-Type or Authorization shall be ignored; curl sends Accept: */*"
)
def _headers_of_http(description: JSON) -> None:
    ignored = {"accept", "content-type", "authorization"}
    parameters = description["components"].get("parameters", {})
    for item in description["paths"].values():
        for part in (item, *(part for part in item.values() if isinstance(part, dict))):
            if "parameters" in part:
                part["parameters"] = [
                    given for given in part["parameters"] if _name_of_header(given, parameters) not in ignored
                ]


def _name_of_header(given: JSON, parameters: JSON) -> str:
    found = parameters[given["$ref"].rpartition("/")[2]] if "$ref" in given else given
    return str(found["name"]).lower() if found["in"] == "header" else ""


@relax('the Go client sends "environment": "" for a project without one, which the enum does not have')
def _project_without_environment(description: JSON) -> None:
    schema(description, "project_base")["properties"]["environment"]["enum"].append("")


@relax("deleting a project without a content-type of JSON is answered 415 with an empty body (pydo issues 158 and 376)")
def _unsupported_media_type(description: JSON) -> None:
    description["paths"]["/v2/projects/{project_id}"]["delete"]["responses"]["415"] = {"description": "Empty."}

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has drifted, from a plan and from what is in the account."""

from __future__ import annotations

from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drift import drift_document, environment_drift
from tests.unit.plugins.plugin_utils.accounts import ABOUT, VPC, droplet, found


def resource(name: str, action: str, *changes: tuple[str, Any, Any], why: str = "") -> dict[str, Any]:
    rows = [{"attribute": path, "before": before, "after": after} for path, before, after in changes]
    return {"name": name, "kind": "", "called": "", "action": action, "changes": rows, "comes_with": [], "why": why}


def drift(*resources: dict[str, Any], not_compared: list[str] | None = None, **more: Any) -> dict[str, Any]:
    return environment_drift(found(**more), ABOUT, {"resources": list(resources), "not_compared": not_compared or []})


def test_nothing_is_told_in_a_line() -> None:
    told = drift_document(drift())
    assert (told["headline"], told["good"], told["sections"]) == ("Drift · test · nothing has drifted", True, [])


def test_what_differs_and_what_nobody_declared_are_told_apart() -> None:
    made = drift(
        resource("network", "change", ("description", "theirs", "ours")),
        resource("valkey", "create"),
        resource("postgresql", "cannot", why="It cannot shrink."),
        droplets=[droplet("clinic-old", vpc_uuid=VPC)],
    )
    told = drift_document(made)
    assert (told["headline"], told["good"]) == ("Drift · test · 3 differ, 1 nobody declared", False)
    page = document_page(told)
    for words in (
        "description  theirs    ours",
        "It is missing.",
        "It cannot shrink.",
        "its name, the private network",
    ):
        assert words in page, words
    assert "| Droplet | clinic-old | 7 | o nome, a rede privada |" in document_markdown(drift_document(made, "pt_BR"))


def test_what_was_not_compared_is_no_drift_but_is_told() -> None:
    told = drift_document(drift(not_compared=["No key."]))
    assert (told["headline"], told["good"]) == ("Drift · test · not everything compared", True)
    assert "No key." in document_page(told)

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names lead to App Platform, and what somebody else has in the zone is as it was."""

from __future__ import annotations

from typing import Any

ZONE = "fisioflow.example"


def records(account: Any, kind: str) -> set[tuple[str, str]]:
    rows = account.rows(f"/v2/domains/{ZONE}/records", "domain_records")
    return {(row["name"], row["data"]) for row in rows if row["type"] == kind}


def test_the_names_lead_to_app_platform(account: Any) -> None:
    ingress = ("162.159.140.98", "172.66.0.96")
    assert records(account, "A") == {(name, address) for name in ("@", "www") for address in ingress}


def test_what_is_somebody_elses_stays(account: Any) -> None:
    assert records(account, "MX") == {("@", f"mail.{ZONE}")}
    assert records(account, "CAA") == {
        *(("@", name) for name in ("letsencrypt.org", "pki.goog")),
        ("@", "mailto:security@fisioflow.example"),
    }

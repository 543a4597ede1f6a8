# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a failover has come to is told in both languages, also when it has proved nothing."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.failover_pages import failover_document

TOLD = {
    "environment": "local", "failure": "", "provoked": "", "primary_changed": True, "answers": True, "writes": 140,
    "lost": 2, "longest_ms": 1240, "interruptions": [{"milliseconds": 1240, "error": "refused"}], "seconds": 60.4,
}  # fmt: skip


def test_what_was_measured_is_told_in_both_languages() -> None:
    english, portuguese = failover_document(TOLD), failover_document(TOLD, "pt_BR")
    assert english["headline"] == "Valkey failover · local · 1240 ms without Valkey, 2 acknowledged writes lost"
    assert portuguese["headline"] == "Failover do Valkey · local · 1240 ms sem Valkey, 2 gravações confirmadas perdidas"
    assert (english["good"], portuguese["language"]) == (True, "pt_BR")
    lines = [line.split("  ") for line in document_page(english).splitlines()]
    assert ["another primary", "yes"] in [[line[1], line[-1].strip()] for line in lines if len(line) > 2]
    assert "refused" in document_page(portuguese)
    assert "outro primário" in document_page(portuguese)


def test_what_has_proved_nothing_is_no_success() -> None:
    told = failover_document({**TOLD, "failure": "The primary did not change.", "primary_changed": False})
    assert (told["good"], told["headline"]) == (False, "Valkey failover · local · FAILED")

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, from what it registered. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.diagnosing import diagnostics
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_markdown, document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.failover_pages import failover_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.fleet import fleet_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.html_pages import document_html
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.markdown import report_figures
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.pages import (
    in_force,
    summary_headline,
    summary_page,
    summary_report,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.reporting import (
    by_name,
    changes,
    differences,
    gone,
    urns,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.review import review_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.table_pages import restored_table_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.watching import deviations


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "by_name": by_name,
            "changes": changes,
            "deviations": deviations,
            "diagnostics": diagnostics,
            "differences": differences,
            "failover_document": failover_document,
            "gone": gone,
            "urns": urns,
            "in_force": in_force,
            "summary_headline": summary_headline,
            "summary_page": summary_page,
            "summary_report": summary_report,
            "report_figures": report_figures,
            "restored_table_document": restored_table_document,
            "review_document": review_document,
            "document_page": document_page,
            "document_markdown": document_markdown,
            "document_html": document_html,
            "fleet_page": fleet_page,
        }

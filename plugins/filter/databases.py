# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on inside of databases. Each is documented in the file of its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_logins import app_login
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.backups import (
    backups_judged,
    recipients_problem,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.backups_pages import backups_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling import drill_result
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_pages import drill_document
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.drilling_scenarios import (
    app_parts,
    app_problems,
    configuration_parts,
    configuration_problems,
    drill_rehearsed,
    files_part,
    files_problems,
    known_hashes,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.privileges import database_privileges
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.restoring import (
    restore_plan,
    source_problem,
    target_problem,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.upgrading import upgrade_losses, upgrade_problems


class FilterModule:
    """Registers the filters."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "app_login": app_login,
            "database_privileges": database_privileges,
            "drill_app_parts": app_parts,
            "drill_app_problems": app_problems,
            "drill_configuration_parts": configuration_parts,
            "drill_configuration_problems": configuration_problems,
            "drill_document": drill_document,
            "drill_files_part": files_part,
            "drill_files_problems": files_problems,
            "drill_known_hashes": known_hashes,
            "drill_rehearsed": drill_rehearsed,
            "drill_result": drill_result,
            "restore_plan": restore_plan,
            "restore_source_problem": source_problem,
            "restore_target_problem": target_problem,
            "recipients_problem": recipients_problem,
            "backups_judged": backups_judged,
            "backups_document": backups_document,
            "upgrade_losses": upgrade_losses,
            "upgrade_problems": upgrade_problems,
        }

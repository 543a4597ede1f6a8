# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that nothing reads because their name is misspelled, or that have no value.

Ansible takes any variable: C(-e image_digst=…) would deploy nothing and end green, and so would C(-e image_digest=).
"""

from __future__ import annotations

DOCUMENTATION = r"""
name: misspelled_inputs
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Variables whose names are almost those of inputs
description:
  - Compares the names of the variables in force with the inputs of all roles of this collection and of its playbooks.
  - Only names that nearly match are told; variables of your own under other names are nobody's business.
  - Told are, too, extra variables (C(-e)) that say what to deploy or to purge and are empty, as by one that is not set,
    and words of C(-e) that belong to no variable, since Ansible cuts a value at a space that is not within quotes.
  - Of an extra variable that begins as the inputs of a role do, and is none, it warns.
options:
  _terms:
    description: Further names that are inputs.
    type: list
    elements: string
"""

EXAMPLES = r"""
- name: Refuse variables that nothing would read
  ansible.builtin.assert:
    that: query('fisioflow.digitalocean.misspelled_inputs') == []
"""

RETURN = r"""
_raw:
  description: One sentence for each of them.
  type: list
  elements: str
"""

from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.nearest import nearest
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import roles

# What playbooks and inventories read besides the inputs of roles.
PLAYBOOKS = (
    *("image_digest", "git_branch", "git_commit", "confirm", "destroy_data", "plan", "rotate", "rotation_max_age_days"),
    *("version", "paths"),
    *("adopt_environment", "adopt_app", "adopt_spec", "adopt_terraform", "adopt_vault_password_file"),
    *("deployment", "component", "tail_type", "tail_lines", "tail_seconds", "maintenance"),
    *("renew_within_days", "deploy_dump", "table", "dump", "cleanup"),
    # Of inventories/common/secrets.yml.
    *("vault_nextauth_secret", "vault_encryption_key", "vault_status_check_token", "vault_openai_api_key"),
    *("vault_anthropic_api_key", "vault_gemini_api_key", "vault_sentry_dsn", "vault_smtp_pass"),
    *("vault_whatsapp_access_token", "vault_whatsapp_webhook_verify_token"),
    *("vault_origin_secret", "vault_origin_secret_next"),
    *("fisioflow_name", "fisioflow_environment", "fisioflow_prefix", "fisioflow_summary", "fisioflow_report_dir"),
    # Of inventories/common/names.yml.
    *("vault_slack_url", "fisioflow_slack_url"),
    *("fisioflow_region", "fisioflow_app_region", "fisioflow_spaces_region", "fisioflow_backup_region", "spaces_url"),
    *("restore_key", "restore_version", "restore_prefix", "restore_all", "restore_at", "restore_from", "restore_list"),
    "fisioflow_backup_identity",
    *("digitalocean_api_url", "digitalocean_api_token", "digitalocean_ca_path"),
)
# Without a value they would mean what nobody has said: what is deployed is kept, or all is purged.
NEED_A_VALUE = ("image_digest", "git_branch", "git_commit", "paths")
# Where Ansible leaves what is no variable with a value.
REST = "_raw_params"
TORN = "-e was given words that belong to no variable, as after a space in a value: quote it, as -e 'name=\"a value\"'."
# Ansible's own, private ones, those of AWX, and what tasks register.
FOREIGN = ("ansible_", "_", "awx_", "tower_")
REGISTERED = "_result"
# One or two letters wrong in a name of usual length.
CLOSENESS = 0.88
# What is there once a part of a procedure of several is over: it has looked at what people have set,
# and what else is set by now roles have left.
LATER = "procedure_outcomes"


def unread(given: list[str], known: set[str], told: list[str]) -> list[str]:
    """A sentence for each of `given` that begins as the inputs of a role do, is none, and is not in `told` already."""
    prefixes = tuple(f"{role}_" for role in roles.names())
    names = (name for name in sorted(set(given) - known) if name.startswith(prefixes))
    return [
        f"{name} was given with -e, and no role of this collection has such an input."
        for name in names
        if not any(sentence.startswith(f"{name} ") for sentence in told)
    ]


def empty(given: dict[str, Any]) -> list[str]:
    """A sentence for each of `given` that must have a value and has none."""
    return [
        f"{name} was given without a value, as by a variable that is not set: give it one, or leave it out."
        for name in NEED_A_VALUE
        if name in given and not (given[name] and str(given[name]).strip(", "))
    ]


def misspelled(names: list[str], known: set[str]) -> list[str]:
    """A sentence for each of `names` that is not among `known` but nearly so."""
    sentences = []
    for name in sorted(set(names) - known):
        if name.startswith(FOREIGN) or name.endswith(REGISTERED):
            continue
        close = nearest(name, known, CLOSENESS)
        if close:
            sentences.append(f"{name} is set, but nothing reads it; perhaps {close} is meant.")
    return sentences


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(query('fisioflow.digitalocean.misspelled_inputs'))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        if LATER in (variables or {}):
            return []
        known = {*PLAYBOOKS, *terms, *(name for role in roles.names() for name in roles.options(role))}
        told = misspelled([str(name) for name in variables or {}], known)
        given = load_extra_vars(self._loader)
        # The inventory may have use for it, so that it is no reason to refuse.
        for sentence in unread([str(name) for name in given], known, told):
            Display().warning(sentence)
        return told + empty(given) + ([TORN] if REST in given else [])

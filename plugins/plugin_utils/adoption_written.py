# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an adopted environment's inventory, beside the links to what all inventories share."""

from __future__ import annotations

import json
from typing import Any

import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

_HEAD = """---
# FisioFlow, {environment}: as it was found on {made_at}, by playbooks/adopt_environment.yml. Sizes that are not here
# come from 20_profile.yml (a link to inventories/common); whatever is here wins over them.
"""
_FOUND = """
# As it was found. Without a line of these, what the project itself thinks right applies: take one away, look at
# playbooks/plan.yml, and apply it with site.yml.
"""
_SECRETS = """---
# Secrets that the app has, each from vault or from the environment; with those of inventories/common/secrets.yml.
"""
_BUDGET = "# A plan that costs more a month is refused: set it when the bill is known (playbooks/report_costs.yml).\n"
# What people look for first.
_FIRST = (
    *("fisioflow_region", "fisioflow_app_region", "fisioflow_spaces_region", "project_environment", "network_ip_range"),
    *("app_domains", "edge_mode", "app_alert_emails", "app_image", "app_git"),
)
_TEMPLATE = ("{{", "{%", "{#")


class _Dumper(yaml.SafeDumper):
    """Without anchors, and with what could be a template marked as none."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    tag = "!unsafe" if any(mark in value for mark in _TEMPLATE) else "tag:yaml.org,2002:str"
    return dumper.represent_scalar(tag, value, style="'" if tag == "!unsafe" else None)


_Dumper.add_representer(str, _text)


def adopted_settings(made: Data) -> str:
    """`30_settings.yml`. No secret is in it."""
    app, environment = made["app"], made["environment"]
    base = base_of(app, environment)
    names = {"fisioflow_name": base, "fisioflow_environment": environment}
    if f"{base}-{environment}" != app:
        names["fisioflow_prefix"] = app
    settings = made["settings"]
    first = {name: settings[name] for name in _FIRST if name in settings}
    rest = {name: settings[name] for name in sorted(settings) if name not in _FIRST}
    return "".join(
        [
            _HEAD.format(**made),
            _yaml(names),
            _yaml(first),
            _BUDGET,
            _yaml({"preflight_budget_usd": 0}),
            _FOUND if rest else "",
            _yaml(rest),
        ]
    )


def base_of(app: str, environment: str) -> str:
    """What the project calls it, of an app that is called after its environment, too."""
    return app.removesuffix(f"-{environment}")


def adopted_secret_names(made: Data, optional: Data) -> str:
    """`26_secrets.yml`, "" where what all inventories share is enough; `optional` is that, as it stands in its file."""
    common = {*optional, *made["required"]}
    more = sorted(set(made["secrets"]) - common)
    if not more:
        return ""
    rows = {
        **{name: " ".join(str(text).split()) for name, text in optional.items()},
        **{name: _lookup(name) for name in more},
    }
    body = "".join(
        f"  {name}: {yaml.safe_dump(text, default_style=chr(34), width=4096).strip()}\n" for name, text in rows.items()
    )
    return f"{_SECRETS}environment_optional_secrets:\n{body}"


def adopted_vault(secrets: dict[str, str], common: list[str]) -> str:
    """What is to be encrypted; "" for nothing. Secret. `common` are the names that all inventories have."""
    given = {name: value for name, value in sorted(secrets.items()) if value}
    values: Data = {f"vault_{name.lower()}": value for name, value in given.items() if name in common}
    if more := {name: value for name, value in given.items() if name not in common}:
        values["vault_adopted"] = more
    return f"---\n{_yaml(values)}" if values else ""


def _lookup(name: str) -> str:
    vault, environment = f"(vault_adopted | default({{}})).{name}", f"lookup('ansible.builtin.env', 'FISIOFLOW_{name}')"
    return f"{{{{ {vault} | default({environment}, true) }}}}"


def _yaml(values: Data) -> str:
    # Ansible's texts know where they came from, which is nothing to write.
    values = json.loads(json.dumps(values))
    return yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110) if values else ""

#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: the account behind the token, and what the token may do."""

from __future__ import annotations

DOCUMENTATION = r"""
module: account_info
short_description: Show the account and what the token may do
version_added: 0.1.0
description:
  - Shows the account that the token belongs to, the token's scopes and how long it is still valid.
  - The API description has no operation for the scopes; the vendor's own command line asks C(cloud.digitalocean.com),
    and so does this module. Any other O(api_url) is asked itself. Without an answer, RV(account.token_scopes) is null.
author:
  - FisioFlow contributors (@fisioflow)
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.attributes.info
"""

EXAMPLES = r"""
- name: Refuse to go on with a token that may not create databases
  fisioflow.digitalocean.account_info:
  register: us
  failed_when: us.account.token_scopes is not none and 'database:create' not in us.account.token_scopes
"""

RETURN = r"""
account:
  description: The account as the API gives it, and what the token may do.
  returned: success
  type: dict
  contains:
    token_scopes:
      description: The scopes of the token; null when they cannot be found out.
      type: list
      elements: str
    token_expires_in:
      description: For how many seconds the token is still valid; null when it does not expire, or nobody knows.
      type: int
    server_time:
      description: The time by the API's clock.
      type: str
  sample:
    uuid: b6f2c4c0a8a34f0fb9c3f2b0a96d5f7e1c2d3e4f
    email: ops@clinic.example
    email_verified: true
    status: active
    status_message: ''
    droplet_limit: 25
    floating_ip_limit: 5
    team:
      uuid: 5df3e3004a17e242b7c20ca6c9fc25b701a47ece
      name: Clinic
    token_scopes: ['account:read', 'app:read', 'database:read']
    token_expires_in: 2591999
    server_time: '2026-11-28T21:00:00Z'
"""

from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Unauthorized
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import ACCOUNT
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import Module, run_module

INFO_PATH = "/v1/oauth/token/info"


class AccountInfo(Module):
    """Two questions at the same time: who we are, and what we may do."""

    kind = ACCOUNT

    def run(self) -> Data:
        """The answers of both."""
        found = self.api.gather(
            {"account": lambda: self.api.get(ACCOUNT.path, ACCOUNT.promise), "token": self._about_token}
        )
        token = {
            "token_scopes": found["token"].get("scopes"),
            "token_expires_in": found["token"].get("expires_in_seconds"),
        }
        more = {**token, "server_time": self.api.now().strftime("%Y-%m-%dT%H:%M:%SZ")}
        return {"changed": False, "account": {**ACCOUNT.unwrap(found["account"]), **more}}

    def _about_token(self) -> Data:
        vendor = urlsplit(self.params["api_url"]).hostname == "api.digitalocean.com"
        try:
            return self.api.get(
                f"https://cloud.digitalocean.com{INFO_PATH}" if vendor else INFO_PATH, Promise("scopes", list)
            )
        except Unauthorized:
            raise
        except ApiError:
            # Not part of the API's promises: to go without is no failure.
            return {}


def main() -> None:
    """Run as an ordinary module."""
    run_module(AccountInfo)


if __name__ == "__main__":
    main()

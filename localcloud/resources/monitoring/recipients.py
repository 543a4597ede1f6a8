# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is told: e-mail addresses and Slack channels, as policies and uptime alerts have them."""

from __future__ import annotations

import re

from localcloud import JSON
from localcloud.ports.errors import ApiError

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Nobody's domain (RFC 2606): how a test names somebody who is not verified on the account.
NOBODY = ".invalid"


def recipients(given: JSON) -> JSON:
    """``{email: […], slack: [{channel, url}]}``; an address must be verified on the account [S]. The words: [?]."""
    emails, slack = list(given.get("email") or []), list(given.get("slack") or [])
    for email in emails:
        if not EMAIL.fullmatch(str(email)) or email.endswith(NOBODY):
            raise ApiError(422, f"{email} is not a verified email address of this account")
    for hook in slack:
        if not str(hook.get("url", "")).startswith("https://") or not hook.get("channel"):
            raise ApiError(422, "a slack webhook needs an https url and a channel")
    return {"email": emails, "slack": [{"channel": hook["channel"], "url": hook["url"]} for hook in slack]}

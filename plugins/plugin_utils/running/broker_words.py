# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a run and its broker talk: a line of JSON, and behind it the body that it announces."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import errors


def line(said: dict[str, Any]) -> bytes:
    """As it is said, on either side."""
    return json.dumps(said).encode() + b"\n"


def told(error: errors.ApiError) -> dict[str, Any]:
    """An exchange that brought no answer, for `raised`."""
    kind, executed = type(error).__name__, error.uncertain
    return {"kind": kind, "message": error.message, "executed": executed, "status": error.status}


def raised(failure: dict[str, Any], facts: dict[str, Any]) -> errors.ApiError:
    """The error that was `told`, with the facts about the exchange."""
    kind, message = failure["kind"], failure["message"]
    if kind == "ConnectionLost":
        return errors.ConnectionLost(message, executed=failure["executed"], **facts)
    known: dict[str, type[errors.ApiError]] = {"TlsError": errors.TlsError, "ProxyRefused": errors.ProxyRefused}
    return known[kind](message, status=failure["status"], **facts)

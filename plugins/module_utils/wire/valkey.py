# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Valkey keeps what it is given, and who gets in."""

from __future__ import annotations

import secrets
import time
from typing import Any

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure

try:
    import valkey
except ImportError:
    valkey = None  # type: ignore[assignment]

SECONDS = 60


def client(connection: Data, ca: str, timeout: float, *, tls: bool = True) -> Any:
    """One that verifies whom it talks to, and tries once. `connection` is as the API gives it."""
    if valkey is None:
        raise Failure(missing_required_lib("valkey"))
    safe: Data = (
        {"ssl": True, "ssl_ca_data": ca, "ssl_cert_reqs": "required", "ssl_check_hostname": True} if tls else {}
    )
    return valkey.Valkey(
        host=connection["host"],
        port=int(connection["port"]),
        username=connection["user"],
        password=connection["password"],
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        decode_responses=True,
        **safe,
    )


def refused(asker: Any) -> str:
    """Why somebody does not get in, in a line; "" when he does."""
    try:
        asker.ping()
    except valkey.ValkeyError as error:
        return " ".join(str(error).split()) or "the connection was closed"
    finally:
        asker.close()
    return ""


def round_trip(asker: Any) -> float:
    """Milliseconds that it takes to set a key that ends by itself, read it, and delete it. Raises Failure."""
    key, mark, began = f"fisioflow:wire:{secrets.token_hex(8)}", secrets.token_hex(8), time.monotonic()
    try:
        asker.set(key, mark, ex=SECONDS)
        found, left = asker.get(key), asker.ttl(key)
        asker.delete(key)
        gone = asker.get(key) is None
    except valkey.ValkeyError as error:
        raise Failure(f"Valkey did not take a key: {' '.join(str(error).split())}.") from None
    finally:
        asker.close()
    if found != mark or not 0 < left <= SECONDS or not gone:
        raise Failure(f"Valkey did not keep a key as it was told: read {found == mark}, ends {left} s, gone {gone}.")
    return (time.monotonic() - began) * 1000

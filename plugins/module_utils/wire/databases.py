# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets into a database cluster, and what he may do there."""

from __future__ import annotations

import os
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.tls import certificate, encrypted, trust
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire import postgresql, valkey

# What is told, and that nobody has looked at it.
UNSEEN: Data = dict.fromkeys(("tls", "plain", "milliseconds", "may", "attributes", "schemas", "logins", "closed"))
MOST_SECONDS = 10.0
PAUSE = 2.0


def look(cluster: Data, ca: str, options: Data, clock: Clock) -> Data:
    """What the module database_access_info tells, by its options."""
    connection = cluster.get("connection") or {}
    passwords = {user["name"]: user.get("password") for user in cluster.get("users") or []}
    passwords[connection.get("user")] = connection.get("password")
    if not all(connection.get(part) for part in ("host", "port")) or not all(passwords.values()):
        raise Failure(
            f'The API does not tell how to connect to database cluster "{cluster["name"]}": give the token the scope '
            "database:view_credentials."
        )
    options = {**options, "admin": connection["user"]}
    timeout = min(MOST_SECONDS, float(options["timeout"]))
    if cluster["engine"] == "valkey":
        return {**UNSEEN, **_valkey(connection, ca, options, clock, timeout)}
    with _file(ca if cluster["engine"] == "pg" else "") as path:
        login = postgresql.Login(
            connection["host"], int(connection["port"]), options["database"], path, _all(passwords)
        )
        return {**UNSEEN, **_postgresql(login, ca, options, clock, timeout)}


def _postgresql(login: postgresql.Login, ca: str, options: Data, clock: Clock, timeout: float) -> Data:
    user, owner = options["user"], options["owner"]
    why = _patiently(lambda: postgresql.refused(login, user, timeout), options["patience"], clock)
    if why or options["only_connect"]:
        return {"refused": why}
    return {
        "refused": "",
        "tls": _tls(login.host, login.port, ca if login.authority != "system" else "", timeout, postgresql=True),
        "plain": postgresql.refused(login, user, timeout, sslmode="disable", sslrootcert=None),
        "milliseconds": round(postgresql.round_trip(login, owner, timeout), 1),
        **postgresql.privileges(login, user, owner, [*options["known"], options["admin"]], timeout),
    }


def _valkey(connection: Data, ca: str, options: Data, clock: Clock, timeout: float) -> Data:
    why = _patiently(lambda: valkey.refused(valkey.client(connection, ca, timeout)), options["patience"], clock)
    if why or options["only_connect"]:
        return {"refused": why}
    return {
        "refused": "",
        "tls": _tls(connection["host"], int(connection["port"]), ca, timeout),
        "plain": valkey.refused(valkey.client(connection, ca, timeout, tls=False)),
        "milliseconds": round(valkey.round_trip(valkey.client(connection, ca, timeout)), 1),
    }


def _patiently(tried: Callable[[], str], patience: float, clock: Clock) -> str:
    """Until it is not refused any more, or the time is over."""
    deadline = clock.now() + patience
    while (why := tried()) and clock.now() + PAUSE < deadline:
        clock.sleep(PAUSE)
    return why


def _tls(host: str, port: int, ca: str, timeout: float, postgresql: bool = False) -> Data:
    try:
        with encrypted(host, port, trust(pem=ca), timeout, postgresql=postgresql) as safe:
            return certificate(safe)
    except ssl.SSLError as error:
        raise Failure(f"{host}:{port} shows no TLS that can be trusted: {error.reason or error.strerror}.") from None


def _all(passwords: Data) -> dict[str, str]:
    return {str(name): str(password) for name, password in passwords.items()}


@contextmanager
def _file(pem: str) -> Iterator[str]:
    """libpq reads an authority from a file; without one, that of the system counts."""
    if not pem:
        yield "system"
        return
    handle, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(pem)
        yield path
    finally:
        Path(path).unlink()

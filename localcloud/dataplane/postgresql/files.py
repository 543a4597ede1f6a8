# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a server is configured by. They are ours, and its user can read them only."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from localcloud.dataplane import supervisor
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.postgresql.programs import SUPERUSER
from localcloud.world import private

OURS = "localcloud"


class Files:
    def __init__(self, ground: Ground, folder: Path) -> None:
        self._ground, self.folder = ground, folder
        self._names: list[str] = []

    @property
    def main(self) -> Path:
        return self.folder / "postgresql.conf"

    def certify(self, names: list[str]) -> bool:
        """A certificate for these addresses and names; whether it is a new one."""
        if names == self._names:
            return False
        certificate = self._ground.issue(*names)
        chain = b"".join(part.bytes() for part in certificate.cert_chain_pems)
        self._write("server.crt", chain.decode())
        self._write("server.key", certificate.private_key_pem.bytes().decode())
        self._names = names
        return True

    def admit(self, sources: list[str]) -> bool:
        """Who may connect from where; whether that is something new."""
        me = pwd.getpwuid(os.geteuid()).pw_name
        server = supervisor.NOBODY if supervisor.as_root() else me
        lines = [
            f"local all all peer map={OURS}",
            f"local replication {SUPERUSER} peer map={OURS}",
            f"hostssl all {SUPERUSER} all reject",
            *(f"hostssl all all {network} scram-sha-256" for network in sources),
            "hostssl all all all reject",
        ]
        # A replica connects as the user that servers run as.
        known = [f"{OURS} {me} all", f"{OURS} {server} {SUPERUSER}"]
        return self._write("pg_ident.conf", *known) | self._write("pg_hba.conf", *lines)

    def configure(self, parameters: dict[str, str]) -> bool:
        """Whether the parameters are others than before."""
        files = {
            "hba_file": "pg_hba.conf",
            "ident_file": "pg_ident.conf",
            "ssl_cert_file": "server.crt",
            "ssl_key_file": "server.key",
        }
        paths = {name: str(self.folder / file) for name, file in files.items()}
        lines = [f"{name} = {_quoted(value)}" for name, value in sorted({**parameters, **paths, "ssl": "on"}.items())]
        return self._write(self.main.name, *lines)

    def _write(self, name: str, *lines: str) -> bool:
        path, text = self.folder / name, "\n".join(lines) + "\n"
        if path.exists() and private.read(path) == text:
            return False
        private.write(path, text.encode())
        if supervisor.as_root():
            os.chown(path, 0, pwd.getpwnam(supervisor.NOBODY).pw_gid)
            path.chmod(0o640)
        return True


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"

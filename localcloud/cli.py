# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``localcloud`` command."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from localcloud.auth import default_token
from localcloud.server import Server, listen, serve


def main() -> None:
    parser = argparse.ArgumentParser(prog="localcloud")
    parser.add_argument("command", choices=["serve"])
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--spaces-port", type=int, default=8444)
    parser.add_argument("--speed", default="instant")
    args = parser.parse_args()
    home = Path(os.environ.get("LOCALCLOUD_HOME", ".localcloud"))
    api = listen(args.port)
    print(f"export DIGITALOCEAN_API_URL=https://127.0.0.1:{api.getsockname()[1]}")
    print(f"export DIGITALOCEAN_TOKEN={default_token()} DIGITALOCEAN_CA_PATH={home}/ca.pem", flush=True)
    asyncio.run(serve(Server(home, args.speed), api))

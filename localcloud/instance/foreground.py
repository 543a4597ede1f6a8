# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``localcloud serve``: an instance in this process."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from localcloud.instance.home import API_PORT, SPACES_PORT, Home, HomeError, exports
from localcloud.instance.logfile import LogFile
from localcloud.instance.serve import listen, run
from localcloud.instance.server import Server
from localcloud.ports.shared import Options

VARIABLE = "LOCALCLOUD_SPEC"
NAME = "digitalocean-openapi.json"


def find_spec(given: Path | None) -> Path | None:
    """The API description: as given, as the environment names it, as fetched, or beside the checkout; else None."""
    if given is None and os.environ.get(VARIABLE):
        given = Path(os.environ[VARIABLE])
    if given is not None:
        path = given.expanduser().absolute()
        if not path.is_file():
            raise HomeError(f"there is no API description {path}")
        return path
    checkout = Path(__file__).resolve().parents[2]
    # What `make description` fetched, on purpose; then what lies beside the checkout.
    places = (checkout / ".cache" / NAME, checkout.parent / "shared" / "api" / NAME)
    return next((path for path in places if path.is_file()), None)


def serve_here(args: argparse.Namespace, home: Home) -> int:
    handlers = [LogFile(args.log)] if args.log else None
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", handlers=handlers)
    options = Options(
        speed=args.speed,
        strict=args.strict,
        keep_state=args.keep_state,
        latency_ms=args.latency_ms,
        rtt_ms=args.rtt_ms,
        rate_limit=args.rate_limit,
        http2=args.http2,
        records_only=args.records_only,
        spec=find_spec(args.spec),
        until_stdin_ends=args.until_stdin_ends,
    )
    home.acquire()
    try:
        sockets = {"api": listen(args.port, API_PORT), "spaces": listen(args.spaces_port, SPACES_PORT)}
        server = Server(home.path, options)
    except (HomeError, ValueError, OSError) as error:
        home.release()
        raise HomeError(str(error)) from None

    def ready() -> None:
        if not args.quiet:
            sys.stdout.write(exports(server.shared.env()) + "\n")
            sys.stdout.flush()

    run(server, home, sockets, ready)
    return 0

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the ``localcloud`` command takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from localcloud import __version__
from localcloud.commands import add_to
from localcloud.instance.home import API_PORT, SPACES_PORT
from localcloud.ports.words import HOME
from localcloud.world.clock import factor, is_latency


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} ({self.prog} -h)\n")


def _speed(text: str) -> str:
    try:
        factor(text)
    except ValueError:
        message = f"{text!r} is neither instant nor real nor a factor (0.02, or 50x for fifty times faster)"
        raise argparse.ArgumentTypeError(message) from None
    return text


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port")
    return port


def _latency(text: str) -> float:
    ms = float(text)
    if not is_latency(ms):
        raise argparse.ArgumentTypeError(f"{text} is no latency")
    return ms


def _options() -> _Parser:
    """What ``up`` and ``serve`` take. Nothing has a default here, so that ``up`` can tell what was asked for."""
    options = _Parser(add_help=False, argument_default=None)
    free = "0: any free one; default {}, or any free one when that is taken"
    options.add_argument("--port", type=_port, help=f"of the API; {free.format(API_PORT)}")
    options.add_argument("--spaces-port", type=_port, help=f"of Spaces (S3); {free.format(SPACES_PORT)}")
    options.add_argument(
        "--speed", type=_speed, help="how long things take: instant (default), real, or a factor: 0.02, 50x"
    )
    flag = argparse.BooleanOptionalAction
    options.add_argument("--strict", action=flag, help="refuse what violates the API description (default)")
    options.add_argument("--rate-limit", action=flag, help="5,000 requests an hour, 250 a minute (default)")
    options.add_argument("--latency-ms", type=_latency, metavar="MS", help="added to every request")
    options.add_argument("--rtt-ms", type=_latency, metavar="MS", help="of a round trip, handshakes included")
    options.add_argument("--http2", action=flag, help="the API speaks HTTP/2, too (default)")
    what = "no software behind them: databases, apps and so on are records alone"
    options.add_argument("--records-only", action="store_const", const=True, help=what)
    options.add_argument("--keep-state", action="store_const", const=True, help="save the state, for the next start")
    options.add_argument("--spec", type=Path, metavar="PATH", help="the API description (or LOCALCLOUD_SPEC)")
    return options


def parser() -> argparse.ArgumentParser:
    options = _options()
    main = _Parser(
        prog="localcloud",
        description="A DigitalOcean on one machine.",
        epilog=f"An instance lives in the folder that {HOME} names (default: .localcloud here); "
        "several run side by side.",
    )
    main.add_argument("--version", action="version", version=f"localcloud {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("up", parents=[options], help="start in the background and wait until it answers")
    serve = commands.add_parser("serve", parents=[options], help="run in the foreground")
    serve.add_argument("--quiet", action="store_true", help="do not print the exports of `env`")
    serve.add_argument("--log", type=Path, metavar="PATH", help="log there, at most 10 MB, not to standard error")
    serve.add_argument("--until-stdin-ends", action="store_true", help="stop when standard input is closed")
    down = commands.add_parser("down", help="stop, and leave nothing behind")
    down.add_argument("--keep-state", action="store_true", help="but the state, for the next start")
    status = commands.add_parser("status", help="what runs here and what it holds")
    status.add_argument("--json", action="store_true")
    env = commands.add_parser("env", help="print the exports that point any DigitalOcean client here")
    env.add_argument("--json", action="store_true")
    env.add_argument("--unset", action="store_true", help="print what takes those exports back")
    add_to(commands)
    commands.add_parser("reset", help="empty the account")
    return main

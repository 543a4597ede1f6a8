# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``localcloud`` command."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from localcloud import __version__
from localcloud.client import Admin, AdminError
from localcloud.clock import factor
from localcloud.daemon import start, stop
from localcloud.home import VARIABLE, Home, HomeError, default

API_PORT = 8443
SPACES_PORT = 8444


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


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--port", type=_port, default=API_PORT, help="of the API; 0: any free one (default %(default)s)"
    )
    options.add_argument("--spaces-port", type=_port, default=SPACES_PORT, help="of Spaces (S3) (default %(default)s)")
    options.add_argument(
        "--speed", type=_speed, default="instant", help="how long things take: instant, real, or a factor: 0.02, 50x"
    )
    options.add_argument(
        "--strict", action=argparse.BooleanOptionalAction, default=True, help="refuse what violates the API description"
    )
    options.add_argument(
        "--rate-limit", action=argparse.BooleanOptionalAction, default=True, help="5,000 requests an hour, 250 a minute"
    )
    options.add_argument("--latency-ms", type=float, default=0, metavar="MS", help="added to every request")
    options.add_argument("--keep-state", action="store_true", help="save the state, for the next start")
    options.add_argument("--spec", type=Path, metavar="PATH", help="the API description (or LOCALCLOUD_SPEC)")

    main = argparse.ArgumentParser(
        prog="localcloud",
        description="A DigitalOcean on one machine.",
        epilog=f"An instance lives in the folder that {VARIABLE} names (default: .localcloud here); "
        "several run side by side.",
    )
    main.add_argument("--version", action="version", version=f"localcloud {__version__}")
    commands = main.add_subparsers(dest="command", required=True, metavar="command")
    commands.add_parser("up", parents=[options], help="start in the background and wait until it answers")
    serve = commands.add_parser("serve", parents=[options], help="run in the foreground")
    serve.add_argument("--quiet", action="store_true", help="do not print the exports of `env`")
    serve.add_argument("--until-stdin-ends", action="store_true", help="stop when standard input is closed")
    down = commands.add_parser("down", help="stop, and leave nothing behind")
    down.add_argument("--keep-state", action="store_true", help="but the state, for the next start")
    status = commands.add_parser("status", help="what runs here and what it holds")
    status.add_argument("--json", action="store_true")
    env = commands.add_parser("env", help="print the exports that point any DigitalOcean client here")
    env.add_argument("--json", action="store_true")
    commands.add_parser("reset", help="empty the account")
    return main


def main(arguments: list[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    home = Home(default())
    commands = {"up": _up, "serve": _serve, "down": _down, "status": _status, "env": _env, "reset": _reset}
    try:
        return commands[args.command](args, home)
    except (HomeError, AdminError) as error:
        print(f"localcloud: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _admin(home: Home) -> Admin:
    """A client of the instance of this folder; ``HomeError`` when there is none."""
    env = home.env() if home.running() else None
    if env is None:
        raise HomeError(f"nothing runs in {home.path}; start it with `localcloud up`")
    return Admin(env["DIGITALOCEAN_API_URL"], home.path / "ca.pem")


def _serve(args: argparse.Namespace, home: Home) -> int:
    from localcloud.foreground import serve_here  # the other commands need not wait for its imports

    return serve_here(args, home)


def _up(args: argparse.Namespace, home: Home) -> int:
    pid = home.running()
    if pid is None:
        start(args, home)
        print(_headline(_admin(home).status()))
    else:
        print(f"localcloud is already up (pid {pid}).\n{_headline(_admin(home).status())}")
    return 0


def _down(args: argparse.Namespace, home: Home) -> int:
    if home.running() is None:
        home.clean(keep_state=args.keep_state)
        print("localcloud is not up.")
        return 0
    if args.keep_state:
        _admin(home).settings(keep_state=True)
    stop(home, keep_state=args.keep_state)
    print("localcloud is down.")
    return 0


def _status(args: argparse.Namespace, home: Home) -> int:
    status = _admin(home).status()
    print(json.dumps(status, indent=2) if args.json else _describe(status))
    return 0


def _env(args: argparse.Namespace, home: Home) -> int:
    variables = _admin(home).env()
    if args.json:
        print(json.dumps(variables, indent=2))
    else:
        print("\n".join(f"export {name}='{value}'" for name, value in variables.items()))
    return 0


def _reset(args: argparse.Namespace, home: Home) -> int:
    _admin(home).reset()
    print("The account is empty.")
    return 0


def _headline(status: dict[str, Any]) -> str:
    return f"API {status['api_url']} · Spaces {status['spaces_url']} · speed {status['speed']} · pid {status['pid']}"


def _describe(status: dict[str, Any]) -> str:
    contract = status["contract"]
    if contract["on"]:
        mode = "strict" if contract["strict"] else "only recorded"
        checked = f"on ({mode}), {contract['violations']} violations, {contract['source']}"
    else:
        checked = "off: no API description at hand (--spec or LOCALCLOUD_SPEC)"
    rows = ", ".join(f"{count} {name}" for name, count in status["rows"].items())
    lines = [
        _headline(status),
        f"contract   {checked}",
        f"clock      {status['clock']}, {status['timers']} things under way",
        f"account    {rows}",
        f"requests   {status['journal']}, latency {status['latency_ms']:g} ms, {status['faults']} fault rules",
    ]
    lines += [f"broken     {name}: {why}" for name, why in status["broken"].items()]
    return "\n".join(lines)

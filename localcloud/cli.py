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
from localcloud.clock import factor, is_latency
from localcloud.daemon import start, stop
from localcloud.home import VARIABLE, Home, HomeError, default, exports
from localcloud.report import describe, headline

DEFAULTS: dict[str, Any] = {
    "port": 8443,
    "spaces_port": 8444,
    "speed": "instant",
    "strict": True,
    "rate_limit": True,
    "latency_ms": 0.0,
    "keep_state": False,
}

# Of these, what a running instance can be told to do otherwise.
CHANGEABLE = ("speed", "strict", "rate_limit", "latency_ms", "keep_state")


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


def _options() -> argparse.ArgumentParser:
    """What ``up`` and ``serve`` take. Nothing has a default here, so that ``up`` can tell what was asked for."""
    options = argparse.ArgumentParser(add_help=False, argument_default=None)
    options.add_argument("--port", type=_port, help=f"of the API; 0: any free one (default {DEFAULTS['port']})")
    options.add_argument("--spaces-port", type=_port, help=f"of Spaces (S3) (default {DEFAULTS['spaces_port']})")
    options.add_argument(
        "--speed", type=_speed, help="how long things take: instant (default), real, or a factor: 0.02, 50x"
    )
    flag = argparse.BooleanOptionalAction
    options.add_argument("--strict", action=flag, help="refuse what violates the API description (default)")
    options.add_argument("--rate-limit", action=flag, help="5,000 requests an hour, 250 a minute (default)")
    options.add_argument("--latency-ms", type=_latency, metavar="MS", help="added to every request")
    options.add_argument("--keep-state", action="store_const", const=True, help="save the state, for the next start")
    options.add_argument("--spec", type=Path, metavar="PATH", help="the API description (or LOCALCLOUD_SPEC)")
    return options


def parser() -> argparse.ArgumentParser:
    options = _options()
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
    serve.add_argument("--log", type=Path, metavar="PATH", help="log there, at most 10 MB, not to standard error")
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
    except (HomeError, AdminError, OSError) as error:
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

    _fill(args)
    return serve_here(args, home)


def _fill(args: argparse.Namespace) -> None:
    for name, value in DEFAULTS.items():
        if getattr(args, name) is None:
            setattr(args, name, value)


def _up(args: argparse.Namespace, home: Home) -> int:
    """Started or not before: afterwards it runs, with the options that were given."""
    pid = home.running()
    if pid is None:
        _fill(args)
        start(args, home)
    else:
        _adjust(args, home)
        print(f"localcloud is already up (pid {pid}).")
    print(headline(_admin(home).status()))
    return 0


def _adjust(args: argparse.Namespace, home: Home) -> None:
    admin = _admin(home)
    status = admin.status()
    for name, url in (("port", status["api_url"]), ("spaces_port", status["spaces_url"])):
        if getattr(args, name) not in (None, 0, int(url.rpartition(":")[2])):
            raise HomeError(f"it is already up, at {url}; `localcloud down` first")
    source = status["contract"]["source"]
    if args.spec is not None and str(args.spec.expanduser().absolute()) != source:
        raise HomeError(f"it is already up, with the API description {source}; `localcloud down` first")
    wanted = {name: getattr(args, name) for name in CHANGEABLE if getattr(args, name) is not None}
    if wanted:
        admin.settings(**wanted)


def _down(args: argparse.Namespace, home: Home) -> int:
    if home.running() is None:
        # A state that is here was kept on purpose; the next start loads it.
        home.clean(keep_state=True)
        print("localcloud is not up.")
        return 0
    if args.keep_state or _keeps_state(home):
        # It is saved while it still runs: one whose state cannot be saved stays up, and nothing is lost.
        _admin(home).settings(keep_state=True)
    stop(home, keep_state=args.keep_state)
    print("localcloud is down.")
    return 0


def _keeps_state(home: Home) -> bool:
    try:
        return bool(_admin(home).status()["keep_state"])
    except (HomeError, AdminError):
        return False  # one that does not answer must be stoppable


def _status(args: argparse.Namespace, home: Home) -> int:
    status = _admin(home).status()
    print(json.dumps(status, indent=2) if args.json else describe(status))
    return 0


def _env(args: argparse.Namespace, home: Home) -> int:
    variables = _admin(home).env()
    if args.json:
        print(json.dumps(variables, indent=2))
    else:
        print(exports(variables))
    return 0


def _reset(args: argparse.Namespace, home: Home) -> int:
    _admin(home).reset()
    print("The account is empty.")
    return 0

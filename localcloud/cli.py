# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``localcloud`` command."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from localcloud.arguments import parser
from localcloud.client import Admin, AdminError
from localcloud.commands import COMMANDS
from localcloud.instance.daemon import start, stop
from localcloud.instance.home import Home, HomeError, default, exports, unsets
from localcloud.instance.report import describe, headline

DEFAULTS: dict[str, Any] = {
    "speed": "instant",
    "strict": True,
    "rate_limit": True,
    "latency_ms": 0.0,
    "rtt_ms": 0.0,
    "http2": True,
    "records_only": False,
    "keep_state": False,
}

# Of these, what a running instance can be told to do otherwise.
CHANGEABLE = ("speed", "strict", "rate_limit", "latency_ms", "keep_state")


def main(arguments: list[str] | None = None) -> int:
    args = parser().parse_args(arguments)
    home = Home(default())
    commands = {"up": _up, "serve": _serve, "down": _down, "status": _status, "env": _env, "reset": _reset}
    try:
        if args.command in COMMANDS:
            print(COMMANDS[args.command](args, _admin(home)))
            return 0
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
    from localcloud.instance.foreground import serve_here  # the other commands need not wait for its imports

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
    if args.rtt_ms not in (None, status["rtt_ms"]):
        raise HomeError(f"it is already up, {status['rtt_ms']:g} ms a round trip away; `localcloud down` first")
    if args.http2 not in (None, status["http2"]):
        spoken = "HTTP/2" if status["http2"] else "HTTP/1.1 only"
        raise HomeError(f"it is already up, and speaks {spoken}; `localcloud down` first")
    if args.records_only not in (None, status["records_only"]):
        raise HomeError("it is already up, with software behind its records; `localcloud down` first")
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
    if args.unset:
        print(unsets())
        return 0
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

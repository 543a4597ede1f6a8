# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page for people: what exists and where, what it says and takes, what was asked. It can be read and nothing else.

It has a token of its own, which opens only this; it needs no script and nothing from elsewhere, and shows no secret.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Iterable
from html import escape
from urllib.parse import parse_qsl, urlencode

from localcloud import JSON
from localcloud.ports.exchange import Answer, Call
from localcloud.ports.shared import Shared
from localcloud.ports.words import ALERTS

NAME = "page"
LINES, EVENTS = 200, 15
# Table → what its rows are called. No table with a secret in its name, status or region.
TABLES = {
    "apps": "App", "databases": "Database cluster", "load_balancers": "Load balancer", "droplets": "Droplet",
    "autoscale_pools": "Autoscale pool", "certificates": "Certificate", "domains": "Domain", "vpcs": "VPC",
    "firewalls": "Firewall", "spaces_buckets": "Space", "cdn_endpoints": "CDN endpoint",
    "uptime_checks": "Uptime check", "projects": "Project",
}  # fmt: skip
HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
]
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem }
ul { list-style: none; padding: 0; margin: 0 }
li { padding: .35rem 0; border-top: 1px solid #8883; overflow-wrap: anywhere }
code, pre { font: 13px/1.45 ui-monospace, monospace }
pre { overflow-x: auto; background: #8881; padding: .6rem }
small { opacity: .7 } .up { color: #188038 } .starting { color: #b06000 } .failed, .firing { color: #d93025 }
"""
_ADDRESS = re.compile(r"https?://[^\s<>()\"]+[^\s<>()\".,:]")
_PASSWORD = re.compile(r"(//[^:/@\s]*):[^@/\s]+@")


async def answer(shared: Shared, call: Call) -> Answer:
    """The page, or why not: to a browser too, but to no other site's page in it."""
    query = dict(parse_qsl(call.query))
    elsewhere = "origin" in call.headers or call.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if call.method != "GET" or elsewhere:
        return _plain(403, "The page can be read, and by this machine's people only.")
    if not hmac.compare_digest(query.get("token", "").encode(), shared.page_token.encode()):
        return _plain(401, "The page wants its token: `localcloud status` prints its address.")
    usage = await asyncio.to_thread(shared.world.plane.usage)
    return Answer(200, _html(shared, query.get("log", ""), usage).encode(), list(HEADERS))


def _plain(status: int, message: str) -> Answer:
    return Answer(status, f"{message}\n".encode(), [("content-type", "text/plain; charset=utf-8"), *HEADERS[1:]])


def _html(shared: Shared, log: str, usage: JSON) -> str:
    status = shared.status()
    body = [
        f"<h1>localcloud</h1><p>{_text(status['api_url'])} · Spaces {_text(status['spaces_url'])}<br>",
        f"<small>clock {escape(status['clock'])} · speed {escape(status['speed'])} · pid {status['pid']} · ",
        f"{status['journal']} requests · {status['contract']['violations']} violations</small></p>",
        *_log(shared, log),
        *_section("Alerts", map(_event, shared.world.table(ALERTS).everything()[-EVENTS:][::-1])),
        *_section("What runs", (_thing(shared, thing, usage.get(thing["key"])) for thing in status["runs"])),
        *_section("What stays a record", (f"{escape(kind)}: {escape(why)}" for kind, why in status["records"].items())),
        *_section("What exists", _exists(shared)),
        *_section("Logs", (_link(shared, key) for key in shared.world.plane.logs())),
        *_section("Requests", map(_asked, shared.journal.since(shared.journal.seq - EVENTS)[::-1])),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return f"<!doctype html><html lang=en>{head}<title>localcloud</title><style>{STYLE}</style>{''.join(body)}</html>"


def _section(title: str, items: Iterable[str]) -> list[str]:
    rows = [f"<li>{item}</li>" for item in items]
    return [f"<h2>{title}</h2><ul>", *rows, "</ul>"] if rows else []


def _text(text: str) -> str:
    """Without passwords, and addresses as links."""
    shown = escape(_PASSWORD.sub(r"\1:…@", text))
    return _ADDRESS.sub(lambda found: f'<a href="{found[0]}" rel="noreferrer">{found[0]}</a>', shown)


def _link(shared: Shared, key: str) -> str:
    return f'<a href="?{escape(urlencode({"token": shared.page_token, "log": key}))}">{escape(key)}</a>'


def _log(shared: Shared, key: str) -> list[str]:
    if not key:
        return []
    try:
        lines = shared.world.plane.log_tail(key, LINES)
    except ValueError as error:
        lines = [str(error)]
    text = escape(_PASSWORD.sub(r"\1:…@", "\n".join(lines)))
    return [f"<h2>{escape(key)}</h2><pre>{text or 'Nothing was said.'}</pre>"]


def _thing(shared: Shared, thing: JSON, takes: JSON | None) -> str:
    lines = "".join(f"<br><code>{_text(line)}</code>" for line in thing["lines"])
    why = f" — {escape(thing['reason'])}" if thing["reason"] else ""
    figures = ""
    if takes:
        figures = f" · {takes['memory_mb']:g} MB · {takes['cpu_seconds']:g} s of CPU"
    state = f'<span class="{thing["state"]}">{thing["state"]}</span>'
    return f"{state} {_link(shared, thing['key'])} {_named(shared, thing['key'])}{why}<small>{figures}</small>{lines}"


def _named(shared: Shared, key: str) -> str:
    """What people call it, when a row of its number has a name."""
    id = key.partition("/")[2]
    rows = [row for table in TABLES if (row := shared.world.table(table).peek(id))]
    return "".join(f"<b>{_name(row)}</b>" for row in rows[:1])


def _name(row: JSON) -> str:
    return escape(str(row.get("name") or (row.get("spec") or {}).get("name") or ""))


def _exists(shared: Shared) -> Iterable[str]:
    for table, word in TABLES.items():
        for row in shared.world.table(table).everything():
            told = [row.get("status") or row.get("state") or row.get("phase"), row.get("region"), row.get("ip")]
            more = " · ".join(escape(str(one)) for one in told if one)
            yield f"{word} <b>{_name(row)}</b> <small>{more}</small>"


def _event(event: JSON) -> str:
    value = "" if event["value"] is None else f": {event['value']:g} against {event['threshold']:g}"
    what, state = f"{event['name']} ({event['type']} of {event['about']}){value}", escape(event["state"])
    return f'<span class="{state}">{state}</span> {escape(what)} <small>{event["at"]}</small>'


def _asked(entry: JSON) -> str:
    what = f"{entry['method']} {entry['path']}{'?' + entry['query'] if entry['query'] else ''}"
    return f"<code>{entry['status'] or '---'} {escape(what)}</code> <small>{entry['duration_ms']:g} ms</small>"

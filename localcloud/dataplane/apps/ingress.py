# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ingress rules of an app as routes of Caddy.

A rule belongs to a path and all below it; the more exact one comes first. The path that was matched is taken away
unless the rule keeps it, or is replaced by that of ``rewrite``.
"""

from __future__ import annotations

import re

from localcloud import JSON

# What App Platform gives a request, in seconds.
LIMIT = 100
# How long an instance is looked for that takes the request: while one is started in the place of another.
LOOKS_FOR = "5s"
# In maintenance. The documentation shows a page and tells neither its status nor headers: 503 is a guess.
OFFLINE = "<!doctype html><title>Offline</title><h1>This app is currently offline</h1>"
NO_INSTANCE = "upstream connect error or disconnect/reset before headers"


def routes(rules: list[JSON], upstreams: dict[str, list[str]], protocols: dict[str, str]) -> list[JSON]:
    """``upstreams``: component → ``host:port`` of its ready instances; ``protocols``: component → HTTP or HTTP2."""
    ordered = sorted(rules, key=_exactness)
    return [_route(rule, upstreams, protocols) for rule in ordered] + [{"handle": [_answer(404, "not found")]}]


def offline() -> list[JSON]:
    """A page in the place of all that the app would answer."""
    return [{"handle": [_answer(503, OFFLINE, **{"Content-Type": "text/html; charset=utf-8"})]}]


def _exactness(rule: JSON) -> tuple[bool, int]:
    match = rule.get("match") or {}
    return not _host(match), -len(_prefix(match))


def _prefix(match: JSON) -> str:
    return ((match.get("path") or {}).get("prefix") or "/").rstrip("/")


def _host(match: JSON) -> str:
    return str((match.get("authority") or {}).get("exact") or "")


def _route(rule: JSON, upstreams: dict[str, list[str]], protocols: dict[str, str]) -> JSON:
    match, found = rule.get("match") or {}, {}
    prefix, host = _prefix(match), _host(match)
    if prefix:
        found["path"] = [prefix, f"{prefix}/*"]
    if host:
        found["host"] = [host]
    target = rule.get("component")
    handle = _to_component(target, prefix, upstreams, protocols) if target else [_redirect(rule["redirect"])]
    return {**({"match": [found]} if found else {}), "handle": [*_cors(rule.get("cors")), *handle], "terminal": True}


def _to_component(target: JSON, prefix: str, upstreams: dict[str, list[str]], protocols: dict[str, str]) -> list[JSON]:
    steps: list[JSON] = []
    if prefix and not target.get("preserve_path_prefix"):
        steps.append({"handler": "rewrite", "strip_path_prefix": prefix})
    if target.get("rewrite"):
        steps.append({"handler": "rewrite", "uri": f"{target['rewrite'].rstrip('/')}{{http.request.uri}}"})
    dials = upstreams.get(target["name"]) or []
    return [*steps, _proxy(dials, protocols.get(target["name"], "HTTP")) if dials else _answer(503, NO_INSTANCE)]


def _proxy(dials: list[str], protocol: str) -> JSON:
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": dial} for dial in dials],
        "load_balancing": {"selection_policy": {"policy": "round_robin"}, "try_duration": LOOKS_FOR},
        "transport": {
            "protocol": "http",
            **({"versions": ["h2c"]} if protocol == "HTTP2" else {}),
            "dial_timeout": "2s",
            "response_header_timeout": f"{LIMIT}s",
            # An instance keeps its connections for longer than this.
            "keep_alive": {"enabled": True, "idle_timeout": "60s"},
        },
        "headers": {"request": {"set": {"Do-Connecting-Ip": ["{http.vars.client_ip}"]}}},
    }


def _redirect(wanted: JSON) -> JSON:
    host = wanted.get("authority") or "{http.request.host}"
    port = f":{wanted['port']}" if wanted.get("port") else ""
    location = f"{wanted.get('scheme') or 'https'}://{host}{port}{wanted.get('uri') or '{http.request.uri}'}"
    return _answer(wanted.get("redirect_code") or 302, "", Location=location)


def _answer(status: int, body: str, **headers: str) -> JSON:
    given = {"headers": {name: [value] for name, value in headers.items()}} if headers else {}
    return {"handler": "static_response", "status_code": str(status), "body": body, **given}


# -- cross-origin requests ---------------------------------------------------------------------------------------------


def _cors(policy: JSON | None) -> list[JSON]:
    """Headers for the origins of the policy, and the answer to what a browser asks beforehand."""
    if not policy:
        return []
    origins = [_origin(match) for match in policy.get("allow_origins") or []]
    match = {"header_regexp": {"Origin": {"pattern": f"^(?:{'|'.join(origins)})$"}}}
    allowed: JSON = {"Access-Control-Allow-Origin": ["{http.request.header.Origin}"], "Vary": ["Origin"]}
    if policy.get("allow_credentials"):
        allowed["Access-Control-Allow-Credentials"] = ["true"]
    if policy.get("expose_headers"):
        allowed["Access-Control-Expose-Headers"] = [", ".join(policy["expose_headers"])]
    before = dict(allowed)
    for field, header in (("allow_methods", "Methods"), ("allow_headers", "Headers")):
        if policy.get(field):
            before[f"Access-Control-Allow-{header}"] = [", ".join(policy[field])]
    if seconds := re.fullmatch(r"(\d+)s?", str(policy.get("max_age") or "")):
        before["Access-Control-Max-Age"] = [seconds[1]]
    asked = {**match, "method": ["OPTIONS"], "header": {"Access-Control-Request-Method": ["*"]}}
    preflight = {"handler": "static_response", "status_code": "204", "headers": before}
    headers = {"handler": "headers", "response": {"set": allowed, "deferred": True}}
    return [
        {
            "handler": "subroute",
            "routes": [
                {"match": [asked], "handle": [preflight], "terminal": True},
                {"match": [match], "handle": [headers]},
            ],
        }
    ]


def _origin(match: JSON) -> str:
    if match.get("regex"):
        return f"(?:{match['regex']})"
    return re.escape(match["exact"]) if match.get("exact") else f"{re.escape(match.get('prefix', ''))}.*"

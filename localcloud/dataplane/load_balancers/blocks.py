# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nginx is told for one load balancer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from localcloud import JSON
from localcloud.dataplane.ground import usable

HTTP = """\
http {{
  # Neither query strings nor headers: they can tell of patients.
  log_format told '$time_iso8601 $remote_addr $host $request_method $uri $status $upstream_addr $request_time';
  access_log {log} told;
  server_tokens off;
  client_max_body_size 0;
  map $http_upgrade $upgraded {{ default upgrade; '' close; }}
{parts}
}}
"""
SERVER = """\
  server {{
    listen {address}:{port}{ssl};
{options}
    keepalive_timeout {idle}s;
{access}
    location / {{
{answer}
    }}
  }}
"""
PROXY = """\
      proxy_pass {scheme}://{upstream};
      proxy_bind {address};
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgraded;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port {entry};
      proxy_connect_timeout 5s;
      proxy_read_timeout {idle}s;
      proxy_send_timeout {idle}s;"""
# A visitor comes back to the Droplet that the cookie names; to another one when that does not answer.
STICKY_MAPS = """\
  map $http_cookie $to_{name} {{ default {name};{known} }}
  map $upstream_addr $from_{name} {{ default '';{senders} }}
"""
STICKY_COOKIE = """
      add_header Set-Cookie '{cookie}=$from_{name}; Max-Age={seconds}; Path=/; HttpOnly' always;"""
STREAM = """\
  server {{
    listen {address}:{port}{udp};
{access}
    proxy_pass {upstream};
    proxy_bind {address};
    proxy_protocol {said};
    proxy_timeout {idle}s;
  }}
"""
# The first are DigitalOcean's words for it; which ciphers each has is a guess.
CIPHERS = {"DEFAULT": "HIGH:!aNULL:!MD5", "STRONG": "ECDHE+AESGCM"}
# Nobody is healthy: 503, as from DigitalOcean.
NOBODY = "return 503;"
METHODS = {"least_connections": "least_conn;", "round_robin": ""}


def is_http(rule: JSON) -> bool:
    return rule["entry_protocol"] in ("http", "https", "http2") and not rule["tls_passthrough"]


def blocks(spec: JSON, healthy: Iterable[str], certificates: dict[str, Path], log: Path) -> str:
    """``certificates``: id → a file with key and chain."""
    to = sorted(spec["backends"][id] for id in healthy)
    http = [_server(spec, rule, to, certificates) for rule in spec["rules"] if is_http(rule)]
    # HTTP/3 stays a record: browsers go on by what is there beside it.
    others = [rule for rule in spec["rules"] if not is_http(rule) and rule["entry_protocol"] != "http3"]
    streams = [_stream(spec, rule, to) for rule in others]
    found = HTTP.format(log=log, parts="\n".join(http)) if http else ""
    return found + ("stream {\n" + "\n".join(streams) + "}\n" if streams else "")


def _upstream(spec: JSON, rule: JSON, to: list[str]) -> tuple[str, str]:
    """Its name and its block."""
    name = f"targets_{rule['entry_port']}"
    servers = " ".join(f"server {address}:{usable(rule['target_port'])};" for address in to)
    return name, f"  upstream {name} {{ {METHODS.get(spec['algorithm'], '')} {servers} }}\n"


def _sticky(spec: JSON, rule: JSON, to: list[str], name: str) -> tuple[str, str]:
    """Upstreams of one Droplet each with the maps that lead there, and the line that sets the cookie."""
    sticky = spec["sticky"]
    if sticky["type"] != "cookies" or not to:
        return "", ""
    ports = {address: f"{address}:{usable(rule['target_port'])}" for address in to}
    own = [
        f"  upstream {name}_{number} {{ server {ports[address]}; "
        + " ".join(f"server {ports[other]} backup;" for other in to if other != address)
        + " }\n"
        for number, address in enumerate(to)
    ]
    asked = [f'"~(^|; ?){re.escape(sticky["cookie_name"])}={_mark(address)}(;|$)"' for address in to]
    known = "".join(f" {pattern} {name}_{number};" for number, pattern in enumerate(asked))
    senders = "".join(f" ~{re.escape(ports[address])}$ {_mark(address)};" for address in to)
    cookie = sticky["cookie_name"]
    maps = STICKY_MAPS.format(name=name, known=known, senders=senders)
    return "".join(own) + maps, STICKY_COOKIE.format(cookie=cookie, name=name, seconds=sticky["cookie_ttl_seconds"])


def _mark(address: str) -> str:
    """What the cookie calls a Droplet: nothing that tells of it."""
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _access(spec: JSON) -> str:
    """The load balancer's own firewall: what it denies, then what alone it allows."""
    rules = [f"    deny {rule.partition(':')[2]};" for rule in spec["firewall"]["deny"]]
    allowed = [f"    allow {rule.partition(':')[2]};" for rule in spec["firewall"]["allow"]]
    return "\n".join([*rules, *allowed, *(["    deny all;"] if allowed else [])])


def _server(spec: JSON, rule: JSON, to: list[str], certificates: dict[str, Path]) -> str:
    tls = rule["entry_protocol"] != "http"
    options = []
    if tls:
        pem = certificates[rule["certificate_id"]]
        h2 = "on" if rule["entry_protocol"] == "http2" else "off"
        options = [f"    ssl_certificate {pem};", f"    ssl_certificate_key {pem};", f"    http2 {h2};"]
        options.append(f"    ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers {CIPHERS[spec['cipher']]};")
    name, upstream = _upstream(spec, rule, to)
    groups, cookie = _sticky(spec, rule, to, name)
    answer = PROXY.format(
        scheme="http" if rule["target_protocol"] == "http" else "https",
        upstream=f"$to_{name}" if cookie else name,
        address=spec["address"],
        idle=spec["idle"],
        entry=rule["entry_port"],
    )
    if spec["redirect"] and not tls:
        port = usable(443)
        answer = f"      return 307 https://$host{'' if port == 443 else f':{port}'}$request_uri;"
    elif not to:
        answer = f"      {NOBODY}"
    server = SERVER.format(
        address=spec["address"],
        port=usable(rule["entry_port"]),
        ssl=" ssl" if tls else "",
        options="\n".join(options),
        idle=spec["idle"],
        access=_access(spec),
        answer=answer + cookie,
    )
    return (upstream + groups if to else "") + server


def _stream(spec: JSON, rule: JSON, to: list[str]) -> str:
    if not to:
        return ""
    name, upstream = _upstream(spec, rule, to)
    server = STREAM.format(
        address=spec["address"],
        port=usable(rule["entry_port"]),
        udp=" udp" if rule["entry_protocol"] == "udp" else "",
        access=_access(spec),
        upstream=name,
        said="on" if spec["proxy_protocol"] else "off",
        idle=spec["idle"],
    )
    return upstream + server

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an environment shows on the wire, held against what is claimed of it.

    {"checks": [{"check", "ok", "evidence"}],
     "false": [sentence],                        those that do not hold
     "not_tried": [sentence]}                    and what nothing is known of, with why

`evidence` is what was seen, in a few words: no check holds because nobody answered.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data

# Header → what its value must be like.
HEADERS = {
    "strict-transport-security": r"max-age=([1-9]\d{6,})",
    "x-content-type-options": r"nosniff$",
    "x-frame-options": r"(DENY|SAMEORIGIN)$",
    "referrer-policy": r"(?!unsafe-url)\S+",
}
REDIRECTS = (301, 302, 307, 308)
CLOSED = (400, 401, 403, 404, 410, 421)
HIDDEN = ("/.env", "/.git/config")
ENGINES = {"postgresql": "PostgreSQL", "valkey": "Valkey"}

Check = tuple[str, bool, str]


def wire_checks(
    answers: Data, least_days: int, addresses: list[str] | None = None, skipped: dict[str, str] | None = None
) -> Data:
    """See the top of this file.

    `answers`: results by name - `page <domain>` and `plain <domain>`, `hidden <path>` of `http_answer_info`; `outside
    <role>` of `database_access_info` before the cluster lets this machine in, `rules <role>` of its trusted sources,
    `inside <role>` of `database_access_info` after that; `space` and `assets` of `spaces_round_trip_info`. One that has
    failed has a `msg`. `skipped`: what was not tried, and why. A certificate has to last `least_days` days.
    `addresses`: those of this machine.
    """
    skipped = dict(skipped or {})
    found: list[Check] = []
    for name, answer in answers.items():
        kind, _blank, of = name.partition(" ")
        key, judge = KINDS[kind]
        if key not in answer:
            found.append((f"{name} can be tried", False, _line(answer.get("msg") or "it gave no answer")))
        elif judge:
            found += judge(of, answer[key], least_days)
    for role, called in ENGINES.items():
        outside, inside, rules = ((answers.get(f"{part} {role}") or {}) for part in ("outside", "inside", "rules"))
        if "database_access" not in outside or "database_firewalls" not in rules:
            continue
        what = f"{called} refuses an address that is no trusted source"
        if reason := _trusted(rules["database_firewalls"][0]["rules"], addresses or []):
            skipped[what] = reason
        else:
            found.append((what, *_refusal(outside["database_access"], inside.get("database_access"))))
    checks = [{"check": what, "ok": ok, "evidence": evidence} for what, ok, evidence in found]
    return {
        "checks": checks,
        "false": [f"{row['check']}: not so, {row['evidence']}" for row in checks if not row["ok"]],
        "not_tried": [f"{what}: {why}" for what, why in skipped.items()],
    }


def wire_questions(about: Data) -> Data:
    """`{"outside": [item of together], "inside": [{"name", "cluster"}], "skipped": {what: why}}`: whom to ask what.

    `about`: `urls` and `resolver`; `addresses` of this machine; the clusters `postgresql` and `valkey`, with `database`
    and `app_user`; the buckets `uploads` and `assets` in `region`, with `spaces_url`, `access_key` and `secret_key`.
    """
    outside: list[Data] = []
    skipped: dict[str, str] = {}

    def http(name: str, url: str) -> None:
        outside.append({"name": name, "http_answer_info": {"url": url, "resolver": about["resolver"]}})

    for base in (url.rstrip("/") for url in about["urls"]):
        place = urlsplit(base)
        http(f"page {place.netloc}", f"{base}/")
        # What is only an address, or has a port of its own, has no plain one beside it that anybody knew.
        if place.netloc == place.hostname and place.hostname.rpartition(".")[2].isalpha():
            http(f"plain {place.netloc}", f"http://{place.netloc}/")
    if about["urls"]:
        for path in HIDDEN:
            http(f"hidden {path}", about["urls"][0].rstrip("/") + path)
    else:
        skipped["the edge"] = "there is no app to ask"
    if about["addresses"]:
        for role in ENGINES:
            login = {"cluster": about[role], "only_connect": True}
            who = {"database": about["database"], "user": about["app_user"]} if role == "postgresql" else {}
            outside.append({"name": f"rules {role}", "database_firewall_info": {"cluster": about[role]}})
            outside.append({"name": f"outside {role}", "database_access_info": {**login, **who}})
    else:
        skipped["PostgreSQL and Valkey"] = "nothing tells from which address: set postgresql_control_addresses"
    if about["access_key"]:
        key = {name: about[name] for name in ("region", "access_key", "secret_key", "spaces_url") if about[name]}
        cdn = f"{about['assets']}.{about['region']}.cdn.digitaloceanspaces.com"
        there = {"name": about["assets"], "cdn": cdn, "resolver": about["resolver"]}
        outside.append({"name": "space", "spaces_round_trip_info": {"name": about["uploads"], **key}})
        outside.append({"name": "assets", "spaces_round_trip_info": {**there, **key}})
    else:
        skipped["the Space and its CDN"] = "there is no Spaces key of the control node"
    inside = [{"name": f"inside {role}", "cluster": about[role]} for role in ENGINES if about["addresses"]]
    return {"outside": outside, "inside": inside, "skipped": skipped}


def _page(domain: str, answer: Data, least_days: int) -> Iterator[Check]:
    tls, headers, why = answer["tls"], answer["headers"], answer["error"]
    evidence = f"{tls['version']}, {', '.join(tls['names'])}" if tls else why
    yield f"{domain} shows a certificate that is trusted and names it", bool(tls), evidence
    if tls:
        left = tls["days_left"]
        yield f"the certificate of {domain} lasts {least_days} days", left >= least_days, f"{left} days are left"
    yield f"{domain} answers", 200 <= answer["status"] < 400, why or f"it answered {answer['status']}"
    if not answer["status"]:
        return
    for name, form in HEADERS.items():
        value = str(headers.get(name, ""))
        yield f"{domain} sends {name}", bool(re.match(form, value, re.I)), value or "there is none"


def _plain(domain: str, answer: Data, _least: int) -> Iterator[Check]:
    where = str(answer["headers"].get("location", ""))
    leads = answer["status"] in REDIRECTS and urlsplit(where).scheme == "https" and urlsplit(where).hostname == domain
    told = answer["error"] or f"{answer['status']} {where}".strip()
    yield f"plain HTTP of {domain} leads to HTTPS", leads, told


def _hidden(path: str, answer: Data, _least: int) -> Iterator[Check]:
    yield f"{path} is closed", answer["status"] in CLOSED, answer["error"] or f"it answered {answer['status']}"


def _inside(role: str, access: Data, least_days: int) -> Iterator[Check]:
    called = ENGINES[role]
    if access["refused"]:
        yield f"{called} can be reached", False, _line(access["refused"])
        return
    tls = access["tls"]
    yield f"{called} speaks TLS that is verified", bool(tls), f"{tls['version']}, {tls['names'][0]}"
    left = tls["days_left"]
    yield f"the certificate of {called} lasts {least_days} days", left >= least_days, f"{left} days are left"
    yield f"{called} refuses plain text", bool(access["plain"]), _line(access["plain"]) or "it let us in"
    what = "a row" if role == "postgresql" else "a key that ends by itself"
    yield f"{called} keeps {what}, and gives it back", True, f"{access['milliseconds']} ms"
    if role == "postgresql":
        yield from _privileges(access)


def _privileges(access: Data) -> Iterator[Check]:
    more = [*access["may"], *(f"has {name}" for name in access["attributes"])]
    yield "the app's user can neither make roles, schemas nor tables", not more, ", ".join(more) or "each was refused"
    others = ", ".join(access["schemas"])
    yield "the app's user reads no schema but public", not others, others or "it may look into no other"
    logins = ", ".join(access["logins"])
    yield "nobody else may connect to the app's database", not logins, logins or "no other user has the privilege"
    closed = ", ".join(access["closed"])
    yield "the app's user works with every table of the owner", not closed, closed or "none is closed to it"


def _space(_of: str, told: Data, _least: int) -> Iterator[Check]:
    yield "the Space keeps an object, gives it back and deletes it", True, f"{told['milliseconds']:.0f} ms"
    yield (
        "an object of the Space is closed to who has no key",
        told["anonymous"] in (401, 403),
        f"it answered {told['anonymous']}",
    )


def _assets(_of: str, answer: Data, _least: int) -> Iterator[Check]:
    first, second = answer["cdn"]
    told = second["error"] or f"{first['kept'] or 'nothing'}, then {second['kept'] or 'nothing'}, {second['status']}"
    hit = second["status"] == 200 and "HIT" in second["kept"].upper()
    yield "the CDN has an object when it is asked for again", hit, told


def _refusal(before: Data, after: Data | None) -> tuple[bool, str]:
    if not before["refused"]:
        return False, "it let us in"
    if after is None or after["refused"]:
        # Who is never let in proves nothing by being refused.
        return False, f"it refuses those that it should let in, too: {_line((after or before)['refused'])}"
    return True, _line(before["refused"])


def _trusted(rules: list[Data], addresses: list[str]) -> str:
    """Why a cluster does not take these addresses for strangers; "" when it should refuse them."""
    listed = [row["value"] for row in rules if row["type"] == "ip_addr"]
    for address in addresses:
        network = ipaddress.ip_network(address, strict=False)
        for value in listed:
            other = ipaddress.ip_network(value, strict=False)
            if network.version == other.version and network.subnet_of(other):  # type: ignore[arg-type]
                return f"{value} is a trusted source, and where this runs is in it"
    return ""


def _line(text: Any) -> str:
    return " ".join(str(text).split())[:300]


# By how a question's name begins: the key of its answer, and who judges it by itself.
KINDS: dict[str, tuple[str, Callable[[str, Data, int], Iterator[Check]] | None]] = {
    "page": ("http_answer", _page),
    "plain": ("http_answer", _plain),
    "hidden": ("http_answer", _hidden),
    "rules": ("database_firewalls", None),
    "outside": ("database_access", None),
    "inside": ("database_access", _inside),
    "space": ("spaces_round_trip", _space),
    "assets": ("spaces_round_trip", _assets),
}

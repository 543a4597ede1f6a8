# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a support ticket needs, as files of text without secrets and without anybody's address.

What could not be asked is named with its reason, and takes nothing along.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from ansible.release import __version__ as ansible_version

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.resolver import addresses
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import SECRET_KEYS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.masking import masked
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import AGENT

PACKAGES = ("pydo", "boto3", "psycopg", "jinja2", "cryptography")
# What a result has beside what the module tells.
PLUMBING = {"item", "ansible_loop_var", "changed", "failed", "failed_when_result", "invocation", "diff", "warnings"}
MASK = "(removed)"
# A shorter value is part of ordinary words.
SHORTEST = 6


def diagnostics(answers: Data, about: Data, secrets: list[str]) -> Data:
    """`{"files": {name: text}, "index": Markdown, "parts": [{part, file, why}]}`.

    `answers` by the name of the question, as `by_name` gives them; `about` has `environment`, `made_at`, `domains` and
    `resolver` (as dns_resolver). No text has a value of `secrets`. `why` tells why a part is not there, else is empty.
    """
    clean = Cleaner(secrets)
    files: dict[str, str] = {}
    parts: list[Data] = []
    for name, (told, why) in {**dict(_told(answers)), **dict(_local(about))}.items():
        file = "" if why else f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.json"
        if file:
            files[file] = json.dumps(clean(told), indent=2, ensure_ascii=False, default=str) + "\n"
        parts.append({"part": name, "file": file, "why": clean.text(why)})
    index = _index(about, parts)
    return {"files": {"index.md": index, **files}, "index": index, "parts": parts}


class Cleaner:
    """Takes out of any JSON value what nobody else may read."""

    def __init__(self, secrets: list[str]) -> None:
        # The longest first: one may be part of another.
        self._values = sorted({text for text in secrets if text and len(text) >= SHORTEST}, key=len, reverse=True)

    def __call__(self, value: object, is_variable: bool = False) -> object:
        if isinstance(value, dict):
            # Of variables of an app only the names: what is not declared SECRET may be one all the same.
            hidden = SECRET_KEYS | ({"value"} if is_variable else set())
            return {self.text(str(key)): self(item, key == "envs") for key, item in value.items() if key not in hidden}
        if isinstance(value, list | tuple):
            return [self(item, is_variable) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, MASK)
        return masked(text, MASK)


def _told(answers: Data) -> Iterator[tuple[str, tuple[Data, str]]]:
    for name, row in answers.items():
        if row.get("skipped"):
            continue
        told = {key: value for key, value in row.items() if key not in PLUMBING}
        # No question has an answer of that name.
        is_missing = "msg" in row or row.get("held_back")
        why = str(row.get("msg") or "what it builds on could not be asked") if is_missing else ""
        yield name, (told, why)


def _local(about: Data) -> Iterator[tuple[str, tuple[Data, str]]]:
    """What this machine tells."""
    found: Data = {"python": sys.version, "platform": platform.platform(), "ansible-core": ansible_version}
    found["collection"] = AGENT
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    yield "versions", (found, "")
    try:
        led = {name: sorted(addresses(name, about["resolver"])) for name in about["domains"]}
    except Failure as failure:
        yield "dns answers", ({}, str(failure))
    else:
        yield "dns answers", (led, "")


def _index(about: Data, parts: list[Data]) -> str:
    rows = [
        f"| {row['part']} | {row['file'] or '–'} | {row['why'].replace('|', '/').replace(chr(10), ' ') or 'there'} |"
        for row in parts
    ]
    head = [
        f"# Diagnostics: {about['environment']}, {about['made_at']}",
        "",
        "Secrets, values of variables, e-mail addresses and CPF numbers are removed.",
        "What names and logs tell of people is not: look before you send it.",
        "",
        "| part | file | |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""XML documents that clients send."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from localcloud import JSON
from localcloud.resources.spaces.s3.errors import S3Error

MAX_BYTES = 2 * 1024 * 1024
_MAX_DEPTH = 12


def parse(body: bytes, root: str) -> JSON:
    """The children of the document's root by name: a text, a dict, or a list where a name occurs more than once.

    Namespaces and attributes are dropped, blanks are kept. S3Error ``MalformedXML`` when it is not that document.
    """
    # No document of S3 has a type declaration, and entities are a way to make much of little.
    if len(body) > MAX_BYTES or b"<!DOCTYPE" in body:
        raise S3Error("MalformedXML")
    try:
        top = fromstring(body)  # noqa: S314
    except (ParseError, ValueError, LookupError):
        raise S3Error("MalformedXML") from None
    if _name(top) != root:
        raise S3Error("MalformedXML")
    found = _value(top, 0)
    if isinstance(found, dict):
        return found
    if found.strip():
        raise S3Error("MalformedXML")
    return {}


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _value(element: Element, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise S3Error("MalformedXML")
    if not len(element):
        return element.text or ""
    found: JSON = {}
    for child in element:
        name, value = _name(child), _value(child, depth + 1)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def nodes(parent: JSON, name: str) -> list[JSON]:
    """The children of that name, each of which must have children of its own."""
    found = many(parent, name)
    # One that is empty has none, which says nothing wrong yet.
    found = [{} if value == "" else value for value in found]
    if not all(isinstance(value, dict) for value in found):
        raise S3Error("MalformedXML")
    return found


def node(parent: JSON, name: str) -> JSON | None:
    """The one child of that name, or None."""
    found = nodes(parent, name)
    if len(found) > 1:
        raise S3Error("MalformedXML")
    return found[0] if found else None


def texts(parent: JSON, name: str) -> list[str]:
    """The children of that name, each of which must be text."""
    found = many(parent, name)
    if not all(isinstance(value, str) for value in found):
        raise S3Error("MalformedXML")
    return found


def text(parent: JSON, name: str) -> str | None:
    """The text of the one child of that name, or None."""
    found = texts(parent, name)
    if len(found) > 1:
        raise S3Error("MalformedXML")
    return found[0] if found else None


def many(parent: JSON, name: str) -> list[Any]:
    """The children of that name."""
    value = parent.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]

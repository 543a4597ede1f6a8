# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a request line and its Host to bucket, key and region."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

# Where Spaces Standard Storage is on offer: product documentation and the Terraform provider's list.
REGIONS = ("ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "ric1", "sfo2", "sfo3", "sgp1", "syd1", "tor1")
DEFAULT_REGION = "nyc3"
DOMAIN = "digitaloceanspaces.com"
# Local names under which the same layout works: https://<bucket>.<region>.localhost:8444/key.
_SUFFIXES = (f".{DOMAIN}", ".localhost")


@dataclass(frozen=True)
class Address:
    """``region`` is None when the Host does not name one; ``virtual``: the bucket came from the Host.

    ``raw_key`` is the key as it stood in the URL, percent-encoded.
    """

    bucket: str
    raw_key: str
    region: str | None
    virtual: bool = False
    cdn: bool = False

    @property
    def key(self) -> str:
        return unquote(self.raw_key)

    @property
    def resource(self) -> str:
        """``/bucket/key``, decoded: for journals and error documents."""
        return f"/{self.bucket}/{self.key}" if self.key else f"/{self.bucket}"

    @property
    def path(self) -> str:
        """The same in path style, percent-encoded."""
        base = f"/{quote(self.bucket, safe='')}" if self.bucket else "/"
        return f"{base}/{self.raw_key}" if self.raw_key else base


def parse_host(host: str) -> tuple[str | None, str | None, bool]:
    """``(bucket, region, cdn)`` as far as the Host says; an IP address or plain ``localhost`` says nothing."""
    name = host.rsplit(":", 1)[0] if host.rpartition(":")[2].isdigit() else host
    name = name.lower().rstrip(".")
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            labels = name.removesuffix(suffix).split(".")
            break
    else:
        return None, None, False
    cdn = labels[-1] == "cdn"
    if cdn:
        labels.pop()
    region = labels.pop() if labels and labels[-1] in REGIONS else None
    return ".".join(labels) or None, region, cdn


def parse(host: str, raw_path: str) -> Address:
    """Virtual-hosted style when the Host starts with a bucket, path style otherwise."""
    bucket, region, cdn = parse_host(host)
    rest = raw_path.removeprefix("/")
    if bucket is not None:
        return Address(bucket, rest, region, virtual=True, cdn=cdn)
    name, _slash, key = rest.partition("/")
    return Address(unquote(name), key, region, cdn=cdn)

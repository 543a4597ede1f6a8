# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where buckets are: names, regions and addresses of Spaces."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import parts_of

DOMAIN = "digitaloceanspaces.com"
DEFAULT_URL = f"https://{{region}}.{DOMAIN}"
# Where Spaces is known to be (product documentation, the vendor's Terraform provider). Nothing tells what is on offer,
# so no region is refused for not being here: it is where to look for a bucket, and what may be meant.
KNOWN_REGIONS = ("ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "ric1", "sfo2", "sfo3", "sgp1", "syd1", "tor1")
_REGION = re.compile(r"[a-z]{3}\d+")


def is_region(text: str) -> bool:
    """Whether it looks like a region."""
    return bool(_REGION.fullmatch(text))


def doubt(region: str) -> str:
    """A sentence on a region that Spaces is not known to have, to tell where it did not work; "" for a known one."""
    if region in KNOWN_REGIONS:
        return ""
    near = offers.meant(region, KNOWN_REGIONS)
    return f"Spaces is known to be in {offers.listed(KNOWN_REGIONS)}{f'; perhaps {near} is meant' if near else ''}."


def endpoint(url: str, region: str) -> str:
    """The address of a region. Raises Failure for one that cannot be meant."""
    if not is_region(region):
        raise Failure(f'The region "{region}" is none of Spaces, which looks like nyc3. {doubt(region)}')
    found = url.strip().rstrip("/").replace("{region}", region)
    parts = parts_of(found)
    if not parts or parts.scheme != "https" or parts.path or parts.query or "@" in parts.netloc:
        raise Failure(f"The spaces_url {url} must be https:// with a host and perhaps a port, such as {DEFAULT_URL}.")
    if is_real(found) and parts.hostname != f"{region}.{DOMAIN}":
        raise Failure(
            f"The spaces_url {url} is not that of the region {region}: leave it out, or write {{region}} in "
            "the place of the region."
        )
    return found


def is_real(url: str) -> bool:
    """Whether an address is DigitalOcean's: there, each bucket has a host name of its own."""
    return (urlsplit(url).hostname or "").endswith(f".{DOMAIN}")


def about(bucket: str, params: Data) -> Data:
    """What a bucket is called and where it is reached: as the CDN's origin (`host`), and by clients of S3."""
    region = params["region"]
    base = endpoint(params["spaces_url"], region)
    host = f"{bucket}.{region}.{DOMAIN}"
    return {
        "name": bucket,
        "region": region,
        "urn": f"do:space:{bucket}",
        "host": host,
        "endpoint": base,
        "url": f"https://{host}" if is_real(base) else f"{base}/{bucket}",
    }


def bad_name(bucket: str) -> str:
    """Why no bucket can be called so, "" if one can."""
    if not 3 <= len(bucket) <= 63:
        return "it must have 3 to 63 characters"
    if not re.fullmatch(r"[a-z0-9.-]+", bucket):
        return "it may only have lower-case letters, digits, dashes and periods"
    if not (bucket[0].isalnum() and bucket[-1].isalnum()) or ".." in bucket:
        return "it must begin and end with a letter or digit, and periods must stand alone"
    return "it looks like an IP address" if re.fullmatch(r"\d+(\.\d+){3}", bucket) else ""

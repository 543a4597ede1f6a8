# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where buckets are: regions and addresses of Spaces."""

from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import SPACES_REGIONS, is_spaces_region
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.transport import parts_of

DOMAIN = "digitaloceanspaces.com"
DEFAULT_URL = f"https://{{region}}.{DOMAIN}"


def doubt(region: str) -> str:
    """A sentence on a region that Spaces is not known to have, to tell where it did not work; "" for a known one."""
    if region in SPACES_REGIONS:
        return ""
    near = offers.meant(region, SPACES_REGIONS)
    return f"Spaces is known to be in {offers.listed(SPACES_REGIONS)}{f'; perhaps {near} is meant' if near else ''}."


def endpoint(url: str, region: str) -> str:
    """The address of a region. Raises Failure for one that cannot be meant."""
    if not is_spaces_region(region):
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

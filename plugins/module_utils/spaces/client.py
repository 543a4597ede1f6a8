# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Spaces, DigitalOcean's S3, as everything here sees it.

Buckets and what is set on them are no part of the REST API. They look the same nevertheless: `Spaces` is an `Api` whose
paths are operations as boto3 calls them, so that retries, lost answers and what a failed run has changed are the
business of client.py, here as there.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.carrier import Broker, no_broker
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api, Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import (
    ApiError,
    ConnectionLost,
    Failure,
    NotFound,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import SPACES_REGIONS
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import ACKNOWLEDGED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import Secrets
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.wait import Clock, within
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.arguments import from_env
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.address import (
    DEFAULT_URL,
    DOMAIN,
    doubt,
    is_real,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.transport import (
    BotoTransport,
    NotGranted,
    warm_up,
)

__all__ = ["Spaces", "connect", "options", "regions_of", "warm_up"]

# A key that the API has made may be unknown to Spaces for a moment: pauses (seconds) before it is tried again.
KEY_IS_YOUNG = (0.5, 1.0, 2.0)


def options() -> Data:
    """How to reach Spaces, beside the region."""
    return {
        "access_key": {"type": "str", "no_log": False, **from_env("SPACES_ACCESS_KEY_ID")},
        "secret_key": {"type": "str", "no_log": True, **from_env("SPACES_SECRET_ACCESS_KEY")},
        "spaces_url": {"type": "str", "default": DEFAULT_URL, **from_env("SPACES_ENDPOINT_URL")},
    }


class Spaces(Api):
    """The buckets of one region, as one access key may see them."""

    def call(self, operation: str, **parameters: Any) -> Data:
        """Call an S3 operation by its name in boto3, such as `get_bucket_acl`.

        Raises an ApiError, whose `error_id` is S3's code. All but the creation of a bucket may be repeated: they say
        how things shall be.
        """
        method = "GET" if operation.startswith(("get_", "list_", "head_")) else "PUT"
        repeatable = None if operation != "create_bucket" else False
        # A key that was made a moment ago is waited for.
        for pause in (*KEY_IS_YOUNG, None):
            try:
                # What the operations promise is the transport's business: it sees the documents.
                return self.request(method, operation, parameters, promise=ACKNOWLEDGED, repeatable=repeatable)
            except ConnectionLost as error:
                # A region without Spaces has no host.
                if is_real(self._transport.url) and not error.uncertain:
                    why = doubt((urlsplit(self._transport.url).hostname or "").removesuffix(f".{DOMAIN}"))
                    error.message = f"{error.message}. {why}".rstrip(". ")
                raise
            except NotGranted as error:
                if error.error_id != "InvalidAccessKeyId" or pause is None:
                    raise
                self.clock.sleep(pause)
        raise AssertionError("the last try has returned or raised")

    def link(self, operation: str, seconds: int, **parameters: Any) -> str:
        """A presigned URL: it lets whoever has it do this one thing, for so long."""
        transport: Any = self._transport
        return str(transport.link(operation, seconds, **parameters))

    def look(self, operation: str, *absent: str, **parameters: Any) -> Data:
        """Call a reading operation; the S3 codes in `absent` mean that nothing is set, which is {}."""
        try:
            return self.call(operation, **parameters)
        except ApiError as error:
            if error.error_id in absent:
                return {}
            raise

    def gone(self, operation: str, **parameters: Any) -> None:
        """Call a removing operation; that it is gone already is success."""
        try:
            self.call(operation, **parameters)
        except NotFound:
            return


def connect(
    params: Data,
    secrets: Secrets,
    clock: Clock,
    progress: Callable[[str], None] | None = None,
    broker: Broker = no_broker,
) -> Spaces:
    """Spaces as the options of a module say; for the rest see Api."""
    transport = _transport(params, params["region"], broker)
    return Spaces(transport, timeout=params["timeout"], secrets=secrets, clock=clock, progress=progress)


def _transport(params: Data, region: str, broker: Broker = no_broker) -> BotoTransport:
    return BotoTransport(
        access_key=params["access_key"],
        secret_key=params["secret_key"],
        region=region,
        url=params["spaces_url"],
        ca_path=params["ca_path"],
        timeout=params["timeout"],
        broker=broker,
    )


def regions_of(bucket: str, params: Data) -> dict[str, bool]:
    """In which regions other than the wanted one a bucket is: {region: whether this key may use it}.

    Names are unique over all regions and customers, but each region's endpoint only knows its own buckets. A region
    that does not answer clearly is left out.
    """
    others = [region for region in SPACES_REGIONS if region != params["region"]]

    def look(region: str) -> bool | None:
        try:
            transport = _transport(params, region)
            answer = within(
                params["timeout"],
                partial(transport.send, "GET", "get_bucket_location", query=None, body={"Bucket": bucket}, timeout=0),
                Failure("no answer"),
            )
        except NotGranted as error:
            return False if error.error_id == "AccessDenied" else None
        except Failure:
            return None
        return True if answer.status == 200 else None

    with ThreadPoolExecutor(len(others)) as pool:
        found = dict(zip(others, pool.map(look, others), strict=True))
    return {region: mine for region, mine in found.items() if mine is not None}

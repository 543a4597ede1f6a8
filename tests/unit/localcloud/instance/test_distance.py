# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An instance that is a round trip away: connections cost handshakes, and it behaves as any other."""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.localcloud_fixtures import LocalCloud, start_localcloud

RTT = 0.1


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with start_localcloud(tmp_path_factory.mktemp("far") / "home", "--rtt-ms", str(RTT * 1000)) as instance:
        yield instance


def connection(cloud: LocalCloud) -> http.client.HTTPSConnection:
    where = urlsplit(cloud.url)
    assert where.hostname
    context = ssl.create_default_context(cafile=cloud.ca)
    return http.client.HTTPSConnection(where.hostname, where.port, context=context, timeout=60)


def ask(connected: http.client.HTTPSConnection, cloud: LocalCloud) -> tuple[int, float]:
    """Status and seconds."""
    started = time.monotonic()
    connected.request("GET", "/v2/account", headers={"authorization": f"Bearer {cloud.token}"})
    answer = connected.getresponse()
    answer.read()
    return answer.status, time.monotonic() - started


def test_a_connection_costs_its_handshakes_and_a_request_one_round_trip(far: LocalCloud) -> None:
    connected = connection(far)
    status, first = ask(connected, far)
    again, second = ask(connected, far)
    assert (status, again) == (200, 200)
    # Each has a least time, whatever the machine: TCP, TLS 1.3, the request; then the request alone.
    assert first >= 3 * RTT
    assert second >= RTT


def test_a_cut_and_an_end_travel_too(far: LocalCloud) -> None:
    far.admin.fault("drop", path="/v2/account", count=1)
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(connection(far), far)
    body = "x" * 3_000_000
    connected = connection(far)
    connected.request("POST", "/v2/vpcs", body=body, headers={"authorization": f"Bearer {far.token}"})
    assert connected.getresponse().status == 400
    connected.close()


def test_how_far_it_is_is_told(far: LocalCloud) -> None:
    assert far.admin.status()["rtt_ms"] == RTT * 1000


def test_it_goes_with_the_instance(tmp_path: Path) -> None:
    with start_localcloud(tmp_path / "home", "--rtt-ms", "1") as instance:
        connected = connection(instance)
        assert ask(connected, instance)[0] == 200
        instance.process.terminate()
        assert instance.process.wait(timeout=60) == 0
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(connected, instance)
    assert not (tmp_path / "home").exists()

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rate limits, by a clock of the test's own."""

from __future__ import annotations

import pytest

from localcloud.ports.errors import ApiError
from localcloud.ports.limits import Limits


def _refusal(limits: Limits, now: float, path: str = "/v2/vpcs", token: str = "t") -> ApiError:
    with pytest.raises(ApiError) as caught:
        limits.count(token, path, now)
    assert caught.value.status == 429
    return caught.value


def test_burst_of_250_a_minute_says_when_to_come_again() -> None:
    limits = Limits()
    for number in range(250):
        limits.count("t", "/v2/vpcs", 1000 + number * 0.1)
    refusal = _refusal(limits, 1030)
    assert refusal.headers == {"retry-after": "30", "ratelimit-remaining": "0"}
    limits.count("t", "/v2/vpcs", 1060.1)
    limits.count("another", "/v2/vpcs", 1030)


def test_a_burst_is_over_when_its_own_first_request_is_a_minute_old() -> None:
    limits = Limits()
    for moment in [900.0] * 100 + [1000.0] * 100 + [1020.0] * 150:
        limits.count("t", "/v2/vpcs", moment)
    assert _refusal(limits, 1030).headers["retry-after"] == "30"
    limits.count("t", "/v2/vpcs", 1060.0)


def test_5000_an_hour_slide() -> None:
    limits = Limits()
    for number in range(5000):
        limits.count("t", "/v2/vpcs", float(number // 4))
    refusal = _refusal(limits, 3000)
    assert "retry-after" not in refusal.headers
    assert dict(limits.headers("t", "/v2/vpcs", 3000)) == {
        "ratelimit-limit": "5000",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "3600",
    }
    limits.count("t", "/v2/vpcs", 3600.0)
    assert dict(limits.headers("t", "/v2/vpcs", 3600.0))["ratelimit-remaining"] == "3"


def test_cdn_calls_share_five_in_ten_seconds() -> None:
    limits = Limits()
    for path in ["/v2/cdn/endpoints"] * 3 + ["/v2/cdn/endpoints/1/cache"] * 2:
        limits.count("t", path, 0)
    assert _refusal(limits, 4, "/v2/cdn/endpoints/1").headers["retry-after"] == "6"
    assert dict(limits.headers("t", "/v2/cdn/endpoints", 4)) == {
        "ratelimit-limit": "5",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "10",
    }
    assert dict(limits.headers("t", "/v2/cdn/endpoints-of-others", 4))["ratelimit-remaining"] == "4995"
    limits.count("t", "/v2/vpcs", 4)
    limits.count("t", "/v2/cdn/endpoints", 10)


def test_switched_off_nothing_is_used_up() -> None:
    limits = Limits(enabled=False)
    for _ in range(6000):
        limits.count("t", "/v2/cdn/endpoints", 0)
    assert dict(limits.headers("t", "/v2/vpcs", 0))["ratelimit-remaining"] == "5000"

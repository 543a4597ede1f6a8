# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names, times and sizes can be."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import facts


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("abc", ""),
        ("a" * 63, ""),
        ("a.b-c.1", ""),
        ("ab", "3 to 63"),
        ("a" * 64, "3 to 63"),
        ("Abc", "lower-case"),
        ("a_c", "lower-case"),
        ("a..b", "alone"),
        ("-ab", "begin"),
        ("ab.", "begin"),
        ("1.2.3.4", "IP address"),
    ],
)
def test_names_of_buckets(name: str, says: str) -> None:
    problem = facts.bad_bucket_name(name)
    assert says in problem
    assert bool(says) is bool(problem)


@pytest.mark.parametrize(("size", "limit"), [("db-s-1vcpu-1gb", 22), ("gd-2vcpu-8gb", 197), ("db-large", 0)])
def test_the_connection_limit_follows_the_memory(size: str, limit: int) -> None:
    assert facts.connection_limit(size) == limit


@pytest.mark.parametrize(
    ("hour", "is_one"),
    [("4:00", True), ("04:00", True), ("23:59:59", True), ("24:00", False), ("4", False), (240, False), (None, False)],
)
def test_times_of_day(hour: object, is_one: bool) -> None:
    assert facts.is_time_of_day(hour) is is_one

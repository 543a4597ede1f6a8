# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which secrets somebody guesses."""

from __future__ import annotations

import hashlib
import random
import string

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.weak_secrets import weakness


@pytest.mark.parametrize(
    ("weak", "says"),
    [
        ("a", "has 1 character, 12 are the least"),
        ("hunter2", "has 7 characters"),
        ("Tr0ub4dor&3", "has 11 characters"),
        ("passwordpassword", "is easy to guess"),
        ("FisioFlow2026!", "is easy to guess"),
        ("a" * 64, "is easy to guess"),
        ("abcdefghijklmnopqrst", "is easy to guess"),
        ("abcdabcdabcdabcd", "is easy to guess"),
        ("123456789012345678", "is easy to guess"),
        ("471108154223", "is easy to guess"),
        ("changeme-changeme-changeme", "is easy to guess"),
    ],
)
def test_weak(weak: str, says: str) -> None:
    assert weakness(weak).startswith(says)


def test_random_ones_are_strong() -> None:
    chance = random.Random(7)
    for length, alphabet in (
        (14, string.ascii_letters + string.digits),
        (24, string.hexdigits[:16]),
        (16, string.ascii_lowercase),
        (32, string.ascii_letters),
    ):
        for _ in range(200):
            assert weakness("".join(chance.choices(alphabet, k=length))) == "", (length, alphabet)


@pytest.mark.parametrize(
    "strong",
    [
        "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
        hashlib.sha256(b"localcloud").hexdigest(),
        hashlib.md5(b"localcloud", usedforsecurity=False).hexdigest(),
        "https://3f1c0a9b7d@o123.ingest.sentry.io/456",
        "correct horse battery staple",
    ],
)
def test_strong(strong: str) -> None:
    assert weakness(strong) == ""

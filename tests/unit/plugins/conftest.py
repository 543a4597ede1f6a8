# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A broker; and fingerprints that cost nothing, where a test is about something else."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import fingerprints
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.running.broker import Broker

PRICE = fingerprints.PRICE


@pytest.fixture(autouse=True)
def cheap_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "PRICE", 1)


@pytest.fixture
def real_price(monkeypatch: pytest.MonkeyPatch, cheap_marks: None) -> None:
    monkeypatch.setattr(fingerprints, "PRICE", PRICE)


@pytest.fixture(scope="session")
def broker() -> Broker:
    """Of the whole session, with which it ends."""
    made = Broker()
    assert made.pid
    return made

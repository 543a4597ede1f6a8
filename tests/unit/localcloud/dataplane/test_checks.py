# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What checks trust is read once: to read a machine's authorities takes 40 ms of CPU, and checks come each 0.2 s."""

from __future__ import annotations

import trustme

from localcloud.dataplane.load_balancers import health
from localcloud.dataplane.uptime import kind


def test_a_load_balancer_reads_no_authority_of_this_machine() -> None:
    context = health._unverified()
    assert context.cert_store_stats()["x509"] == 0
    assert health._unverified() is context


def test_an_uptime_check_reads_the_instances_once() -> None:
    ours, others = (trustme.CA().cert_pem.bytes().decode() for _ in range(2))
    assert kind._trust(ours).cert_store_stats()["x509"] == 1
    assert kind._trust(ours) is kind._trust(ours) is not kind._trust(others)

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names that a cluster's certificate bears."""

from __future__ import annotations

import pytest

from localcloud.resources.databases.endpoints import LONGEST_LABEL, names

SETTINGS = {"_zone": "b", "do_settings": {"service_cnames": ["db.clinic.example"]}}


@pytest.mark.parametrize(("length", "hosts"), [(28, 4), (29, 3), (44, 1), (45, 0)])
def test_a_name_that_no_dns_could_serve_is_not_certified(length: int, hosts: int) -> None:
    """Of a cluster with a long name alone, `idna` refused the whole certificate, and the software never came up."""
    found = names({"name": "c" * length, **SETTINGS})
    assert len(found) == hosts + 2
    assert max(len(name.partition(".")[0]) for name in found) <= LONGEST_LABEL

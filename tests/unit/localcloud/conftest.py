# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running server, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.localcloud_api import Answer, Api
from tests.localcloud_fixtures import LocalCloud

__all__ = ["Answer", "Api"]


@pytest.fixture
def api(cloud: LocalCloud) -> Iterator[Api]:
    found = Api(cloud)
    yield found
    found.session.close()


@pytest.fixture
def described(api: Api) -> Api:
    """An account that is held to the API description, where there is one."""
    if not api.admin.status()["contract"]["on"]:
        pytest.skip("no API description at hand")
    return api

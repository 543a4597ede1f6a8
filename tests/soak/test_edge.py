# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies of another secret, run by run. In the gate the page on the edge and the rotation of credentials do it."""

from __future__ import annotations

import re

from tests.integration.site.account import APP, app_environment, tables_of
from tests.integration.site.proofs import good
from tests.integration.site.runs import run
from tests.localcloud_fixtures import LocalCloud


def test_the_origin_secret_is_rotated_in_two_phases(environment: LocalCloud) -> None:
    old, new = ({row["id"] for row in tables_of(environment.admin.state())["droplets"].values()}, "n" * 40)
    first = good(run(environment, env={"FISIOFLOW_ORIGIN_SECRET_NEXT": new}))
    # The app accepts it before a proxy sends it, and one proxy goes at a time.
    assert [
        write.split("/")[2] for write in first.writes if re.match(r"PUT /v2/apps|PUT /v2/droplets|DELETE", write)
    ] == [
        *("apps", "droplets", "droplets", "droplets"),
    ]
    state = environment.admin.state()
    proxies = tables_of(state)["droplets"].values()
    assert len(proxies) == 2
    assert not old & {row["id"] for row in proxies}
    assert all(f'X-Origin-Secret "{new}"' in row["_user_data"] for row in proxies)
    accepted = app_environment(state, APP)
    assert accepted["ORIGIN_SECRET_NEXT"] == new != accepted["ORIGIN_SECRET"]
    only = {"FISIOFLOW_ORIGIN_SECRET": new, "FISIOFLOW_ORIGIN_SECRET_NEXT": new}
    second = good(run(environment, env=only))
    assert not [write for write in second.writes if "droplets" in write]
    accepted = app_environment(environment.admin.state(), APP)
    assert accepted["ORIGIN_SECRET_NEXT"] == accepted["ORIGIN_SECRET"] == new
    assert new not in first.printed + second.printed
    again = good(run(environment, env=only))
    assert (again.changed, again.writes) == (0, [])

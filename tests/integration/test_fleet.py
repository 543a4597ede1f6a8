# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several environments in one run: one that fails stops no other, and one page tells what came of all."""

from __future__ import annotations

from tests.integration.harness.ansible import Played
from tests.integration.harness.playbooks import playbook
from tests.integration.site.account import tables_of
from tests.localcloud_fixtures import LocalCloud

SECRETS = {
    "NEXTAUTH_SECRET": "n3xt4auth5",
    "ENCRYPTION_KEY": "0123456789abcdef0123456789abcdef",
    "STATUS_CHECK_TOKEN": "t0ken4status",
}


def provisioned(cloud: LocalCloud, secrets_of: tuple[str, ...]) -> Played:
    env = {f"FISIOFLOW_CLINIC_{number}_{name}": value for number in secrets_of for name, value in SECRETS.items()}
    variables = {"image_digest": "sha256:" + "1" * 64}
    limit = ("--limit", "clinic-01,clinic-02,clinic-03")
    return playbook(cloud, "playbooks/provision", *limit, env=env, variables=variables, inventory="fleet")


def page_of(played: Played) -> list[str]:
    """The lines of the page that tells of all environments."""
    lines = played.printed.splitlines()
    [last] = [number for number, line in enumerate(lines) if line.startswith("3 environments · ")]
    first = next(number for number in range(last, 0, -1) if lines[number - 1].startswith(("changed: ", "PLAY ")))
    return lines[first + 1 : last + 1]


def test_one_that_fails_stops_no_other(cloud: LocalCloud) -> None:
    """The second has no secrets, which is found beforehand; the third is refused a bucket."""
    cloud.admin.fault("status", method="PUT", path="/fisioflow-clinic-03-assets", port="spaces", status=403)
    first = provisioned(cloud, secrets_of=("01", "03"))
    assert first.returncode == 2, first.printed
    made = {row["name"] for row in tables_of(cloud.admin.state())["databases"].values()}
    assert made == {f"fisioflow-clinic-{number}-{name}" for number in ("01", "03") for name in ("postgresql", "valkey")}
    assert "FAILED: clinic-02 · Nothing was created. 3 problem(s)" in first.printed
    assert "changed: clinic-01 · network : Provide the private network" in first.printed
    done, _, second, third, _, counts = page_of(first)
    assert counts == "3 environments · 1 done · 2 failed: clinic-02, clinic-03"
    assert done.startswith("Provisioned · clinic-01 (essential) · ")
    assert second == "FAILED · clinic-02 · it says why above"
    assert third.startswith("FAILED · clinic-03 · ")
    assert "fisioflow-clinic-03-assets" in third
    # Its costs and addresses are in its report, not in ten pages one after the other.
    assert "a month, in USD" not in first.printed
    reports = sorted(path.name for path in (cloud.home.parent / "reports").glob("clinic-*.md"))
    assert [name[:9] for name in reports] == ["clinic-01", "clinic-03"]

    cloud.admin.clear_faults()
    again = provisioned(cloud, secrets_of=("01", "02", "03"))
    assert again.returncode == 0, again.printed
    assert page_of(again)[-1] == "3 environments · 3 done"
    assert "changed: clinic-01" not in again.printed
    assert len(tables_of(cloud.admin.state())["databases"]) == 6


def test_two_hosts_that_are_one_environment_are_refused(cloud: LocalCloud) -> None:
    """Each would make what the other makes, and the app would end with the key that the last one has deleted."""
    limit = ("--limit", "clinic-01,clinic-02")
    variables = {"fisioflow_environment": "same"}
    for options in ((), ("--check",)):
        refused = playbook(cloud, "playbooks/provision", *limit, *options, variables=variables, inventory="fleet")
        assert (refused.returncode, refused.write_list) == (2, []), refused.printed
        assert "several hosts of this run are the environment same: clinic-01, clinic-02." in refused.printed

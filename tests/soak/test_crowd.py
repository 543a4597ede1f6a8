# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account full of somebody else's things: all that holds for an empty one holds here; theirs is not touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.harness.playbooks import NEXTAUTH_SECRET
from tests.integration.site.account import HISTORY, duplicates, inventory, name_of, tables_of, usable
from tests.integration.site.fixtures import Baseline
from tests.integration.site.proofs import DESTROY, good
from tests.integration.site.runs import NO_SPACES_KEY, run
from tests.localcloud_fixtures import LocalCloud

CROWD = {"vpcs": 250, "databases": 45, "buckets": 30, "apps": 10}
# Names that only look like ours.
LOOKALIKES = {
    "vpcs": "fisioflow-local-2",
    "databases": "fisioflow-local-postgresql-2",
    "projects": "fisioflow-local-2",
    "spaces_keys": "fisioflow-local-uploads-2",
}


def crowded(cloud: LocalCloud) -> dict[str, Any]:
    """Fill the account and return its state."""
    cloud.admin.seed(**CROWD)
    # What has only been started is finished by the next request: have that behind us.
    cloud.admin.advance(0)
    state = cloud.admin.state()
    tables = tables_of(state)
    default = next(iter(tables["projects"].values()))
    for number in range(30):
        key = f"00000000-0000-4000-8000-0000000000{number:02}"
        tables["projects"][key] = {
            **default,
            "id": key,
            "name": f"project-of-a-colleague-{number}",
            "is_default": False,
        }
        access = f"DO00COLLEAGUE000000{number:02}"
        tables["spaces_keys"][access] = {
            "name": f"key-of-a-colleague-{number}",
            "access_key": access,
            "_secret": f"{number:043}",
            "grants": [{"bucket": "colleague-0001", "permission": "read"}],
            "created_at": "2026-11-24T00:00:00Z",
        }
    for table, name in LOOKALIKES.items():
        list(tables[table].values())[-1]["name"] = name
    cloud.admin.load(state)
    return cloud.admin.state()


def theirs(state: dict[str, Any], first: dict[str, Any]) -> dict[str, str]:
    """Every record and object that was there at first, as it is now."""
    found = {}
    for table, rows in tables_of(first).items():
        for key in rows:
            found[f"{table}/{key}"] = json.dumps(tables_of(state).get(table, {}).get(key), sort_keys=True)
    for bucket in first["more"]["spaces"]["buckets"]:
        found[f"content of {bucket}"] = json.dumps(state["more"]["spaces"]["buckets"].get(bucket), sort_keys=True)
    return found


def ids(first: dict[str, Any]) -> set[str]:
    """What a write on something of theirs would have in its path."""
    tables = tables_of(first)
    return {
        key
        for table in ("vpcs", "databases", "apps", "projects", "spaces_keys", "spaces_buckets", "cdn_endpoints")
        for key in tables.get(table, {})
    }


def ours(state: dict[str, Any], first: dict[str, Any]) -> list[str]:
    """The inventory without what was there at first."""
    before = set(inventory(first))
    return [line for line in inventory(state) if line not in before]


@pytest.mark.parametrize("env", [{}, NO_SPACES_KEY], ids=["with a Spaces key", "without a Spaces key"])
def test_nothing_of_theirs_is_touched(
    env: dict[str, str], cloud: LocalCloud, baseline: Baseline, figures: Callable[[str], None]
) -> None:
    first = crowded(cloud)
    since = cloud.admin.seq()
    stages: list[tuple[str, tuple[str, ...]]] = [
        ("site", ("--check", "--diff")),
        ("site", ()),
        ("site", ()),
        ("playbooks/verify", ()),
        ("playbooks/destroy", DESTROY),
    ]
    changed = []
    for number, (name, options) in enumerate(stages):
        if number == 1:
            # A lost answer must be found among all of theirs.
            cloud.admin.fault("drop", method="POST", path="/v2/databases", when="after", count=1)
            cloud.admin.fault("drop", method="POST", path="/v2/vpcs", when="after", count=1)
        done = good(run(cloud, name, *options, env=env))
        changed.append(done.changed)
        assert number != 0 or done.writes == []
        state = cloud.admin.state()
        assert theirs(state, first) == theirs(first, first)
        assert duplicates(state) == duplicates(first)
        if 0 < number < 4:
            assert len(ours(state, first)) >= len(baseline.inventory) - len(inventory(baseline.empty))
            assert usable(state, NEXTAUTH_SECRET) == []
    assert changed[2:4] == [0, 0]
    assert changed[0] > 0
    assert inventory(cloud.admin.state()) == inventory(first)
    touched = [entry["path"] for entry in cloud.admin.writes(since)]
    assert [path for path in touched if any(part in ids(first) for part in path.split("/"))] == []
    figures(f"nothing touched of {len(ids(first))}")


def test_the_crowd_is_there(cloud: LocalCloud) -> None:
    """The proofs above are worth something only in a crowd."""
    tables = tables_of(crowded(cloud))
    assert len(tables["vpcs"]) > 200  # more than a page
    assert [len(tables[name]) for name in ("databases", "spaces_buckets", "apps")] == [45, 30, 10]
    names = {name_of(table, row) for table, rows in tables.items() if table not in HISTORY for row in rows.values()}
    assert set(LOOKALIKES.values()) <= names

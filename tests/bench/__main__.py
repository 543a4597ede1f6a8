# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures about whole runs on localcloud, about localcloud saving its state, and about what all of its software takes:
`python -m tests.bench`, one JSON object a line.

Nothing here passes or fails; a figure is what this machine gave.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path

from localcloud import resources
from localcloud.world.world import DURATIONS
from tests.bench import environments, saving, stack
from tests.bench.runs import Measured, adopt_orphans, floor, measure, middle
from tests.integration.site.crowd import CROWD
from tests.localcloud_fixtures import LocalCloud, start_localcloud

# Milliseconds of a round trip from Europe or the Americas, handshakes included.
RTT = "80"
# What waits for each other: both clusters at once, then the deployment of an image, which is not built, then the
# proxies, which are told where the app is. Their load balancer takes less than a cluster; network, buckets, users,
# pools and trusted sources are there at once.
CLUSTERS = ("database.create", "database.create.valkey")
DEPLOYMENT = ("app.start", "app.queue", "app.job", "app.deploy")
PROXIES = ("pool.scale", "droplet.create")
PLAYBOOKS = {"noop": ("site",), "noop_verify": ("playbooks/verify",), "noop_check": ("site", "--check", "--diff")}
SEVERAL = (1, 5, 20)
REPORTS = ("report_costs", "detect_drift", "report_metrics")


def longest_chain() -> float:
    """Seconds of waiting that no parallel work can shorten, at real durations: as localcloud declares them."""
    resources.load()
    return max(DURATIONS[name] for name in CLUSTERS) + sum(DURATIONS[name] for name in DEPLOYMENT + PROXIES)


def tell(name: str, value: float, unit: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit}), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--factor", type=float, default=0.5, help="of real durations in the creation (default 0.5)")
    parser.add_argument("--times", type=int, default=3, help="measurements of each unchanged run (default 3)")
    options = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with start_localcloud(folder / "near" / "home") as cloud:
            creation(cloud, options.factor)
            plain = near(cloud, options.times)
            # What no unchanged run can go below: starting Ansible, and as many tasks that do nothing.
            bare = floor(folder, plain.tasks)
            tell("ansible_floor_seconds", bare, "s")
            tell("noop_ratio", plain.seconds / bare, "unchanged / bare Ansible with as many tasks")
        with start_localcloud(folder / "far" / "home", "--rtt-ms", RTT) as cloud:
            far(cloud, options.times, bare)
            reports(cloud, options.times)
        several(folder)
        for figure in (*saving.figures(folder), *stack.figures(folder)):
            tell(*figure)


def creation(cloud: LocalCloud, factor: float) -> None:
    cloud.admin.settings(speed=str(factor))
    made = measure(cloud, writes=True)
    cloud.admin.settings(speed="instant")
    chain = longest_chain() * factor
    tell("create_factor", factor, "of real durations")
    tell("create_seconds", made.seconds, "s")
    tell("create_longest_chain_seconds", chain, "s")
    tell("create_ratio", made.seconds / chain, "create / longest chain")
    tell("create_ratio_real", 1 + (made.seconds - chain) / longest_chain(), "the same at real durations, worked out")
    tell("create_cpu_seconds", made.cpu, "s")
    tell("create_resources", made_in(cloud), "resources, in all figures about one environment")
    tell("create_tasks", made.tasks, "tasks")
    tell("create_requests", made.requests, "requests")


def made_in(cloud: LocalCloud) -> int:
    """How many things the run says that it has made: the whole architecture, with what stands before the app and what
    watches it."""
    [report] = (cloud.home.parent / "reports").glob("*.json")
    return len(json.loads(report.read_text(encoding="utf-8"))["changes"])


def near(cloud: LocalCloud, times: int) -> Measured:
    plain = middle(times, partial(measure, cloud))
    tell("noop_seconds", plain.seconds, "s")
    tell("noop_cpu_seconds", plain.cpu, "s")
    tell("noop_tasks", plain.tasks, "tasks")
    tell("noop_skipped", plain.skipped, "tasks")
    tell("noop_requests", plain.requests, "requests")
    tell("noop_connections", plain.connections, "connections")
    tell("noop_localcloud_seconds", plain.served, "s")
    modules = measure(cloud, variables={"digitalocean_in_controller": False})
    tell("noop_seconds_module_path", modules.seconds, "s")
    tell("noop_speedup", modules.seconds / plain.seconds, "module path / controller path")
    return plain


def far(cloud: LocalCloud, times: int, bare: float) -> None:
    measure(cloud, writes=True)
    for name, (playbook, *options) in PLAYBOOKS.items():
        done = middle(times, partial(measure, cloud, playbook, *options))
        tell(f"{name}_seconds_rtt{RTT}", done.seconds, "s")
        tell(f"{name}_cpu_seconds_rtt{RTT}", done.cpu, "s")
        tell(f"{name}_connections_rtt{RTT}", done.connections, "connections")
        tell(f"{name}_ratio_rtt{RTT}", done.seconds / bare, "unchanged / bare Ansible")


def reports(cloud: LocalCloud, times: int) -> None:
    """Of the environment that is there, beside 300 things of others."""
    cloud.admin.seed(**CROWD)
    # Until the app has been measured.
    cloud.admin.advance(600)
    for name in REPORTS:
        known = {"fisioflow_known": ["*"]}
        done = middle(times, partial(measure, cloud, f"playbooks/{name}", variables=known))
        tell(f"{name}_seconds_rtt{RTT}_beside_{sum(CROWD.values())}", done.seconds, "s")
        tell(f"{name}_requests", done.requests, "requests")


def several(folder: Path) -> None:
    """So many environments in one run, unchanged."""
    with start_localcloud(folder / "several" / "home") as cloud:
        for there, count in pairwise((0, *SEVERAL)):
            options = environments.inventory(folder, count)
            for some in environments.in_fives(there, count):
                measure(cloud, "site", *options, "--limit", some, writes=True)
            done = measure(cloud, "site", *options)
            tell(f"noop_seconds_{count}_environments", done.seconds, "s")
            tell(f"noop_requests_{count}_environments", done.requests, "requests")
            tell(f"noop_connections_{count}_environments", done.connections, "connections")


if __name__ == "__main__":
    main()

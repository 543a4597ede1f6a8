# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of every module is true: its examples run, and what its samples show comes back.

For each resource, in order: what the examples presuppose (NEEDS), the first example, those of the info module, which so
find something, and the rest. Where they need Ansible itself they are a playbook.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest
import yaml

from tests.integration.harness.ansible import ROOT, play
from tests.integration.harness.inside import KEYWORDS, inside
from tests.integration.harness.steps import NAMESPACE, Run, Step, admin
from tests.localcloud_fixtures import LocalCloud

MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("[a-z]*.py"))
SUBJECTS = sorted({name.removesuffix("_info") for name in MODULES})
# What the examples take from the user's vault.
VARIABLES = {"vault_session_secret": "example-sentinel"}


def _cluster(name: str = "clinic-pg", engine: str = "pg", **options: Any) -> Step:
    small = {"size": "db-s-1vcpu-1gb", "num_nodes": 1, "region": "fra1"}
    return Step(f"a cluster {name}", "database_cluster", {"name": name, "engine": engine, **small}, **options)


def _advanced(name: str = "clinic-pg-ha") -> Step:
    """With what new clusters of the Standard edition no longer get."""
    big = {"size": "gd-2vcpu-8gb", "num_nodes": 2, "region": "fra1"}
    return Step(f"a cluster {name}", "database_cluster", {"name": name, "engine": "advanced_pg", **big})


def _bucket(name: str, region: str = "fra1") -> Step:
    return Step(f"a bucket {name}", "spaces_bucket", {"name": name, "region": region})


def _let_in(cluster: str) -> Step:
    rules = [{"type": "ip_addr", "value": "127.0.0.1"}]
    return Step(f"we are let into {cluster}", "database_firewall", {"cluster": cluster, "rules": rules})


def _app(step: str, digest: str) -> Step:
    image = {"registry_type": "DOCR", "repository": "clinic", "digest": f"sha256:{digest}"}
    spec = {"region": "fra", "services": [{"name": "web", "image": image}]}
    return Step(step, "app", {"name": "clinic", "spec": spec}, register="app")


def documentation(module: str, part: str) -> Any:
    tree = ast.parse((ROOT / "plugins" / "modules" / f"{module}.py").read_text(encoding="utf-8"))
    return next(
        yaml.safe_load(node.value.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and [target.id for target in node.targets if isinstance(target, ast.Name)] == [part]
    )


def examples(module: str) -> list[Step]:
    """The tasks as they stand, named after their module so that names differ."""
    steps = []
    for task in documentation(module, "EXAMPLES") if module in MODULES else []:
        keywords = {key: value for key, value in task.items() if key != "name" and "." not in key}
        action = next(key for key in task if "." in key)
        steps.append(
            Step(
                f"{module}: {task['name']}", action.removeprefix(f"{NAMESPACE}."), task[action] or {}, keywords=keywords
            )
        )
    return steps


VPC = Step("a network", "vpc", {"name": "clinic", "region": "fra1"}, register="network")
PROJECT = Step("a project", "project", {"name": "clinic", "purpose": "Web Application"}, register="project")
KEY = Step(
    "a Spaces key",
    "spaces_key",
    {"name": "clinic", "grants": [{"permission": "fullaccess"}]},
    register="spaces_key",
    keywords={"no_log": True},
)
DUMPED = [replace(step, name=f"{step.name} once") for step in examples("database_dump")]
LOGIN = {name: value for name, value in DUMPED[-1].args.items() if name not in ("cluster", "recipients")}
RESTORED = {
    "name": "{{ dumped.database_dump.name }}",
    "identity_file": "{{ backup_identity_file }}",
    "table": "public.patients",
    "into_schema": "restored",
}
SQL_LOGIN = {
    **{f"login_{name}": LOGIN[name] for name in ("host", "port", "user", "password")},
    "login_db": "defaultdb",
    "ssl_mode": "verify-full",
    "ca_cert": LOGIN["ca_cert"],
}
ZONE = Step("a domain", "domain", {"name": "clinic.example"})
ISSUED = Step("a certificate", "certificate", {"name": "clinic", "dns_names": ["clinic.example", "*.clinic.example"]})
HTTP = {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 80}
NEEDS: dict[str, list[Step]] = {
    "app": [VPC, PROJECT, _cluster("clinic-db"), KEY],
    # Digests that begin with 0bad never become healthy.
    "app_deployment": [_app("v1", "1a" * 32), _app("broken", f"0bad{'1a' * 30}"), _app("v2", "2b" * 32)],
    "app_logs": [_app("an app", "1a" * 32)],
    "app_metrics": [_app("an app", "1a" * 32)],
    "app_variables": [_app("an app", "1a" * 32)],
    "cdn_endpoint": [_bucket("clinic-assets"), ZONE, ISSUED],
    "certificate": [ZONE],
    # The first VPC of a region is its default one, which cannot be deleted.
    "vpc": [Step("the default network", "vpc", {"name": "first", "region": "fra1"})],
    "project": [_app("an app", "1a" * 32), _cluster(register="database")],
    "configuration_bundle": [_bucket("clinic-backups")],
    "container_registry_credentials": [Step("a registry", "container_registry", {"name": "clinic-images"})],
    "domain_records": [ZONE],
    "database_backup": [_cluster(), Step("three days later", "vpc_info", {}, before=[admin("advance", 3 * 86400)])],
    "database_access": [_cluster()],
    "spaces_round_trip": [_bucket("clinic-uploads")],
    "database_config": [_cluster(), _advanced(), _cluster("clinic-valkey", "valkey")],
    "database_credentials": [_cluster()],
    "database_db": [_cluster()],
    "database_dump": [_cluster(), _let_in("clinic-pg"), _bucket("clinic-backups"), *DUMPED],
    "database_restore": [
        *(task for name in ("clinic-pg", "clinic-pg-new") for task in (_cluster(name), _let_in(name))),
        _bucket("clinic-backups"),
        *DUMPED,
    ],
    "database_restored_table": [
        _cluster(),
        _let_in("clinic-pg"),
        _bucket("clinic-backups"),
        *DUMPED[:-1],
        Step(
            "a table", "community.postgresql.postgresql_query", {**SQL_LOGIN, "query": "CREATE TABLE patients (id int)"}
        ),
        DUMPED[-1],
        Step("a restored one", "database_restore", {**LOGIN, **RESTORED}),
    ],
    "database_failover": [
        _cluster("clinic-cache", "valkey", register="cache"),
        Step(
            "a standby",
            "database_cluster",
            {"name": "clinic-cache", "size": "db-s-1vcpu-2gb", "num_nodes": 2},
        ),
        _let_in("clinic-cache"),
    ],
    "database_firewall": [_cluster()],
    "database_logsink": [_cluster()],
    "database_metrics": [_cluster()],
    "database_pool": [
        _cluster(),
        Step("a database", "database_db", {"cluster": "clinic-pg", "name": "fisioflow"}),
        Step("a user", "database_user", {"cluster": "clinic-pg", "name": "fisioflow_app"}),
    ],
    "database_replica": [_advanced()],
    "droplet": [VPC],
    "droplet_autoscale_pool": [VPC],
    "database_user": [_cluster(), _cluster("clinic-cache", "valkey")],
    "firewall": [
        Step("a tag", "tag", {"name": "clinic-edge"}),
        Step(
            "a load balancer",
            "load_balancer",
            {"name": "clinic-edge", "region": "fra1", "tag": "clinic-edge", "forwarding_rules": [HTTP]},
        ),
    ],
    "image": [Step("a snapshot", "vpc_info", {}, before=[admin("seed", snapshots=1)])],
    "reserved_ip": [Step("an address", "vpc_info", {}, before=[admin("seed", reserved_ips=1)])],
    "load_balancer": [ZONE, ISSUED],
    "uptime_alert": [
        Step(
            "a check",
            "uptime_check",
            {"name": "clinic", "type": "https", "target": "https://clinic.example", "regions": ["us_east"]},
        )
    ],
    "spaces_bucket": [_bucket("clinic-uploads")],
    "spaces_key": [_bucket("clinic-uploads")],
    "spaces_replication": [_bucket("clinic-uploads", "nyc3"), _bucket("clinic-uploads-replica", "sfo3")],
    "spaces_restore": [_bucket("clinic-uploads")],
}
# And what an example presupposes that is not the first of its module.
BEFORE = {
    "project: Remove it, once it is empty": [
        Step("its app goes", "app", {"name": "clinic", "state": "absent"}),
        Step("its cluster goes", "database_cluster", {"name": "clinic-pg", "state": "absent", "force": True}),
    ],
}
FAILS = {"broken"}
# Whose examples connect to what the API tells of.
WITH_SOFTWARE = {"database_dump", "database_failover", "database_restore", "database_restored_table"}


def _ours_alone(step: Step) -> bool:
    """Whether nothing of Ansible's own is needed for it, be it a module, a keyword or a lookup."""
    plain = set(step.keywords) <= KEYWORDS | {"register"} and "lookup(" not in str(step.args)
    # One with an action of its own has nothing of the framework in it.
    action = ROOT / f"plugins/action/{step.module}.py"
    return plain and step.module in MODULES and not action.is_file()


def _pair(folder: Path) -> dict[str, Any]:
    """What encrypts the dumps of the examples, and what decrypts them."""
    pair, file = pyrage.x25519.Identity.generate(), folder / "identity"
    file.write_text(str(pair))
    file.chmod(0o600)
    return {"backup_recipients": [str(pair.to_public())], "backup_identity_file": str(file)}


@dataclass(frozen=True)
class Told:
    """The finished run of a subject's examples, in order."""

    examples: list[Step]
    run: Run
    violations: list[dict[str, Any]]

    def results(self, module: str) -> list[dict[str, Any]]:
        return [self.run[step.name].result for step in self.examples if step.module == module]


_told: dict[str, Told] = {}


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"examples-{name}")) for name in SUBJECTS])
def told(request: pytest.FixtureRequest, localcloud: LocalCloud, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Run once for both tests."""
    name = request.param
    if name not in _told:
        if name in WITH_SOFTWARE:
            localcloud = request.getfixturevalue("localcloud_with_software")
        localcloud.renew()
        needs, own = NEEDS.get(name, []), examples(name)
        steps = [*own[:1], *examples(f"{name}_info"), *own[1:]]
        order = [*needs, *(task for step in steps for task in [*BEFORE.get(step.name, []), step])]
        if all(map(_ours_alone, order)):
            run = inside(localcloud, order)
        else:
            folder = tmp_path_factory.mktemp(name)
            run = play(localcloud, folder, order, variables={**VARIABLES, **_pair(folder)})
        for step in needs:
            assert (run[step.name].status == "failed") == (step.name in FAILS), f"{step.name}: {run[step.name].message}"
        _told[name] = Told(steps, run, localcloud.admin.violations())
        localcloud.admin.forget_violations()
    return _told[name]


def test_the_examples_run(told: Told) -> None:
    assert told.examples
    for step in told.examples:
        assert told.run[step.name].status in ("ok", "skipped"), f"{step.name}: {told.run[step.name].message}"
    assert told.violations == []


def test_what_the_samples_show_comes_back(told: Told) -> None:
    """Each documented key is in the results of the examples: of the result, and of the resource in it."""
    for module in sorted({step.module for step in told.examples} & set(MODULES)):
        results = told.results(module)
        for key, described in documentation(module, "RETURN").items():
            if "failed" in described["returned"]:
                # No example wants that: tests/integration/test_app.py.
                continue
            found = [result[key] for result in results if key in result]
            assert len(found) == len(results) or described["returned"] not in ("always", "success"), f"{module}: {key}"
            shown, real = _keys([described["sample"]]) | set(described.get("contains", {})), _keys(found)
            assert shown <= real, f"{module}: {key} has no {', '.join(sorted(shown - real))}"


def _keys(values: Any) -> set[str]:
    """The keys of a dictionary, or of all those in a list."""
    if isinstance(values, list):
        return set().union(*map(_keys, values)) if values else set()
    return set(values) if isinstance(values, dict) else set()

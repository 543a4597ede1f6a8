# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module is complete: each file in plugins/modules has all that a module needs, here and elsewhere.

What a module runs like is the law's business (tests/integration/law); its examples run in
tests/integration/test_examples.py.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import kinds
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import action, attributes, info, resource
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN, Module
from tests.integration.law.table import TABLE

ROOT = Path(__file__).resolve().parents[3]
COLLECTION = "ansible_collections.fisioflow.digitalocean.plugins"
# An underscore begins what is no module yet, or no more.
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("[a-z]*.py"))
# The documentation of action plugins: they ask no API themselves, so that nothing of the framework is in them.
ONLY_ACTIONS = {"procedure_lock", "report", "together"}
OURS = [module for module in MODULES if module not in ONLY_ACTIONS]

# What a module lacks, and why.
WITHOUT_LAW = {
    "domain_records": "many things at once: tests/integration/test_domain_records.py",
    "app_deployment": "an action, not the same twice: tests/integration/test_app_deployment.py",
    "configuration_bundle": "another one each time: tests/integration/procedures/test_backup_configuration.py",
    "database_failover": "an action, which nobody can ask for: tests/integration/procedures/test_failover_valkey.py",
    "database_dump": "another one each time: tests/integration/plane/test_dumps.py",
    "database_restore": "into what is empty, once: tests/integration/plane/test_dumps.py",
    "database_restored_table": "swapped once: tests/integration/plane/test_restored_table.py",
    "spaces_replication": "objects, not a resource: tests/integration/test_spaces_replication.py",
    "spaces_restore": "likewise: tests/integration/procedures/test_restore_spaces.py",
}
WITHOUT_INFO = {
    "domain_records": "domain_info lists them",
    "database_restore": "what can be restored database_dump_info lists",
    "database_restored_table": "its state compared tells",
    "database_failover": "what it meets it tells itself, and nothing of it stays",
    "spaces_replication": "objects are nothing that is managed",
    "spaces_restore": "objects are nothing that is managed",
}
WITHOUT_RESOURCE = {
    "account_info": "nobody makes an account with a token",
    "app_logs_info": "what is said is not managed",
    "app_metrics_info": "what is measured is not managed",
    "app_options_info": "what is on offer is DigitalOcean's",
    "app_variables_info": "what the app holds is its spec's: app",
    "billing_info": "a bill is paid, not managed",
    "container_registry_credentials_info": "each answer has other ones, which nobody can delete",
    "database_credentials_info": "a password is a user's, and is reset there",
    "database_metrics_info": "what is used is measured, not managed",
    "database_options_info": "what is on offer is DigitalOcean's",
    "http_gate_info": "how an app answers is measured, not managed",
    "http_latency_info": "how fast somebody answers is measured, not managed",
    "image_info": "snapshots and backups are made by what is done to Droplets",
    "reserved_ip_info": "nothing here takes one: the load balancer has an address of its own",
    "region_info": "what is on offer is DigitalOcean's",
    "tls_info": "what is seen on the wire is managed elsewhere",
    "size_info": "what is on offer is DigitalOcean's",
    "database_access_info": "who gets in is found out, not managed",
    "http_answer_info": "what somebody answers is found out, not managed",
    "spaces_round_trip_info": "what it makes is gone again",
    "database_backup_info": "DigitalOcean makes them by itself",
}

# Lines of code of a module: what it says of its resource, and no more.
MOST_LINES = 40
# Whose resource has more to it than its attributes: how many lines that takes, no more, and what it is. One that has
# shrunk takes its bound along.
LARGER = {
    "app": (253, "one spec, replaced as a whole, with secrets, deployments, alerts, and what is short-lived"),
    "app_deployment": (140, "six things to do"),
    "cdn_endpoint": (53, "a purge in passing, and domain and certificate that go together"),
    "certificate": (69, "somebody's own or Let's Encrypt's, and one in the place of another"),
    "container_registry": (65, "images that are not to be lost, garbage, and a tier that is the account's"),
    "database_cluster": (218, "a call for each aspect, editions, data that is not to be lost, and what is short-lived"),
    "database_config": (69, "two editions that spell and type the same settings otherwise"),
    "database_firewall": (
        78,
        "a list that is replaced as a whole, by three modes, and of which a part can be short-lived",
    ),
    "database_metrics_info": (50, "credentials of another place, an authority of the cluster's own, and its nodes"),
    "database_replica": (100, "editions, and a promotion"),
    "domain_records": (185, "sets of records, a zone that is emptied by nobody, and an order of calls"),
    "droplet": (155, "an action for each aspect, one at a time, and what interrupts it only with leave"),
    "droplet_autoscale_pool": (98, "a size or bounds, and a template that is told in part only"),
    "firewall": (71, "rules in the API's form, of both directions"),
    "load_balancer": (182, "two dozen attributes in one document that is replaced as a whole, global ones among them"),
    "project": (45, "resources that only grow, beside a default that is handed on"),
    "spaces_bucket": (149, "S3 instead of the API, and settings with calls of their own"),
    "spaces_key": (161, "another key takes the place of one whose grants change"),
}


@cache
def source(module: str) -> ast.Module:
    return ast.parse((ROOT / f"plugins/modules/{module}.py").read_text())


@cache
def private_names() -> set[str]:
    """What the framework's classes keep to themselves."""
    return {
        member.name
        for path in (ROOT / "plugins/module_utils/resource").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        for member in node.body
        if isinstance(member, ast.FunctionDef) and member.name.startswith("_") and not member.name.startswith("__")
    }


def lines_of_code(module: str) -> int:
    """Without documentation, imports, docstrings, comments and what is empty."""
    lines = (ROOT / f"plugins/modules/{module}.py").read_text().splitlines()
    nodes = list(ast.walk(source(module)))
    left_out = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    left_out += [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    left_out += [node for node in source(module).body if isinstance(getattr(node, "value", None), ast.Constant)]
    gone = {number for node in left_out for number in range(node.lineno, (node.end_lineno or 0) + 1)}
    code = [line.strip() for number, line in enumerate(lines, 1) if number not in gone]
    return len([line for line in code if line and not line.startswith("#")])


def class_of(module: str) -> type[Module]:
    name = "".join(word.capitalize() for word in module.split("_"))
    found: type[Module] = getattr(import_module(f"{COLLECTION}.modules.{module}"), name)
    return found


def documentation(module: str, part: str) -> Any:
    return yaml.safe_load(getattr(import_module(f"{COLLECTION}.modules.{module}"), part))


def documented(module: str) -> dict[str, Any]:
    """The documented options, those of the fragments included."""
    told = documentation(module, "DOCUMENTATION")
    options: dict[str, Any] = {}
    for fragment in told.get("extends_documentation_fragment", []):
        name, _, part = fragment.removeprefix("fisioflow.digitalocean.").partition(".")
        text = getattr(
            import_module(f"{COLLECTION}.doc_fragments.{name}").ModuleDocFragment, part.upper() or "DOCUMENTATION"
        )
        options |= yaml.safe_load(text).get("options", {})
    for name, option in (told.get("options") or {}).items():
        options[name] = {**options.get(name, {}), **option}
    return options


def compared(options: dict[str, Any], below: str) -> dict[str, Any]:
    """What both a documentation and an argument spec say of options; `below` is where they keep their suboptions."""
    return {
        name: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "choices": sorted(map(str, option.get("choices") or [])),
            "required": bool(option.get("required")),
            "default": option.get("default"),
            "options": compared(option.get(below) or {}, below),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("module", OURS)
def test_its_class_bears_its_name(module: str) -> None:
    assert issubclass(class_of(module), Module)
    assert class_of(module).__module__.endswith(f".{module}")


def test_each_is_in_the_action_group_and_redirected_to_the_controller_and_nothing_else_is() -> None:
    runtime = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())
    actions = runtime["plugin_routing"]["action"]
    assert runtime["action_groups"]["all"] == OURS
    assert list(actions) == OURS
    assert {action["redirect"] for action in actions.values()} == {"fisioflow.digitalocean.controller"}


def test_each_obeys_the_law() -> None:
    writing = {module for module in OURS if not module.endswith("_info")}
    assert {law.module for law in TABLE} == writing - WITHOUT_LAW.keys()


def test_each_has_another_that_lists() -> None:
    infos = {module.removesuffix("_info") for module in OURS if module.endswith("_info")}
    writing = {module for module in OURS if not module.endswith("_info")}
    assert writing - infos == WITHOUT_INFO.keys()
    assert {f"{name}_info" for name in infos - writing} == WITHOUT_RESOURCE.keys()


def test_each_says_only_what_is_its_own() -> None:
    """What repeats belongs into the framework, what is a subject of its own into module_utils/<subject>."""
    larger = {module: lines for module in OURS if (lines := lines_of_code(module)) > MOST_LINES}
    assert larger == {module: bound for module, (bound, _why) in LARGER.items()}
    assert lines_of_code("database_db") < 10


@pytest.mark.parametrize("module", OURS)
def test_its_kind_has_the_scopes_that_it_takes(module: str) -> None:
    kind = class_of(module).kind
    # Which are right is held against the API's description: tests/contract/test_scopes.py.
    assert bool(kind.scope) is bool(kind.path)
    assert kind in kinds.ALL


@pytest.mark.parametrize("module", MODULES)
def test_it_is_documented(module: str) -> None:
    told = documentation(module, "DOCUMENTATION")
    assert (told["module"], told["short_description"][-1] != ".") == (module, True)
    assert all(option.get("description") for option in documented(module).values())
    # They run in tests/integration/test_examples.py.
    assert any(f"fisioflow.digitalocean.{module}" in task for task in documentation(module, "EXAMPLES"))
    returned = documentation(module, "RETURN")
    if module in OURS:
        kind = class_of(module).kind
        assert {kind.name, kind.plural} & returned.keys()


@pytest.mark.parametrize("module", OURS)
def test_its_options_are_those_that_are_documented(module: str) -> None:
    spec = class_of(module).argument_spec()["argument_spec"]
    assert compared(spec, "options") == compared(documented(module), "suboptions")


@pytest.mark.parametrize("module", MODULES)
def test_it_leaves_alone_what_is_private_to_the_framework(module: str) -> None:
    named = {
        node.attr if isinstance(node, ast.Attribute) else node.name
        for node in ast.walk(source(module))
        if isinstance(node, ast.Attribute | ast.FunctionDef)
    }
    assert len(private_names()) > 5
    assert not named & private_names()


@pytest.mark.parametrize("module", OURS)
def test_the_hooks_that_it_overrides_are_told_to_newcomers(module: str) -> None:
    """In the docstring from which one writes a module."""
    own = class_of(module)
    told = {resource.Resource: resource.__doc__, action.Action: action.__doc__, info.Info: info.__doc__}
    base, text = next(((base, text) for base, text in told.items() if issubclass(own, base)), (Module, ""))
    beyond = {name for name in vars(own) if hasattr(base, name) and not hasattr(Module, name)} - {"updaters"}
    named = set(re.findall(r"\w+", text or "")) | {f"plan_{state}" for state in getattr(own, "states", ())}
    assert beyond <= named


def test_the_example_for_newcomers_works() -> None:
    found = re.search(r"^ +class Vpc.*?(?=^\d\.)", resource.__doc__ or "", re.M | re.S)
    assert found
    names = {**vars(attributes), "Resource": resource.Resource, "VPC": kinds.VPC, "UNKNOWN": UNKNOWN}
    exec(dedent(found[0]), names)
    spec = names["Vpc"].argument_spec()["argument_spec"]
    assert spec["name"] == {"type": "str", "required": True}
    assert spec["default"] == {"type": "bool"}
    assert [updater.names for updater in names["Vpc"].updaters] == [("name", "default")]

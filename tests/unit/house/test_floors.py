# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floor plan: every file stands in a room, a room imports only what lies below it, and no files import in a circle.

Imports for typing and inside functions count too, and so does a text that names files of the package: with it one
imports at run time.
"""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# From the ground up: room → (what stands in it, by the longest beginning of its name; the rooms that it may import).
Plan = dict[str, tuple[str, str]]

LOCALCLOUD: Plan = {
    # Applications that run on it: the data plane starts them by their names, and nobody else knows them.
    "examples": ("examples", ""),
    "world": ("world", ""),
    "contract": ("contract", ""),
    "ports": ("ports", "world contract"),
    # Which software stands behind them, none of them knows: the data plane watches the world from above.
    "resources": ("resources", "world contract ports"),
    "dataplane": ("dataplane", "examples world resources"),
    "client": ("client", "ports"),
    "instance": ("instance", "world contract ports resources dataplane client"),
    "command": ("cli arguments commands __main__", "world ports client instance"),
}

# A name with dots, or the beginning of one.
DOTTED = re.compile(r"\w+\.[\w.]*")

UTILS = "api resource app spaces database dumps wire"
PLUGINS: Plan = {
    "api": ("module_utils.api", ""),
    "resource": ("module_utils.resource", "api"),
    "app": ("module_utils.app", "api resource"),
    "spaces": ("module_utils.spaces", "api resource"),
    "database": ("module_utils.database", "api resource"),
    "dumps": ("module_utils.dumps", "api resource spaces"),
    "wire": ("module_utils.wire", "api spaces"),
    "modules": ("modules", UTILS),
    "policy": ("plugin_utils", UTILS),
    "running": ("plugin_utils.running", f"{UTILS} modules"),
    "control node": ("action callback filter inventory lookup", f"{UTILS} policy running"),
    "documentation": ("doc_fragments", ""),
}


class House:
    """The Python files of a folder by their dotted names in the package; that of an ``__init__`` is its folder's."""

    def __init__(self, folder: Path, package: str, plan: Plan) -> None:
        self.plan = plan
        self._package = package
        parts = {path: path.relative_to(folder).with_suffix("").parts for path in sorted(folder.rglob("*.py"))}
        self.files = {".".join(name for name in names if name != "__init__"): path for path, names in parts.items()}
        self.imports = {name: self._imports(path) - {name} for name, path in self.files.items()}

    def _imports(self, path: Path) -> set[str]:
        """The files here that one imports: of ``from a import b``, ``a.b`` if that is a file, else ``a``."""
        found: set[str] = set()
        texts: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{path} has a relative import"
                found.update(f"{node.module}.{alias.name}" for alias in node.names)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
                # Of an f-string, each of its fixed parts is one.
                texts.add(node.value)
        inside = [name.removeprefix(self._package).strip(".") for name in found if f"{name}.".startswith(self._package)]
        static = {name if name in self.files else name.rpartition(".")[0] for name in inside}
        return static | {name for text in texts for name in self._named(text)}

    def _named(self, text: str) -> set[str]:
        """The files whose names a text begins, or goes on from: `x.low.` or `x.low.a.Class`, but not `x` alone."""
        names = {name: f"{self._package}{name}" for name in self.files if name}
        return {name for name, full in names.items() if full.startswith(text) or text.startswith(f"{full}.")}

    def room(self, file: str) -> str:
        """``nowhere`` for a file that stands in none."""
        rooms = {place: room for room, (places, _below) in self.plan.items() for place in places.split()}
        fitting = [place for place in rooms if f"{file}.".startswith(f"{place}.")]
        return rooms[max(fitting, key=len)] if fitting else "nowhere"

    def strays(self) -> list[str]:
        return [file for file in self.files if file and self.room(file) == "nowhere"]

    def climbs(self) -> list[str]:
        """Imports of what a room may not see. The package's own name is everybody's, and sees nobody."""
        found = []
        for file, targets in self.imports.items():
            here = self.room(file)
            allowed = {here, *self.plan.get(here, ("", ""))[1].split()}
            found += [f"{file} imports {name}" for name in sorted(targets) if name and self.room(name) not in allowed]
        return found

    def circle(self) -> list[str]:
        try:
            TopologicalSorter(self.imports).prepare()
        except CycleError as error:
            return list(error.args[1])
        return []


@pytest.fixture(scope="module")
def localcloud() -> House:
    return House(ROOT / "localcloud", "localcloud.", LOCALCLOUD)


@pytest.fixture(scope="module")
def plugins() -> House:
    return House(ROOT / "plugins", "ansible_collections.fisioflow.digitalocean.plugins.", PLUGINS)


@pytest.fixture(params=["localcloud", "plugins"])
def house(request: pytest.FixtureRequest) -> House:
    found: House = request.getfixturevalue(request.param)
    return found


def test_every_file_stands_in_a_room_and_every_room_has_files(house: House) -> None:
    assert house.strays() == []
    assert {house.room(file) for file in house.files if file} == set(house.plan)


@pytest.mark.parametrize("plan", [LOCALCLOUD, PLUGINS], ids=["localcloud", "plugins"])
def test_the_plan_has_floors(plan: Plan) -> None:
    rooms = list(plan)
    up = [(room, seen) for at, room in enumerate(rooms) for seen in plan[room][1].split() if seen not in rooms[:at]]
    assert up == []


def test_no_import_runs_back_up(house: House) -> None:
    assert house.climbs() == []


def test_no_files_import_in_a_circle(house: House) -> None:
    assert house.circle() == []


def test_a_breach_is_seen(tmp_path: Path) -> None:
    """A file in no room, imports that run up, for typing only too, and a circle; and texts by which one imports."""
    files = {
        "stray.py": "",
        "low/__init__.py": "",
        "low/a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from x.low.b import B\n",
        "low/b.py": "def f():\n    import x.low.a\n    from x.high import c\n",
        "high/c.py": "from x import low, VERSION\nfrom x.low import Name\n",
        "low/constant.py": "HIGH = 'x.high'\nimport_module(f'{HIGH}.{name}')\n",
        "low/text.py": "from importlib import *\npartial(import_module, f'x.high.{name}')\nopen('x')\n",
        "low/whole.py": "__import__('x.high.c.Class')\nprint('x.y', 'x.low.whole', 1.5)\n",
        "__init__.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    house = House(tmp_path, "x.", {"low": ("low", ""), "high": ("high", "low")})
    assert house.strays() == ["stray"]
    assert sorted(house.climbs()) == [f"low.{name} imports high.c" for name in ("b", "constant", "text", "whole")]
    assert house.imports["high.c"] == {"", "low"}
    assert set(house.circle()) == {"low.a", "low.b"}


@pytest.mark.parametrize("folder", ["localcloud", "plugins"])
def test_unit_tests_lie_as_the_code_does(folder: str) -> None:
    tests = ROOT / "tests/unit" / folder
    folders = {path.parent.relative_to(tests) for path in tests.rglob("test_*.py")}
    assert folders
    assert [str(path) for path in folders if not (ROOT / folder / path).is_dir()] == []

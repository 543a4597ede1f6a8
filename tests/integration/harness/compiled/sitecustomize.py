# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In front of every program of Ansible that tests run: what one of them has compiled, the others take over.

Each compiles the collection anew, since Ansible's importer keeps no bytecode, each of its forks the templates that it
meets, and each module what it brings along: a quarter of what a run costs. All that a compiler goes by is in the name
under which its work is kept.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import zipimport
from pathlib import Path
from types import CodeType
from typing import Any

FOLDER = Path(os.environ.get("TESTS_COMPILED", ""))


def _kept(kind: str, *facts: object) -> Path:
    return FOLDER / f"{kind}-{hashlib.sha256(repr(facts).encode()).hexdigest()}"


def _take(place: Path) -> CodeType | None:
    try:
        found: CodeType = marshal.loads(place.read_bytes())
    except FileNotFoundError:
        return None
    return found


def _keep(place: Path, code: CodeType) -> CodeType:
    part = place.with_suffix(f".{os.getpid()}")
    part.write_bytes(marshal.dumps(code))
    part.replace(place)
    return code


def _modules(loader: Any) -> None:
    compiled = loader.get_code

    def get_code(self: Any, name: str) -> CodeType | None:
        source = self.get_source(name)
        if not source:
            return compiled(self, name)
        place = _kept("module", self.get_filename(name), source)
        return _take(place) or _keep(place, compiled(self, name))

    loader.get_code = get_code


def _packed(importer: Any) -> None:
    """What a module that is a process of its own brings along, in an archive that is called otherwise each time."""
    compiled = importer._compile_source

    def compile_source(path: str, source: bytes) -> CodeType:
        place = _kept("packed", path.rpartition(".zip")[2], source)
        return _take(place) or _keep(place, compiled(path, source))

    importer._compile_source = compile_source


def _templates(environment: Any, expression: Any, context: Any) -> None:
    compiled, compiled_expression = environment.compile, environment.compile_expression
    # Where the code of the expression that is being parsed belongs.
    places: list[Path] = []

    def place_of(self: Any, kind: str, source: str) -> Path:
        way = context.current(optional=True)
        return _kept(kind, type(self), self.trim_blocks, self.lstrip_blocks, self.block_start_string,
                     self.variable_start_string, way and way.escape_backslashes, source)  # fmt: skip

    def compile(self: Any, source: Any, name: Any = None, filename: Any = None, **more: Any) -> Any:
        if isinstance(source, str) and name is None and filename is None and not more:
            place = place_of(self, "template", source)
            return _take(place) or _keep(place, compiled(self, source))
        code = compiled(self, source, name, filename, **more)
        return _keep(places[-1], code) if places and not isinstance(source, str) else code

    def compile_expression(self: Any, source: str, undefined_to_none: bool = True) -> Any:
        place = place_of(self, "expression", source)
        if code := _take(place):
            template = self.template_class.from_code(self, code, self.make_globals(None), None)
            return expression(template, undefined_to_none)
        places.append(place)
        try:
            return compiled_expression(self, source, undefined_to_none)
        finally:
            places.pop()

    environment.compile, environment.compile_expression = compile, compile_expression


def _is_ansible() -> bool:
    return any(Path(word).name in ("ansible", "ansible-playbook") for word in sys.orig_argv[1:2])


if FOLDER.name:
    _packed(zipimport)
if FOLDER.name and _is_ansible():
    from ansible._internal._templating._jinja_bits import _TemplateCompileContext
    from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionPkgLoaderBase
    from jinja2.environment import Environment, TemplateExpression

    _modules(_AnsibleCollectionPkgLoaderBase)
    _templates(Environment, TemplateExpression, _TemplateCompileContext)

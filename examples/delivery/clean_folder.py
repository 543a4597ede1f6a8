# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Dockerfile without a container engine: its commands, in a folder for each stage that the wanted one needs.

What FROM names from elsewhere is this machine: it has to have what the Dockerfile would install, and `pip` is told to
fetch and install nothing. Of `node` it gives its own, in `bin`. /app is the stage's folder; what cannot be done like
that is refused, not left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

# What matters only once the image runs.
LATER = {"CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL", "USER", "VOLUME"}
WORKDIR = "/app"
# What an image brings along.
PROGRAMS = {"node": ("node", "npm", "npx")}
PATH = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
# Where packages are fetched from, and kept, is a matter of the machine.
NPM = {
    "npm_config_userconfig": str(Path.home() / ".npmrc"),
    "npm_config_cache": str(Path.home() / ".npm"),
    "npm_config_prefer_offline": "true",
}
PIP = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_DRY_RUN": "1"}
AUTHORITIES = {name: os.environ[name] for name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE") if name in os.environ}

Instruction = tuple[str, str]


@dataclass
class Stage:
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def inside(self, path: str) -> Path:
        return self.folder / path.removeprefix(WORKDIR).lstrip("/")


def instructions(text: str) -> list[Instruction]:
    lines = re.sub(r"^\s*#.*\n", "", text, flags=re.M).replace("\\\n", " ").splitlines()
    parts = [line.split(maxsplit=1) for line in lines if line.strip()]
    return [(name.upper(), " ".join(rest)) for name, *rest in parts]


def stages_of(text: str) -> dict[str, list[Instruction]]:
    """The instructions of each stage by its name, the first of which is its FROM."""
    found: dict[str, list[Instruction]] = {}
    for name, rest in instructions(text):
        if name == "FROM":
            _source, _as, called = (*rest.split(), "", "")[:3]
            found[called or str(len(found))] = []
        if found:
            found[list(found)[-1]].append((name, rest))
    return found


def earlier(name: str, rest: str) -> str:
    """What an instruction takes from: a stage, or an image; "" for neither."""
    words = rest.split() if name in ("FROM", "COPY") else []
    return words[0] if name == "FROM" else next((word[7:] for word in words if word.startswith("--from=")), "")


def build(context: Path, target: str, result: Path, given: dict[str, str]) -> None:
    """Leave in `result` the folder of the stage `target`; `given` are values of ARG."""
    with tempfile.TemporaryDirectory(dir=result.parent) as scratch:
        Building(context, Path(scratch), given, target).stage(target).folder.rename(result)


class Building:
    def __init__(self, context: Path, scratch: Path, given: dict[str, str], target: str) -> None:
        self._context, self._scratch, self._given = context, scratch, given
        self._written = stages_of((context / "Dockerfile").read_text())
        self._made: dict[str, Stage] = {}
        if target not in self._written:
            sys.exit(f"deliver: the Dockerfile has no stage {target}.")
        # How often each stage is asked for: what nobody asks for again need not be copied.
        self._asked = Counter[str]()
        waiting = [target]
        for name in waiting:
            sources = [earlier(*instruction) for instruction in self._written[name]]
            waiting += [each for each in dict.fromkeys(sources) if each in self._written and not self._asked[each]]
            self._asked.update(sources)

    def stage(self, name: str) -> Stage:
        """Made when it is first needed."""
        if name not in self._made:
            first, *rest = self._written[name]
            self._made[name] = stage = self._begun(name, earlier(*first))
            for instruction in rest:
                self._follow(stage, *instruction)
        return self._made[name]

    def _begun(self, name: str, source: str) -> Stage:
        stage = Stage(self._scratch / name)
        if source in self._written:
            base = self.stage(source)
            stage.variables |= base.variables
            if self._asked[source] == 1:
                base.folder.rename(stage.folder)
            else:
                shutil.copytree(base.folder, stage.folder, symlinks=True)
        else:
            stage.folder.mkdir()
            lend(source, stage)
        return stage

    def _follow(self, stage: Stage, name: str, rest: str) -> None:
        if name == "COPY":
            self._copy(rest, stage)
        elif name == "RUN":
            execute(rest, stage, self._scratch)
        elif name in ("ENV", "ARG"):
            key, _, value = rest.partition("=")
            stage.variables[key] = self._given.get(key, value) if name == "ARG" else value.strip("\"'")
        elif name not in LATER and (name, rest) != ("WORKDIR", WORKDIR):
            sys.exit(f"deliver: {name} {rest} can be done by a container engine alone.")

    def _copy(self, rest: str, stage: Stage) -> None:
        *sources, target = [word for word in rest.split() if not word.startswith("--")]
        named = earlier("COPY", rest)
        for source in sources:
            found = self.stage(named).inside(source) if named else self._context / source
            if not found.exists():
                sys.exit(f"deliver: COPY {source}: there is no such file in the commit.")
            copy(found, stage.inside(target), into=target.endswith(("/", ".")))


def copy(found: Path, target: Path, *, into: bool) -> None:
    if found.is_dir():
        shutil.copytree(found, target, symlinks=True, dirs_exist_ok=True)
    else:
        target = target / found.name if into else target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(found, target)


def lend(image: str, stage: Stage) -> None:
    """What this machine has of what an image from elsewhere brings along."""
    for name in PROGRAMS.get(image.partition(":")[0], ()):
        found = shutil.which(name, path=PATH)
        if not found:
            sys.exit(f"deliver: FROM {image}: there is no {name} on this machine.")
        stage.inside("bin").mkdir(exist_ok=True)
        stage.inside(f"bin/{name}").symlink_to(Path(found).resolve())


def execute(command: str, stage: Stage, home: Path) -> None:
    path = f"{stage.folder / 'bin'}:{PATH}"
    there = {
        key: value.replace("$PATH", path).replace(f"{WORKDIR}/", f"{stage.folder}/")
        for key, value in stage.variables.items()
    }
    own = {"PATH": path, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {**own, **AUTHORITIES, **PIP, **NPM, **there}
    done = subprocess.run(["sh", "-ec", command], cwd=stage.folder, env=environment, check=False)
    if done.returncode:
        sys.exit(f"deliver: RUN {command} ended with {done.returncode}.")

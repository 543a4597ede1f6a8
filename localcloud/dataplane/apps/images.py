# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the place of an image or a repository: nothing is pulled or built here.

Unless ``images.json`` in the home of the instance says otherwise, that is the stand-in for FisioFlow. It maps patterns
of repositories (``ghcr-user/shop``, ``acme/*``), or of one version (``acme/shop@sha256:…``), to ``{"folder": …,
"command": …}``: commands run in that folder, whose ``bin`` is the first place where programs are found, and ``command``
is what runs when a component has none of its own. ``null``: it stays a record. The first pattern that fits counts.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import localcloud
from localcloud import JSON
from localcloud.dataplane.ground import Ground
from localcloud.dataplane.kinds import FailedError
from localcloud.resources.apps.spec import git_source
from localcloud.world import private

FILE = "images.json"
STAND_IN = "fisioflow"
# The commands of Node.js that FisioFlow is started with.
PROGRAMS = ("node", "npm", "npx")


@dataclass(frozen=True)
class Image:
    folder: Path
    command: str


def repository(component: JSON) -> str:
    """``registry/repository`` of an image, ``owner/name`` or the address of a git repository."""
    if source := git_source(component):
        return str(source.get("repo") or source.get("repo_clone_url"))
    image = component["image"]
    return "/".join(filter(None, (image.get("registry"), image["repository"])))


def find(ground: Ground, component: JSON) -> Image | None:
    """None for one that stays a record; FailedError when the file of the user cannot be read."""
    name = repository(component)
    version = f"{name}@{component.get('image', {}).get('digest', '')}"
    for pattern, wanted in _mapping(ground, component["name"]).items():
        if fnmatchcase(name, pattern) or fnmatchcase(version, pattern):
            return None if wanted is None else Image(Path(wanted["folder"]), wanted["command"])
    return Image(_stand_in(ground), "node server.js")


def _mapping(ground: Ground, name: str) -> dict[str, JSON | None]:
    path = (ground.world.home or ground.folder) / FILE
    if not path.exists():
        return {}
    try:
        found = json.loads(private.read(path))
        for wanted in found.values():
            if wanted is not None and not (Path(wanted["folder"]).is_dir() and isinstance(wanted["command"], str)):
                raise ValueError(f"there is no folder {wanted['folder']}")
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise FailedError(f"{FILE} cannot be used: {error}", code="ImageMapping", component=name) from None
    return dict(found)


def _stand_in(ground: Ground) -> Path:
    """A folder with commands that start the stand-in, in a Python that its own programs do not see."""
    folder = ground.folder / "images" / STAND_IN
    programs = folder / "bin"
    if not programs.exists():
        programs.mkdir(parents=True, mode=0o755)
        root, python = Path(localcloud.__file__).parents[1], shlex.quote(sys.executable)
        module = f"localcloud.examples.{STAND_IN}"
        script = f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(root))} exec {python} -m {module} "$@"\n'
        for name in PROGRAMS:
            (programs / name).write_text(script)
            (programs / name).chmod(0o755)
    return folder

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A bundle of text files: an archive with a manifest of their hashes, in which no secret stands but by its name."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import scrub

MANIFEST = "MANIFEST.json"
INVENTORY, STATE = "inventory/", "state/"
VAULT = b"$ANSIBLE_VAULT"
# Characters below which a value is a word like any other, and stands in many places.
SHORT = 6


def nameless(value: Any) -> Any:
    """A copy without secret values: those of the API, and of an app's variables of the type SECRET."""
    return _without(scrub(value))


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        secret = value.get("type") == "SECRET"
        return {key: _without(item) for key, item in value.items() if not (secret and key == "value")}
    return [_without(item) for item in value] if isinstance(value, list) else value


def files_below(folder: str) -> tuple[dict[str, bytes], list[str]]:
    """The files below a folder, what links lead to included, by their paths in it; and those left out: vaults."""
    root = Path(folder)
    if not root.is_dir():
        raise Failure(f"There is no folder {folder}: give that of the inventory.")
    found = {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    vaults = [name for name, content in found.items() if content.startswith(VAULT)]
    return {name: content for name, content in found.items() if name not in vaults}, vaults


def packed(state: dict[str, Any], folder: str, secrets: Iterable[str]) -> tuple[bytes, Data]:
    """The archive (tar), and its manifest: `files` with their SHA-256, `left_out`. The same for the same content.

    Raises Failure when a secret stands in one of the files, and names the file.
    """
    files, vaults = files_below(folder)
    contents = {f"{INVENTORY}{name}": content for name, content in files.items()}
    for name, value in state.items():
        contents[f"{STATE}{name}.json"] = (json.dumps(nameless(value), indent=1, sort_keys=True) + "\n").encode()
    known = [secret.encode() for secret in secrets if len(secret) >= SHORT]
    told = [name for name, content in contents.items() if any(secret in content for secret in known)]
    if told:
        raise Failure(
            f"A secret stands in {', '.join(sorted(told))}, nothing was kept: move it to a vault or the environment."
        )
    manifest: Data = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())},
        "left_out": [f"{INVENTORY}{name}" for name in vaults],
    }
    contents[MANIFEST] = (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode()
    return _archive(contents), manifest


def _archive(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    # Without a time, in itself or in its files, the same content has the same hash.
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in sorted(contents.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def unpacked(archive: bytes, what: str) -> tuple[dict[str, bytes], Data]:
    """The files of an archive and its manifest. Raises Failure about `what` unless each is what the manifest says."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as opened:
            members = [(entry.name, opened.extractfile(entry)) for entry in opened.getmembers()]
            contents = {name: file.read() for name, file in members if file is not None}
        told: Data = json.loads(contents.pop(MANIFEST))
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
        wrong = sorted(name for name in hashes.keys() | told["files"] if hashes.get(name) != told["files"].get(name))
        left_out = told["left_out"]
    except (tarfile.TarError, KeyError, TypeError, AttributeError, ValueError):
        raise Failure(f"{what} is no bundle of backup_configuration.yml. Nothing was done with it.") from None
    if wrong:
        raise Failure(f"{what} is corrupt: {', '.join(wrong)} is not what its manifest says. Nothing was done with it.")
    return contents, {"files": hashes, "left_out": left_out}


def state_in(contents: dict[str, bytes]) -> Data:
    """What the API told when it was kept, by part."""
    parts = {name: content for name, content in contents.items() if name.startswith(STATE)}
    return {name.removeprefix(STATE).removesuffix(".json"): json.loads(content) for name, content in parts.items()}


def lay_out(contents: dict[str, bytes], folder: str) -> None:
    """Write the inventory below a folder, readable by its owner alone. Raises Failure for a name that leads away."""
    names = {name: PurePosixPath(name.removeprefix(INVENTORY)) for name in contents if name.startswith(INVENTORY)}
    if away := sorted(name for name, path in names.items() if path.is_absolute() or ".." in path.parts):
        raise Failure(f"The bundle has a file {away[0]}, which leads out of its folder: nothing was unpacked.")
    for name, path in names.items():
        target = Path(folder, path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.touch(mode=0o600)
        target.write_bytes(contents[name])

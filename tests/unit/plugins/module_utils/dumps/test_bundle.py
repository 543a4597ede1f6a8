# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a bundle of the configuration, and what never is."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import bundle

APP = {
    "spec": {
        "name": "clinic",
        "services": [
            {"envs": [{"key": "SECRET_ONE", "type": "SECRET", "value": "EV[1:hidden]"}, {"key": "A", "value": "b"}]}
        ],
    }
}


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    (folder / "group_vars").mkdir(parents=True)
    (tmp_path / "names.yml").write_text("shared: 1\n")
    (folder / "group_vars/00_names.yml").symlink_to(tmp_path / "names.yml")
    (folder / "hosts.yml").write_text("all:\n")
    (folder / "group_vars/vault.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    return folder


def unpacked(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as found:
        return {name: (found.extractfile(name) or io.BytesIO()).read() for name in found.getnames()}


def archived(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as opened:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            opened.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def test_it_holds_the_inventory_and_what_is_there_by_hash_and_secrets_by_name(inventory: Path) -> None:
    state: dict[str, Any] = {"app": APP, "users": [{"name": "owner", "password": "sentinel-password"}]}
    archive, manifest = bundle.packed(state, str(inventory), ["sentinel-password"])
    files = unpacked(archive)
    assert set(files) == {
        "MANIFEST.json",
        "inventory/group_vars/00_names.yml",
        "inventory/hosts.yml",
        "state/app.json",
        "state/users.json",
    }
    assert json.loads(files["MANIFEST.json"]) == manifest
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != "MANIFEST.json"
    }
    assert manifest["left_out"] == ["inventory/group_vars/vault.yml"]
    assert b"SECRET_ONE" in files["state/app.json"]
    assert b"EV[1" not in archive
    assert b"owner" in files["state/users.json"]
    # The same content has the same hash.
    assert bundle.packed(state, str(inventory), []) == (archive, manifest)


def test_a_file_in_which_a_secret_stands_is_refused_by_its_name(inventory: Path) -> None:
    (inventory / "hosts.yml").write_text("token: dop_v1_sentinel\n")
    with pytest.raises(Failure) as caught:
        bundle.packed({}, str(inventory), ["dop_v1_sentinel"])
    assert "inventory/hosts.yml" in str(caught.value)
    assert "sentinel" not in str(caught.value)
    with pytest.raises(Failure, match="There is no folder"):
        bundle.packed({}, str(inventory / "none"), [])


def test_it_is_read_back_as_it_was_kept(inventory: Path, tmp_path: Path) -> None:
    archive, manifest = bundle.packed({"app": APP}, str(inventory), [])
    contents, told = bundle.unpacked(archive, "It")
    assert told == manifest
    assert bundle.state_in(contents)["app"]["spec"]["name"] == "clinic"
    folder = tmp_path / "out"
    bundle.lay_out(contents, str(folder))
    written = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(written) == {"group_vars/00_names.yml", "hosts.yml"}
    assert written["group_vars/00_names.yml"].read_text() == "shared: 1\n"
    assert {path.stat().st_mode & 0o777 for path in written.values()} == {0o600}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"inventory/hosts.yml": b"other\n"}, "inventory/hosts.yml is not what its manifest says"),
        ({"inventory/more.yml": b"more\n"}, "inventory/more.yml is not what its manifest says"),
        ({"MANIFEST.json": b"[]"}, "no bundle"),
        ({"MANIFEST.json": b"{"}, "no bundle"),
    ],
)
def test_what_is_not_what_its_manifest_says_is_refused(inventory: Path, changed: dict[str, bytes], says: str) -> None:
    files = unpacked(bundle.packed({}, str(inventory), [])[0]) | changed
    with pytest.raises(Failure, match=says):
        bundle.unpacked(archived(files), "It")
    with pytest.raises(Failure, match="no bundle"):
        bundle.unpacked(b"no archive", "It")


@pytest.mark.parametrize("name", ["inventory/../../away.yml", "inventory//away.yml"])
def test_no_file_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="leads out of its folder"):
        bundle.lay_out({name: b"", "inventory/hosts.yml": b""}, str(tmp_path / "out"))
    assert list(tmp_path.iterdir()) == []

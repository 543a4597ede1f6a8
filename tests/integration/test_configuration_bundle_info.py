# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read of a kept configuration is what was kept: by its hash, its manifest and its key; or it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]

from tests.integration.harness.inside import inside
from tests.integration.harness.steps import Step
from tests.localcloud_fixtures import LocalCloud

BUCKET = {"bucket": "clinic-backups", "region": "fra1"}


def pair(folder: Path, name: str) -> tuple[str, str]:
    """A public key, and the file with its secret half."""
    identity, file = pyrage.x25519.Identity.generate(), folder / name
    file.write_text(str(identity))
    file.chmod(0o600)
    return str(identity.to_public()), str(file)


def test_what_was_kept_is_read_and_anything_else_is_refused(localcloud: LocalCloud, tmp_path: Path) -> None:
    localcloud.renew()
    (public, identity), (_, other) = pair(tmp_path, "identity"), pair(tmp_path, "other")
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/hosts.yml").write_text("all:\n")

    def read(name: str, **options: Any) -> Step:
        return Step(
            name, "configuration_bundle_info", {"name": "clinic", "identity_file": identity, **BUCKET, **options}
        )

    keep = {"name": "clinic", "folder": str(tmp_path / "inventory"), "recipients": [public], "state": {"app": {"a": 1}}}
    bucket = Step("bucket", "spaces_bucket", {"name": BUCKET["bucket"], "region": BUCKET["region"]})
    first = inside(
        localcloud, [bucket, read("none"), Step("keep", "configuration_bundle", {**keep, **BUCKET}), read("read")]
    )
    assert first["none"].result["configuration_bundles"] == []
    kept = first["keep"].result["configuration_bundle"]
    [found] = first["read"].result["configuration_bundles"]
    assert {name: found[name] for name in ("object", "sha256", "files", "left_out")} == {
        name: kept[name] for name in ("object", "sha256", "files", "left_out")
    }
    assert (found["known"], found["state"]) == (False, {"app": {"a": 1}})
    folder = tmp_path / "out"
    then = inside(
        localcloud,
        [
            read("known", hashes={kept["object"]: kept["sha256"]}, folder=str(folder)),
            read("other hash", hashes={kept["object"]: "9f86"}),
            read("other key", identity_file=other),
        ],
    )
    assert then["known"].result["configuration_bundles"][0]["known"] is True
    assert (folder / "hosts.yml").read_text() == "all:\n"
    assert "is not the one that was kept" in then["other hash"].message
    assert "was encrypted to others" in then["other key"].message

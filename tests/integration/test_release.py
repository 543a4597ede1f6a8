# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What .ci/release brings together for a tag, and which tags it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import copy_to

BIN = Path(sys.executable).parent
VERSION = yaml.safe_load((Path(__file__).parents[2] / "galaxy.yml").read_text())["version"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """In which nothing was released yet."""
    copy_to(tmp_path)
    (tmp_path / "changelogs/changelog.yaml").write_text("---\nancestor: null\nreleases: {}\n")
    return tmp_path


def run(checkout: Path, *command: str) -> Any:
    env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    env |= {"PATH": f"{BIN}:{env['PATH']}", "HOME": str(checkout)}
    return subprocess.run(command, cwd=checkout, env=env, capture_output=True, text=True, check=False)


def test_a_release_is_what_its_tag_says(checkout: Path) -> None:
    other = run(checkout, ".ci/release", "v9.9.9")
    assert (other.returncode, other.stderr) == (1, f"release: the tag is v9.9.9, and galaxy.yml says {VERSION}.\n")
    unwritten = run(checkout, ".ci/release", f"v{VERSION}")
    assert (unwritten.returncode, unwritten.stdout) == (1, "")
    assert f"the changelog has no {VERSION}: make changelog" in unwritten.stderr
    assert not (checkout / "build").exists()

    written = run(checkout, "antsibull-changelog", "release")
    assert written.returncode == 0, written.stderr
    late = checkout / "changelogs/fragments/late.yml"
    late.write_text("---\nminor_changes:\n  - a thing - is new.\n")
    assert "some fragments are in no release" in run(checkout, ".ci/release", f"v{VERSION}").stderr
    late.unlink()
    released = run(checkout, ".ci/release", f"v{VERSION}")
    assert released.returncode == 0, released.stderr
    made = checkout / "build"
    collection, image = f"fisioflow-digitalocean-{VERSION}.tar.gz", f"fisioflow-execution-environment-{VERSION}.tar.gz"
    assert {path.name for path in made.iterdir()} == {collection, image, "notes.md", "SHA256SUMS"}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=made, check=False).returncode == 0
    assert "## Release Summary\n" in (made / "notes.md").read_text()
    with tarfile.open(made / collection) as archive:
        assert {"CHANGELOG.md", "playbooks/site.yml"} <= set(archive.getnames())
    with tarfile.open(made / image) as archive:
        assert "./_build/requirements.txt" in archive.getnames()

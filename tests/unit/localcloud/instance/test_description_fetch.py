# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make description``, and what a run of tests says where it was not done."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from localcloud.instance import foreground
from localcloud.instance.description_fetch import FetchError, main, parsed
from localcloud.instance.home import HomeError
from tests.localcloud_fixtures import ROOT

SPEC = foreground.find_spec(None)
needs_spec = pytest.mark.skipif(SPEC is None, reason="no API description at hand")


@needs_spec
def test_it_is_kept_with_its_checksum(tmp_path: Path) -> None:
    assert SPEC is not None
    said = main(SPEC.as_uri(), tmp_path / "new")
    kept = tmp_path / "new" / "digitalocean-openapi.json"
    assert re.fullmatch(rf"{kept}: \d{{3}} paths, new \(sha256 [0-9a-f]{{64}}\)", said)
    checksum = kept.with_suffix(".sha256").read_text()
    assert checksum == f"{hashlib.sha256(kept.read_bytes()).hexdigest()}  {kept.name}\n"
    assert ", unchanged (" in main(SPEC.as_uri(), kept.parent)
    kept.with_suffix(".sha256").write_text("other")
    assert ", another than before (" in main(SPEC.as_uri(), kept.parent)
    assert sorted(path.name for path in kept.parent.iterdir()) == [kept.name, f"{kept.stem}.sha256"]


def test_yaml_is_the_same_document() -> None:
    text = b"a: 2019-07-09\nb: [2020-01-01T00:00:00Z, '1', 1, true]\n200: {c: null}\n"
    expected = {"a": "2019-07-09", "b": ["2020-01-01T00:00:00Z", "1", 1, True], 200: {"c": None}}
    assert parsed(text, "somewhere") == expected


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, r"cannot be fetched \(.*No such file.*\): where the network allows it"),
        ("<html>a proxy: says no</html>", "is no description of DigitalOcean's API"),
        ("a: [", "is neither JSON nor YAML"),
        ('{"paths": {}}', "is no description of DigitalOcean's API"),
    ],
)
def test_what_cannot_be_used_replaces_nothing(tmp_path: Path, content: str | None, why: str) -> None:
    source, kept = tmp_path / "published.yaml", tmp_path / "digitalocean-openapi.json"
    kept.write_text("what was there")
    if content is not None:
        source.write_text(content)
    with pytest.raises(FetchError, match=why) as error:
        main(source.as_uri(), tmp_path)
    assert source.as_uri() in str(error.value)
    assert "\n" not in str(error.value)
    assert kept.read_text() == "what was there"
    assert not kept.with_suffix(".new").exists()


def test_a_network_that_refuses_is_one_sentence(tmp_path: Path) -> None:
    """As `make description` runs it; the port is one that nobody listens on."""
    command = [
        sys.executable,
        "-m",
        "localcloud.instance.description_fetch",
        "https://127.0.0.1:9/spec.yaml",
        str(tmp_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.startswith("description: https://127.0.0.1:9/spec.yaml cannot be fetched (")
    assert done.stderr.count("\n") == 1


def test_what_was_fetched_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCALCLOUD_SPEC", raising=False)
    monkeypatch.setattr(
        foreground, "__file__", str(tmp_path / "checkout" / "localcloud" / "instance" / "foreground.py")
    )
    assert foreground.find_spec(None) is None
    beside, fetched = tmp_path / "shared" / "api" / foreground.NAME, tmp_path / "checkout" / ".cache" / foreground.NAME
    for path in (beside, fetched):
        path.parent.mkdir(parents=True)
        path.write_text("{}")
        assert foreground.find_spec(None) == path
    with pytest.raises(HomeError, match="there is no API description"):
        foreground.find_spec(tmp_path / "none.json")


def test_a_run_without_a_description_says_so_last(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(3))\n"
        "@pytest.mark.skipif(True, reason='no API description at hand')\ndef test_it(n): pass\n"
        "def test_another(): pytest.skip('something else')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", str(tmp_path), str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=env)
    *_rest, counted, last = done.stdout.splitlines()
    assert "4 skipped" in counted
    assert last == "3 tests of the API description were skipped, since there is none: `make description` fetches it."

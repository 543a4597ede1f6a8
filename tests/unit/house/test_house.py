# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds the checkout together: links, licence headers, lock files, boundaries, and what the README promises."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FARM = ROOT / "collections/ansible_collections/fisioflow/digitalocean"
# Tools leave hidden folders where they are started.
LINKS = [path for path in FARM.iterdir() if not path.name.startswith(".")]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
OURS = ("plugins", "localcloud", "tests", "roles", "extensions")
HEADER = (
    "# Copyright: (c) 2026, FisioFlow contributors",
    "# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)",
    "# SPDX-License-Identifier: GPL-3.0-or-later",
)


def python_files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts]
    assert found, f"no Python file below {folders}"
    return sorted(found)


def test_the_link_farm_holds_what_a_collection_publishes() -> None:
    published = {"galaxy.yml", "README.md", "meta", "plugins", "roles", "playbooks", "requirements.txt"}
    assert {path.name for path in LINKS} == published


def test_the_links_are_relative_and_stay_in_the_checkout() -> None:
    for link in LINKS:
        assert link.is_symlink(), link
        assert not link.readlink().is_absolute(), link
        assert link.resolve() == ROOT / link.name


def test_every_python_file_names_its_licence() -> None:
    wrong = []
    for path in python_files(*OURS):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#!")]
        if lines and tuple(lines[:3]) != HEADER:
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_files_carry_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"https?:|--(extra-)?index-url|--find-links|file:", text)
    for block in re.split(r"\n(?=[a-z0-9])", text.split("\n", 2)[2]):
        name = block.split("==")[0]
        assert block.count("--hash=sha256:") >= 1, f"{name} in {lock.name} has no hash"


def test_both_supported_lines_of_ansible_core_are_locked() -> None:
    for lock in (ROOT / "requirements/run.txt", ROOT / "requirements/dev.txt"):
        pattern = r"^ansible-core==(2\.\d+)\.\d+ ; python_full_version (<|>=) '3\.12'"
        lines = dict(re.findall(pattern, lock.read_text(), re.M))
        assert lines == {"2.19": "<", "2.21": ">="}, lock.name


def test_the_next_ansible_core_is_tested_before_it_is_out() -> None:
    following = re.findall(r"^ansible-core==(2\.\d+)", (ROOT / "requirements/next.txt").read_text(), re.M)
    assert following == ["2.22"]
    assert "requirements/next.txt" in (ROOT / "Makefile").read_text()
    assert (ROOT / f"tests/sanity/ignore-{following[0]}.txt").read_text()


def test_the_development_lock_agrees_with_the_one_for_running() -> None:
    run, dev = (
        set(re.findall(r"^([\w.-]+==[^ ]+)", path.read_text(), re.M))
        for path in (ROOT / "requirements/run.txt", ROOT / "requirements/dev.txt")
    )
    assert run <= dev


def test_the_execution_environment_gets_what_the_modules_import() -> None:
    execution = yaml.safe_load((ROOT / "meta/execution-environment.yml").read_text())
    wanted = (ROOT / execution["dependencies"]["python"]).read_text()
    assert set(re.findall(r"^([a-z0-9]+)", wanted, re.M)) == {
        *("pydo", "boto3", "jmespath", "httpcore", "h2", "anyio", "dnspython", "pyrage", "psycopg", "valkey"),
        *("celerp", "rclone"),
    }


@pytest.mark.parametrize(
    ("folder", "forbidden"), [("localcloud", "ansible"), ("plugins", "localcloud"), ("roles", "localcloud")]
)
def test_localcloud_and_the_collection_meet_only_at_the_api(folder: str, forbidden: str) -> None:
    # Python imports it; a role would name it anywhere.
    suffix, words = (".py", rf"^\s*(from|import) {forbidden}") if folder != "roles" else ("", forbidden)
    files = [path for path in (ROOT / folder).rglob(f"*{suffix}") if path.is_file() and path.suffix != ".pyc"]
    assert files
    assert not [path for path in files if re.search(words, path.read_text(), re.M)]


def test_the_built_collection_holds_nothing_that_is_not_committed() -> None:
    """Secrets of an operator above all: what git ignores, the build ignores."""
    build = yaml.safe_load((ROOT / "galaxy.yml").read_text())["build_ignore"]
    # The build leaves these out by itself, or all that holds them.
    covered = {"__pycache__", "*.py[co]", "collections/ansible_collections/*", "tests/output"}
    lines = (ROOT / ".gitignore").read_text().splitlines()
    ignored = {line.strip("/") for line in lines if line and line[0] not in "#!"}
    missing = {name for name in ignored - covered if name not in build and name.rstrip("*") + "*" not in build}
    assert not missing


def test_no_file_names_the_host_of_a_package_registry() -> None:
    hosts = re.compile(rb"(pypi|pythonhosted|npmjs)\.(org|io|com)")
    folders = [
        ".ci",
        "docs",
        "extensions",
        "inventories",
        "meta",
        "playbooks",
        "plugins",
        "requirements",
        "roles",
        *OURS,
    ]
    inside = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    files = [path for path in (*ROOT.glob("*"), *inside) if path.is_file() and path.suffix != ".pyc"]
    assert len(files) > 300
    assert not [path for path in files if hosts.search(path.read_bytes())]


def test_no_test_module_imports_another() -> None:
    """What two of them need stands in a module without tests."""
    imports = re.compile(r"^ *(?:from|import) tests\S*(?: import \(?[\w, ]*)?", re.M)
    named = {path: imports.findall(path.read_text()) for path in (ROOT / "tests").rglob("*.py")}
    assert any(named.values())
    assert not [f"{name}: {line}" for name, lines in named.items() for line in lines if re.search(r"\btest_", line)]


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs/decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers)), sorted(numbers)


class TestReadme:
    TEXT = (ROOT / "README.md").read_text()

    def test_its_playbooks_exist(self) -> None:
        named = set(re.findall(r"(?:playbooks/\w+|(?<!/)\bsite)\.yml", self.TEXT))
        assert len(named) >= 5
        assert not [name for name in named if not (ROOT / name).is_file()]

    def test_its_targets_exist(self) -> None:
        makefile = (ROOT / "Makefile").read_text()
        named = set(re.findall(r"`?\bmake ([a-z-]+)\b(?= *(?:#|`))", self.TEXT))
        assert {"demo", "test"} <= named
        assert not [name for name in named if not re.search(rf"^{name}:", makefile, re.M)]

    def test_its_links_lead_somewhere(self) -> None:
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
            for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


NO_PROFILES = ("connection", "names", "secrets")


def test_every_file_of_an_inventory_says_variables() -> None:
    """What should be a link, and is a file with the address in it, says none."""
    files = sorted((ROOT / "inventories").glob("**/*.yml"))
    assert len(files) > 20
    assert [path for path in files if not isinstance(yaml.safe_load(path.read_text()), dict)] == []


PROFILES = sorted(path for path in (ROOT / "inventories/common").glob("*.yml") if path.stem not in NO_PROFILES)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_a_profile_names_all_that_it_sets(profile: Path) -> None:
    """So that the summary says its name only while all of that is in use."""
    sets = yaml.safe_load(profile.read_text())
    assert sets.pop("summary_profile") == profile.stem
    assert sets.pop("summary_profile_inputs") == sets

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""examples/delivery/deliver: what it hands to a container engine, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import ROOT

PASSWORD = "sentinel8registry8password"
DIGEST = f"sha256:{'a1' * 32}"
# Notes what it is told, as arguments and on standard input, and answers as the real one.
ENGINE = f"""#!{sys.executable}
import json, sys
told = sys.stdin.read() if "--password-stdin" in sys.argv else ""
with open({{notes!r}}, "a") as file:
    file.write(json.dumps([sys.argv[1:], told]) + "\\n")
if sys.argv[1] == "inspect":
    print("registry.example/clinic/app@{DIGEST}")
if sys.argv[1] == "run":
    print('{{{{"components": [1, 2]}}}}')
"""
# Notes what opens the vault, and where it stands.
PLAYBOOK = f"""#!{sys.executable}
import json, os, pathlib, sys
file = os.environ.get("ANSIBLE_VAULT_PASSWORD_FILE", "")
noted = {{{{"words": sys.argv[1:], "env": dict(os.environ), "file": file}}}}
if file:
    path = pathlib.Path(file)
    noted |= {{{{"held": path.read_text(), "mode": oct(path.stat().st_mode & 0o777)}}}}
pathlib.Path({{notes!r}}).write_text(json.dumps(noted))
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A repository with one commit, and a file that is not committed."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM scratch AS app\nWORKDIR /app\nARG NEXT_PUBLIC_NAME=none\n"
                                       "COPY page .\nRUN echo $NEXT_PUBLIC_NAME >name\n")  # fmt: skip
    (folder / "page").write_text("hello\n")
    committed(folder, "init", "--quiet")
    committed(folder, "add", "--all")
    committed(folder, "commit", "--quiet", "--message", "one")
    (folder / "secret").write_text("not committed")
    return folder


def committed(folder: Path, *command: str) -> None:
    who = ["-c", "user.name=test", "-c", "user.email=test@clinic.example"]
    subprocess.run(["git", "-C", folder, *who, *command], check=True)


def deliver(app: Path, *words: str, **variables: str) -> Any:
    env = {"PATH": f"{app.parent / 'bin'}:{os.environ['PATH']}", "DOCKER_HOST": "unix:///nonexistent", **variables}
    command = [sys.executable, ROOT / "examples/delivery/deliver", *words]
    return subprocess.run(command, cwd=app, env=env, capture_output=True, text=True, check=False)


def test_an_engine_gets_the_commit_and_no_password_as_an_argument(app: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    (tmp_path / "bin").mkdir()
    engine = tmp_path / "bin/docker"
    engine.write_text(ENGINE.format(notes=str(notes)))
    engine.chmod(0o755)
    given = {
        "IMAGE": "registry.example/clinic/app",
        "PUBLIC": "NEXT_PUBLIC_NAME=clinic",
        "GITHUB_OUTPUT": str(tmp_path / "out"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "REGISTRY_USER": "ci",
        "REGISTRY_PASSWORD": PASSWORD,
    }
    for step in ("build", "publish"):
        done = deliver(app, step, **given)
        assert (done.returncode, PASSWORD in done.stdout + done.stderr) == (0, False), done.stderr
    asked = [json.loads(line) for line in notes.read_text().splitlines()]
    build = next(words for words, _told in asked if words[0] == "build")
    assert build[build.index("--build-arg") :][:2] == ["--build-arg", "NEXT_PUBLIC_NAME=clinic"]
    [login] = [(words, told) for words, told in asked if words[0] == "login"]
    assert login == (["login", "registry.example", "--username", "ci", "--password-stdin"], PASSWORD)
    assert PASSWORD not in json.dumps([words for words, _told in asked])
    assert (tmp_path / "out").read_text() == f"digest={DIGEST}\n"
    assert (tmp_path / "summary").read_text().startswith(f"`registry.example/clinic/app@{DIGEST}`, made of 2 parts\n")
    assert json.loads((app / ".delivery/sbom.json").read_text()) == {"components": [1, 2]}


def test_the_vault_is_opened_by_a_file_that_goes_with_the_run(app: Path, tmp_path: Path) -> None:
    program = tmp_path / "bin/ansible-playbook"
    program.parent.mkdir()
    program.write_text(PLAYBOOK.format(notes=str(tmp_path / "notes")))
    program.chmod(0o755)
    vault = "sentinel8vault8password"
    done = deliver(app, "deploy", DIGEST, ANSIBLE_VAULT_PASSWORD=vault, INVENTORY="inventories/production")
    assert (done.returncode, vault in done.stdout + done.stderr) == (0, False), done.stderr
    noted = json.loads((tmp_path / "notes").read_text())
    assert (noted["held"], noted["mode"], noted["words"][:2]) == (vault, "0o600", ["-i", "inventories/production"])
    assert not Path(noted["file"]).exists()
    assert vault not in json.dumps([noted["words"], noted["env"]])
    # Without a password Ansible asks for none.
    assert deliver(app, "deploy", DIGEST, ANSIBLE_VAULT_PASSWORD="").returncode == 0
    assert json.loads((tmp_path / "notes").read_text())["file"] == ""


def test_a_clean_folder_holds_what_is_committed(app: Path) -> None:
    done = deliver(app, "build", PUBLIC="NEXT_PUBLIC_NAME=clinic")
    assert done.returncode == 0, done.stderr
    built = app / ".delivery/app"
    assert {path.name: path.read_text() for path in built.iterdir()} == {"page": "hello\n", "name": "clinic\n"}


@pytest.mark.parametrize(("previous", "told"), [("HEAD~2", ["three", "two"]), ("", ["three"]), ("0" * 40, ["three"])])
def test_a_summary_tells_what_is_new(app: Path, tmp_path: Path, previous: str, told: list[str]) -> None:
    """And a commit before that nobody knows, as after a push that took some back, is none."""
    for subject in ("two", "three"):
        committed(app, "commit", "--quiet", "--allow-empty", "--message", subject)
    assert deliver(app, "build").returncode == 0
    given = {"LOCALCLOUD_HOME": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "PREVIOUS": previous}
    done = deliver(app, "publish", **given)
    assert done.returncode == 0, done.stderr
    head, *news = filter(None, (tmp_path / "summary").read_text().splitlines())
    assert head.endswith("`, has no sbom.json")
    assert [line.split()[1] for line in news] == told


def test_stages_that_are_not_needed_are_not_made(app: Path) -> None:
    """And one that is needed twice is the same for both."""
    (app / "Dockerfile").write_text(
        "FROM scratch AS base\nCOPY page .\nFROM base AS test\nRUN false\n"
        "FROM base AS changed\nRUN echo more >>page\n"
        "FROM scratch AS app\nCOPY --from=changed /app/page changed\nCOPY --from=base page unchanged\n"
    )
    committed(app, "commit", "--quiet", "--all", "--message", "two")
    done = deliver(app, "build")
    assert done.returncode == 0, done.stderr
    built = {path.name: path.read_text() for path in (app / ".delivery/app").iterdir()}
    assert built == {"changed": "hello\nmore\n", "unchanged": "hello\n"}


def test_node_is_that_of_this_machine(app: Path, tmp_path: Path) -> None:
    (app / "Dockerfile").write_text("FROM node:24 AS base\nFROM base AS app\nRUN node >said\n")
    committed(app, "commit", "--quiet", "--all", "--message", "two")
    there = tmp_path / "there"
    there.mkdir()
    for name in ("sh", "git", "tar", "node", "npm"):
        (there / name).symlink_to(str(shutil.which(name)) if name in ("sh", "git", "tar") else "/bin/echo")
    lacking = deliver(app, "build", PATH=str(there))
    assert lacking.stderr == "deliver: FROM node:24: there is no npx on this machine.\n"
    (there / "npx").symlink_to("/bin/echo")
    assert deliver(app, "build", PATH=str(there)).returncode == 0
    built = app / ".delivery/app"
    assert ((built / "said").read_text(), (built / "bin/npx").resolve()) == ("\n", Path("/bin/echo").resolve())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ADD page /app", "ADD page /app can be done by a container engine alone."),
        ("COPY nowhere .", "COPY nowhere: there is no such file in the commit."),
        ("RUN false", "RUN false ended with 1."),
    ],
)
def test_what_cannot_be_done_ends_it(app: Path, line: str, told: str) -> None:
    with (app / "Dockerfile").open("a") as file:
        file.write(f"{line}\n")
    committed(app, "commit", "--quiet", "--all", "--message", "two")
    done = deliver(app, "build")
    assert (done.returncode, done.stderr) == (1, f"deliver: {told}\n")
    assert not (app / ".delivery/app").exists()


def test_bad_input_is_refused(app: Path) -> None:
    secret = deliver(app, "build", PUBLIC="NEXT_PUBLIC_NAME=clinic\nDATABASE_URL=postgresql://")
    assert (secret.returncode, (app / ".delivery").exists()) == (1, False)
    assert "nothing was built: DATABASE_URL of PUBLIC" in secret.stderr
    other = deliver(app, "test")
    assert other.stderr == "deliver: the Dockerfile has no stage test.\n"
    assert deliver(app, "ship").returncode == 1
    nowhere = deliver(app, "deploy")
    assert (nowhere.returncode, nowhere.stderr) == (1, "deliver: no digest: publish first, or name one.\n")


@pytest.mark.parametrize(
    ("words", "left", "variables", "told"),
    [
        ("deploy", "", {}, "nothing was deployed: '' in .delivery/digest is no digest."),
        ("deploy --check", "latest", {}, "nothing was deployed: 'latest' in .delivery/digest is no digest."),
        ("deploy latest", DIGEST, {}, "nothing was deployed: 'latest' is no digest."),
        ("deploy", DIGEST, {"OPERATIONS": "/nope"}, "OPERATIONS is /nope, which is no folder."),
        ("publish", "", {"LOCALCLOUD_HOME": "/nope"}, "LOCALCLOUD_HOME is /nope, which is no folder."),
        ("publish", "", {"LOCALCLOUD_HOME": "."}, "there is nothing to publish: build first."),
    ],
)
def test_what_is_not_there_is_told_in_one_sentence(
    app: Path, words: str, left: str, variables: dict[str, str], told: str
) -> None:
    (app / ".delivery").mkdir()
    (app / ".delivery/digest").write_text(left)
    done = deliver(app, *words.split(), **variables)
    assert (done.returncode, done.stderr) == (1, f"deliver: {told}\n")


def test_a_commit_without_a_dockerfile_is_not_built(app: Path) -> None:
    committed(app, "rm", "--quiet", "Dockerfile")
    committed(app, "commit", "--quiet", "--message", "two")
    done = deliver(app, "build")
    assert done.stderr == "deliver: nothing was built: the commit has no Dockerfile.\n"


def test_an_engine_that_tells_no_digest_has_published_nothing(app: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    engine = tmp_path / "bin/docker"
    engine.write_text(ENGINE.format(notes=str(tmp_path / "notes")).replace(f"@{DIGEST}", ""))
    engine.chmod(0o755)
    done = deliver(app, "publish", IMAGE="registry.example/clinic/app")
    assert (done.returncode, (app / ".delivery/digest").exists()) == (1, False)
    assert done.stderr.startswith("deliver: docker tells no digest of registry.example/clinic/app:")
    nobody = deliver(app, "publish", REGISTRY_PASSWORD=PASSWORD)
    told = "deliver: nothing was published: REGISTRY_PASSWORD is set, and REGISTRY_USER is not.\n"
    assert (nobody.returncode, nobody.stderr) == (1, told)

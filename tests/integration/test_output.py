# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run prints: plugins/callback/brief.py on tasks of every outcome. What site.yml prints is in test_site.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.harness.playbooks import in_background
from tests.localcloud_fixtures import LocalCloud

ROOT = Path(__file__).resolve().parents[2]
PLAY = """
- name: Outcomes
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Unchanged
      ansible.builtin.command: "true"
      changed_when: false
    - name: Left out
      ansible.builtin.command: "true"
      when: false
    - name: Left out with a warning
      ansible.builtin.command: "true"
      when: query('fisioflow.digitalocean.misspelled_inputs') | length > 0
    - name: More of them
      ansible.builtin.include_tasks: more.yml
    - name: A file
      ansible.builtin.copy: {dest: "{{ playbook_dir }}/file", content: "new\\n", mode: "0600"}
      diff: true
    - name: Ready at the second try
      ansible.builtin.command: test -e "{{ playbook_dir }}/tried"
      register: tried
      until: tried.rc == 0
      retries: 2
      delay: 0
      changed_when: false
      failed_when: false
    - name: A page
      ansible.builtin.debug: {msg: "two\\nlines"}
    - name: A variable
      ansible.builtin.debug: {var: tried.attempts}
    - name: Not all of it
      ansible.builtin.find: {paths: "{{ playbook_dir }}/nowhere"}
    - name: Broken
      ansible.builtin.command: "false"
      ignore_errors: true
    - name: Broken in a loop
      ansible.builtin.command: "{{ item }}"
      loop: ["true", "false"]
      ignore_errors: true
    - name: Taken over
      block:
        - name: Given up
          ansible.builtin.fail: {msg: told by whoever rescues}
      rescue:
        - name: Rescued
          ansible.builtin.debug: {msg: a rescue}
    - name: Worked out from nothing
      ansible.builtin.fail: {msg: "{{ nowhere }}"}
      ignore_errors: true
    - name: The end
      ansible.builtin.fail: {msg: "1. this\\n2. that"}
"""
MORE = '- {name: Made, ansible.builtin.command: "true", loop: [one, two], loop_control: {label: "no. {{ item }}"}}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("output")
    (made / "play.yml").write_text(PLAY, encoding="utf-8")
    (made / "more.yml").write_text(MORE, encoding="utf-8")
    return made


def printed(folder: Path, *options: str) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    env |= {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(folder)}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,", "-c", "local", *options]
    command += ["-e", f"app_nothing=1 ansible_python_interpreter={sys.executable}", str(folder / "play.yml")]
    (folder / "file").unlink(missing_ok=True)
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_what_has_nothing_to_tell_is_left_out(folder: Path) -> None:
    said = printed(folder)
    for name in ("Unchanged", "[Left out]", "More of them", "included:"):
        assert name not in said
    lines = said.splitlines()
    assert said.count("skipping: [localhost]") == said.count("TASK [Left out with a warning]") == 1
    assert "[WARNING]: app_nothing was given with -e, and no role of this collection has such an input." in lines
    assert "changed: Made (no. one)" in lines
    assert "changed: Made (no. two)" in lines
    assert said.count("+new") == 1
    assert "\n\ntwo\nlines\n" in said
    assert "tried.attempts: 2" in said
    assert "Ready at the second try: not yet, 1 tries left" in said
    # Unchanged, but with a warning.
    assert said.count("ok: [localhost]\n") == said.count("TASK [Not all of it]") == 1
    # In full, and where: what fails by itself. As it is: what says itself what is wrong.
    assert "TASK [Broken]" in said
    assert "...ignoring" in said
    assert "failed: [localhost] (item=false) =>" in said
    assert "changed: Broken in a loop (true)" in lines
    assert "'nowhere' is undefined" in said
    assert "\nFAILED: 1. this\n2. that\n" in said
    assert "told by whoever rescues" not in said
    assert "\nPLAY RECAP *" in said


def test_more_is_said_when_asked_for(folder: Path) -> None:
    said = printed(folder, "-v")
    for name in ("Unchanged", "Left out", "More of them", "Given up", "The end"):
        assert f"TASK [{name}]" in said
    assert "included:" in said
    assert "skipping: [localhost]" in said
    assert "fatal: [localhost]: FAILED! =>" in said


def test_an_interruption_tells_what_is_left_open(environment: LocalCloud) -> None:
    environment.admin.settings(speed="real")
    digest = f"image_digest=sha256:{'7' * 64}"
    since = environment.admin.seq()
    with in_background(environment, "playbooks/deploy", "-e", digest) as run:
        assert run.wait_until(
            lambda: any(
                row["method"] == "PUT" and "/apps/" in row["path"] and row["status"] == 200
                for row in environment.admin.journal(since)
            )
        )
        # As a terminal does it: the whole group.
        os.killpg(run.process.pid, signal.SIGINT)
        run.process.wait(timeout=60)
        said = run.output.read_text()
    assert run.process.returncode != 0
    assert "Interrupted in 'app : Apply the spec and wait for the deployment'. Left open: the deployment," in said
    assert said.count("Run the same command again") == 1

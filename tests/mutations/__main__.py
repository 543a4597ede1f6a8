# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Break a copy of this checkout, one mutation after the other, and see whether its tests see it.

    python -m tests.mutations [WORDS …]    only those that break something with these words

Prints a Markdown table as it goes; ends with 1 when one was not seen, or could not be tried.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.checkout import ROOT, copy_to
from tests.mutations.table import TABLE, Mutation

# What pytest ends with when tests have run and some failed; anything else proves nothing.
RED = 1
# Seconds for the tests of one mutation.
TIMEOUT = 900


def unfit(mutation: Mutation) -> str:
    """Why it cannot be tried; "" when it can."""
    file = ROOT / mutation.file
    found = file.read_text(encoding="utf-8").count(mutation.old) if file.is_file() else 0
    return "" if found == 1 else f"its text stands {found} times in {mutation.file}"


def seen(mutation: Mutation, folder: Path) -> str:
    """What became of the tests: "seen", or what else."""
    file = folder / mutation.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(mutation.old, mutation.new), encoding="utf-8")
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    env = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*pytest, *shlex.split(mutation.tests)],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "NOT SEEN: the tests did not end"
    finally:
        file.write_text(whole, encoding="utf-8")
    if done.returncode == RED:
        return "seen"
    return "NOT SEEN" if done.returncode == 0 else f"NOT TRIED: {(done.stdout + done.stderr).splitlines()[-1]}"


def main(words: list[str]) -> int:
    """The exit code."""
    chosen = [mutation for mutation in TABLE if all(word in mutation.breaks for word in words)]
    print("| what is broken | in | tests | |\n|---|---|---|---|")
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="mutations.") as name:
        copy_to(Path(name))
        for mutation in chosen:
            why = unfit(mutation)
            outcomes.append(f"ERROR: {why}" if why else seen(mutation, Path(name)))
            tests = mutation.tests.replace("|", "\\|")
            print(f"| {mutation.breaks} | `{mutation.file}` | `{tests}` | {outcomes[-1]} |", flush=True)
    print(f"\n{outcomes.count('seen')} of {len(outcomes)} were seen.")
    return 0 if outcomes and set(outcomes) == {"seen"} else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

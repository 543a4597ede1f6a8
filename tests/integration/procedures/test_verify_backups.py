# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`verify_backups.yml`: green while all is as promised; what is too old, corrupt or not there is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest

from tests.integration.procedures.environment import Environment

BUCKET = "fisioflow-local-backups"

pytestmark = pytest.mark.xdist_group("procedures")


def verdicts(running: Environment) -> dict[str, bool]:
    return {row["check"]: row["ok"] for row in running.report("backups")["checks"]}


def test_what_is_as_promised_is_green_and_what_is_not_is_named(
    running: Environment,
    backups_s3: Any,
    tmp_path: Path,
) -> None:
    running.green("backup_database")
    name = running.report("backup_database")["name"]
    since = running.cloud.admin.seq()
    good = running.green("verify_backups")
    assert verdicts(running) | {"readable": True, "dump": True, "cache": True} == verdicts(running)
    assert "all as promised" in good.printed
    assert "a cache holds only what may be lost" in good.printed
    foretold = running.green("verify_backups", "--check")
    assert "not looked at in check mode" in foretold.printed
    # But for the key that lives as long as the run.
    assert {call["path"].split("/")[2] for call in running.cloud.admin.writes(since)} == {"spaces"}

    # Somebody has lost the right identity.
    stranger = tmp_path / "stranger"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    stranger.chmod(0o600)
    wrong = running.red("verify_backups", fisioflow_backup_identity=str(stranger), fisioflow_language="pt_BR",
                        backup_recipients=[])  # fmt: skip
    assert "was encrypted to others" in wrong.printed
    assert "um dump está danificado" in wrong.printed

    # A bit has flipped.
    key = f"{name}.dump.age"
    content = backups_s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    backups_s3.put_object(Bucket=BUCKET, Key=key, Body=content[:-1] + bytes([content[-1] ^ 1]))
    corrupt = running.red("verify_backups")
    assert f'The dump "{name}" is corrupt' in corrupt.printed
    backups_s3.put_object(Bucket=BUCKET, Key=key, Body=content)


def test_backups_older_than_what_may_be_lost_are_red_and_a_new_dump_makes_them_green(running: Environment) -> None:
    running.green("backup_database")
    running.cloud.admin.advance(30 * 3600)
    red = running.red("verify_backups")
    report = running.report("backups")
    assert [row["check"] for row in report["findings"]] == ["dump"]
    assert 30 <= report["findings"][0]["value"] < 31
    assert "1 to look after" in red.printed
    assert (report["ok"], report["failure"]) == (True, "")
    # DigitalOcean has made its own meanwhile.
    assert verdicts(running)["newest"]
    running.green("backup_database")
    running.green("verify_backups")

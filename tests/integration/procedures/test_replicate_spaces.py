# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`replicate_spaces.yml`: the uploads in a second region, also after a kill, and red when they differ."""

from __future__ import annotations

import pytest

from tests.integration.harness.playbooks import in_background
from tests.integration.procedures.environment import Environment
from tests.integration.procedures.spaces import (
    AWAY,
    KEYLESS,
    PATIENT,
    REPLICA,
    UPLOADS,
    both,
    contents,
    end_copying,
    keys,
)

pytestmark = pytest.mark.xdist_group("procedures")

NAME = "fisioflow-local-replication"


def test_copies_goes_on_after_a_kill_follows_no_deletion_and_tells_a_difference(running: Environment) -> None:
    before = keys(running)
    with both(running) as (home, away):
        for number in range(8):
            home.put_object(Bucket=UPLOADS, Key=f"{PATIENT}/{number}.png", Body=bytes([number]) * 300_000)

        would = running.green("replicate_spaces", "--check")
        assert "8 objects would be copied" in would.printed
        assert REPLICA not in [row["Name"] for row in away.list_buckets()["Buckets"]], "check mode makes nothing"

        options = ("-e", "replication_bandwidth=200k", "-v")
        with in_background(running.cloud, "playbooks/replicate_spaces", *options, env=KEYLESS) as run:
            assert run.wait_until(lambda: NAME in keys(running))
            assert run.wait_until(lambda: len(away.list_objects_v2(Bucket=REPLICA).get("Contents", [])) >= 2)
            run.kill()
            # Ansible's workers outlive it, with what they have begun.
            end_copying(running)
            assert PATIENT not in run.output.read_text()
        partly = contents(away, REPLICA)
        assert 2 <= len(partly) < 8

        done = running.green("replicate_spaces", "-v", env=KEYLESS)
        told = running.report("replicated")
        assert (told["ok"], told["checked"], told["copied"], told["missing"]) == (True, 8, 8 - len(partly), 0)
        assert told["pending"] == told["copied"]
        assert told["lag_seconds"] > 0
        assert contents(away, REPLICA) == contents(home, UPLOADS)
        assert keys(running) == before, "keys of a moment are gone, also those of the run that was killed"
        assert PATIENT not in done.printed
        assert not any(PATIENT in path.read_text() for path in running.reports.glob("*replicated*"))
        settings = away.get_bucket_versioning(Bucket=REPLICA)["Status"], away.get_bucket_acl(Bucket=REPLICA)["Grants"]
        assert settings[0] == "Enabled"
        assert len(settings[1]) == 1, "it is private"

        home.delete_object(Bucket=UPLOADS, Key=f"{PATIENT}/0.png")
        home.put_object(Bucket=UPLOADS, Key=f"{PATIENT}/1.png", Body=b"another")
        fault = running.cloud.admin.fault("status", port="spaces", method="PUT", path=f"/{REPLICA}/*", status=403)
        try:
            red = running.red("replicate_spaces")
        finally:
            running.cloud.admin.clear_faults(fault)
        told = running.report("replicated")
        assert (told["ok"], told["differing"], told["missing"], told["kept"]) == (False, 1, 0, 1)
        assert "1 differ, of 7" in told["failure"]
        assert PATIENT not in red.printed

        assert "changed=0" not in running.green("replicate_spaces").printed
        assert contents(away, REPLICA)[f"{PATIENT}/1.png"] == b"another"
        assert f"{PATIENT}/0.png" in contents(away, REPLICA)
        assert AWAY in running.red("replicate_spaces", fisioflow_spaces_region=AWAY).printed
        # The newest report is what auditors are shown.
        assert "changed=0" in running.green("replicate_spaces").printed

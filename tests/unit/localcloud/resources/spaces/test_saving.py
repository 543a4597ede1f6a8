# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies in files, and saving while requests are answered."""

from __future__ import annotations

import asyncio
import stat
import threading

import pytest

from localcloud.instance.server import Server
from localcloud.ports.shared import Options
from localcloud.resources.spaces.s3.store import store_of
from localcloud.world import state_file


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


def files(cloud):
    """What lies in the folder of bodies, by content."""
    folder = cloud.shared.home / "spaces"
    return sorted(path.read_bytes() for path in folder.iterdir()) if folder.exists() else []


def save(cloud):
    """On the server's own loop, as it does it itself."""
    asyncio.run_coroutine_threadsafe(cloud.shared.save(), cloud._loop).result(60)


@pytest.fixture(autouse=True)
def no_state_stays(cloud):
    yield
    (cloud.shared.home / "state.json").unlink(missing_ok=True)
    store_of(cloud.shared.world).blobs.saved(set())


def test_a_body_is_a_file_as_long_as_somebody_needs_it(cloud, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"one")
    s3.copy_object(Bucket=bucket, Key="copy", CopySource=f"{bucket}/k")
    assert files(cloud) == [b"one"]
    folder = cloud.shared.home / "spaces"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    s3.put_object(Bucket=bucket, Key="k", Body=b"two")
    assert files(cloud) == [b"one", b"two"]
    s3.delete_object(Bucket=bucket, Key="copy")
    assert files(cloud) == [b"two"]
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    for body in (b"first", b"second"):
        s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=1, Body=body)
    assert files(cloud) == [b"second", b"two"]
    s3.abort_multipart_upload(Bucket=bucket, Key="big", UploadId=upload)
    s3.delete_object(Bucket=bucket, Key="k")
    assert files(cloud) == []


def test_what_the_saved_state_names_stays_until_the_next(cloud, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"saved")
    save(cloud)
    s3.put_object(Bucket=bucket, Key="k", Body=b"newer")
    # One that is killed now begins again with what was saved.
    again = Server(cloud.shared.home, Options())
    kept = store_of(again.shared.world)
    (version,) = kept["fisio-a"].versions("k")
    assert kept.blobs.read(version.blobs[0]) == b"saved"


def test_nothing_is_left_of_what_was_deleted(cloud, s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"saved")
    save(cloud)
    s3.delete_object(Bucket=bucket, Key="k")
    assert files(cloud) == [b"saved"]
    save(cloud)
    assert files(cloud) == []
    assert b"saved" not in (cloud.shared.home / "state.json").read_bytes()


def test_a_start_sweeps_what_one_that_was_killed_has_left(cloud, tmp_path):
    folder = tmp_path / "spaces"
    folder.mkdir()
    (folder / ("0" * 32)).write_bytes(b"of nobody")
    (folder / ("1" * 32 + ".new")).write_bytes(b"half of one")
    Server(tmp_path, Options())
    assert list(folder.iterdir()) == []


def test_requests_are_answered_while_the_state_is_written(cloud, s3, bucket, monkeypatch):
    """The writer waits in the middle for what only a client can do then; what it does is not in that state."""
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 1_000_000)
    begun, go_on = threading.Event(), threading.Event()
    pieces = state_file._pieces

    def slow(value, depth=0):
        if not depth:
            begun.set()
            assert go_on.wait(60), "nobody was answered"
        return pieces(value, depth)

    monkeypatch.setattr(state_file, "_pieces", slow)
    saving = asyncio.run_coroutine_threadsafe(cloud.shared.save(), cloud._loop)
    assert begun.wait(60)
    assert s3.get_object(Bucket=bucket, Key="k")["ContentLength"] == 1_000_000
    s3.put_object(Bucket=bucket, Key="late", Body=b"late")
    s3.delete_object(Bucket=bucket, Key="k")
    # A handshake, too, is answered meanwhile.
    assert cloud.raw("GET", cloud.spaces_url)[0] == 403
    assert not saving.done()
    go_on.set()
    saving.result(60)
    kept = store_of(Server(cloud.shared.home, Options()).shared.world)["fisio-a"]
    assert list(kept.keys) == ["k"]


def test_everything_survives_in_the_file(cloud, s3, bucket):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    for key in ("\u2028", " blanks ", "a+b%20c", "x\x01y", "ß/é"):
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
        s3.put_object(Bucket=bucket, Key=key, Body=b"2", ACL="public-read", Metadata={"a": "1"})
    s3.delete_object(Bucket=bucket, Key="ß/é")
    upload = s3.create_multipart_upload(Bucket=bucket, Key="big")["UploadId"]
    s3.upload_part(Bucket=bucket, Key="big", UploadId=upload, PartNumber=1, Body=b"part")
    save(cloud)
    before, after = (store_of(shared.world) for shared in (cloud.shared, Server(cloud.shared.home, Options()).shared))
    assert after.snapshot() == before.snapshot()
    assert after.export() == before.export()

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects, as boto3 reads and writes them."""

from __future__ import annotations

import pytest


@pytest.fixture
def bucket(s3):
    s3.create_bucket(Bucket="fisio-a")
    return "fisio-a"


@pytest.mark.parametrize("key", ["a.txt", "deep/er/ß é+&%20 ~'!()*.txt", "/leading", "dots/../x", "double//slash"])
def test_an_object_comes_back_as_it_was_put(s3, bucket, key):
    s3.put_object(Bucket=bucket, Key=key, Body=b"hello", ContentType="text/x", Metadata={"a-b": "1", "c_d": "2"})
    answer = s3.get_object(Bucket=bucket, Key=key)
    assert answer["Body"].read() == b"hello"
    assert answer["ContentType"] == "text/x"
    assert answer["Metadata"] == {"a-b": "1", "c_d": "2"}
    assert s3.head_object(Bucket=bucket, Key=key)["ContentLength"] == 5
    assert [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket)["Contents"]] == [key]

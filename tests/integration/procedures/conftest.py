# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One environment for all procedures: what builds it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.integration.procedures.environment import Environment, built
from tests.localcloud_fixtures import emptied, start_localcloud


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """`site.yml` on a localcloud of its own. Whoever uses it says ``xdist_group("procedures")``."""
    home = tmp_path_factory.mktemp("procedures") / "home"
    with start_localcloud(home, records_only=False) as cloud, emptied(cloud):
        found = built(cloud)
        yield found
        found.api.session.close()


@pytest.fixture
def backups_s3(running: Environment) -> Iterator[Any]:
    """The region of the bucket of backups, as the account sees it."""
    cloud = running.cloud
    client = boto3.client(
        "s3", endpoint_url=cloud.spaces_url, region_name="sfo3", verify=cloud.ca,
        aws_access_key_id=cloud.env["SPACES_ACCESS_KEY_ID"],
        aws_secret_access_key=cloud.env["SPACES_SECRET_ACCESS_KEY"], config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    yield client
    client.close()

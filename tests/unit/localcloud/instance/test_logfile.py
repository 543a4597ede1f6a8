# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The log in the background."""

from __future__ import annotations

import logging
from pathlib import Path

from localcloud.instance.logfile import LogFile


def test_it_never_grows_beyond_twice_its_limit_and_stays_private(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "server.log", limit=1000)
    for number in range(200):
        log.emit(logging.makeLogRecord({"msg": f"request {number}"}))
    log.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["server.log", "server.log.1"]
    assert sum(path.stat().st_size for path in files) <= 2000
    assert files[0].read_text().endswith("request 199\n")
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fingerprints are those of ssh-keygen, and what is no key has none."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ssh_keys import fingerprint, without_comment

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKAt8MEeaSmz/x+wtJ5fJxmxKigt4X94LYM9xjqHqEKe"
PRINT = "58:92:6f:5c:f9:ac:38:6c:ed:75:10:79:f7:8b:ad:d2"


@pytest.mark.parametrize("written", [KEY, f"{KEY} key3@clinic", f"  {KEY}\n", KEY.replace(" ", "\t")])
def test_neither_comment_nor_space_counts(written: str) -> None:
    assert fingerprint(written) == PRINT
    assert without_comment(written) == KEY


@pytest.mark.parametrize("none", ["", "ssh-rsa", "ssh-rsa ====", KEY.replace("ssh-ed25519", "ssh-rsa"), f"x {KEY}"])
def test_what_is_none(none: str) -> None:
    with pytest.raises(Failure, match="none of SSH"):
        fingerprint(none)

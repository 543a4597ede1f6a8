# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who hangs up refuses plain text; who says nothing may be anybody."""

from __future__ import annotations

import socket
import ssl

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.wire.service import TLS, Service


def plain_text(port: int) -> str:
    wire = Service("localhost", port, TLS, "127.0.0.1", ssl.create_default_context(), timeout=0.2)
    return wire._plain_text()


def test_silence_is_no_refusal_and_nobody_listening_is() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert plain_text(port) == "unknown"
    assert plain_text(port) == "refused"

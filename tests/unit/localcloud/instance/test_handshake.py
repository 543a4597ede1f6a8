# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection that is cut before there is a request."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from localcloud.instance.home import Home
from localcloud.instance.tls import authority_for, certificate_of, context_of


def test_a_handshake_that_fails_is_told_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    certificate = certificate_of(authority_for(Home(tmp_path)))
    connection = context_of(certificate, http2=True).wrap_bio(incoming, outgoing, server_side=True)
    with pytest.raises(ssl.SSLWantReadError):
        connection.do_handshake()
    assert caplog.text == ""
    incoming.write(b"GET / HTTP/1.0\r\n\r\n")
    with pytest.raises(ssl.SSLError, match="HTTP_REQUEST"):
        connection.do_handshake()
    assert "cut in its TLS handshake" in caplog.text
    assert "HTTP_REQUEST" in caplog.text

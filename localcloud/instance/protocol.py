# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection of a client, which says in its TLS handshake what it speaks."""

from __future__ import annotations

from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from localcloud.instance.http2 import Http2
from localcloud.instance.patience import Patience


class Protocol(H11Protocol):
    """HTTP/1.1, unless the client has agreed on HTTP/2.

    Gives the application its connection, so that a fault can cut it, and cuts one whose request does not come.
    ``accepted`` counts the connections by what is spoken on them.
    """

    def __init__(self, *arguments: Any, accepted: Counter[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._accepted = accepted

    def connection_made(self, transport: Any) -> None:
        tls = transport.get_extra_info("ssl_object")
        spoken = (tls and tls.selected_alpn_protocol()) or "http/1.1"
        self._accepted[spoken] += 1
        if spoken == "h2":
            other = Http2(self.config, self.server_state, self.loop)
            transport.set_protocol(other)
            other.connection_made(transport)
            return
        self.app_state = {**self.app_state, "transport": transport, "connection": transport}
        super().connection_made(transport)
        self._patience = Patience(self.loop, transport.close)
        self._patience.with_silence()

    def data_received(self, data: bytes) -> None:
        if self._idle():
            self._patience.with_a_head()
        super().data_received(data)
        if not self._idle():
            self._patience.stop()

    def connection_lost(self, exc: Exception | None) -> None:
        self._patience.stop()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        """No request is being answered."""
        return self.cycle is None or self.cycle.response_complete

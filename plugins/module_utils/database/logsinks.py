# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the configuration of a log sink needs, and what of it is secret beside a password in its URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# The API description: by type.
NEEDED = {
    "rsyslog": ("server", "port", "tls", "format"),
    "elasticsearch": ("url", "index_prefix"),
    "opensearch": ("url", "index_prefix"),
    "datadog": ("site", "datadog_api_key"),
}
SECRET = ("key", "datadog_api_key")


def secrets_of_sinks(data: Any) -> Iterator[str]:
    """The keys with which a cluster shows who it is, wherever a configuration stands."""
    if isinstance(data, dict):
        config = data.get("config")
        if isinstance(config, dict):
            yield from (config[name] for name in SECRET if isinstance(config.get(name), str))
        for value in data.values():
            yield from secrets_of_sinks(value)
    elif isinstance(data, list):
        for item in data:
            yield from secrets_of_sinks(item)

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words that server, client and command line share."""

from __future__ import annotations

KINDS = ("status", "drop", "cut", "latency", "hang", "drip", "stale", "burst")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
WRITE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
PORTS = ("api", "spaces")

# The table of what alerts have told.
ALERTS = "alerts_told"

# The variable that names the folder of an instance, and the file in it with the token of the admin API.
HOME = "LOCALCLOUD_HOME"
TOKEN = "admin.token"  # noqa: S105 - the name of a file

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The authority that signs the certificates of the clusters: localcloud's own."""

from __future__ import annotations

from base64 import b64encode

from localcloud import JSON
from localcloud.ports.routing import Request, operation
from localcloud.resources.databases import rows
from localcloud.resources.databases.clusters import ONE


@operation("GET", f"{ONE}/ca", scope="database:read")
def read(request: Request) -> JSON:
    """PEM, in base64 once more [S]."""
    rows.cluster(request)
    return {"ca": {"certificate": b64encode(request.world.ca_pem).decode()}}

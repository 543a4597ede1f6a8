# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who signs the certificate of a cluster."""

from __future__ import annotations

import base64

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Api
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import DATABASE_CLUSTER
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise


def authority(api: Api, cluster_id: str) -> str:
    """Its certificate authority as PEM, which the API sends in base64. Raises ApiError, also when it is none."""
    path = f"{DATABASE_CLUSTER.location(cluster_id)}/ca"
    told = api.get(path, Promise("ca"))["ca"].get("certificate")
    try:
        pem = base64.b64decode(told or "", validate=True).decode()
    except (ValueError, TypeError):
        pem = ""
    if "-----BEGIN CERTIFICATE-----" not in pem:
        raise NotTheApi(f'{api.url} answered 200 without a certificate under "ca"', status=200, method="GET", path=path)
    return pem

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that work on buckets (module_utils/spaces/client.py: options)."""

from __future__ import annotations


class ModuleDocFragment:
    """`spaces`: how to reach the buckets of a region."""

    DOCUMENTATION = r"""
options:
  region:
    description:
      - The region of the bucket, such as V(fra1).
    type: str
    required: true
  access_key:
    description:
      - The id of a Spaces key, which needs the grant V(fullaccess). Without it, the environment variable
        E(SPACES_ACCESS_KEY_ID) counts.
    type: str
  secret_key:
    description:
      - The secret of O(access_key). Without it, the environment variable E(SPACES_SECRET_ACCESS_KEY) counts.
    type: str
  spaces_url:
    description:
      - The address of Spaces, in which C({region}) stands for the region. Without it, the environment variable
        E(SPACES_ENDPOINT_URL) counts.
    type: str
    default: https://{region}.digitaloceanspaces.com
requirements:
  - boto3 >= 1.34
notes:
  - Buckets are no part of DigitalOcean's REST API but of Spaces, which speaks S3. O(api_token) and O(api_url) play no
    part here; O(ca_path) is for the certificate of O(spaces_url).
"""

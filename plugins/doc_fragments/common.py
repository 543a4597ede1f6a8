# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of every module (module_utils/resource/arguments.py: connection), and those that some share."""

from __future__ import annotations


class ModuleDocFragment:
    """`common`: how to reach the API, and what every module can do. The others are options for those who have them.

    `common.cluster`, `common.app`: what a resource lives below. `common.trusted_sources`: the option `rules`, of which
    a module describes only what it means there.
    """

    DOCUMENTATION = r"""
options:
  api_token:
    description:
      - The API token. Without it, the first of the environment variables E(DO_API_TOKEN), E(DIGITALOCEAN_TOKEN) and
        E(DIGITALOCEAN_ACCESS_TOKEN) that is set counts.
    type: str
  api_url:
    description:
      - The address of the API, always with C(https://). Without it, the environment variable E(DIGITALOCEAN_API_URL)
        counts.
    type: str
    default: https://api.digitalocean.com
  ca_path:
    description:
      - File or directory with the certificate authorities to trust, when the usual ones have not signed the certificate
        of O(api_url). Without it, the environment variable E(DIGITALOCEAN_CA_PATH) counts.
    type: path
  timeout:
    description:
      - How long one API call may take, in seconds, its retries included. Calls are tried again after a rate limit, a
        fault of the server or a lost connection.
    type: int
    default: 120
requirements:
  - python >= 3.11
  - pydo >= 0.44
attributes:
  action_group:
    description: Use C(group/fisioflow.digitalocean.all) in C(module_defaults) to set the common options once.
    support: full
    membership:
      - fisioflow.digitalocean.all
notes:
  - Where the connection is local, the module runs inside the controller, which is many times faster; with C(async),
    another user, another Python or a remote host it runs as an ordinary module. Set the variable
    C(digitalocean_in_controller=false) to always run it as one. The results are the same.
"""

    CLUSTER = r"""
options:
  cluster_id:
    description:
      - The id of the database cluster. Exactly one of O(cluster_id) and O(cluster) is needed.
    type: str
  cluster:
    description:
      - The name of the database cluster; costs one more request than O(cluster_id).
    type: str
"""

    APP = r"""
options:
  app_id:
    description:
      - The id of the app. Exactly one of O(app_id) and O(app) is needed.
    type: str
  app:
    description:
      - The name of the app; costs one more request than O(app_id).
    type: str
"""

    TRUSTED_SOURCES = r"""
options:
  rules:
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - What O(rules[].value) names.
        type: str
        required: true
        choices: [app, droplet, ip_addr, k8s, tag]
      value:
        description:
          - The id of the app, Droplet or Kubernetes cluster, an IPv4 address or range, or the name of a tag.
          - An app is admitted with its public addresses only. Over the VPC its private egress addresses count.
        type: str
        required: true
      description:
        description:
          - Who that is.
        type: str
"""

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""300 things of others in the account in which reports look, and what their token may do."""

from __future__ import annotations

CROWD = {
    "vpcs": 100,
    "databases": 60,
    "droplets": 70,
    "load_balancers": 20,
    "apps": 10,
    "buckets": 30,
    "reserved_ips": 5,
    "snapshots": 5,
}
LOOKING = [
    *("account:read", "app:read", "billing:read", "cdn:read", "certificate:read", "database:read", "domain:read"),
    *(
        "droplet:read",
        "firewall:read",
        "image:read",
        "load_balancer:read",
        "monitoring:read",
        "project:read",
        "registry:read",
    ),
    *("reserved_ip:read", "spaces_key:read", "uptime:read", "vpc:read"),
]

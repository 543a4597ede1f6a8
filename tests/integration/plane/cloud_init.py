# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The user data of a Droplet that serves HTTPS with a certificate of its own."""

from __future__ import annotations

_USER_DATA = """\
#cloud-config
packages: [caddy]
write_files:
  - path: /etc/caddy/Caddyfile
    content: |
      {
        admin off
        auto_https off
        default_sni edge
      }
      :443 {
        tls /etc/caddy/edge.crt /etc/caddy/edge.key
        respond /edge-health 200
        respond "SAID"
      }
runcmd:
  - openssl req -x509 -newkey ec -nodes -subj /CN=edge -keyout /etc/caddy/edge.key -out /etc/caddy/edge.crt
  - [systemctl, restart, caddy]
"""


def user_data(said: str) -> str:
    """``said``: what it answers, with Caddy's placeholders."""
    return _USER_DATA.replace("SAID", said)

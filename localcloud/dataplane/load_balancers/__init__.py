# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers as real proxies: nginx passes on, and the health checks here decide to whom.

``software``  the kind: what should run, and the thing that does
``health``    asks each Droplet whether it may get requests
``blocks``    the configuration of nginx
"""

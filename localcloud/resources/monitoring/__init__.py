# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Monitoring from within (alert policies) and from without (uptime checks and their alerts).

Sources as in ``localcloud.resources.load_balancers``.
"""

from __future__ import annotations

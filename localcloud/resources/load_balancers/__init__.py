# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancers: ``/v2/load_balancers``, regional, regional at the network layer, and global.

Sources, as marked beside each fact: the API description [S], the vendor's documentation [D], the vendor's Go client and
Terraform provider with its acceptance tests [G], what users have published of the real API [M], a guess [?].
"""

from __future__ import annotations

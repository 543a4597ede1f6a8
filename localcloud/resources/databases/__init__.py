# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed databases: PostgreSQL (``pg``) and Valkey (``valkey``).

Sources of what is imitated here, as marked beside each fact: the API description [S], the vendor's documentation [D],
the vendor's Go client and Terraform provider [G], behaviour that users measured on the real API and published [M], and,
where nothing is known, a guess [?].
"""

from __future__ import annotations

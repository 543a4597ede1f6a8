# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures that every test may use."""

from __future__ import annotations

from tests.localcloud_fixtures import cloud, localcloud, localcloud_factory

__all__ = ["cloud", "localcloud", "localcloud_factory"]

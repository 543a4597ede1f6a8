# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uptime checks that really ask their targets.

``software``  the kind: a check that is enabled asks once a minute of the clock
``targets``   where a target is on this machine, if it is
"""

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Valkey clusters: a primary and perhaps its standby, behind TLS at the address that the API tells.

``kind``      what should run, from the account's records
``cluster``   the nodes of one: which leads, and who takes over
``node``      one server process
``settings``  DigitalOcean's words for what Valkey calls otherwise
``front``     TLS and trusted sources before it
"""

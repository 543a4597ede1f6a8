# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for FisioFlow: small, but with its stores, its checks and its environment (README.md).

``settings``    the environment as values
``database``    patients and appointments in PostgreSQL, and ``migrations`` of its tables
``cache``       sessions and rate limits in Valkey, or in memory where nobody gave a ``REDIS_URL``
``uploads``     presigned addresses of the Space
``trouble``     how it is made slow, leaky or failing on purpose
``budget``      the share of errors of the last two minutes
``shell``       what every answer goes through
``health``, ``pages``, ``api``  what it answers
"""

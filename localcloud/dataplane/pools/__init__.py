# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connection pools of PostgreSQL clusters: a pooler of our own, which does what PgBouncer does there.

``pooler``    the port of a cluster, and which pools it has
``session``   one client: what it asks, and what it is answered
``login``     how it begins: TLS, what it wants, its password
``exchange``  which answer belongs to which request, and whose prepared statement is whose
``pool``      the connections that clients share
``backend``   one connection to the server
``scram``     the server's side of SCRAM-SHA-256
``wire``      messages of PostgreSQL's protocol
"""

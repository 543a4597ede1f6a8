# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real software behind the records: a database that the API has made can be connected to.

``supervisor``  child processes that never outlive the instance
``kinds``       what a kind of software has to say of itself
``software``    the kinds that there are
``plane``       brings what runs in line with what the account holds, again and again
``ground``      what all of it stands on: folders, certificates, addresses
``usage``       what a process uses of the machine
``sources``     who may connect to a database

The data plane watches the world and knows the resources; no resource knows it (they ask ``world.plane``).
"""

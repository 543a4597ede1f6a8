# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A name server for the zones that the account holds.

``answers``   what is answered, from the records as they are at that moment
``software``  the kind: there is one server, which answers as long as the instance runs
"""

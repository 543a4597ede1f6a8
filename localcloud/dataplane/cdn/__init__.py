# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CDN endpoints as caching proxies before the Spaces port.

``software``  the kind: what should run, and the thing that does
``cache``     what it keeps, and how that is purged
"""

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Object storage: access keys, the S3 endpoint and the CDN.

The S3 endpoint is a front that knows who may do what (``front``), over one function for each operation
(``answer.HANDLERS``). What the front decides on (which buckets exist where and whose they are, keys, policies) is in
the world's tables; what is inside a bucket is in the store: rows in memory, bodies in files.
"""

from __future__ import annotations

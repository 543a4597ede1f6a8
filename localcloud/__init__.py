# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A DigitalOcean on one machine: the API, emulated well enough that real clients cannot tell the difference.

Nothing here imports the collection; the two meet at the API.
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

# What is kept, asked and answered: an object of JSON.
JSON = dict[str, Any]

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which function answers which operation on a bucket."""

from __future__ import annotations

from collections.abc import Callable

from localcloud import JSON
from localcloud.resources.spaces.s3.answer import S3Answer
from localcloud.resources.spaces.s3.request import S3Request
from localcloud.world.world import World

Handler = Callable[[World, S3Request, JSON], S3Answer]

HANDLERS: dict[str, Handler] = {}


def handles(*operations: str) -> Callable[[Handler], Handler]:
    """Register ``def f(world, request, bucket) -> S3Answer`` for operations by their S3 names."""

    def register(function: Handler) -> Handler:
        for name in operations:
            HANDLERS[name] = function
        return function

    return register

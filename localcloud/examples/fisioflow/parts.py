# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of one process share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from starlette.requests import Request

from localcloud.examples.fisioflow import cache, database
from localcloud.examples.fisioflow.budget import Budget
from localcloud.examples.fisioflow.settings import Settings
from localcloud.examples.fisioflow.trouble import Trouble
from localcloud.examples.fisioflow.uploads import Uploads


@dataclass
class Parts:
    settings: Settings
    database: database.Database | None
    cache: cache.Cache
    uploads: Uploads
    trouble: Trouble
    budget: Budget = field(default_factory=Budget)
    started: float = field(default_factory=time.monotonic)


def made_of(settings: Settings) -> Parts:
    """Nothing is connected to yet: the application starts without its stores, and says so when it is asked."""
    authority = database.authority_file(settings.database_ca)
    store = database.Database(settings.database_url, authority, settings.pool_size) if settings.database_url else None
    kept = cache.connect(settings.redis_url, settings.redis_ca)
    return Parts(settings, store, kept, Uploads(settings.space), Trouble(settings.trouble))


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts

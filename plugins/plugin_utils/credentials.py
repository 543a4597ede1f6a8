# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How old the credentials of an environment are, which of them are due, and which a run rotates.

A tag of its cluster tells when a user's password was set, `<cluster>-password-<user>-20261129T211500`: decision 65.
Tags `<postgresql>-rotating-<credential>` tell what a run has begun, and are gone once it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_secrets import ORIGIN_SECRETS, variables

STAMP = "%Y%m%dT%H%M%S"
APP, ORIGIN, PROVIDED = "app_database_user", "origin_secret", "provided_secrets"
DIRECT = ("owner_database_user", "backup_database_user", "readonly_database_user")
NAMES = (APP, *DIRECT, "valkey_user", "spaces_key", ORIGIN, PROVIDED)
# What is encrypted by it could be read no more.
NEVER = ("ENCRYPTION_KEY",)


def credentials_plan(found: Data, about: Data, asked: str, now: str) -> Data:
    """`{rows, rotates, continues, notes, problems}` for one run.

    `found` is `{postgresql, valkey: clusters, pools, keys: lists, app}` as the API gives them, and `other_secrets`, the
    places of secrets for which people give another value than the app has. `about` names things:
    `{users: {credential: user}, spare_user, spare_pool, spare_used, service, balanced, next_origin, max_age_days}`.
    `asked` is `due`, or names with commas between; `now` a moment as the API writes it.

    A row is `{name, what, since, exact, age_days, due, rotates}`; of what nobody dated, `since` is the day before which
    it cannot have been made. `continues` tells what an earlier run has left: `move`, when the app has still to change
    over, `end`, when only its former user has to lose its password, or nothing. `notes` are the tags that the
    PostgreSQL cluster has until the run is over: by them the next one knows what was begun, and rotates it as well.
    """
    wanted = _wanted(asked)
    at, rows = _moment(now), list(_rows(found, about))
    for row in rows:
        row["age_days"] = (at - _moment(row["since"])).days if row["since"] else None
        row["due"] = row["age_days"] is not None and row["age_days"] >= int(about["max_age_days"])
    continues = _unfinished(found, about)
    due = [row["name"] for row in rows if row["due"] and row["name"] not in (ORIGIN, PROVIDED)]
    begun = set(_begun(found["postgresql"], about))
    rotates = {*(wanted or due)} | begun | ({APP} if continues == "move" else set())
    # Another one of the two would change what the earlier run has just brought about.
    rotates -= {APP} if continues == "end" else set()
    others = [row["what"] for row in rows if f"{about['service']}.{row['what']}" in found["other_secrets"]]
    for row in rows:
        # A run that was interrupted may have brought the new values in already.
        stays = row["name"] == PROVIDED and PROVIDED not in begun and row["what"] not in others
        row["rotates"] = row["name"] in rotates and not stays
    notes = [_note(found["postgresql"], name) for name in sorted(rotates | begun | ({APP} if continues else set()))]
    problems = [*rotate_problems(asked, about["balanced"], about["next_origin"])]
    if not found["app"]:
        problems.append("there is no app yet: run site.yml first.")
    elif PROVIDED in rotates and not any(row["rotates"] for row in rows if row["name"] == PROVIDED):
        problems.append(
            "provided_secrets: the app already has these values: give new ones where the old ones are (vault, "
            "environment, AWX)."
        )
    return {"rows": rows, "rotates": sorted(rotates), "continues": continues, "notes": notes, "problems": problems}


def rotate_problems(asked: str, balanced: bool, next_origin: bool) -> Iterator[str]:
    """Why nobody can rotate that, as far as it shows without a look at what there is. See credentials_plan."""
    wanted = _wanted(asked)
    if not wanted and asked != "due":
        yield "rotate is empty: say due, or names of credentials with commas between."
    if strange := [name for name in wanted if name not in NAMES]:
        never = (
            "ENCRYPTION_KEY cannot be rotated: what it has encrypted could not be read any more. "
            if "ENCRYPTION_KEY" in strange
            else ""
        )
        yield f"rotate names {', '.join(strange)}. {never}There are {', '.join(NAMES)}."
    if ORIGIN in wanted and not balanced:
        yield "origin_secret: the app has none, since no load balancer of ours is before it."
    elif ORIGIN in wanted and not next_origin:
        yield "origin_secret: give the new one as ORIGIN_SECRET_NEXT, where ORIGIN_SECRET is."


def _wanted(asked: str) -> list[str]:
    return [] if asked == "due" else [name.strip() for name in asked.split(",") if name.strip()]


def password_marks(tags: list[str] | None, cluster: str, users: list[str], now: str) -> Data:
    """`{"tags": …, "old": …}`: the tags of a cluster once `users` got new passwords, and those that are over."""
    old = [tag for tag in tags or [] if any(_stamp(tag, cluster, user) for user in users)]
    new = [f"{cluster}-password-{user}-{_moment(now).strftime(STAMP)}" for user in users]
    return {
        "tags": [*(tag for tag in tags or [] if tag not in old), *new],
        "old": [tag for tag in old if tag not in new],
    }


def _rows(found: Data, about: Data) -> Iterator[Data]:
    for name, user in about["users"].items():
        cluster = found["valkey" if name == "valkey_user" else "postgresql"]
        since = _since(cluster, user)
        yield {"name": name, "what": user, "since": _moment(since).isoformat(), "exact": since in _stamps(cluster)}
    spec = (found["app"] or {}).get("spec") or {}
    held = variables(spec, about["service"]).get("DO_SPACES_KEY")
    for key in found["keys"]:
        if held and key["access_key"] == held:
            yield {"name": "spaces_key", "what": key["name"], "since": key["created_at"], "exact": True}
    prefix = f"{about['service']}."
    for slot, day in sorted((found["app"] or {}).get("secrets_since", {}).items()):
        secret = slot.removeprefix(prefix)
        if slot.startswith(prefix) and secret not in ("DO_SPACES_SECRET", *NEVER):
            name = ORIGIN if secret in ORIGIN_SECRETS else PROVIDED
            yield {"name": name, "what": secret, "since": day or found["app"]["created_at"], "exact": bool(day)}


def _unfinished(found: Data, about: Data) -> str:
    """By the pool of the user that the app does not work with, which is not there otherwise."""
    if about["spare_used"] or about["spare_pool"] not in [pool["name"] for pool in found["pools"]]:
        return ""
    spare, now = (_since(found["postgresql"], user) for user in (about["spare_user"], about["users"][APP]))
    return "move" if _moment(spare) > _moment(now) else "end"


def _begun(postgresql: Data, about: Data) -> Iterator[str]:
    """What an earlier run has noted, and not ended. An origin secret waits until its next value is given again."""
    for name in NAMES:
        given = name != ORIGIN or (about["balanced"] and about["next_origin"])
        if given and _note(postgresql, name) in (postgresql["tags"] or []):
            yield name


def _note(postgresql: Data, name: str) -> str:
    return f"{postgresql['name']}-rotating-{name}"


def _since(cluster: Data, user: str) -> str:
    stamps = [stamp for tag in cluster["tags"] or [] if (stamp := _stamp(tag, cluster["name"], user))]
    return max(stamps, default=str(cluster["created_at"]))


def _stamps(cluster: Data) -> str:
    return " ".join(cluster["tags"] or [])


def _stamp(tag: str, cluster: str, user: str) -> str:
    """The moment that a tag tells of, "" when it tells of something else."""
    found = re.fullmatch(rf"{re.escape(cluster)}-password-{re.escape(user)}-(\d{{8}}T\d{{6}})", tag)
    return found[1] if found else ""


def _moment(text: str) -> datetime:
    found = datetime.strptime(text, STAMP) if re.fullmatch(r"\d{8}T\d{6}", text) else datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)

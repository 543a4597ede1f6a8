# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of an app as they are: what is plain goes into the inventory, what is secret goes apart."""

from __future__ import annotations

from urllib.parse import urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import ENV_NAME, RESERVED_USERS
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import PUBLIC, Variable
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.checks_inputs import HOST, OWN_VARIABLES
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# What the app is reached at, in the order of trust.
_ADDRESSES = ("NEXTAUTH_URL", "AUTH_URL", "NEXT_PUBLIC_APP_URL")
# What the role environment works out by itself.
_FOLLOWS = {*_ADDRESSES, "NEXT_PUBLIC_API_URL", "CORS_ORIGINS"}
_HERE = ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104 - what stands where an address belongs


def environment(
    sketch: Sketch, found: list[Variable], service: Data, required: list[str], usual: dict[str, str]
) -> None:
    """Variables and secrets of the service.

    `required` are the names that every inventory has secrets for, `usual` what the role gives an app of itself.
    """
    say = sketch.say
    mine = {row.key: row for row in found if row.component in ("", service.get("name", ""))}
    _dangers(sketch, found)
    _narrowed(sketch, list(mine.values()), service)
    for key, why in _needed(say).items():
        if key not in mine:
            sketch.danger("missing variable", key, say("{key} is missing: {why}.", key=key, why=why))
    for row in mine.values():
        if row.key not in OWN_VARIABLES and row.key != "AUTH_SECRET":
            _place(sketch, row, required, usual)
    # The one follows the other.
    if "AUTH_SECRET" in mine and "NEXTAUTH_SECRET" not in mine:
        other = mine["AUTH_SECRET"]
        sketch.secrets["NEXTAUTH_SECRET"] = other.value if other.is_in_clear else ""
    for row in found:
        if row.component not in ("", service.get("name", "")) and row.is_in_clear:
            sketch.left_out.append(
                say("{place} belongs to a component that site.yml takes away, or makes anew.", place=row.place)
            )


def _needed(say: Words) -> dict[str, str]:
    """What the app cannot do without, and what happens then."""
    return {
        "DATABASE_URL": say("the app has no database"),
        "REDIS_URL": say("cache and rate limits of logins are gone without a word"),
        "NEXTAUTH_SECRET": say("nobody can log in"),
        "ENCRYPTION_KEY": say("what patients' data is encrypted with is unknown"),
    }


def _narrowed(sketch: Sketch, rows: list[Variable], service: Data) -> None:
    """What the build of a repository sees: of the role app that is what Next.js inlines, and no secret."""
    say = sketch.say
    seen = sorted(
        row.key
        for row in rows
        if row.scope in ("BUILD_TIME", "RUN_AND_BUILD_TIME")
        and (row.is_secret or not row.key.startswith("NEXT_"))
        and (row.value or row.is_typed_secret)
        and not row.is_placeholder
    )
    if seen and sketch.get("app_git"):
        sketch.obstacles.append(
            say(
                "The build of {service} sees {names} now, and would only see names that begin with NEXT_ and "
                "are no secret: if it needs another, build an image elsewhere, and name it in app_image.",
                service=service["name"],
                names=", ".join(seen),
            )
        )


def _place(sketch: Sketch, row: Variable, required: list[str], usual: dict[str, str]) -> None:
    """A variable among those of the inventory, among the secrets, or nowhere."""
    say = sketch.say
    if row.is_placeholder and not row.is_typed_secret:
        return
    if not ENV_NAME.fullmatch(row.key):
        # It may be anything, a secret among it.
        place = f"{row.component}.envs" if row.component else "envs"
        sketch.left_out.append(say("{place} holds what is no name of a variable; site.yml takes it away.", place=place))
    elif row.is_secret or row.key in required:
        sketch.secrets[row.key] = row.value if row.is_in_clear else ""
    elif not row.value:
        sketch.left_out.append(say("{place} is empty; site.yml takes it away.", place=row.place))
    elif not _is_worked_out(sketch, row, usual):
        sketch.settings["environment_variables"] = {
            **sketch.settings.get("environment_variables", {}),
            row.key: row.value,
        }


def _is_worked_out(sketch: Sketch, row: Variable, usual: dict[str, str]) -> bool:
    """Whether the roles know better, or as well."""
    if row.key.startswith(PUBLIC):
        # An image has them inlined already.
        return bool(sketch.get("app_image")) or row.key in _FOLLOWS
    if row.key in _FOLLOWS:
        is_ours = row.value.rstrip("/") == usual["NEXTAUTH_URL"] or urlsplit(row.value).hostname in _HERE
        return is_ours or row.key == "CORS_ORIGINS"
    return row.value == usual.get(row.key)


def hosts(spec: Data) -> list[str]:
    """Host names of the app, the primary one first: by its spec."""
    rows = sorted(spec.get("domains") or [], key=lambda row: row.get("type") != "PRIMARY")
    named = [str(row.get("domain") or "").rstrip(".").lower() for row in rows if row.get("type") != "DEFAULT"]
    return list(dict.fromkeys(name for name in named if name))


def told_hosts(found: list[Variable]) -> list[str]:
    """The hosts that the app's own variables name."""
    values = {row.key: row.value for row in found}
    texts = [values.get("NEXTAUTH_URL", ""), *values.get("CORS_ORIGINS", "").split(",")]
    names = [urlsplit(text.strip()).hostname or "" for text in texts if "$" not in text]
    return list(
        dict.fromkeys(name for name in names if HOST.fullmatch(name) and not name.endswith("ondigitalocean.app"))
    )


def _dangers(sketch: Sketch, found: list[Variable]) -> None:
    say = sketch.say
    for row in found:
        if row.is_placeholder:
            sketch.danger(
                "placeholder", row.place, say("{place} has an example's value, which nobody ever set.", place=row.place)
            )
        elif row.key.startswith(PUBLIC) and row.is_secret and row.is_in_clear:
            why = say(
                "{place} is a secret in every visitor's browser: make another one, and keep it out of {prefix}*.",
                place=row.place,
                prefix=PUBLIC,
            )
            sketch.danger("public secret", row.place, why)
        elif row.is_in_clear:
            sketch.danger(
                "secret in clear",
                row.place,
                say("{place} is a secret, and whoever reads the app's spec reads it.", place=row.place),
            )
        if row.address["user"] in RESERVED_USERS:
            why = say(
                "{place} logs in as {user}, who may do everything in the cluster.",
                place=row.place,
                user=row.address["user"],
            )
            sketch.danger("doadmin", row.place, why)
        if row.key.startswith(PUBLIC) and row.scope == "RUN_TIME":
            why = say(
                "{place} is set at run time only, and has no effect: the build has inlined another value, or none.",
                place=row.place,
            )
            sketch.danger("public at run time", row.place, why)
        if row.key in _ADDRESSES and urlsplit(row.value).hostname in _HERE:
            sketch.danger(
                "wrong address",
                row.place,
                say("{place} leads to this machine itself.", place=row.place),
            )

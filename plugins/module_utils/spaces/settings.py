# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be set on a bucket: how S3 tells it, how options say it (S3's names in snake_case), when two are equal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.compare import (
    Normal,
    plain,
    prune,
    set_of,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.spaces.client import Spaces

EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


@dataclass(frozen=True)
class Setting:
    """One of them; S3 gets, puts and perhaps deletes it as `bucket_<name>`."""

    # From S3's answer to the option's value, and from that to the arguments of the call that puts it.
    told: Callable[[Data], Any]
    put: Callable[[Any], Data]
    # The form in which two values are compared.
    same: Normal = plain
    # The codes that mean that nothing is set. One without is always there, and not deleted but put empty.
    absent: tuple[str, ...] = ()
    # As what S3 gets and puts it, if that is not its name.
    operation: str = ""


def read(spaces: Spaces, bucket: str, names: list[str]) -> Data | None:
    """The settings of those names and the bucket's `location`, at the same time; None: there is no such bucket."""

    def look(operation: str, *absent: str) -> Callable[[], Data]:
        return partial(spaces.look, f"get_bucket_{operation}", "NoSuchBucket", *absent, Bucket=bucket)

    asked = {name: SETTINGS[name] for name in names}
    found = spaces.gather(
        {
            "location": look("location"),
            **{name: look(setting.operation or name, *setting.absent) for name, setting in asked.items()},
        }
    )
    location = found.pop("location")
    if not location:
        return None
    return {
        "location": location.get("LocationConstraint"),
        **{name: setting.told(found[name]) for name, setting in asked.items()},
    }


def write(spaces: Spaces, bucket: str, name: str, value: Any) -> None:
    """Set one of them; an empty one is removed."""
    setting = SETTINGS[name]
    if setting.absent and not value:
        spaces.gone(f"delete_bucket_{name}", Bucket=bucket)
    else:
        spaces.call(f"put_bucket_{setting.operation or name}", Bucket=bucket, **setting.put(value))


# ── Names ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def camel(value: Any) -> Any:
    """`max_age_seconds` → `MaxAgeSeconds`, at any depth."""
    if isinstance(value, dict):
        return {
            "ID" if key == "id" else "".join(part.title() for part in key.split("_")): camel(item)
            for key, item in value.items()
        }
    return [camel(item) for item in value] if isinstance(value, list) else value


def snake(value: Any) -> Any:
    """`MaxAgeSeconds` → `max_age_seconds`, at any depth."""
    if isinstance(value, dict):
        return {re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower(): snake(item) for key, item in value.items()}
    return [snake(item) for item in value] if isinstance(value, list) else value


# ── What S3 tells, and is told ────────────────────────────────────────────────────────────────────────────────────────


def acl_told(answer: Data) -> str:
    """`private`, `public-read`, or `custom` for grants that are neither."""
    owner = (answer.get("Owner") or {}).get("ID")
    others = [
        (grant.get("Grantee", {}).get("URI"), grant.get("Permission"))
        for grant in answer.get("Grants") or []
        if grant.get("Grantee", {}).get("ID") != owner or owner is None
    ]
    if not others:
        return "private"
    return "public-read" if others == [(EVERYBODY, "READ")] else "custom"


def lifecycle_told(answer: Data) -> list[Data]:
    """Its rules, the prefix in one place."""
    rules = []
    for rule in snake(answer.get("Rules") or []):
        where = rule.pop("filter", None) or {}
        prefix = rule.pop("prefix", None) or where.pop("prefix", None) or ""
        rules.append({**rule, "prefix": prefix, **({"filter": where} if where else {})})
    return rules


def lifecycle_put(rules: list[Data]) -> Data:
    """The prefix where S3 has it."""
    return {
        "LifecycleConfiguration": {
            "Rules": [
                {"Filter": {"Prefix": rule["prefix"]}, **camel({key: rule[key] for key in rule if key != "prefix"})}
                for rule in rules
            ]
        }
    }


def cors_told(answer: Data) -> list[Data]:
    """Its rules, without the names that others gave them."""
    return [{key: value for key, value in rule.items() if key != "id"} for rule in snake(answer.get("CORSRules") or [])]


def logging_put(target: Data) -> Data:
    """Nothing to end it; S3 wants a prefix, if an empty one."""
    enabled = {"LoggingEnabled": {"TargetPrefix": "", **camel(target)}} if target else {}
    return {"BucketLoggingStatus": enabled}


def policy_told(answer: Data) -> Data:
    """The document; {} for none."""
    return parsed(answer.get("Policy") or "")


def parsed(policy: str) -> Data:
    """A policy from its text, {} from an empty one. Raises Failure for what is no policy."""
    if not policy.strip():
        return {}
    try:
        document = json.loads(policy)
    except ValueError as error:
        raise Failure(f"The policy is no JSON ({error}): give a dictionary or a JSON document.") from None
    if not isinstance(document, dict) or (document and not document.get("Statement")):
        raise Failure("The policy has no Statement: give a dictionary with a list of them, or '' to remove it.")
    return document


# ── When two are equal ───────────────────────────────────────────────────────────────────────────────────────────────


def same_lifecycle_rule(rule: Data) -> Data:
    """What is left out is as S3 fills it in, a day as a moment."""
    form = prune({"status": "Enabled", "prefix": "", **rule})
    expiration = form.get("expiration") or {}
    if not expiration.get("expired_object_delete_marker"):
        expiration.pop("expired_object_delete_marker", None)
    if day := re.match(r"\d{4}-\d\d-\d\d", str(expiration.get("date", ""))):
        expiration["date"] = f"{day[0]}T00:00:00Z"
    return {key: value for key, value in form.items() if value not in ({}, None)}


same_lifecycle = set_of(same_lifecycle_rule)


def same_cors(rules: Any) -> list[Data]:
    """Rules in their order, since the first that matches counts; what they list in none."""
    lists = ("allowed_methods", "allowed_origins", "allowed_headers", "expose_headers")
    return [
        {**{name: sorted(set(rule.get(name) or [])) for name in lists}, "max_age_seconds": rule.get("max_age_seconds")}
        for rule in rules or []
    ]


def same_policy(policy: Any) -> Any:
    """Single values as lists of one, lists in no order; only what stands inside of conditions is left as it is."""
    if not policy or not isinstance(policy, dict):
        return {}
    statements = policy.get("Statement") or []
    statements = statements if isinstance(statements, list) else [statements]
    return {**policy, "Statement": set_of(_same_statement)(statements)}


def _same_statement(statement: Data) -> Data:
    def form(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: form(item) for key, item in value.items()}
        return sorted(set(value if isinstance(value, list) else [value]))

    plain = ("Sid", "Effect", "Condition")
    return {key: value if key in plain or value == "*" else form(value) for key, value in statement.items()}


def same_logging(target: Any) -> Data:
    """Off is {}; no prefix is an empty one."""
    if not (target or {}).get("target_bucket"):
        return {}
    return {"target_bucket": target["target_bucket"], "target_prefix": target.get("target_prefix") or ""}


def with_ids(wanted: list[Data], there: list[Data]) -> list[Data]:
    """Lifecycle rules with the ids that S3 would otherwise invent: of an equal rule, or made of the content.

    An empty id is none.
    """
    wanted = [{key: value for key, value in rule.items() if key != "id" or value} for rule in wanted]

    def content(rule: Data) -> str:
        nameless = {key: value for key, value in rule.items() if key != "id"}
        return json.dumps(same_lifecycle_rule(nameless), sort_keys=True)

    ids = {content(rule): rule.get("id") for rule in there}
    named = [(rule, content(rule)) for rule in wanted]
    return [
        {"id": ids.get(text) or f"rule-{hashlib.sha256(text.encode()).hexdigest()[:12]}", **rule}
        for rule, text in named
    ]


# ── What contradicts itself ──────────────────────────────────────────────────────────────────────────────────────────

_ACTIONS = ("expiration", "noncurrent_version_expiration", "abort_incomplete_multipart_upload")


def contradiction(bucket: str, wanted: Data) -> str:
    """What is wrong with settings, "" if nothing is: S3 would refuse it after others are set."""
    rules = wanted.get("lifecycle") or []
    for rule in rules:
        told = f'lifecycle rule "{rule["id"]}"'
        if not any(rule.get(action) for action in _ACTIONS):
            return f"{told} says nothing of when to do what (set one of {', '.join(_ACTIONS)})"
        if len(rule.get("expiration") or [0]) != 1:
            return f"{told} has more than one expiration (set one of days, date, expired_object_delete_marker)"
        numbers = [number for action in _ACTIONS for number in (rule.get(action) or {}).values()]
        if any(isinstance(number, int) and not isinstance(number, bool) and number < 1 for number in numbers):
            return f"{told} has a number of days below 1"
        if not re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", (rule.get("expiration") or {}).get("date", "2000-01-01")):
            return f"{told} has a date that is none, such as 2027-01-31"
    ids = [rule["id"] for rule in rules]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        return f"lifecycle rules are equal or have the same id ({', '.join(twice)})"
    for rule in wanted.get("cors") or []:
        if not rule["allowed_origins"] or not rule["allowed_methods"]:
            return "a cors rule allows no origin or no method (leave the rule out instead)"
        if greedy := [origin for origin in rule["allowed_origins"] if origin.count("*") > 1]:
            return f'the origin "{greedy[0]}" of a cors rule has more than one *'
    target = wanted.get("logging") or {}
    if target.get("target_prefix") and not target.get("target_bucket"):
        return "logging has a target_prefix but no target_bucket"
    if target.get("target_bucket") == bucket:
        return "logging goes into the bucket itself, which would never end (choose another target_bucket)"
    return ""


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────────

# By the names of their options, in the order in which they are set.
SETTINGS = {
    "acl": Setting(acl_told, lambda acl: {"ACL": acl}),
    "versioning": Setting(
        lambda answer: answer.get("Status") == "Enabled",
        lambda on: {"VersioningConfiguration": {"Status": "Enabled" if on else "Suspended"}},
    ),
    "cors": Setting(
        cors_told,
        lambda rules: {"CORSConfiguration": {"CORSRules": camel(rules)}},
        same_cors,
        absent=("NoSuchCORSConfiguration",),
    ),
    "lifecycle": Setting(
        lifecycle_told,
        lifecycle_put,
        same_lifecycle,
        absent=("NoSuchLifecycleConfiguration",),
        operation="lifecycle_configuration",
    ),
    "policy": Setting(
        policy_told, lambda policy: {"Policy": json.dumps(policy)}, same_policy, absent=("NoSuchBucketPolicy",)
    ),
    "logging": Setting(lambda answer: snake(answer.get("LoggingEnabled") or {}), logging_put, same_logging),
}

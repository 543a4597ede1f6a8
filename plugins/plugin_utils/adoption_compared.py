# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where an adopted app and the one that the roles make differ: worked out by the code that would change it."""

from __future__ import annotations

import copy

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import plan_spec
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import slots
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import UNKNOWN
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_people import recipients_differ
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_unread import unread
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import Variable
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_environment import app_environment
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.app_spec import app_spec

# In the place of what the API keeps to itself, and of what is yet to be provided.
_KEPT, _GIVEN = "EV[kept]", "given-when-it-is-applied"


def inputs_of(sketch: Sketch, about: Data, vpc: Data) -> Data:
    """The inputs of the roles app and environment, as the written inventory and its common part make them."""
    given = {**sketch.defaults, **sketch.settings}
    domains, balanced = given["app_domains"], given.get("edge_mode") == "load_balancer"
    public = f"https://{domains[0]}" if domains else "${APP_URL}"
    alike = {
        "app_postgresql_cluster": "postgresql_name",
        "app_postgresql_database": "postgresql_database",
        "app_postgresql_user": "postgresql_app_user",
        "app_postgresql_owner": "postgresql_owner_user",
        "app_valkey_cluster": "valkey_name",
        "app_region": "fisioflow_app_region",
        "environment_app_name": "app_name",
        "environment_uploads_bucket": "spaces_uploads_bucket",
        "environment_assets_bucket": "spaces_assets_bucket",
        "environment_spaces_region": "fisioflow_spaces_region",
        "environment_pool_name": "postgresql_pool_name",
    }
    worked_out = {
        "app_vpc_id": vpc.get("id") or UNKNOWN,
        "app_balanced": balanced and bool(domains),
        "app_compare_only": True,
        "environment_postgresql_authority": given["postgresql_engine"] == "pg",
        "environment_builds": bool(given["app_git"]),
        "environment_public_url": public,
        "environment_cors_origins": [f"https://{name}" for name in domains[1:]],
        # What the app alone has is kept; all else is in the vault file by then, or was set.
        "environment_secrets": {
            name: _GIVEN if sketch.secrets.get(name) or name not in sketch.secrets else "" for name in about["required"]
        },
        "environment_optional_secrets": {
            name: "" for name in (*about["optional"], *sketch.secrets) if name not in about["required"]
        },
    }
    return {**given, **{name: given[other] for name, other in alike.items()}, **worked_out}


def usual_variables(inputs: Data) -> dict[str, str]:
    """What the role environment gives an app of which the inventory says nothing."""
    found = app_environment({**inputs, "environment_variables": {}}, None, None)["envs"]["service"]
    return {env["key"]: str(env["value"]) for env in found if "value" in env}


def app_differences(sketch: Sketch, picture: Data, inputs: Data, found: list[Variable], is_file: bool) -> None:
    """A difference called `app`, with the places in its spec, or none; and what of a file's spec no input says."""
    say = sketch.say
    app = copy.deepcopy(picture["app"])
    for slot in slots(app["spec"]):
        if not slot.value and slot.key == "value":
            slot.write(_KEPT)
    keys = [
        row.get("access_key") for row in picture.get("keys") or [] if row.get("name") == f"{inputs['app_name']}-uploads"
    ]
    held = next((row.value for row in found if row.key == "DO_SPACES_KEY"), "")
    key = {"access_key": held if held in keys else UNKNOWN}
    envs = app_environment(inputs, app, key)["envs"]
    try:
        wanted = app_spec(inputs, envs, app)
        if is_file or not app.get("id"):
            # What else an app of the account has, it keeps.
            sketch.left_out += [
                say("{place} is said by no input, and left out: site.yml makes the app without it.", place=place)
                for place in unread(app["spec"], wanted)
            ]
        there = {slot.name for slot in slots(app["spec"])}
        missing = {slot.name: _GIVEN for slot in slots(wanted) if slot.key == "value" and slot.name not in there}
        plan = plan_spec(app["spec"], wanted, missing, predict=True)
    except Failure as failure:
        sketch.left_out.append(say("The app could not be compared: {failure}", failure=str(failure)))
        return
    places = [place for place in {**plan.before, **plan.after} if plan.before.get(place) != plan.after.get(place)]
    told = recipients_differ(sketch, app, plan.spec, bool(places))
    if not picture["app"].get("id"):
        sketch.differs("app", "create", say("The app is not in the account; it is made."))
    elif places:
        why = say("The app gets FisioFlow's own spec by one deployment; what runs serves until that is healthy.")
        sketch.differs("app", "change", why, sorted([*told, *(f"spec.{place}" for place in places)]))
    elif told:
        sketch.differs("app", "change", say("Each of its alerts tells the people of app_alert_emails."), sorted(told))

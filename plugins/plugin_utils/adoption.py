# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An environment that was made by hand, as an inventory that makes the same, and what there is to know of it.

What was found is a picture, of an account or of what Terraform keeps of one, all in the API's form:

    {"app" (with its "spec" and "alerts"; or "apps", of which one is chosen), "clusters" (with "rules", "dbs",
     "users", "pools", "config", "autoscale"), "vpcs", "projects" (with "resources"), "buckets", "buckets_known",
     "cdns", "domains", "balancers", "checks", "check_alerts", "policies", "keys"}
"""

from __future__ import annotations

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import APP_NAME
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import adoption_app, adoption_environment, roles
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import adoption_clusters as clusters_of
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils import adoption_stores as stores
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_compared import (
    app_differences,
    inputs_of,
    usual_variables,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_people import people
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_spec import read_spec
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_terraform import read_terraform
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_trusted import trusted_sources
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import Variable, variables
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_watch import check_name, watched
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_written import base_of
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# Whose inputs an inventory says.
_ROLES = ("app", "environment", "postgresql", "valkey", "spaces", "network", "project", "edge", "trusted_sources")


def adopted(found: Data, given: Data, about: Data) -> Data:
    """What to write and to tell; `secrets` of it are to be kept apart. Raises Failure for what cannot be read.

    `found` is a picture, `given` has the texts `spec` and `terraform` (empty for none) and `values`, those of the app's
    variables that stand in clear, by their places. `about`: `environment`, `made_at`, the `language` of sentences,
    names of what is meant (`app`, `postgresql`, `valkey`, `uploads`, `assets`; empty for what is found), the inputs of
    a `profile`, and the names of the secrets that every inventory has to have (`required`) or may have (`optional`).
    """
    picture, told = _picture(found, given, about)
    spec = picture["app"]["spec"]
    name = str(spec.get("name") or about["environment"])
    if not picture["app"].get("id") and not APP_NAME.fullmatch(name):
        # A file's, of no app that there is: the roles could not make what is called after it.
        name = about["environment"]
    sketch = Sketch(_defaults(about["profile"], name, about["environment"]), Words(about["language"]), left_out=told)
    variables_found = list(variables(spec, given.get("values")))
    clusters = _clusters(picture, spec, variables_found, about)
    vpc = stores.network(sketch, picture, list(clusters.values()))
    picture["app"].setdefault("vpc", spec.get("vpc"))
    clusters_of.postgresql(sketch, clusters["postgresql"], vpc, spec, variables_found)
    clusters_of.valkey(sketch, clusters["valkey"], vpc)
    service, _job = adoption_app.app(sketch, spec)
    _edge(sketch, picture, spec, variables_found)
    stores.spaces(sketch, picture, stores.bucket_names(variables_found, picture, about), variables_found)
    required = about["required"]
    usual = usual_variables(inputs_of(sketch, about, vpc))
    adoption_environment.environment(sketch, variables_found, service, required, usual)
    trusted_sources(sketch, clusters, picture["app"], vpc)
    people(sketch, picture["app"])
    stores.project(sketch, picture, _urns(picture, sketch, clusters))
    watched(sketch, picture)
    _key(sketch, picture)
    _beside(sketch, picture, clusters)
    sketch.leave_secrets_out()
    app_differences(sketch, picture, inputs_of(sketch, about, vpc), variables_found, bool(given.get("spec")))
    return {
        "environment": about["environment"],
        "made_at": about["made_at"],
        "app": name,
        "required": required,
        "settings": sketch.settings,
        "secrets": sketch.secrets,
        "dangers": sketch.dangers,
        "differences": sketch.differences,
        "channels": sketch.channels,
        "obstacles": list(dict.fromkeys(sketch.obstacles)),
        "left_out": list(dict.fromkeys(sketch.left_out)),
        "not_looked_at": _not_looked_at(sketch, picture, given),
    }


def adopted_app(found: Data, given: Data, wanted: Data) -> Data:
    """Which app of the account is meant, as `app`, "" when the spec that is given is of none; or a `failure`.

    `wanted` are the names that people have given, of the app and of its clusters.
    """
    try:
        picture, _told = _picture(found, given, wanted)
    except Failure as failure:
        return {"app": "", "failure": str(failure)}
    if unknown := clusters_of.unknown_cluster(picture.get("clusters") or [], wanted):
        return {"app": "", "failure": unknown}
    return {"app": _called(picture["app"]) if picture["app"].get("id") else "", "failure": ""}


def adopted_parts(found: Data, given: Data, about: Data) -> Data:
    """Names of the clusters, and of the buckets with their region, that the app uses; "" for what nobody tells."""
    picture, _told = _picture(found, given, about)
    spec = picture["app"]["spec"]
    variables_found = list(variables(spec, given.get("values")))
    clusters = _clusters(picture, spec, variables_found, about)
    uploads, assets = stores.bucket_names(variables_found, picture, about)
    check = check_name(str(spec.get("name")))
    return {
        **{role: row["name"] if row else "" for role, row in clusters.items()},
        "check": next((name for name in (row.get("name") for row in picture.get("checks") or []) if name == check), ""),
        "uploads": uploads,
        "assets": assets,
        "spaces_region": stores.spaces_region((uploads, assets), picture, variables_found),
    }


def _picture(found: Data, given: Data, about: Data) -> tuple[Data, list[str]]:
    told: list[str] = []
    picture, say = dict(found), Words(about.get("language", "en"))
    if given.get("terraform"):
        picture, told = read_terraform(given["terraform"], say)
    if given.get("spec"):
        spec, said = read_spec(given["spec"], say)
        there: Data = next((row for row in picture.get("apps") or [] if _called(row) == spec.get("name")), {})
        return {**picture, "app": {**there, "spec": spec}}, [*told, *said]
    return {**picture, "app": _app(picture.get("apps") or [], about["app"])}, told


def _called(app: Data) -> str:
    return str((app.get("spec") or {}).get("name") or "")


def _app(apps: list[Data], wanted: str) -> Data:
    names = sorted(map(_called, apps))
    fitting = [row for row in apps if not wanted or _called(row) == wanted]
    if len(fitting) == 1:
        return dict(fitting[0])
    what = f"There is no app {wanted!r}" if wanted else f"There are {len(apps)} apps"
    raise Failure(f"{what}: name one by -e adopt_app=NAME{f' ({chr(44).join(names)})' if names else ''}.")


def _defaults(profile: Data, name: str, environment: str) -> Data:
    """What the roles take where the inventory says nothing but its names."""
    files = [roles.ROLES / role / "defaults" / "main.yml" for role in _ROLES]
    found = {key: value for file in files for key, value in yaml_load(file.read_text(encoding="utf-8")).items()}
    named = {
        **dict.fromkeys(("app_name", "network_name"), name),
        "project_name": f"{base_of(name, environment)}-{environment}",
        "postgresql_name": f"{name}-postgresql",
        "valkey_name": f"{name}-valkey",
        "spaces_uploads_bucket": f"{name}-uploads",
        "spaces_assets_bucket": f"{name}-assets",
        "edge_name": f"{name}-edge",
        "app_run_command": "node server.js",
    }
    return {**found, **named, **profile}


def _clusters(picture: Data, spec: Data, found: list[Variable], about: Data) -> dict[str, Data | None]:
    rows = picture.get("clusters") or []
    return {role: clusters_of.cluster_of(role, rows, spec, found, about[role]) for role in clusters_of.ENGINES}


def _edge(sketch: Sketch, picture: Data, spec: Data, found: list[Variable]) -> None:
    """Who owns the domain."""
    domains = adoption_environment.hosts(spec)
    balancer = next((row for row in picture.get("balancers") or [] if _is_ours(row)), None)
    if balancer and not domains:
        domains = adoption_environment.told_hosts(found)
        sketch.set("edge_name", balancer["name"])
    sketch.settings["edge_mode"] = "load_balancer" if balancer and domains else "app_platform"
    sketch.settings["app_domains"] = domains
    if not domains:
        return
    zones = [str(row["name"]) for row in picture.get("domains") or []]
    zone = max((name for name in zones if f".{domains[0]}".endswith(f".{name}")), key=len, default="")
    if not zone:
        sketch.settings["dns_at_digitalocean"] = False
    elif zone != domains[0].removeprefix("www."):
        sketch.settings["dns_zone"] = zone


def _is_ours(row: Data) -> bool:
    """As the role edge makes it: a tag of its own name."""
    return bool(row.get("name")) and row["name"] in (row.get("tag"), row.get("droplet_tag"))


def _urns(picture: Data, sketch: Sketch, clusters: dict[str, Data | None]) -> list[str]:
    ids = [f"do:dbaas:{row['id']}" for row in clusters.values() if row]
    app = picture["app"].get("id")
    buckets = [str(sketch.get(f"spaces_{kind}_bucket")) for kind in ("uploads", "assets")]
    there = {row["name"] for row in picture.get("buckets") or []}
    return [*ids, *([f"do:app:{app}"] if app else []), *(f"do:space:{name}" for name in buckets if name in there)]


def _key(sketch: Sketch, picture: Data) -> None:
    say = sketch.say
    name = f"{sketch.get('app_name')}-uploads"
    if "keys" in picture and name not in [row.get("name") for row in picture["keys"]]:
        sketch.differs("environment key", "create", say("The app gets a Spaces key of its own, for the uploads alone."))


def _not_looked_at(sketch: Sketch, picture: Data, given: Data) -> list[str]:
    """What nothing lists without a key."""
    say = sketch.say
    is_known = given.get("terraform") or picture.get("buckets_known")
    return (
        [] if is_known else [say("Buckets were not looked at: give SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY.")]
    )


def _beside(sketch: Sketch, picture: Data, clusters: dict[str, Data | None]) -> None:
    """What of the account nobody will look after."""
    say = sketch.say
    ours = [row["name"] for row in clusters.values() if row]
    for row in picture.get("clusters") or []:
        if row["name"] not in ours:
            sketch.left_out.append(
                say(
                    "The {engine} cluster {name} is not the app's, and stays as it is.",
                    engine=row["engine"],
                    name=row["name"],
                )
            )
    for row in picture.get("balancers") or []:
        if not _is_ours(row):
            sketch.left_out.append(
                say("The load balancer {name} is none of site.yml's, and stays as it is.", name=row["name"])
            )

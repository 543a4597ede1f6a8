# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Network, buckets and project as they are, as inputs of the roles."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import ranges
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import (
    APP_DATACENTRE,
    SPACES_REGIONS,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_values import Variable

_UPLOADS = (
    *("DO_SPACES_BUCKET", "SPACES_BUCKET", "DO_SPACE_NAME", "SPACES_NAME", "S3_BUCKET", "AWS_S3_BUCKET", "AWS_BUCKET"),
    *("S3_BUCKET_NAME", "AWS_S3_BUCKET_NAME", "BUCKET_NAME", "UPLOADS_BUCKET"),
)
# What a project holds, by the names of a plan.
_ASSIGNED = ("postgresql", "valkey", "spaces uploads", "spaces assets")


def bucket_names(found: list[Variable], picture: Data, names: Data) -> tuple[str, str]:
    """Of uploads and of assets; "" for what nobody tells."""
    by_key = {variable.key: variable.value for variable in found if not variable.is_placeholder}
    uploads = names.get("uploads") or next((by_key[key] for key in _UPLOADS if by_key.get(key)), "")
    served = [str(row.get("origin") or "").partition(".")[0] for row in picture.get("cdns") or []]
    assets = names.get("assets") or by_key.get("DO_SPACES_ASSETS_BUCKET") or ""
    if not assets:
        assets = next((name for name in served if name != uploads and len(served) < 3), "")
    return uploads, assets


# ── The network ──────────────────────────────────────────────────────────────────────────────────────────────────────


def network(sketch: Sketch, picture: Data, clusters: list[Data | None]) -> Data:
    """The private network of the clusters, or of the app; {} when there is none yet."""
    say = sketch.say
    vpcs, app = picture.get("vpcs") or [], picture.get("app") or {}
    ids = [row.get("private_network_uuid") for row in clusters if row]
    ids.append((app.get("vpc") or (app.get("spec") or {}).get("vpc") or {}).get("id"))
    found: Data = next((vpc for key in ids if key for vpc in vpcs if vpc["id"] == key), {})
    region = str((app.get("spec") or {}).get("region") or (app.get("region") or {}).get("slug") or "")
    if found:
        sketch.set("network_name", found["name"])
        sketch.settings["network_ip_range"] = found["ip_range"]
        sketch.set("network_description", found.get("description") or "")
        sketch.settings["fisioflow_region"] = found["region"]
    else:
        there = [str(row["region"]) for row in clusters if row and row.get("region")]
        guess = APP_DATACENTRE.get(region, f"{region}1" if region and region[-1].isalpha() else region)
        sketch.settings["fisioflow_region"] = there[0] if there else guess or "nyc1"
        free = (f"10.{second}.0.0/20" for second in range(60, 256))
        sketch.settings["network_ip_range"] = next(text for text in free if not ranges.overlapping(text, vpcs))
        sketch.differs("network", "create", say("There is no private network of the app's clusters yet; one is made."))
    centre = str(sketch.settings["fisioflow_region"])
    sketch.settings["fisioflow_app_region"] = region or centre.rstrip("0123456789")
    if region and region.rstrip("0123456789") != centre.rstrip("0123456789"):
        sketch.obstacles.append(
            say(
                "The app runs in {region} and its databases in {centre}, whose private network it cannot "
                "reach: an app never moves, so it has to be made anew where the databases are, or they where "
                "it is.",
                region=region,
                centre=centre,
            )
        )
    return found


# ── Buckets and project ──────────────────────────────────────────────────────────────────────────────────────────────


def spaces_region(names: tuple[str, str], picture: Data, found: list[Variable]) -> str:
    """Where the buckets are, by whatever tells; "" for nobody."""
    buckets = {str(row["name"]): row for row in picture.get("buckets") or []}
    origins = [str(row.get("origin") or "").split(".") for row in picture.get("cdns") or []]
    told = [str((buckets.get(name) or {}).get("region") or "") for name in names]
    told += [parts[1] for parts in origins if len(parts) > 2 and parts[0] in names]
    told += [
        region for variable in found for region in SPACES_REGIONS if f"{region}.digitaloceanspaces" in variable.value
    ]
    told += [variable.value for variable in found if variable.key in ("DO_SPACES_REGION", "SPACES_REGION")]
    return next((text for text in told if text in SPACES_REGIONS), "")


def spaces(sketch: Sketch, picture: Data, names: tuple[str, str], found: list[Variable]) -> None:
    """Both buckets, and what serves one of them."""
    say = sketch.say
    uploads, assets = names
    buckets = {str(row["name"]): row for row in picture.get("buckets") or []}
    served = {str(row.get("origin") or "").partition(".")[0]: row for row in picture.get("cdns") or []}
    region = spaces_region(names, picture, found)
    home = str(sketch.settings["fisioflow_region"])
    near = next((name for name in SPACES_REGIONS if name[:3] == home[:3]), "nyc3")
    sketch.settings["fisioflow_spaces_region"] = region or near
    for kind, name in (("uploads", uploads), ("assets", assets)):
        if name:
            sketch.set(f"spaces_{kind}_bucket", name)
        called = str(sketch.get(f"spaces_{kind}_bucket"))
        row = buckets.get(called)
        if not picture.get("buckets_known"):
            continue
        if row is None:
            sketch.differs(f"spaces {kind}", "create", say("The bucket {called} is made.", called=called))
        elif kind == "uploads" and _uploads_differ(row):
            sketch.differs(
                "spaces uploads",
                "change",
                say("{called} becomes private and versioned, and what is deleted goes after 30 days.", called=called),
            )
        elif kind == "assets" and (
            row.get("acl") != "public-read" or row.get("policy") or row.get("cors") or row.get("lifecycle")
        ):
            sketch.differs("spaces assets", "change", say("Everything in {called} becomes public.", called=called))
    if uploads and uploads == assets:
        sketch.obstacles.append(
            say("{uploads} holds uploads and what is public: assets get a bucket of their own.", uploads=uploads)
        )
    if uploads and (uploads in served or (buckets.get(uploads) or {}).get("acl") == "public-read"):
        sketch.danger(
            "public uploads",
            uploads,
            say("{uploads}, with what patients upload, is public or behind the CDN.", uploads=uploads),
        )
    cdn = served.get(str(sketch.get("spaces_assets_bucket")))
    if cdn is None:
        sketch.differs("spaces cdn", "create", say("The CDN of the assets is made."))
    elif cdn.get("ttl"):
        sketch.set("spaces_cdn_ttl", int(cdn["ttl"]))


def _uploads_differ(row: Data) -> bool:
    settings = [row.get("acl") == "private", row.get("versioning"), row.get("cors"), row.get("lifecycle")]
    return not all(settings)


def project(sketch: Sketch, picture: Data, urns: list[str]) -> None:
    """The project that the app is in."""
    say = sketch.say
    app = picture.get("app") or {}
    row = next((row for row in picture.get("projects") or [] if row["id"] == app.get("project_id")), None)
    if row is None:
        sketch.differs("project", "create", say("The app is in no project that is known; one is made for all of it."))
        return
    sketch.set("project_name", row["name"])
    sketch.set("project_description", row.get("description") or "")
    sketch.set("project_purpose", row.get("purpose") or "")
    if row.get("environment") in ("Development", "Staging", "Production"):
        sketch.settings["project_environment"] = row["environment"]
    else:
        sketch.settings["project_environment"] = "Production"
        sketch.differs(
            "project", "change", say("The project {name} says no environment.", name=row["name"]), ["environment"]
        )
        return
    missing = [urn for urn in urns if urn not in (row.get("resources") or [])]
    missing += [one["name"] for one in sketch.differences if one["action"] == "create" and one["name"] in _ASSIGNED]
    if missing:
        sketch.differs(
            "project",
            "change",
            say("{count} resource(s) are brought into {name}.", count=len(missing), name=row["name"]),
            ["resources"],
        )

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the code of an app comes from as it is: an image, or a repository."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.facts import GIT_SOURCES, IMAGE_DIGEST
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_secrets import without_login
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_sketch import Sketch


def source(sketch: Sketch, service: Data) -> None:
    """Image or git; a role takes the one that is not empty."""
    say = sketch.say
    image = {key: value for key, value in (service.get("image") or {}).items() if key != "registry_credentials"}
    git = next(((kind, service[kind]) for kind in GIT_SOURCES if service.get(kind)), None)
    if image:
        if not IMAGE_DIGEST.fullmatch(str(image.get("digest") or "")):
            why = say(
                "{service} runs the tag {tag}, which moves: deploy by digest.",
                service=service["name"],
                tag=image.get("tag") or "latest",
            )
            sketch.danger("moving tag", service["name"], why)
            image = {"tag": "latest", **image}
        sketch.settings["app_image"] = image
    elif git:
        kind, part = git
        sketch.settings["app_image"] = {}
        sketch.settings["app_git"] = {"provider": kind, **_cloned(sketch, service["name"], part)}
        if not part.get("branch"):
            sketch.left_out.append(
                say("{service} names no branch of its repository: name it in app_git.", service=service["name"])
            )
    elif service:
        sketch.left_out.append(
            say(
                "{service} names neither image nor repository: name one in app_image or app_git.",
                service=service["name"],
            )
        )
    if str((service.get("image") or {}).get("registry_credentials") or "EV[").startswith("EV[") is False:
        why = say(
            "The credentials of the registry of {service} stand in clear in the spec: make others.",
            service=service["name"],
        )
        sketch.danger("secret in clear", f"{service['name']}.registry_credentials", why)


def _cloned(sketch: Sketch, name: str, part: Data) -> Data:
    """A repository without who clones it."""
    say = sketch.say
    url = str(part.get("repo_clone_url") or "")
    if without_login(url) == url:
        return part
    why = say(
        "The address that {name} is cloned from says who logs in, to whoever reads the app's spec. "
        "It was left out: make another token, and connect the repository by its provider.",
        name=name,
    )
    sketch.danger("secret in clear", f"{name}.git.repo_clone_url", why)
    return {**part, "repo_clone_url": without_login(url)}

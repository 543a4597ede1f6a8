# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of an app that was made by hand are: secrets, placeholders, references, or plain words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.secrets import MASKED
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import components
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.slots import encrypted
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.adoption_secrets import (
    REFERENCE,
    holds_secret,
    is_secret_by_name,
)
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.provided import placeholder

# Inlined by the build of Next.js, for every visitor to read.
PUBLIC = "NEXT_PUBLIC_"


@dataclass(frozen=True)
class Variable:
    """One of them. `place` is `KEY` of the app or `web.KEY`; `value` is "" for what nobody can read."""

    place: str
    component: str
    key: str
    value: str
    scope: str
    is_typed_secret: bool

    @property
    def is_reference(self) -> bool:
        """Whether App Platform fills it in, wholly or in part."""
        return REFERENCE.search(self.value) is not None

    @property
    def is_placeholder(self) -> bool:
        """Whether it is an example's."""
        return placeholder(self.value)

    @property
    def is_secret(self) -> bool:
        """Whether it should be kept as a secret, whatever its type says."""
        if self.is_typed_secret:
            return True
        return bool(
            (self.value and not self.is_reference and is_secret_by_name(self.key, self.value))
            or self.password
            or self._is_asked_with_a_secret
            or holds_secret(self.value)
            or self.value == MASKED
        )

    @property
    def _is_asked_with_a_secret(self) -> bool:
        """Whether it is an address whose query holds one in clear, as in `?user=clinic&password=…`."""
        try:
            parts = urlsplit(self.value)
            query = parse_qsl(parts.query) if parts.scheme else []
        except ValueError:
            return False
        return any(is_secret_by_name(key, value) and not REFERENCE.fullmatch(value) for key, value in query)

    @property
    def is_in_clear(self) -> bool:
        """Whether whoever reads the spec reads the secret."""
        return self.is_secret and bool(self.value) and not self.is_placeholder and not self.is_whole_reference

    @property
    def is_whole_reference(self) -> bool:
        """Whether nothing of it is said in the spec."""
        return self.is_reference and not REFERENCE.sub("", self.value).strip()

    @property
    def address(self) -> Data:
        """Scheme, user, host and path of an address; empty texts for what is none."""
        try:
            parts = urlsplit(self.value)
            found = {"scheme": parts.scheme, "user": parts.username, "host": parts.hostname, "path": parts.path}
        except ValueError:
            found = {}
        return {name: unquote(found.get(name) or "") for name in ("scheme", "user", "host", "path")}

    @property
    def password(self) -> str:
        """That of an address, when it stands there in clear."""
        try:
            password = urlsplit(self.value).password or ""
        except ValueError:
            return ""
        return "" if REFERENCE.fullmatch(password) else password


def variables(spec: Data, values: Data | None = None) -> Iterator[Variable]:
    """All of a spec's, in its order; `values` are those in clear by their places, where the spec does not tell them."""
    for part in [spec, *components(spec)]:
        name = "" if part is spec else str(part.get("name"))
        for env in part.get("envs") or []:
            key = str(env.get("key") or "")
            place = f"{name}.{key}" if name else key
            value = str((values or {}).get(place) or env.get("value") or "")
            if key and key != "SECRET_FINGERPRINTS":
                yield Variable(
                    place,
                    name,
                    key,
                    "" if encrypted(value) else value,
                    str(env.get("scope") or "RUN_AND_BUILD_TIME"),
                    env.get("type") == "SECRET" or encrypted(value),
                )

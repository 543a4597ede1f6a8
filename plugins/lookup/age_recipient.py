# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public half of a pair of keys of age, whose secret half is in a file."""

from __future__ import annotations

DOCUMENTATION = r"""
name: age_recipient
author:
  - FisioFlow contributors (@fisioflow)
version_added: 0.1.0
short_description: Public key of age that belongs to the secret key in a file
description:
  - Tells to whom to encrypt what the secret key in a file shall decrypt. Where there is no such file, a pair is made
    and its secret half kept there, readable for its owner alone.
  - Keep the file of an environment that matters where its backups are not, and write the public key into the
    inventory instead.
options:
  _terms:
    description: Paths of such files.
    type: list
    elements: path
    required: true
requirements:
  - pyrage >= 1.2
"""

EXAMPLES = r"""
- name: Make a pair, and show the public half
  ansible.builtin.debug:
    msg: "{{ lookup('fisioflow.digitalocean.age_recipient', '~/clinic-backups.key') }}"
"""

RETURN = r"""
_raw:
  description: A public key for each path.
  type: list
  elements: str
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import age


class LookupModule(LookupBase):  # type: ignore[misc] # Ansible ships no types
    """C(lookup('fisioflow.digitalocean.age_recipient', path))."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        self.set_options(var_options=variables, direct=kwargs)
        try:
            return [self._recipient(Path(term).expanduser()) for term in terms]
        except Failure as failure:
            raise AnsibleError(str(failure)) from None

    def _recipient(self, path: Path) -> str:
        # Of two runs at once, one makes it. Under another name first: nobody reads half of it.
        if not path.exists():
            draft = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    file.write(f"{age.new_identity()}\n")
                with suppress(FileExistsError):
                    os.link(draft, path)
                draft.unlink()
            except OSError as error:
                raise Failure(f"No pair of keys can be kept in {path} ({error.strerror}): name another file.") from None
        return str(age.identities(str(path))[0].to_public())

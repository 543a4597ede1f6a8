# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module C(report): writes on the control node, in milliseconds, what three modules would need seconds for."""

from __future__ import annotations

import io
import json
import tarfile
import time
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

SPEC: dict[str, Any] = {
    "path": {"type": "path", "required": True},
    "markdown": {"type": "str"},
    "html": {"type": "str", "default": ""},
    "data": {"type": "dict"},
    "archive": {"type": "dict", "default": {}},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
# What a report says of an environment (hosts, names of secrets, what is broken) is its owner's business.
OTHERS = 0o077


class ActionModule(ActionBase):  # type: ignore[misc] # Ansible ships no types
    """Writes or removes `path`.md, `path`.json and, when there is one, `path`.html and `path`.tar.gz."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """The result, failed when a file cannot be written."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        _validation, given = self.validate_argument_spec(SPEC, required_if=[("state", "present", ("markdown", "data"))])
        markdown, as_json, page = (Path(f"{given['path']}.{ending}").resolve() for ending in ("md", "json", "html"))
        packed = Path(f"{given['path']}.tar.gz").resolve()
        wanted: dict[Path, str] = {}
        if given["state"] == "present":
            wanted[markdown] = given["markdown"]
            wanted[as_json] = json.dumps(given["data"], indent=2, ensure_ascii=False) + "\n"
            # What an earlier run has left would tell of other things than the two.
            wanted |= {page: given["html"]} if given["html"] else {}
        here = Path.cwd()
        result["report"] = {
            "markdown": str(markdown),
            "json": str(as_json),
            **({"html": str(page)} if page in wanted else {}),
            **({"archive": str(packed)} if given["archive"] else {}),
            "shown": str(markdown.relative_to(here) if markdown.is_relative_to(here) else markdown),
        }
        try:
            changes = [self._write(file, wanted.get(file)) for file in (markdown, as_json, page)]
            files = given["archive"] if given["state"] == "present" else {}
            result["changed"] = any([*changes, self._pack(packed, files)])
        except OSError as error:
            result.update(failed=True, msg=f"{markdown.parent} cannot be written to ({error.strerror}).")
        return result

    def _pack(self, file: Path, files: dict[str, str]) -> bool:
        """Bring an archive to hold these texts below a folder of its name, or remove it; says whether there was one."""
        if self._task.check_mode or not (files or file.is_file()):
            return bool(files) or file.is_file()
        if not files:
            file.unlink()
            return True
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w:gz") as archive:
            for name, text in files.items():
                content = text.encode()
                entry = tarfile.TarInfo(f"{file.name.removesuffix('.tar.gz')}/{name}")
                entry.size, entry.mode, entry.mtime = len(content), 0o600, int(time.time())
                archive.addfile(entry, io.BytesIO(content))
        draft = file.with_name(f".{file.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_bytes(held.getvalue())
        draft.replace(file)
        return True

    def _write(self, file: Path, text: str | None) -> bool:
        """Bring a file to hold `text`, or remove it for None; says whether that changes anything."""
        there = file.read_text(encoding="utf-8") if file.is_file() else None
        differs = there != text or (there is not None and file.stat().st_mode & OTHERS != 0)
        if not differs or self._task.check_mode:
            return differs
        if text is None:
            file.unlink()
            return True
        file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        # Renamed into place: whoever reads it finds the whole of the old one or of the new one.
        draft = file.with_name(f".{file.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600, exist_ok=False)
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
        return True

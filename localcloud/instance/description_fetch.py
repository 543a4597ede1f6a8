# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make description``: fetch the description that DigitalOcean publishes, in one file, and keep it as JSON.

    python -m localcloud.instance.description_fetch https://… FOLDER

Published as YAML, which takes seconds to read; so it is turned into JSON once. Its checksum is kept beside it, to tell
whether the next one is another. What cannot be used replaces nothing.
"""

from __future__ import annotations

import hashlib
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from localcloud import resources
from localcloud.instance.foreground import NAME

TIMEOUT = 60


class FetchError(RuntimeError):
    """Why there is no new description, in one sentence."""


def main(url: str, folder: Path) -> str:
    """Fetch; what is there now, in one sentence."""
    path, checksum = folder / NAME, (folder / NAME).with_suffix(".sha256")
    found = json.dumps(parsed(_download(url), url), separators=(",", ":"), ensure_ascii=False).encode()
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_bytes(found)
    try:
        paths = _usable(draft, url)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    line = f"{hashlib.sha256(found).hexdigest()}  {NAME}\n"
    before = checksum.read_text() if checksum.exists() else ""
    checksum.write_text(line)
    news = "new" if not before else "unchanged" if before == line else "another than before"
    return f"{path}: {paths} paths, {news} (sha256 {line.split()[0]})"


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310 - the address is the user's own
            content: bytes = answer.read()
            return content
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise FetchError(
            f"{url} cannot be fetched ({reason}): where the network allows it, save that file and run"
            " `make description DESCRIPTION_URL=file:///…`; without it tests of the description are skipped"
        ) from None


def parsed(content: bytes, url: str) -> Any:
    """The document, JSON or YAML. Dates stay the text that they are in JSON."""
    try:
        return json.loads(content)
    except ValueError:
        pass
    import yaml  # the server, which imports every module, has no use for it

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    loader = type("Loader", (base,), {"yaml_implicit_resolvers": resolvers})
    try:
        return yaml.load(content, loader)  # noqa: S506 - a safe loader, but for dates
    except yaml.YAMLError as error:
        raise FetchError(f"{url} is neither JSON nor YAML: {str(error).splitlines()[0]}") from None


def _usable(path: Path, url: str) -> int:
    """How many paths it has, once localcloud has read it as it would."""
    from localcloud.contract.check import Contract

    resources.load()
    try:
        return len(Contract(path).description["paths"])
    except ValueError as error:
        raise FetchError(str(error).replace(str(path), url)) from None


if __name__ == "__main__":
    try:
        sys.stdout.write(f"description: {main(sys.argv[1], Path(sys.argv[2]))}\n")
    except FetchError as error:
        sys.exit(f"description: {error}")

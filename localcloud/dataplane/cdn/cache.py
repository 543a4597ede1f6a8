# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nginx's cache: its configuration, and the files that it keeps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from struct import Struct
from urllib.parse import unquote

FOLDER = "cache"
# What an object is kept under, which nginx writes near the top of its file.
KEY = b"\nKEY: "
TOP_BYTES = 65536
# A file begins with the version of its form, then the second until which it is valid.
VALID = Struct("=q")

BLOCKS = """http {{
  # Neither query strings nor headers: they can open what is private.
  log_format told '$time_iso8601 $remote_addr $host $request_method $uri $status $upstream_cache_status';
  access_log {log} told;
  server_tokens off;
  proxy_cache_path {folder} keys_zone=objects:1m max_size=256m inactive=7d use_temp_path=off;
  # What a presigned URL opens is nobody else's.
  map $args $signed {{ default 0; "~*(^|&)(x-amz-)?signature=" 1; }}
  server {{
    listen {address}:{port} ssl;
    http2 on;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {{
      proxy_pass {origin};
      proxy_ssl_server_name on;
      proxy_ssl_name {name};
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate {authority};
      proxy_set_header Host {name};
      proxy_http_version 1.1;
      proxy_cache objects;
      proxy_cache_key $uri;
      proxy_cache_lock on;
      proxy_cache_bypass $signed;
      proxy_no_cache $signed;
      add_header cf-cache-status $upstream_cache_status always;
    }}
  }}
}}
"""


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def age(folder: Path, seconds: float) -> None:
    """Let all that is kept be older by so much: the virtual clock has gone ahead."""
    for file in kept(folder):
        with file.open("r+b") as opened:
            opened.seek(VALID.size)
            (until,) = VALID.unpack(opened.read(VALID.size))
            opened.seek(VALID.size)
            opened.write(VALID.pack(until - round(seconds)))


def purge(folder: Path, patterns: Iterable[str]) -> None:
    """Remove what fits one of them: ``a/b.css``, ``a/*``, ``*``, with or without a slash before."""
    wanted = [f"/{unquote(pattern).lstrip('/')}" for pattern in patterns]
    for file in kept(folder):
        with file.open("rb") as opened:
            key = opened.read(TOP_BYTES).partition(KEY)[2].partition(b"\n")[0].decode(errors="replace")
        if any(_fits(key, pattern) for pattern in wanted):
            file.unlink(missing_ok=True)


def _fits(key: str, pattern: str) -> bool:
    return key.startswith(pattern[:-1]) if pattern.endswith("*") else key == pattern

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A report (documents.py) as one HTML page: it asks no other host for anything, is readable on a phone, and prints."""

from __future__ import annotations

from html import escape

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.charts import chart_svg
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

# Nothing of the page may be fetched, whatever a name in it looks like.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --faint: #5b6b7b; --line: #d8dfe6; --paper: #ffffff; --good: #1a7f4b;
  --bad: #b42318; --one: #0069c2; --two: #b35c00; --three: #6f42c1; --four: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9aa7b4; --line: #34414e; --paper: #12181f;
  --good: #4cc38a; --bad: #ff8a7d; --one: #6cb6ff; --two: #f0a35e; --three: #c4a5ff; --four: #4cc38a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.headline { border-left: .3rem solid var(--good); padding: .25rem .75rem; margin: .75rem 0; font-weight: 600; }
.headline.bad { border-color: var(--bad); } p { margin: .4rem 0; } .made { color: var(--faint); font-size: .9rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: normal; } th { color: var(--faint); font-weight: 600; }
.right { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--faint); font: 12px system-ui, sans-serif; }
a { color: var(--one); } .legend { font-size: .9rem; } .legend span { margin-right: 1rem; }
@media (max-width: 40rem) { th, td { padding: .3rem; font-size: .85rem; }
  td { overflow-wrap: anywhere; min-width: 3.5rem; }
  svg text { font-size: 18px; } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #999; --faint: #333; }
  body { max-width: none; font-size: 11pt; } h2 { break-after: avoid; } tr, svg { break-inside: avoid; }
  .wide { overflow: visible; } }
"""


def document_html(told: Data, environment: str, made_at: str) -> str:
    """The whole page."""
    say = Words(told["language"])
    heading = f"{told['title']}: {environment}"
    body = "\n".join(_section(row, say) for row in told["sections"])
    return f"""<!doctype html>
<html lang="{say.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>{escape(heading)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{escape(heading)}</h1>
<p class="made">{escape(made_at.replace("T", " ").replace("Z", " UTC"))}</p>
<p class="headline{"" if told["good"] else " bad"}">{escape(told["headline"])}</p>
{body}
</body>
</html>
"""


def _section(row: Data, say: Words) -> str:
    parts = [f"<section>\n<h2>{escape(row['title'])}</h2>"]
    parts += [f"<p>{escape(text)}</p>" for text in row["texts"]]
    if row["links"]:
        links = "\n".join(_link(text, file) for text, file in row["links"].items())
        parts.append(f"<ul>\n{links}\n</ul>")
    if row["chart"]:
        parts.append(chart_svg(row["chart"], row["title"], say))
    if row["rows"]:
        right = [name.endswith(":") for name in row["head"]]
        head = _cells("th", [name.rstrip(":") for name in row["head"]], right)
        rows = "\n".join(_cells("td", cells, right) for cells in row["rows"])
        parts.append(f'<div class="wide"><table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>')
    return "\n".join([*parts, "</section>"])


def _link(text: str, file: str) -> str:
    """To a file that lies beside this one."""
    return f'<li><a href="{escape(file, quote=True)}">{escape(text)}</a></li>'


def _cells(tag: str, cells: list[str], right: list[bool]) -> str:
    starts = [f'<{tag} class="right">' if to_right else f"<{tag}>" for to_right in right]
    told = "".join(f"{start}{escape(cell)}</{tag}>" for start, cell in zip(starts, cells, strict=True))
    return f"<tr>{told}</tr>"

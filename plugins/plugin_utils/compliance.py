# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evidence for the LGPD, as data in the language of the report:

    {"environment", "made_at", "language", "ok": whether nothing is bad, "bad", "unknown": how many,
     "lines": [{"part": name of a section, "what", "evidence",
                "verdict": "good", "bad", "unknown" (could not be seen), "stated" (somebody says so),
                "source": who says it: the wire, the API, a report, the vendor, the inventory}]}

`answers` are results by the names of roles/compliance/vars; one that failed has a `msg`, who was not asked has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_access import who_reaches
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_history import history, keys
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.compliance_lines import line
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.words import Words

WELL = ("TLSv1.2", "TLSv1.3")
# Days that a certificate must still hold, and seconds of HSTS that FisioFlow wants.
DAYS_LEFT, HSTS = 14, 31536000


def environment_compliance(answers: Data, about: Data, language: str = "en") -> Data:
    """See the top of this file. `about`: see roles/compliance/vars."""
    say = Words(language)
    now = datetime.fromisoformat(about["made_at"].replace("Z", "+00:00"))
    in_transit = list(_in_transit(answers, say))
    lines = [
        *in_transit,
        *who_reaches(answers, about, say),
        *_at_rest(say),
        *history(answers, about, now, say),
        *keys(answers, about, now, say),
        *_where(about, say),
    ]
    count = {verdict: sum(row["verdict"] == verdict for row in lines) for verdict in ("bad", "unknown")}
    return {
        "environment": about["environment"],
        "made_at": about["made_at"],
        "language": language,
        # Who has seen nothing has shown nothing.
        "ok": not count["bad"] and any(row["verdict"] == "good" for row in in_transit),
        **count,
        "lines": lines,
    }


def _in_transit(answers: Data, say: Words) -> Iterator[Data]:
    part, source = say("Encryption in transit"), say("seen on the wire")
    named = {
        "edge": say("Visitors reach the app"),
        "postgresql_wire": say("The app reaches PostgreSQL"),
        "valkey_wire": say("The app reaches Valkey"),
        "spaces_wire": say("Files reach Spaces"),
    }
    for name, what in named.items():
        answer = answers.get(name) or {}
        seen = answer.get("tls") or {}
        if not seen.get("reachable"):
            why = seen.get("why") or answer.get("msg") or say("not asked from here")
            yield line(part, what, say("Not seen: {why}.", why=why), "unknown", source)
            continue
        if not seen["verified"]:
            yield line(part, what, say("The certificate is not valid: {why}.", why=seen["why"]), "bad", source)
            continue
        told = say(
            "{version}, {cipher}; certificate valid until {until}; plain text is {plain}.",
            version=seen["version"],
            cipher=seen["cipher"],
            until=seen["not_after"][:10],
            plain={"refused": say("refused"), "accepted": say("accepted")}.get(seen["plain_text"], say("not seen")),
        )
        bad = seen["version"] not in WELL or seen["days_left"] < DAYS_LEFT or seen["plain_text"] == "accepted"
        verdict = "good" if seen["plain_text"] == "refused" else "unknown"
        yield line(part, what, told, "bad" if bad else verdict, source)
        if name == "edge":
            days = (seen["hsts_seconds"] or 0) // 86400
            verdict = "good" if (seen["hsts_seconds"] or 0) >= HSTS else "bad"
            told = say("HSTS holds for {days} days; 365 are wanted.", days=days)
            yield line(part, say("Browsers come by HTTPS alone"), told, verdict, source)


def _at_rest(say: Words) -> Iterator[Data]:
    part = say("Encryption at rest")
    vendor = "https://docs.digitalocean.com/products/"
    told = say("The vendor states that data, backups and standby nodes are encrypted with LUKS.")
    yield line(part, "PostgreSQL, Valkey", told, "stated", f"{vendor}databases/postgresql/details/features/")
    told = say("The vendor states that stored objects are encrypted with AES-256.")
    yield line(part, "Spaces", told, "stated", f"{vendor}spaces/details/features/")


def _where(about: Data, say: Words) -> Iterator[Data]:
    part, source = say("Where the data is"), say("the inventory")
    for what, region in about["regions"].items():
        yield line(part, say.name(what), region, "stated", source)
    told = say(
        "No region of DigitalOcean is in Brazil: this is an international transfer (LGPD, art. 33), which whoever is"
        " responsible has to base on standard clauses (Resolução CD/ANPD 19/2024) and tell patients of."
    )
    yield line(part, say("International transfer"), told, "stated", "LGPD, art. 33")
    part = say("Retention")
    told = say("Backups of the database: 7 days. Earlier versions of files: {days} days.", days=about["version_days"])
    yield line(part, say("Copies go by themselves"), told, "stated", source)
    told = say("Files that were deleted stay in the replica, until somebody erases them there, too.")
    yield line(part, say("Copies that stay"), told, "stated", source)

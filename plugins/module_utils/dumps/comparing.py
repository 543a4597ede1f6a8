# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table out of a dump against the one that lives: numbers, names of columns and keys, and no row of either."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import Failure
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.dumps import contents

_THERE = """
SELECT c.oid, quote_ident(n.nspname) AS schema, quote_ident(c.relname) AS name, pg_get_userbyid(c.relowner) AS owner,
  coalesce(obj_description(c.oid, 'pg_class'), '') AS comment, c.relkind::text AS kind
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s
"""
_COLUMNS = """
SELECT a.attname, quote_ident(a.attname), concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN 'collate ' || a.attcollation::regcollation END,
    CASE WHEN a.attnotnull THEN 'not null' END,
    CASE WHEN a.attgenerated <> '' THEN 'generated ' || pg_get_expr(d.adbin, d.adrelid) END)
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_KEY = """
SELECT a.attname FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
WHERE k.conrelid = %s AND k.contype = 'p'
"""
# Both ways, and of the table to itself; `child` and `parent` as they would be with the restored table in its place.
_FOREIGN_KEYS = """
SELECT k.conname, k.conrelid::regclass::text AS child_name, k.confrelid::regclass::text AS parent_name,
  CASE WHEN k.conrelid = %(living)s THEN %(restored)s ELSE k.conrelid::regclass::text END AS child,
  CASE WHEN k.confrelid = %(living)s THEN %(restored)s ELSE k.confrelid::regclass::text END AS parent,
  (SELECT array_agg(quote_ident(f.attname) ORDER BY u.n) FROM unnest(k.conkey) WITH ORDINALITY u(c, n)
    JOIN pg_attribute f ON (f.attrelid, f.attnum) = (k.conrelid, u.c)) AS own,
  (SELECT array_agg(quote_ident(f.attname) ORDER BY u.n) FROM unnest(k.confkey) WITH ORDINALITY u(c, n)
    JOIN pg_attribute f ON (f.attrelid, f.attnum) = (k.confrelid, u.c)) AS theirs
FROM pg_constraint k WHERE k.contype = 'f' AND %(living)s IN (k.conrelid, k.confrelid) ORDER BY 1, 2
"""
# What hangs on the table itself, and would stay with the one that is set aside: views, rules, policies, publications.
_HANGING = """
SELECT DISTINCT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d JOIN pg_class t ON t.oid = %(living)s
  LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
WHERE (d.refclassid, d.refobjid) IN (('pg_class'::regclass, t.oid), ('pg_type'::regclass, t.reltype),
    ('pg_type'::regclass, (SELECT typarray FROM pg_type WHERE oid = t.reltype)))
  AND d.classid NOT IN ('pg_constraint'::regclass, 'pg_trigger'::regclass, 'pg_attrdef'::regclass, 'pg_type'::regclass)
  AND coalesce(c.relkind NOT IN ('i', 'S', 't'), true)
UNION SELECT 'table ' || inhparent::regclass || ', of which it is a part' FROM pg_inherits WHERE inhrelid = %(living)s
"""


def found(connection: Any, schema: str, name: str) -> Data | None:
    """`{"oid", "schema", "name", "quoted", "owner", "comment"}` of a table; None when there is none. Raises Failure."""
    row = connection.execute(_THERE, (schema, name)).fetchone()
    if row is None:
        return None
    told = dict(zip(("oid", "schema", "name", "owner", "comment", "kind"), row, strict=True))
    told["quoted"] = f"{told['schema']}.{told['name']}"
    if told["kind"] != "r":
        raise Failure(f"{told['quoted']} is no ordinary table: it cannot be put in the place of another, or compared.")
    return told


def compared(connection: Any, living: Data, restored: Data) -> Data:
    """See RETURN of modules/database_restored_table.py, from `rows_living` on. In the connection's transaction."""
    there, came = _columns(connection, living["oid"]), _columns(connection, restored["oid"])
    columns = [
        {"column": name, "living": there.get(name, ("", ""))[1], "restored": came.get(name, ("", ""))[1]}
        for name in {**there, **came}
        if there.get(name) != came.get(name)
    ]
    same = {quoted for name, (quoted, kind) in came.items() if there.get(name) == (quoted, kind)}
    told = {
        "rows_living": contents.measured(connection, living["quoted"])["rows"],
        "rows_restored": contents.measured(connection, restored["quoted"])["rows"],
        **_by_key(connection, living, restored, {name: there[name][0] for name in there if name in came}),
        "columns": columns,
        "foreign_keys": list(_foreign_keys(connection, living, restored, same)),
        "hanging": [what for (what,) in connection.execute(_HANGING, {"living": living["oid"]}).fetchall()],
    }
    return {**told, "problems": list(_problems(living, told))}


def _columns(connection: Any, oid: int) -> dict[str, tuple[str, str]]:
    """By their names: how they are quoted, and what they are."""
    rows = connection.execute(_COLUMNS, (oid,)).fetchall()
    return {name: (quoted, kind) for name, quoted, kind in rows}


def _by_key(connection: Any, living: Data, restored: Data, shared: dict[str, str]) -> Data:
    """How many rows only one of them has, and how many differ; None without a primary key that both have."""
    key = [name for (name,) in connection.execute(_KEY, (living["oid"],)).fetchall()]
    names = ("only_living", "only_restored", "differing")
    if not key or not set(key) <= set(shared):
        return dict.fromkeys(names)
    # As text, as checksums do: not every type can be compared, and its type may have changed.
    same = " AND ".join(f"l.{shared[name]}::text = r.{shared[name]}::text" for name in key)
    one, other = (", ".join(f"{side}.{column}" for column in shared.values()) for side in "lr")
    first = shared[key[0]]
    query = (
        f"SELECT count(*) FILTER (WHERE r.{first} IS NULL), count(*) FILTER (WHERE l.{first} IS NULL), count(*) FILTER"  # noqa: S608 - quoted by the server
        f" (WHERE l.{first} IS NOT NULL AND r.{first} IS NOT NULL AND ROW({one})::text <> ROW({other})::text)"
        f" FROM ONLY {living['quoted']} l FULL JOIN {restored['quoted']} r ON {same}"
    )
    return dict(zip(names, connection.execute(query).fetchone(), strict=True))


def _foreign_keys(connection: Any, living: Data, restored: Data, same: set[str]) -> Iterator[Data]:
    """Each with how many rows would refer to nothing; None where a column of it is not in `same`."""
    given = {"living": living["oid"], "restored": restored["quoted"]}
    for name, child_name, parent_name, child, parent, own, theirs in connection.execute(
        _FOREIGN_KEYS, given
    ).fetchall():
        needed = [*(own if child == restored["quoted"] else []), *(theirs if parent == restored["quoted"] else [])]
        broken = None
        if set(needed) <= same:
            meets = " AND ".join(f"p.{one} = c.{other}" for one, other in zip(theirs, own, strict=True))
            full = " AND ".join(f"c.{column} IS NOT NULL" for column in own)
            query = f"SELECT count(*) FROM {child} c WHERE {full} AND NOT EXISTS (SELECT FROM {parent} p WHERE {meets})"  # noqa: S608
            (broken,) = connection.execute(query).fetchone()
        yield {"name": name, "table": child_name, "refers_to": parent_name, "broken": broken}


def _problems(living: Data, told: Data) -> Iterator[str]:
    """Why the one cannot take the place of the other."""
    if told["columns"]:
        names = ", ".join(row["column"] for row in told["columns"])
        yield (
            f"The columns of {living['quoted']} are not those of the dump ({names}): a migration came in between. Take "
            "single rows over by hand, or restore the whole database of that time beside this one."
        )
    if told["hanging"]:
        what = ", ".join(told["hanging"])
        yield f"On {living['quoted']} hangs {what}, which would stay with the table that is set aside: drop it before."
    for row in told["foreign_keys"]:
        if row["broken"]:
            yield (
                f"{row['broken']} rows of {row['table']} would refer to nothing in {row['refers_to']} "
                f"({row['name']}): bring what they need, or let go of them, first."
            )

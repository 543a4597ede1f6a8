# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a table is beside its rows: as lines of text to compare, and as statements that make another one so."""

from __future__ import annotations

from typing import Any, NamedTuple

# Sequences that belong to columns: 'a' those of serial ones, 'i' of identities.
_SEQUENCES = """
WITH sequences AS (
  SELECT s.oid, s.oid::regclass::text AS name, s.relname, s.relacl, s.relowner, a.attname, d.deptype
  FROM pg_depend d JOIN pg_class s ON d.classid = 'pg_class'::regclass AND s.oid = d.objid AND s.relkind = 'S'
  JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid)
  WHERE (d.refclassid, d.refobjid) = ('pg_class'::regclass, %(table)s) AND d.deptype IN ('a', 'i'))
"""
# A line each; names in them are the table's own, whichever table bears them.
_LINES = """
SELECT format('column %%s %%I %%s %%s%%s default %%s identity %%s generated %%s storage %%s %%s %%s, comment %%s',
  row_number() OVER (ORDER BY a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation,
  CASE WHEN a.attnotnull THEN ' not null' END, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
  a.attstorage, a.attcompression, a.attoptions, col_description(a.attrelid, a.attnum))
FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
WHERE a.attrelid = %(table)s AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT format('constraint %%I of %%s: %%s', conname, conrelid::regclass, pg_get_constraintdef(oid))
FROM pg_constraint WHERE %(table)s IN (conrelid, confrelid)
UNION ALL SELECT format('index %%s, %%s %%s', pg_get_indexdef(indexrelid), indisclustered, indisreplident)
FROM pg_index WHERE indrelid = %(table)s
UNION ALL SELECT format('trigger %%s, %%s', pg_get_triggerdef(oid), tgenabled)
FROM pg_trigger WHERE tgrelid = %(table)s AND NOT tgisinternal
UNION ALL SELECT format('grant %%s on column %%I to %%s %%s', privilege_type, attname, grantee, is_grantable)
FROM pg_attribute, aclexplode(attacl) WHERE attrelid = %(table)s
UNION ALL SELECT format('grant %%s to %%s %%s', privilege_type, grantee, is_grantable)
FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner))) WHERE oid = %(table)s
UNION ALL SELECT format('grant %%s on sequence %%s to %%s %%s', privilege_type, name, grantee, is_grantable)
FROM sequences, aclexplode(coalesce(relacl, acldefault('s', relowner)))
UNION ALL SELECT format('sequence %%s of %%I: %%s', name, attname,
  (seqtypid, seqincrement, seqmin, seqmax, seqcache, seqcycle))
FROM sequences JOIN pg_sequence ON seqrelid = oid
UNION ALL SELECT format('owner %%s, options %%s, identity %%s, security %%s %%s, %%s in %%s, comment %%s',
  relowner::regrole, (reloptions, (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid)), relreplident,
  relrowsecurity, relforcerowsecurity, relpersistence, reltablespace, obj_description(oid, 'pg_class'))
FROM pg_class c WHERE oid = %(table)s
"""
# What ties a table to others, and others to it: how it is taken off, and, in this order, put on again.
_TIES = """,
t AS (SELECT oid, oid::regclass::text AS name, relacl FROM pg_class WHERE oid = %(table)s),
acls AS (
  SELECT 'TABLE ' || name AS of, '' AS columns, relacl AS acl FROM t
  UNION ALL SELECT 'SEQUENCE ' || name, '', relacl FROM sequences
  UNION ALL SELECT 'TABLE ' || name, format('(%%I)', attname), attacl FROM t JOIN pg_attribute ON attrelid = t.oid)
SELECT 1, 0,
  format('ALTER SEQUENCE %%s OWNED BY NONE; ALTER TABLE %%s ALTER %%I DROP DEFAULT', s.name, t.name, attname),
  format('ALTER SEQUENCE %%s OWNED BY %%s.%%I', s.name, t.name, attname) FROM sequences s, t WHERE deptype = 'a'
UNION ALL SELECT 2, 0, '',
  format('SELECT setval(%%L, greatest(s.last_value, (SELECT max(%%I) FROM ONLY %%s))) FROM %%s s',
  s.name, attname, t.name, CASE deptype WHEN 'a' THEN s.name ELSE format('%%I.%%I', %(aside)s::text, s.relname) END)
  FROM sequences s, t
UNION ALL SELECT 3, nth, '', format('GRANT %%s %%s ON %%s TO %%s%%s', privilege_type, columns, of,
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
  CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END)
  FROM acls, aclexplode(acl) WITH ORDINALITY g (grantor, grantee, privilege_type, is_grantable, nth)
UNION ALL SELECT 4, 0, '', format('COMMENT ON TABLE %%s IS %%L', name, obj_description(oid, 'pg_class')) FROM t
UNION ALL SELECT 5, 0, format('ALTER TABLE %%s DROP CONSTRAINT %%I', k.conrelid::regclass, k.conname),
  format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
  FROM pg_constraint k JOIN t ON t.oid IN (k.conrelid, k.confrelid) WHERE k.contype = 'f'
UNION ALL SELECT 6, 0, format('DROP TRIGGER %%I ON %%s', g.tgname, t.name), pg_get_triggerdef(g.oid)
  FROM pg_trigger g JOIN t ON t.oid = g.tgrelid WHERE NOT g.tgisinternal
ORDER BY 1, 2
"""
# For another table with its columns: storage parameters, names of sequences, keys, and the other indexes.
_INDEXES = """
SELECT 0, format('ALTER TABLE %%s SET (%%s)', %(to)s::text, string_agg(format('%%s%%s = %%L', toast,
  split_part(option, '=', 1), substr(option, strpos(option, '=') + 1)), ', ' ORDER BY toast, nth))
FROM (SELECT '' AS toast, reloptions FROM pg_class WHERE oid = %(table)s
  UNION ALL SELECT 'toast.', t.reloptions FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid
  WHERE c.oid = %(table)s) o, unnest(reloptions) WITH ORDINALITY u (option, nth) HAVING count(*) > 0
UNION ALL
SELECT 1, format('ALTER SEQUENCE %%s RENAME TO %%I', own.oid::regclass, s.relname)
FROM sequences s JOIN pg_class own ON own.oid = pg_get_serial_sequence(%(to)s, s.attname)::regclass
WHERE s.deptype = 'i' AND own.relname <> s.relname
UNION ALL SELECT 2, format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', %(to)s::text, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = %(table)s AND contype IN ('p', 'u', 'x')
UNION ALL SELECT 3, overlay(definition PLACING %(to)s
  FROM strpos(definition, format(' ON %%s USING ', name)) + length(' ON ') FOR length(name))
FROM (SELECT indexrelid, indrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
  FROM pg_index WHERE indrelid = %(table)s) i
WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
ORDER BY 1
"""


class Tie(NamedTuple):
    """The statements that take something off a table, and put it onto the one of its name; "" for none."""

    off: str
    on: str


def lines(connection: Any, oid: int) -> set[str]:
    """All that a table is; two that are the same give the same."""
    return {line for (line,) in connection.execute(_SEQUENCES + _LINES, {"table": oid}).fetchall()}


def ties(connection: Any, oid: int, aside: str) -> list[Tie]:
    """What ties a table that is to go into the schema `aside`."""
    given = {"table": oid, "aside": aside}
    return [Tie(off, on) for _order, _nth, off, on in connection.execute(_SEQUENCES + _TIES, given).fetchall()]


def indexes(connection: Any, oid: int, to: str) -> list[str]:
    """The statements that give another table, which has its columns, all but what ties it to others."""
    given = {"table": oid, "to": to}
    return [statement for _order, statement in connection.execute(_SEQUENCES + _INDEXES, given).fetchall()]

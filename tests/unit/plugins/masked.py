# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nobody else may read, in a line of text, and the line without it: for everything that masks."""

from __future__ import annotations

MASKED: list[tuple[str, str]] = [
    ("Authorization: Basic dXNlcjpwYXNz, next", "Authorization: Basic ***, next"),
    ('Authorization: Digest username="ana", response="6629"', "Authorization: Digest ***"),
    ('{"authorization":"Basic dXNlcjpwYXNz","status":200}', '{"authorization":"Basic ***","status":200}'),
    ("authorization: abcd", "authorization: ***"),
    ("Cookie: session=abc; theme=dark", "Cookie: ***"),
    ("< Set-Cookie: id=a3f; Path=/; HttpOnly", "< Set-Cookie: ***"),
    ('{"cookie":"a=b; c=d","status":200}', '{"cookie":"***","status":200}'),
    ("x-api-key: abc123def and api-key=abc123", "x-api-key: *** and api-key=***"),
    ('{"password":"abc,def;ghi","user":"web"}', '{"password":"***","user":"web"}'),
    ("password: 'my pass, word', user: 'web'", "password: '***', user: 'web'"),
    (r'"password":"ab\"cd, ef","n":1', '"password":"***","n":1'),
    ('"password":"","user":"web"', '"password":"","user":"web"'),
    ('"password":"cut off, the', '"password":"***'),
    ("password=abc,def;ghi user=web", "password=*** user=web"),
    ("password=abcd;user=web", "password=***;user=web"),
    ("senha=abcd1234", "senha=***"),
    ('{"senha": "a b c"}', '{"senha": "***"}'),
    (r'{"body":"{\"password\":\"a,b;c\",\"n\":1}"}', r'{"body":"{\"password\":\"***\",\"n\":1}"}'),
    ("with AVNS_abcdefghijklmnopqrs", "with ***"),
    ("with sk-proj-abcdefghij0123456789", "with ***"),
    ("with ghp_abcdefghij0123456789", "with ***"),
    ("with glpat-abcdefghij0123456789", "with ***"),
    ("with xoxb-123456789012-abcdef", "with ***"),
    ("with AKIAIOSFODNN7EXAMPLE", "with ***"),
    ("GET /?email=maria%40clinic.example&n=1", "GET /?email=***&n=1"),
    ("postgresql://app:p@ss@db:25060/f", "postgresql://***@db:25060/f"),
    ('{"cpf":"123.456.789-09"}', '{"cpf":"***"}'),
    ("CPF n. 123 456 789 09", "CPF n. ***"),
    ("cpf_12345678909", "cpf_***"),
]

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the reports of scaling, failovers and restored tables say, in Brazilian Portuguese (portuguese.py)."""

from __future__ import annotations

PROCEDURES = {
    # Failover
    "Valkey failover": "Failover do Valkey",
    "{ms} ms without Valkey, {lost} acknowledged writes lost": (
        "{ms} ms sem Valkey, {lost} gravações confirmadas perdidas"
    ),
    "Measured": "Medido",
    "Interruptions": "Interrupções",
    "yes": "sim",
    "no": "não",
    "longest time without an acknowledged write": "maior tempo sem uma gravação confirmada",
    "acknowledged writes": "gravações confirmadas",
    "of them lost": "destas, perdidas",
    "another primary": "outro primário",
    "writes are acknowledged at the end": "gravações são confirmadas no fim",
    "provoked by an update": "provocado por uma atualização",
    "watched for": "observado por",
    # Tabela restaurada
    "Table restored": "Tabela restaurada",
    "Rows": "Linhas",
    "Columns that differ": "Colunas que diferem",
    "column": "coluna",
    "Foreign keys": "Chaves estrangeiras",
    "foreign key": "chave estrangeira",
    "refers to": "refere-se a",
    "rows that refer to nothing": "linhas sem referência válida",
    "In the way": "No caminho",
    "Kept": "Mantido",
    "Dropped": "Excluído",
    "in the place of {table} already": "já no lugar de {table}",
    "what was left of {table} would be dropped": "o que restou de {table} seria excluído",
    "what was left of {table} is dropped": "o que restou de {table} foi excluído",
    "would be in the place of {table}": "ficaria no lugar de {table}",
    "in the place of {table}": "no lugar de {table}",
    "would be beside {table}": "ficaria ao lado de {table}",
    "beside {table}": "ao lado de {table}",
    "{living} living, {restored} of the dump.": "{living} na tabela em uso, {restored} do dump.",
    "Nobody can tell which are the same: they have no primary key in common.": (
        "Não se sabe quais são as mesmas: não há chave primária em comum."
    ),
    "Of them {only_living} only living, {only_restored} only of the dump; {differing} differ.": (
        "Destas, {only_living} só na tabela em uso, {only_restored} só no dump; {differing} diferem."
    ),
    "What was living, as {table}; the dump is in its place already, nothing was changed.": (
        "O que estava em uso, como {table}; o dump já está no lugar, nada foi alterado."
    ),
    "What was living, as {table}; the app waited for {ms} ms at most.": (
        "O que estava em uso, como {table}; o app esperou no máximo {ms} ms."
    ),
    "{table}, which the dump {dump} has replaced.": "{table}, que o dump {dump} substituiu.",
    # Escala
    "Scaled": "Redimensionado",
    "What changes": "O que muda",
    "For the inventory": "Para o inventário",
    "All of it is so already.": "Tudo já está assim.",
    "all as it was": "tudo como estava",
    "{names} would change": "{names} mudaria(m)",
    "{names} changed": "{names} mudou/mudaram",
    "{after} US dollars a month at most, and nobody knows the price of what is there now.": (
        "{after} dólares por mês no máximo, e ninguém sabe o preço do que há agora."
    ),
    "{after} US dollars a month at most, which is {more}.": "{after} dólares por mês no máximo, ou seja, {more}.",
    "The inventory says all of it already: there is nothing to write.": (
        "O inventário já diz tudo isso: não há nada a escrever."
    ),
    "In {file} write, in place of what it says of them now; until then site.yml takes back what it can, and "
    "refuses to begin where it cannot (sizes and disks never shrink):": (
        "Em {file} escreva, no lugar do que lá está; até então o site.yml desfaz o que pode, e se recusa a começar "
        "onde não pode (tamanhos e discos nunca diminuem):"
    ),
}

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the report on compliance says, in Brazilian Portuguese (portuguese.py)."""

from __future__ import annotations

COMPLIANCE = {
    "Encryption in transit": "Criptografia em trânsito",
    "seen on the wire": "visto na rede",
    "Visitors reach the app": "Visitantes chegam ao app",
    "The app reaches PostgreSQL": "O app chega ao PostgreSQL",
    "The app reaches Valkey": "O app chega ao Valkey",
    "Files reach Spaces": "Arquivos chegam ao Spaces",
    "not asked from here": "não consultado daqui",
    "Not seen: {why}.": "Não visto: {why}.",
    "The certificate is not valid: {why}.": "O certificado não é válido: {why}.",
    "{version}, {cipher}; certificate valid until {until}; plain text is {plain}.": (
        "{version}, {cipher}; certificado válido até {until}; texto claro é {plain}."
    ),
    "refused": "recusado",
    "accepted": "aceito",
    "HSTS holds for {days} days; 365 are wanted.": "HSTS vale por {days} dias; exigidos: 365.",
    "Browsers come by HTTPS alone": "Navegadores vêm só por HTTPS",
    "Encryption at rest": "Criptografia em repouso",
    "The vendor states that data, backups and standby nodes are encrypted with LUKS.": (
        "O fornecedor declara que dados, backups e nós de reserva são criptografados com LUKS."
    ),
    "The vendor states that stored objects are encrypted with AES-256.": (
        "O fornecedor declara que os objetos guardados são criptografados com AES-256."
    ),
    "Where the data is": "Onde os dados estão",
    "the inventory": "o inventário",
    (
        "No region of DigitalOcean is in Brazil: this is an international transfer (LGPD, art. 33), which "
        "whoever is responsible has to base on standard clauses (Resolução CD/ANPD 19/2024) and tell patients "
        "of."
    ): (
        "Nenhuma região da DigitalOcean fica no Brasil: é uma transferência internacional (LGPD, art. 33), "
        "que o controlador deve fundamentar em cláusulas-padrão (Resolução CD/ANPD 19/2024) e informar aos "
        "pacientes."
    ),
    "International transfer": "Transferência internacional",
    "Retention": "Retenção",
    "Backups of the database: 7 days. Earlier versions of files: {days} days.": (
        "Backups do banco: 7 dias. Versões anteriores de arquivos: {days} dias."
    ),
    "Copies go by themselves": "Cópias que expiram",
    "Files that were deleted stay in the replica, until somebody erases them there, too.": (
        "Arquivos excluídos ficam na réplica até que alguém os apague também lá."
    ),
    "Copies that stay": "Cópias que ficam",
    "shown": "mostrado",
    "NOT MET": "NÃO ATENDIDO",
    "not seen": "não visto",
    "stated": "declarado",
    "{bad} not met, {unknown} not seen": "{bad} não atendido(s), {unknown} não visto(s)",
    "Compliance (LGPD)": "Conformidade (LGPD)",
    "verdict": "veredito",
    "evidence": "evidência",
    "source": "fonte",
    "Who can reach what": "Quem alcança o quê",
    "the API": "a API",
    "From {sources}.": "De {sources}.",
    "From everywhere: there is no trusted source.": "De qualquer lugar: não há origem confiável.",
    "{count} rules; open to everybody: {world}.": "{count} regras; aberto a todos: {world}.",
    "Proxies of the edge": "Proxies da borda",
    "the database": "o banco de dados",
    "Users of the database": "Usuários do banco",
    "On tables: {may}. Superuser: {superuser}.": "Em tabelas: {may}. Superusuário: {superuser}.",
    "Keys of Spaces": "Chaves do Spaces",
    "Key of Spaces: {grants}.": "Chave do Spaces: {grants}.",
    "Uploads": "Uploads",
    "The bucket is {acl}; versions are kept: {versioning}.": "O bucket é {acl}; guarda versões: {versioning}.",
    "Backups and drills": "Backups e ensaios",
    "Backups of the database": "Backups do banco",
    "There is none.": "Não há nenhum.",
    "The newest is {hours} hours old ({rpo} are allowed), they reach back {days} days.": (
        "O mais novo tem {hours} horas (até {rpo}); cobrem {days} dias."
    ),
    "Backups were verified": "Backups foram verificados",
    "Recovery was rehearsed": "A recuperação foi ensaiada",
    "Files were copied to a second region": "Arquivos foram copiados a uma segunda região",
    "There is no report of it.": "Não há relatório disso.",
    "a report": "um relatório",
    "it went well": "deu certo",
    "it failed": "falhou",
    "On {day}, {outcome}; at most {days} days may pass.": "Em {day}, {outcome}; até {days} dias podem passar.",
    "Ages of keys": "Idade das chaves",
    "{days} days old; {most} are allowed.": "{days} dias; permitidos: {most}.",
}

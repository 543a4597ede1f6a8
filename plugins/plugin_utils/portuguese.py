# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reports say, in Brazilian Portuguese, by what they say in English."""

from __future__ import annotations

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.portuguese_adoption import ADOPTION, ADOPTION_NAMES
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.portuguese_compliance import COMPLIANCE
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.portuguese_procedures import PROCEDURES

# What things are called.
NAMES = {
    "create": "criar",
    "change": "alterar",
    "delete": "excluir",
    "cannot": "impossível",
    "app": "app",
    "bucket": "bucket",
    "certificate": "certificado",
    "database cluster": "cluster de banco de dados",
    "domain": "domínio",
    "alert policy": "política de alerta",
    "load balancer": "balanceador de carga",
    "Load balancer": "Balanceador de carga",
    "reserved address": "endereço reservado",
    "Reserved address": "Endereço reservado",
    "image": "imagem",
    "Edge proxies": "Proxies da borda",
    "private network": "rede privada",
    "project": "projeto",
    "uptime check": "verificação de disponibilidade",
    "Uptime checks": "Verificações de disponibilidade",
    "container registry": "registry de contêineres",
    "Spaces bucket": "bucket do Spaces",
    "Spaces key": "chave do Spaces",
    "CDN endpoint": "endpoint de CDN",
    "Droplet autoscale pool": "pool de Droplets",
    **ADOPTION_NAMES,
}

PORTUGUESE = {
    # Revisão mensal
    "Monthly review": "Revisão mensal",
    "Results": "Resultados",
    "Reports": "Relatórios",
    "procedure": "procedimento",
    "result": "resultado",
    # Backups
    "Backups": "Backups",
    "all as promised": "tudo como prometido",
    "Verdicts": "Vereditos",
    "cluster": "cluster",
    "check": "verificação",
    "verdict": "veredito",
    "good": "bom",
    "bad": "ruim",
    "age of the newest managed backup": "idade do backup gerenciado mais novo",
    "days that managed backups go back": "dias que os backups gerenciados alcançam",
    "longest gap between managed backups": "maior intervalo entre backups gerenciados",
    "age of the newest whole dump of our own": "idade do dump próprio inteiro mais novo",
    "the newest dump decrypts and unpacks to its end": "o dump mais novo se decifra e se lê até o fim",
    "the newest dump is whole; without an identity it was not decrypted": (
        "o dump mais novo está inteiro; sem identidade, não foi decifrado"
    ),
    "a dump is broken": "um dump está danificado",
    "dumps of our own: not looked at in check mode": "dumps próprios: não examinados no modo de verificação",
    "a dump was never finished; the next one removes it": "um dump nunca terminou; o próximo o remove",
    "no backups: a cache holds only what may be lost": "sem backups: um cache só guarda o que pode ser perdido",
    # Custos
    "Costs": "Custos",
    "To look after": "Pendências",
    "Planned, line by line": "Planejado, linha por linha",
    "There, line by line": "Existente, linha por linha",
    "The rest of the account": "O resto da conta",
    "How it is made up": "Como é calculado",
    "{count} to look after": "{count} pendência(s)",
    "nothing to look after": "nenhuma pendência",
    "{planned} a month planned, {there} there": "{planned} por mês planejados, {there} existentes",
    "{least} to {most}": "{least} a {most}",
    "No price is known for what is planned: {what}. Add it to preflight_prices.": (
        "Não há preço conhecido para o que está planejado: {what}. Acrescente-o em preflight_prices."
    ),
    "No price is known for what is there: {what}. Add it to preflight_prices.": (
        "Não há preço conhecido para o que existe: {what}. Acrescente-o em preflight_prices."
    ),
    "What is planned costs up to {usd}, over the budget of {budget}.": (
        "O que está planejado custa até {usd}, acima do orçamento de {budget}."
    ),
    "What is there costs up to {usd}, over the budget of {budget}.": (
        "O que existe custa até {usd}, acima do orçamento de {budget}."
    ),
    "{noun} costs {usd} a month: {why}.": "{noun} custa {usd} por mês: {why}.",
    "it is switched off and billed all the same": "está desligado e é cobrado mesmo assim",
    "no Droplet has it": "nenhum Droplet o usa",
    "it is old, and nobody deletes it": "é antigo e ninguém o exclui",
    "nothing stands behind it": "não há nada atrás dele",
    "nobody declared it, and it carries the environment's name": "ninguém o declarou e ele leva o nome do ambiente",
    "nobody declared it, and it carries the environment's tag": "ninguém o declarou e ele leva a tag do ambiente",
    "nobody declared it, and it is in the environment's private network": (
        "ninguém o declarou e ele está na rede privada do ambiente"
    ),
    "nobody declared it, and it is in the environment's project": (
        "ninguém o declarou e ele está no projeto do ambiente"
    ),
    "total": "total",
    "total, without what has no known price": "total, sem o que não tem preço conhecido",
    "service": "serviço",
    "document": "documento",
    "planned": "planejado",
    "there": "existente",
    "Beside the document, USD a month": "Comparado ao documento, USD por mês",
    "item": "item",
    "name": "nome",
    "what": "o quê",
    "used this month": "consumo deste mês",
    "owed for this month and before": "devido por este mês e anteriores",
    "owed for invoices": "devido por faturas",
    "The whole account, as DigitalOcean has it at {time}.": "A conta inteira, segundo a DigitalOcean em {time}.",
    "The bill so far": "A fatura até agora",
    "Sizes of apps and Droplets have the API's prices; all others are those known in {month}.": (
        "Tamanhos de apps e Droplets têm os preços da API; todos os outros são os conhecidos em {month}."
    ),
    "Not in it: read replicas, backups and volumes of Droplets, tiers of registries, traffic.": (
        "Fora do cálculo: réplicas de leitura, backups e volumes de Droplets, planos de registries, tráfego."
    ),
    "Not looked at: {what}.": "Não verificado: {what}.",
    # Divergências
    "Drift": "Divergências",
    "{count} differ": "{count} diferente(s)",
    "{count} nobody declared": "{count} que ninguém declarou",
    "not everything compared": "nem tudo foi comparado",
    "nothing has drifted": "nenhuma divergência",
    "What nobody declared": "O que ninguém declarou",
    "kind": "tipo",
    "why it counts to the environment": "por que pertence ao ambiente",
    "Not compared": "Não comparado",
    "It is missing.": "Está faltando.",
    "attribute": "atributo",
    "there is": "há",
    "wanted": "desejado",
    "its name": "o nome",
    "a tag": "uma tag",
    "the private network": "a rede privada",
    "the project": "o projeto",
    # Métricas
    "Metrics": "Métricas",
    "{count} over their threshold": "{count} acima do limite",
    "{count} not measured": "{count} não medida(s)",
    "all below their thresholds": "todas abaixo dos limites",
    "Over their threshold": "Acima do limite",
    "Load test": "Teste de carga",
    "within its thresholds": "dentro dos limites",
    "Altogether": "No total",
    "By page": "Por página",
    "Why requests failed": "Por que requisições falharam",
    "page": "página",
    "requests": "requisições",
    "failures": "falhas",
    "reason": "motivo",
    "count": "quantidade",
    "Nothing was asked at all.": "Nada foi requisitado.",
    "95 % of the answers took up to {value} ms, over {limit} ms.": (
        "95 % das respostas levaram até {value} ms, acima de {limit} ms."
    ),
    "{value} % of the requests failed, over {limit} %.": "{value} % das requisições falharam, acima de {limit} %.",
    "{users} users, {seconds} s: {requests} requests, {rate} a second, 95 % in {p95} ms, {errors} % errors.": (
        "{users} usuários, {seconds} s: {requests} requisições, {rate} por segundo, 95 % em {p95} ms, {errors} % erros."
    ),
    "Not measured": "Não medido",
    "Now": "Agora",
    "metric": "métrica",
    "of": "de",
    "value": "valor",
    "threshold": "limite",
    "CPU of the app": "CPU da aplicação",
    "Memory of the app": "Memória da aplicação",
    "Response latency": "Latência de resposta",
    "Database connections in use": "Conexões de banco de dados em uso",
    "Cache memory in use": "Memória do cache em uso",
    "Disk in use": "Disco em uso",
    "{metric} of {of} is {value}, over {limit}.": "{metric} de {of} está em {value}, acima de {limit}.",
    # O que é diferente do documento
    "nobody is told when something goes wrong: name people in app_alert_emails": (
        "ninguém é avisado quando algo dá errado: indique pessoas em app_alert_emails"
    ),
    "slow answers are told after 3 minutes as asked from outside, as visitors had them (p95) after 5": (
        "a lentidão é avisada após 3 minutos se medida de fora, e após 5 como os visitantes a viram (p95)"
    ),
    "nobody has privileges in the database: name where runs reach it from (postgresql_control_addresses)": (
        "ninguém tem privilégios no banco: indique de onde as execuções o alcançam (postgresql_control_addresses)"
    ),
    "restarts and slow answers are told": "reinícios e lentidão são avisados",
    "of the load balancer's 5xx it is told after 5 minutes": "os 5xx do balanceador são avisados após 5 minutos",
    "errors over 5 % are not told: App Platform counts none; {instead} (monitoring_error_budget_path)": (
        "erros acima de 5 % não são avisados: o App Platform não os conta; {instead} (monitoring_error_budget_path)"
    ),
    "memory scales up to {most} instances only while a schedule runs playbooks/scale_on_memory.yml": (
        "a memória escala até {most} instâncias só enquanto um agendamento executa playbooks/scale_on_memory.yml"
    ),
    "no scaling: shared {size} has none by CPU; by requests_per_second it has (app_autoscaling)": (
        "sem escala: {size}, compartilhado, não a tem por CPU; por requests_per_second tem (app_autoscaling)"
    ),
    # Resumo e plano
    "up to {usd} when scaled out; ": "até {usd} com a escala máxima; ",
    "the document says {usd}, load balancer included": "o documento diz {usd}, com balanceador de carga",
    "a month, in USD": "por mês, em USD",
    "would run": "executaria",
    "runs": "executa",
    "answers": "respostas",
    "dump": "dump",
    "{count} pages asked": "{count} páginas consultadas",
    "{failed} of {requests} requests failed, 95 % of the answers within {p95} ms": (
        "{failed} de {requests} requisições falharam, 95 % das respostas em até {p95} ms"
    ),
    "usually {usual} ms, now {now}": "normalmente {usual} ms, agora {now}",
    "would change": "mudaria",
    "changed": "mudou",
    "note": "nota",
    "not compared: {why}": "não comparado: {why}",
    "Not compared: {why}": "Não comparado: {why}",
    "Changed": "Mudou",
    "Nothing.": "Nada.",
    "set this record": "crie este registro",
    "Endpoints": "Endereços",
    "where": "onde",
    "Other than the document says": "Diferente do que diz o documento",
    "unknown": "desconhecido",
    "Monthly bill": "Fatura mensal",
    "FAILED": "FALHOU",
    "nothing to change": "nada a mudar",
    "{count} would change": "{count} mudaria(m)",
    "{count} changed": "{count} mudou/mudaram",
    # Vários ambientes
    "{count} environments": "{count} ambientes",
    "{count} done": "{count} concluído(s)",
    "{count} go on": "{count} em andamento",
    "{count} failed: {hosts}": "{count} falhou/falharam: {hosts}",
    "it says why above": "o motivo está acima",
    "to create": "a criar",
    "to change": "a alterar",
    "to delete": "a excluir",
    "impossible": "impossível",
    "Plan": "Plano",
    "bill a month, in USD": "fatura por mês, em USD",
    "before": "antes",
    "after": "depois",
    "{count} attributes": "{count} atributos",
    "{usd} a month": "{usd} por mês",
    "Credentials": "Credenciais",
    "credential": "credencial",
    "since": "desde",
    "days": "dias",
    "due": "vencida",
    "{day} or later": "{day} ou depois",
    "rotated": "trocada",
    "would be rotated": "seria trocada",
    "Due, and waiting for a new value in vault, environment or AWX: {names}.": (
        "Vencidas, à espera de um novo valor no vault, no ambiente ou no AWX: {names}."
    ),
    "Recovery drill": "Simulado de recuperação",
    "objectives met": "objetivos cumpridos",
    "Objectives": "Objetivos",
    "measured": "medido",
    "objective": "objetivo",
    "Phases": "Fases",
    "phase": "fase",
    "seconds": "segundos",
    "Data": "Dados",
    "Tables": "Tabelas",
    "table": "tabela",
    "restored": "restaurado",
    "living": "em uso",
    "the database is corrupt": "o banco está corrompido",
    "the app is gone": "o app se perdeu",
    "the configuration is lost": "a configuração se perdeu",
    "the region is gone": "a região se perdeu",
    "Parts": "Partes",
    "part": "parte",
    "seen": "visto",
    "differ": "diferem",
    "What differs from what is there now": "O que difere do que existe agora",
    "{part}: {names}.": "{part}: {names}.",
    "Drills so far, minutes until it was there again": "Simulados até agora, minutos até estar de volta",
    "RTO: until the restored database answered the app's user": (
        "RTO: até o banco restaurado responder ao usuário do app"
    ),
    "RTO: until the rebuilt app was healthy": "RTO: até o app reconstruído estar saudável",
    "RTO: until it was seen what site.yml would do with it": "RTO: até se ver o que o site.yml faria com ela",
    "RTO: until the app was healthy in the other region": "RTO: até o app estar saudável na outra região",
    "RPO: age of the newest backup": "RPO: idade do backup mais novo",
    "Restored from the backup of {at} into {cluster}, which is gone again.": (
        "Restaurado do backup de {at} em {cluster}, que já foi excluído."
    ),
    "{count} foreign keys looked at, {broken} rows refer to nothing.": (
        "{count} chaves estrangeiras verificadas, {broken} linhas não se referem a nada."
    ),
    "The newest row is of {at}.": "A linha mais nova é de {at}.",
    "The newest row of the living database is of {at}.": "A linha mais nova do banco em uso é de {at}.",
    "The drill has cost about {usd} US dollars.": "O simulado custou cerca de {usd} dólares.",
    "backup found": "backup encontrado",
    "cluster created": "cluster criado",
    "users and grants": "usuários e permissões",
    "first query as the app": "primeira consulta como o app",
    "checks": "verificações",
    "bundle read": "pacote lido",
    "compared with the account": "comparado com a conta",
    "planned with its inventory": "planejado com o inventário dele",
    "app deployed": "app implantado",
    "app healthy": "app saudável",
    "dump read": "dump lido",
    "dump restored": "dump restaurado",
    "cache created": "cache criado",
    "files compared": "arquivos comparados",
    "same checksum": "mesma soma de verificação",
    "written to since": "alterada desde então",
    "rows deleted since": "linhas excluídas desde então",
    "only restored": "só no restaurado",
    "only living": "só no em uso",
    **ADOPTION,
    **COMPLIANCE,
    **PROCEDURES,
}

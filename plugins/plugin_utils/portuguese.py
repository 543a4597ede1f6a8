# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reports say, in Brazilian Portuguese, by what they say in English."""

from __future__ import annotations

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
}

PORTUGUESE = {
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
}

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an adoption says, in Brazilian Portuguese (portuguese.py)."""

from __future__ import annotations

ADOPTION_NAMES = {
    # What is dangerous
    "doadmin": "doadmin",
    "development database": "banco de desenvolvimento",
    "full cache": "cache cheio",
    "full disk": "disco cheio",
    "health path": "caminho do health check",
    "let in further": "entra também",
    "missing variable": "variável ausente",
    "moving tag": "tag que se move",
    "no health check": "sem health check",
    "no migration": "sem migração",
    "nobody is told": "ninguém é avisado",
    "open to everybody": "aberto a todos",
    "placeholder": "valor de exemplo",
    "public at run time": "pública só na execução",
    "public secret": "segredo público",
    "public uploads": "uploads públicos",
    "retired size": "tamanho descontinuado",
    "secret in clear": "segredo em texto claro",
    "unverified databases": "bancos não verificados",
    "wrong address": "endereço errado",
    # Parts of an app, and what a field should be
    "function": "function",
    "job": "job",
    "service": "serviço",
    "static site": "site estático",
    "worker": "worker",
    "text": "texto",
    "an integer": "um número inteiro",
    "a number": "um número",
    "true or false": "true ou false",
    "a dict": "um dicionário",
    "a list": "uma lista",
}

ADOPTION = {
    "Adoption": "Adoção",
    "{where} was written": "{where} foi escrito",
    "{where} would be written": "{where} seria escrito",
    "{where} was left as it is": "{where} ficou como está",
    "{count} danger(s)": "{count} perigo(s)",
    "nothing dangerous was found": "nada perigoso foi encontrado",
    "What is dangerous as it is": "O que é perigoso como está",
    "danger": "perigo",
    "What no run can bring about": "O que nenhuma execução consegue",
    "What site.yml would do with this inventory": "O que site.yml faria com este inventário",
    "why": "por quê",
    "What is not in the inventory": "O que não está no inventário",
    "Secrets": "Segredos",
    "moved into the vault file": "movidos para o arquivo do vault",
    "kept by the app, which nobody can read": "guardados pelo app, que ninguém lê",
    "to be set before the first run": "a definir antes da primeira execução",
    # O app
    "The app is not in the account; it is made.": "O app não está na conta; ele é criado.",
    "The app gets FisioFlow's own spec by one deployment; what runs serves until that is healthy.": (
        "O app recebe o spec do FisioFlow em um só deployment; o que roda atende até o novo estar saudável."
    ),
    "The app could not be compared: {failure}": "O app não pôde ser comparado: {failure}",
    "Each of its alerts tells the people of app_alert_emails.": (
        "Cada um dos seus alertas avisa as pessoas de app_alert_emails."
    ),
    "{place} is said by no input, and left out: site.yml makes the app without it.": (
        "{place} não é dito por nenhuma entrada e ficou de fora: site.yml faz o app sem isso."
    ),
    "The app has no service that answers requests: name image or repository of one (app_image, app_git).": (
        "O app não tem serviço que responda a requisições: nomeie imagem ou repositório de um (app_image, app_git)."
    ),
    "The name {name} is none that an app can have; it is called {called}.": (
        "O nome {name} não é possível para um app; ele se chama {called}."
    ),
    "{part} has the retired size {size}, which is called {now} now.": (
        "{part} tem o tamanho descontinuado {size}, que agora se chama {now}."
    ),
    "{service} encrypts its connections to the databases without verifying whose they are.": (
        "{service} cifra suas conexões com os bancos sem verificar de quem eles são."
    ),
    "{service} runs the tag {tag}, which moves: deploy by digest.": (
        "{service} roda a tag {tag}, que se move: faça o deployment por digest."
    ),
    "{service} names no branch of its repository: name it in app_git.": (
        "{service} não nomeia um branch do seu repositório: nomeie-o em app_git."
    ),
    "{service} names neither image nor repository: name one in app_image or app_git.": (
        "{service} não nomeia imagem nem repositório: nomeie um deles em app_image ou app_git."
    ),
    "The credentials of the registry of {service} stand in clear in the spec: make others.": (
        "As credenciais do registry de {service} estão em texto claro no spec: crie outras."
    ),
    "The address that {name} is cloned from says who logs in, to whoever reads the app's spec. It was left out: make "
    "another token, and connect the repository by its provider.": (
        "O endereço de onde {name} é clonado diz quem se autentica, a quem quer que leia o spec do app. Isso ficou de "
        "fora: crie outro token e conecte o repositório pelo seu provedor."
    ),
    "{service} has no {key} by a path: an app that answers nothing counts as healthy.": (
        "{service} não tem {key} por um caminho: um app que nada responde conta como saudável."
    ),
    "The {key} of {service} asks {asked}, which FisioFlow does not answer; it answers {answered}.": (
        "O {key} de {service} pergunta por {asked}, a que o FisioFlow não responde; ele responde a {answered}."
    ),
    "Nothing migrates the database before a deployment.": "Nada migra o banco antes de um deployment.",
    "{name} is a development database of {engine}; site.yml takes it away with its data: dump it before.": (
        "{name} é um banco de desenvolvimento de {engine}; site.yml o exclui com os dados: exporte-o antes."
    ),
    "The database component {name} is of {engine}, which FisioFlow does not use; site.yml takes it away.": (
        "O componente de banco {name} é de {engine}, que o FisioFlow não usa; site.yml o exclui."
    ),
    "The {noun} {part} is no part of FisioFlow's app, and site.yml takes it away: keep it in an app of its own first, "
    "if somebody needs it.": (
        "{noun} {part}: não faz parte do app do FisioFlow, e site.yml o exclui; leve-o antes para um app próprio, se "
        "alguém precisa dele."
    ),
    "{count} ingress rule(s) beside that of {service} are taken away.": (
        "{count} regra(s) de ingress além da de {service} são excluídas."
    ),
    "a service": "um serviço",
    "The log destination {name} of {part} is taken away.": "O destino de logs {name} de {part} é excluído.",
    "The internal port {port} of {service} is closed.": "A porta interna {port} de {service} é fechada.",
    "The settings of maintenance mode are taken away.": "As configurações do modo de manutenção são excluídas.",
    "{name} holds a secret, and whoever reads the app's spec reads it.": (
        "{name} contém um segredo, e quem lê o spec do app o lê."
    ),
    "{name} was left out, since a secret stands in it: put that into a variable of the app, and write {name} without "
    "it.": ("{name} ficou de fora, pois contém um segredo: ponha-o em uma variável do app e escreva {name} sem ele."),
    # As variáveis
    "the app has no database": "o app não tem banco",
    "cache and rate limits of logins are gone without a word": "cache e limites de login somem sem aviso",
    "nobody can log in": "ninguém consegue entrar",
    "what patients' data is encrypted with is unknown": "não se sabe com que os dados de pacientes são cifrados",
    "{key} is missing: {why}.": "{key} falta: {why}.",
    "{place} holds what is no name of a variable; site.yml takes it away.": (
        "{place} contém o que não é nome de variável; site.yml o exclui."
    ),
    "{place} is empty; site.yml takes it away.": "{place} está vazia; site.yml a exclui.",
    "{place} belongs to a component that site.yml takes away, or makes anew.": (
        "{place} pertence a um componente que site.yml exclui ou faz de novo."
    ),
    "{place} has an example's value, which nobody ever set.": "{place} tem o valor de um exemplo, que ninguém definiu.",
    "{place} is a secret in every visitor's browser: make another one, and keep it out of {prefix}*.": (
        "{place} é um segredo no navegador de cada visitante: crie outro e mantenha-o fora de {prefix}*."
    ),
    "{place} is a secret, and whoever reads the app's spec reads it.": (
        "{place} é um segredo, e quem lê o spec do app o lê."
    ),
    "{place} logs in as {user}, who may do everything in the cluster.": (
        "{place} entra como {user}, que pode tudo no cluster."
    ),
    "{place} is set at run time only, and has no effect: the build has inlined another value, or none.": (
        "{place} só é definida na execução e não tem efeito: o build embutiu outro valor, ou nenhum."
    ),
    "{place} leads to this machine itself.": "{place} leva a esta própria máquina.",
    "The build of {service} sees {names} now, and would only see names that begin with NEXT_ and are no secret: if it "
    "needs another, build an image elsewhere, and name it in app_image.": (
        "O build de {service} hoje vê {names}, e só veria nomes que começam com NEXT_ e não são segredo: se precisa de "
        "outro, faça a imagem em outro lugar e nomeie-a em app_image."
    ),
    # Os clusters
    "The {engine} cluster {name} is not the app's, and stays as it is.": (
        "O cluster {name}, de {engine}, não é do app e fica como está."
    ),
    "The cluster {name} is in {region}, and the network in {network}: a cluster does not change its network, so "
    "another one has to be made there and take its place.": (
        "O cluster {name} está em {region}, e a rede em {network}: um cluster não muda de rede, então é preciso criar "
        "outro lá, que tome seu lugar."
    ),
    "The cluster {name} is in a network of its own, which it never leaves ({role}_network_id says so); one that the "
    "app reaches has to be made and take its place.": (
        "O cluster {name} está em uma rede própria, de que nunca sai ({role}_network_id o diz); é preciso criar um que "
        "o app alcance e que tome seu lugar."
    ),
    "The disk of {name} does not grow by itself.": "O disco de {name} não cresce sozinho.",
    "Whether the disk of {name} grows by itself is not known; it does with postgresql_storage_autoscale.": (
        "Não se sabe se o disco de {name} cresce sozinho; com postgresql_storage_autoscale ele cresce."
    ),
    "There is no PostgreSQL cluster that the app uses; one is made, empty.": (
        "Não há cluster de PostgreSQL que o app use; cria-se um, vazio."
    ),
    "{place} leads to a PostgreSQL that is no cluster of this account: its data has to be dumped and restored before "
    "the app works with the cluster that site.yml makes.": (
        "{place} leva a um PostgreSQL que não é cluster desta conta: seus dados têm de ser exportados e restaurados "
        "antes que o app trabalhe com o cluster que site.yml cria."
    ),
    "The database {name} is made, empty.": "O banco {name} é criado, vazio.",
    "The app's data is in {used}, which is DigitalOcean's own: site.yml makes {name}, empty, and the data has to be "
    "moved there (pg_dump | pg_restore) before the app works with it.": (
        "Os dados do app estão em {used}, que é da própria DigitalOcean: site.yml cria {name}, vazio, e os dados têm "
        "de ser levados para lá (pg_dump | pg_restore) antes que o app trabalhe com ele."
    ),
    "The app works as {used}, who may do everything; it needs a user of its own.": (
        "O app trabalha como {used}, que pode tudo; ele precisa de um usuário próprio."
    ),
    "The user {name} is made.": "O usuário {name} é criado.",
    "The app's connection pool is made.": "O pool de conexões do app é criado.",
    "whoever connects": "quem se conecta",
    "The pool {name} belongs to {owner}; it becomes {user}'s.": "O pool {name} é de {owner}; passa a ser de {user}.",
    "{name} is a cluster of {engine}, which nobody can make any more: site.yml makes one of Valkey beside it, which "
    "begins empty; delete the old one when the app has left it.": (
        "{name} é um cluster de {engine}, que não se cria mais: site.yml cria um de Valkey ao lado, que começa vazio; "
        "exclua o antigo quando o app o tiver deixado."
    ),
    "There is no Valkey cluster that the app uses; one is made, empty.": (
        "Não há cluster de Valkey que o app use; cria-se um, vazio."
    ),
    "{name} has more than {most} nodes.": "{name} tem mais de {most} nós.",
    "{name} refuses writes when its memory is full (noeviction).": (
        "{name} recusa gravações quando a memória está cheia (noeviction)."
    ),
    "{name} takes connections from everywhere; closing it cuts off whoever is not named in trusted_sources_rules.": (
        "{name} aceita conexões de qualquer lugar; fechá-lo corta quem não está em trusted_sources_rules."
    ),
    "{name} is closed to all but the app and those who are named.": (
        "{name} é fechado a todos, menos ao app e a quem é nomeado."
    ),
    "{name} lets {further} in as well, whom only {other} lets in now: trusted_sources_rules are of both.": (
        "{name} passa a deixar entrar {further} também, que hoje só {other} deixa: trusted_sources_rules valem para os "
        "dois."
    ),
    "The trusted source {value} of {name} is taken away.": "A origem confiável {value} de {name} é excluída.",
    # Rede, buckets, projeto
    "There is no private network of the app's clusters yet; one is made.": (
        "Ainda não há rede privada dos clusters do app; cria-se uma."
    ),
    "The app runs in {region} and its databases in {centre}, whose private network it cannot reach: an app never "
    "moves, so it has to be made anew where the databases are, or they where it is.": (
        "O app roda em {region} e seus bancos em {centre}, cuja rede privada ele não alcança: um app nunca se move, "
        "então é preciso refazê-lo onde estão os bancos, ou os bancos onde ele está."
    ),
    "The bucket {called} is made.": "O bucket {called} é criado.",
    "{called} becomes private and versioned, and what is deleted goes after 30 days.": (
        "{called} torna-se privado e versionado, e o que se exclui some depois de 30 dias."
    ),
    "Everything in {called} becomes public.": "Tudo em {called} torna-se público.",
    "{uploads} holds uploads and what is public: assets get a bucket of their own.": (
        "{uploads} guarda uploads e o que é público: os assets ganham um bucket próprio."
    ),
    "{uploads}, with what patients upload, is public or behind the CDN.": (
        "{uploads}, com o que os pacientes enviam, é público ou está atrás da CDN."
    ),
    "The CDN of the assets is made.": "A CDN dos assets é criada.",
    "Buckets were not looked at: give SPACES_ACCESS_KEY_ID and SPACES_SECRET_ACCESS_KEY.": (
        "Os buckets não foram olhados: forneça SPACES_ACCESS_KEY_ID e SPACES_SECRET_ACCESS_KEY."
    ),
    "The app gets a Spaces key of its own, for the uploads alone.": (
        "O app recebe uma chave do Spaces própria, só para os uploads."
    ),
    "The app is in no project that is known; one is made for all of it.": (
        "O app não está em nenhum projeto conhecido; cria-se um para tudo."
    ),
    "The project {name} says no environment.": "O projeto {name} não diz o ambiente.",
    "{count} resource(s) are brought into {name}.": "{count} recurso(s) são levados para {name}.",
    "The load balancer {name} is none of site.yml's, and stays as it is.": (
        "O balanceador de carga {name} não é de site.yml e fica como está."
    ),
    # Quem é avisado
    "Nobody is told when something goes wrong: name people in app_alert_emails.": (
        "Ninguém é avisado quando algo dá errado: nomeie pessoas em app_alert_emails."
    ),
    "Who is told of alerts is not known: name people in app_alert_emails.": (
        "Não se sabe quem é avisado pelos alertas: nomeie pessoas em app_alert_emails."
    ),
    "Alerts go to {channels} of Slack by webhooks, whose addresses are secrets and stand in no inventory: set "
    "FISIOFLOW_SLACK_URL and FISIOFLOW_SLACK_CHANNEL, or site.yml takes them away.": (
        "Os alertas vão para {channels} no Slack por webhooks, cujos endereços são segredos e não estão em nenhum "
        "inventário: defina FISIOFLOW_SLACK_URL e FISIOFLOW_SLACK_CHANNEL, ou site.yml os exclui."
    ),
    "The app is asked from outside whether it answers.": "Pergunta-se de fora se o app responde.",
    "The people of app_alert_emails are told.": "As pessoas de app_alert_emails são avisadas.",
    "There is nobody whom it would tell.": "Não há ninguém a quem avisar.",
    # O arquivo
    "The file holds {count} app specs; the first one was read.": (
        "O arquivo contém {count} app specs; o primeiro foi lido."
    ),
    "{key} stands twice below line {line}; the last one counts.": (
        "{key} aparece duas vezes abaixo da linha {line}; vale a última."
    ),
    "{kind}[{number}] has no name; it is called {name} here.": "{kind}[{number}] não tem nome; aqui se chama {name}.",
    "{place} is no field of an app spec and was left out.": "{place} não é campo de um app spec e ficou de fora.",
    "{place} should be {form}, and was left out.": "{place} deveria ser {form}, e ficou de fora.",
    "{place} should be a dictionary, and was left out.": "{place} deveria ser um dicionário, e ficou de fora.",
    "{place} has {name} more than once; the last one counts.": "{place} tem {name} mais de uma vez; vale a última.",
    # Terraform
    "{kind}.{name} is only read by Terraform, and was left out.": (
        "{kind}.{name} só é lido pelo Terraform, e ficou de fora."
    ),
    "{kind}.{name} is of another provider and was left out.": "{kind}.{name} é de outro provedor e ficou de fora.",
    "{kind}.{name} is not in the inventory: {why}.": "{kind}.{name} não está no inventário: {why}.",
    "{kind} {name} is of a cluster that is not in the state, and was left out.": (
        "{kind} {name} é de um cluster que não está no estado, e ficou de fora."
    ),
    "{kind} {name} is no part of what site.yml makes, and stays as it is.": (
        "{kind} {name} não faz parte do que site.yml cria e fica como está."
    ),
    "it is no part of what site.yml makes, and stays as it is": "não faz parte do que site.yml cria e fica como está",
    "site.yml makes its own checks and alerts": "site.yml cria suas próprias verificações e alertas",
    "site.yml makes a key of the app's own": "site.yml cria uma chave própria do app",
    "it is not compared; site.yml keeps only its own": "não é comparado; site.yml só mantém o que é seu",
    "the settings of a bucket are those of the role spaces": "as configurações de um bucket são as da role spaces",
}

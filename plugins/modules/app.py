#!/usr/bin/python
# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible module: an app of App Platform."""

from __future__ import annotations

DOCUMENTATION = r"""
module: app
short_description: Manage an app of App Platform
version_added: 0.1.0
description:
  - Creates, changes and deletes an app, described by its app spec.
  - A change is proposed to the API before it is applied, so that an invalid spec is refused before anything is
    written. Every change of the spec starts a deployment, which is then waited for.
  - What the API rewrites is no change, be it a default that it fills in, V(routes) that become ingress rules, an old
    name of a size, or the encrypted form of a secret.
author:
  - FisioFlow contributors (@fisioflow)
options:
  name:
    description:
      - The name of the app, unique in the account. Without it, V(name) in O(spec) counts.
      - One of O(name), O(id) and V(name) in O(spec) is needed.
    type: str
  id:
    description:
      - The id. Without it the app is found by its name. Together with it, another name renames the app.
    type: str
  spec:
    description:
      - The app spec as the API has it, see
        U(https://docs.digitalocean.com/products/app-platform/reference/app-spec/). Needed to create the app.
      - Laid over the spec that is there. What is left out, or null, is left alone, at any depth.
      - A list that is given holds exactly the given elements; elements of the same name (V(key) of an env, V(domain)
        of a domain, V(rule) of an alert, V(match) of an ingress rule) are merged, so that what is left out of them is
        left alone as well. Order means nothing.
      - An empty value (V({}), V([]) or an empty text) removes what is there.
      - Of what excludes each other (V(autoscaling) and V(instance_count), V(tag) and V(digest), the sources of a
        component, the kinds of a log destination) the one that is given drops the others. What a value that is given
        forbids goes as well (V(registry) of an image that moves to C(DOCR), V(schedule) of a job that runs before each
        deployment from now on).
      - V(routes) become ingress rules. A route that is given wins over a rule of the same path that is there, such as
        the one that the platform makes when there is none. Rules of other components stay, V([]) removes its own.
      - Text is brought into the type of its place, as extra variables and surveys give nothing else. A field that an
        app spec does not have is refused, with the one that is meant, unless the app has it already.
      - Secrets do not belong here, see O(secrets).
    type: dict
  secrets:
    description:
      - The values of secrets, by the name of their place. V(KEY) is the app-level env C(KEY) of type C(SECRET), and
        every component's that has no value of its own; V(web.KEY) is that of component C(web) alone.
      - V(web.registry_credentials) is for the image of component C(web), V(registry_credentials) for all images
        outside of DigitalOcean's registry; V(web.log_destinations.NAME.api_key) (or V(token), V(password),
        V(headers.KEY)) for a log destination; V(ingress.secure_header.value) for the header that a proxy in front of
        the app adds.
      - A secret that is left out keeps the value that the app has. In O(spec) such an env is written without
        V(value); its encrypted form (V(EV[...])) and bindable variables (V(${db.DATABASE_URL})) may stand there too.
      - Whether a secret has changed is told by a fingerprint, since the API never shows it again. It is kept in the
        app-level env C(SECRET_FINGERPRINTS) as 32 bits of a salted scrypt hash. Whoever may read the spec can try
        guesses against it, so a secret that is short or easy to guess is warned of when it is set. An unchanged secret
        causes no deployment; one without fingerprint, which somebody else has set, counts as changed. A secret that
        somebody else has replaced since is not noticed, but for those that the API answers in clear, such as the
        tokens of log destinations. Those are in no result and no diff either.
    type: dict
  permanent_secrets:
    description:
      - Names of O(secrets) whose value must not be lost, such as that of a key that data is encrypted with. The task
        fails before anything is changed when the app would get another value, or none, or when it has one that was
        set by hand and cannot be compared.
    type: list
    elements: str
  project_id:
    description:
      - The id of the project that the app belongs to. An app in another one is moved.
    type: str
  force:
    description:
      - With O(state=absent), whether an app goes although it holds a development database, whose data goes with it
        and is in no backup. A managed cluster stays when the app goes.
    type: bool
    default: false
  short_lived:
    description:
      - With O(state=present), an app that this task makes is deleted when the run ends, also when the run is killed.
        Outside of the controller (C(digitalocean_in_controller=false)) nothing does that. It bears the app-level env
        C(SHORT_LIVED), which no container of an image sees; one of that name without it is left alone.
      - With O(state=absent), only an app that bears it is deleted.
    type: bool
    default: false
  update_all_source_versions:
    description:
      - Whether a change of the spec also pulls the newest commit or image of all components. It is no change by
        itself, use M(fisioflow.digitalocean.app_deployment) for that.
    type: bool
  alert_destinations:
    description:
      - Who is told of the app's alerts. The same for all alerts of the app and of its components.
      - An alert gets its recipients after the deployment that brought it. A list that is left out is left alone.
    type: dict
    suboptions:
      emails:
        description:
          - E-mail addresses of users who have access to the app.
        type: list
        elements: str
      slack_webhooks:
        description:
          - Slack webhooks.
        type: list
        elements: dict
        suboptions:
          url:
            description:
              - The address of the webhook, a secret.
            type: str
            required: true
          channel:
            description:
              - The channel.
            type: str
            required: true
extends_documentation_fragment:
  - fisioflow.digitalocean.common
  - fisioflow.digitalocean.lifecycle
  - fisioflow.digitalocean.attributes
notes:
  - With O(wait=true) the task ends when the deployment that it caused has ended, or one that is under way if nothing
    was to change; it fails when that deployment fails, naming component, step and reason. When another deployment
    takes its place, that one is waited for.
  - An app whose newest deployment failed is not as described although its spec is. The task then deploys it again and
    reports a change.
seealso:
  - module: fisioflow.digitalocean.app_info
  - module: fisioflow.digitalocean.app_deployment
"""

EXAMPLES = r"""
- name: A service with a migration, an image by digest and two secrets
  fisioflow.digitalocean.app:
    name: clinic
    project_id: "{{ project.project.id }}"
    spec:
      region: fra
      vpc:
        id: "{{ network.vpc.id }}"
      services:
        - name: web
          image:
            registry_type: DOCR
            repository: clinic
            digest: sha256:795e91610e9cccb7bb80893fbabf9c808df7d52ae1f39cd1158618b4a33041ac
          instance_size_slug: apps-d-1vcpu-1gb
          autoscaling:
            min_instance_count: 2
            max_instance_count: 6
            metrics:
              cpu:
                percent: 75
          http_port: 3000
          health_check:
            http_path: /api/health
          envs:
            - key: DATABASE_URL
              value: ${db.DATABASE_URL}
              scope: RUN_TIME
            - key: SESSION_SECRET
              type: SECRET
              scope: RUN_TIME
            - key: DO_SPACES_SECRET
              type: SECRET
              scope: RUN_TIME
          alerts:
            - rule: CPU_UTILIZATION
              operator: GREATER_THAN
              value: 80
              window: FIVE_MINUTES
      jobs:
        - name: migrate
          kind: PRE_DEPLOY
          image:
            registry_type: DOCR
            repository: clinic
            digest: sha256:795e91610e9cccb7bb80893fbabf9c808df7d52ae1f39cd1158618b4a33041ac
          run_command: npm run migrate
      databases:
        - name: db
          engine: PG
          production: true
          cluster_name: clinic-db
    secrets:
      SESSION_SECRET: "{{ vault_session_secret }}"
      DO_SPACES_SECRET: "{{ spaces_key.spaces_key.secret_key }}"
    alert_destinations:
      emails: [ops@example.com]

- name: Rotate one secret, and nothing else
  fisioflow.digitalocean.app:
    name: clinic
    secrets:
      SESSION_SECRET: "{{ vault_session_secret }}"

- name: Remove the app
  fisioflow.digitalocean.app:
    name: clinic
    state: absent
"""

RETURN = r"""
app:
  description:
    - The app as the API gives it, without the values of secrets; an empty dictionary when it is not there.
    - An env of type C(SECRET) has no V(value) here, and what has none in O(spec) keeps it, so C(app.spec) may be
      given back.
    - In check mode, what only the API can tell is V(known-after-creation).
  returned: always
  type: dict
  sample:
    id: 4f6c71e2-1e90-4762-9fee-6cc4a0a9f2cf
    spec:
      name: clinic
      region: fra
      services:
        - name: web
          image: {registry_type: DOCR, repository: clinic, digest: 'sha256:795e91610e9cccb7bb80893fbabf9c80'}
          instance_size_slug: apps-s-1vcpu-1gb
          instance_count: 1
          http_port: 3000
          envs:
            - {key: SESSION_SECRET, scope: RUN_TIME, type: SECRET}
      ingress:
        rules:
          - match: {path: {prefix: /}}
            component: {name: web}
      vpc: {id: c22d8f48-4bc4-49f5-8ca0-58e7164427ac, egress_ips: [{ip: 10.20.0.5}]}
    default_ingress: https://clinic-zyhgn.ondigitalocean.app
    live_url: https://clinic-zyhgn.ondigitalocean.app
    active_deployment: {id: 991dfa59-6a23-459f-86d6-67dfa2c6f1e3, phase: ACTIVE}
    region: {slug: fra, label: Frankfurt, data_centers: [fra1]}
    project_id: 88b72d1a-b78a-4d9f-9090-b53c4399073f
    vpc: {id: c22d8f48-4bc4-49f5-8ca0-58e7164427ac, egress_ips: [{ip: 10.20.0.5}]}
    created_at: '2026-11-24T03:00:00Z'
    updated_at: '2026-11-24T03:05:00Z'
deployment:
  description:
    - The deployment that this run caused or waited for; an empty dictionary when there was none.
    - Of one that failed, only the id, phase, cause and time of creation.
  returned: always
  type: dict
  sample:
    id: 991dfa59-6a23-459f-86d6-67dfa2c6f1e3
    phase: ACTIVE
    cause: app spec updated
    progress: {success_steps: 6, total_steps: 6}
    created_at: '2026-11-24T03:04:00Z'
lost_secrets:
  description:
    - The places of secrets of O(permanent_secrets) that the app would have lost.
  returned: when the task was refused because of them
  type: list
  elements: str
  sample: [web.ENCRYPTION_KEY]
failures:
  description:
    - The steps that failed, each with the end of the C(log) of its component where that can be read.
  returned: when the deployment failed
  type: list
  elements: dict
  sample:
    - component: web
      step: deploy/components/web/wait
      code: DeployContainerHealthChecksFailed
      message: Your container did not respond to health checks.
      log: ['web 2026-11-24T03:04:00Z Error: listen EADDRINUSE: address already in use 0.0.0.0:3000']
alerts:
  description:
    - The app's alerts with their recipients, without the addresses of webhooks; only read when O(alert_destinations)
      is given.
  returned: always
  type: list
  elements: dict
  sample:
    - id: e552e1f9-c1b0-4e6d-8777-ad6f27767306
      component_name: web
      spec: {rule: CPU_UTILIZATION, operator: GREATER_THAN, value: 80, window: FIVE_MINUTES}
      emails: [ops@example.com]
      slack_webhooks: []
      phase: ACTIVE
"""

import json
from collections.abc import Iterator
from functools import partial

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api import offers
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.ahead import OfBeforeError
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.client import Data
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import ApiError, Failure, capital
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.kinds import (
    APP,
    APP_OPTIONS,
    APP_SIZES,
    PROJECT,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.once import look_for, once
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app import deployments, following, routes
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.checks import not_kept, refuse_wrapped
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.overlay import normalise
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.plan import SpecPlan, plan_spec, same, told
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.resource import DeployedApp
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.result import BLANK, TOLD, shown
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.secrets import Plaintext
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource import assignment
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.attributes import (
    Attribute,
    Change,
    changes,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.module import (
    UNKNOWN,
    Invocation,
    run_module,
)
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.resource.resource import Plan, Step

# What a short-lived app is known by, since the API has no tags for apps: with an image nothing is built.
SHORT_LIVED = {"key": "SHORT_LIVED", "value": "true", "scope": "BUILD_TIME", "type": "GENERAL"}


class App(DeployedApp):
    """An app: one spec, replaced as a whole; its project and the recipients of its alerts by calls of their own."""

    options = {
        "name": {"type": "str"},
        "id": {"type": "str"},
        "secrets": {"type": "dict", "no_log": True},
        "permanent_secrets": {"type": "list", "elements": "str", "no_log": False},
        "force": {"type": "bool", "default": False},
        "short_lived": {"type": "bool", "default": False},
        "update_all_source_versions": {"type": "bool"},
    }
    # The spec has a comparison of its own, and the others wait for the deployment: see `plan_present`.
    attributes = {
        "spec": Attribute("dict", normal=lambda spec: normalise(spec or {}), whole=True),
        "project_id": Attribute(),
        **DeployedApp.attributes,
    }
    computed = {**BLANK, **dict.fromkeys(TOLD, UNKNOWN)}

    def __init__(self, invocation: Invocation) -> None:
        super().__init__(invocation)
        refuse_wrapped(self.params.get("spec") or {})
        spec_name = (self.params.get("spec") or {}).get("name")
        self.params = {**self.params, "name": self.params.get("name") or spec_name}
        self.doing = f"read {self.subject}"
        name = self.params["name"]
        if not name and not self.params.get("id"):
            raise Failure("Which app is meant? Set name, or id, or name in spec.")
        if spec_name and spec_name != name and not self.params.get("id"):
            raise Failure(
                f'name is "{name}" and name in spec is "{spec_name}": leave one of them out, or, to rename the app, '
                "set id and give the new name in spec."
            )
        self.wanted_name = spec_name or name
        # Whether what was read before is known to be behind.
        self._doubts = False
        # The app, when it was found only after it had been missed.
        self._late: Data = {}

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def find(self) -> list[Data]:
        """Apps carry their name inside the spec."""
        return following.find_apps(self, self.params["name"], fresh=self.api.has_written or self._doubts)

    def shown(self, outcome: Data) -> Data:
        """Every attribute always there, no secret in it."""
        return shown(outcome)

    # ── Planning ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def plan_present(self, current: Data | None) -> Plan:
        """Compare the spec, the project and the recipients of the alerts, each with its own step."""
        if current is None:
            self._refuse_absent()
        self._refuse_other("change", current)
        if (
            current
            and self.invocation.ahead.took
            and any(map(current.get, ("pending_deployment", "in_progress_deployment")))
        ):
            # It may have ended since, and roles let more in than the app while one is under way.
            raise OfBeforeError
        plan = Plan({}, {}, dict(current or {}))
        spec = self._plan_spec(current)
        self._refuse_loss(spec)
        if current is not None:
            self._look_at_pin(current, spec)
        if spec.changed:
            for name in routes.cut_off((current or {}).get("spec"), spec.spec, self.params.get("spec") or {}):
                self.warn(
                    f"Component {name} of {self.subject} will not be reached from outside any more: its route goes to "
                    "another one. Give it routes in spec, or an empty list if that is meant."
                )
            self.refuse_unoffered(current, spec.spec)
            found = self._propose(spec, current)
            if found:
                self._late = found
                return self.plan_present(found)
        plan.also({"spec": spec.before} if current else {}, {"spec": spec.after})
        if current is None:
            plan.predicted = {**self.computed, "spec": spec.spec, "vpc": spec.spec.get("vpc") or {}}
            plan.steps.append(Step("create", lambda _: self._create(spec)))
        elif spec.changed:
            plan.predicted["spec"] = spec.spec
            plan.steps.append(Step("change the spec of", lambda app: self.change(app, "spec", spec.spec)))
        else:
            self._plan_retry(current, plan)
        self._plan_project(current, plan)
        self.plan_alerts(current, spec.spec, plan)
        return plan

    def plan_absent(self, current: Data | None) -> Plan:
        """Show what is lost."""
        plan = super().plan_absent(current)
        if plan.steps and current is not None:
            plan.before = {"spec": told(current.get("spec"))}
        return plan

    def _refuse_absent(self) -> None:
        key = self.params.get("id")
        if key and key != UNKNOWN:
            raise Failure(f'There is no app with the id "{key}": leave id out to find it by name or to create it.')
        if not self.params.get("spec"):
            raise Failure(f'App "{self.params["name"]}" does not exist: to create it, set also spec.')

    def _refuse_other(self, doing: str, current: Data | None) -> None:
        """Somebody's own app is not taken for the short-lived one of its name."""
        envs = ((current or {}).get("spec") or {}).get("envs") or []
        if self.params["short_lived"] and current and SHORT_LIVED["key"] not in [env["key"] for env in envs]:
            raise self.refusal(
                doing, f"it does not bear the env {SHORT_LIVED['key']}, so it is not the short-lived one"
            )

    def _plan_spec(self, current: Data | None) -> SpecPlan:
        given = {**(self.params.get("spec") or {}), **({"name": self.wanted_name} if self.wanted_name else {})}
        if self.params["short_lived"]:
            given["envs"] = [*(given.get("envs") or []), SHORT_LIVED]
        try:
            plan = plan_spec(
                (current or {}).get("spec"), given, self.params.get("secrets") or {}, predict=self.check_mode
            )
        except Failure as failure:
            if isinstance(failure, Plaintext):
                self.secrets.hide(failure.value)
            verb = "change" if current else "create"
            raise Failure(f"Could not {verb} {self.subject}, nothing was done: {failure}") from None
        for sentence in plan.weak:
            self.warn(sentence)
        return plan

    def _refuse_loss(self, spec: SpecPlan) -> None:
        """What data is encrypted with is not to be lost by a slip."""
        permanent = set(self.params.get("permanent_secrets") or [])
        lost = sorted(name for name in spec.lost if {name, name.rsplit(".", 1)[-1]} & permanent)
        if lost:
            problem = Failure(
                f"Could not change {self.subject}, nothing was done: it would lose the value of {', '.join(lost)}, "
                "which permanent_secrets names, for another one (what somebody set by hand cannot be compared) or for "
                "none: what was encrypted with it could not be read any more. Keep the variable in spec and leave its "
                "value out, or take the name out of permanent_secrets (input app_permanent_secrets of the role app) if "
                "that is meant."
            )
            problem.details = {"lost_secrets": lost}
            raise problem

    def _look_at_pin(self, current: Data, spec: SpecPlan) -> None:
        """A rollback that is neither committed nor reverted: no deployment, and so no change, is possible."""
        pinned = (current.get("pinned_deployment") or {}).get("id")
        way_out = (
            "Commit or revert the rollback first, with fisioflow.digitalocean.app_deployment and state "
            "rollback_committed or rollback_reverted."
        )
        if pinned and spec.changed:
            raise Failure(
                f"Could not change {self.subject}, nothing was done: it is pinned to deployment {pinned} by a "
                f"rollback. {way_out}"
            )
        if pinned and not same(current["pinned_deployment"].get("spec"), current.get("spec")):
            self.warn(
                f"{capital(self.subject)} has the wanted spec, but runs deployment {pinned}, to "
                f"which a rollback has pinned it. {way_out}"
            )

    def unoffered(self, current: Data | None, asked: Data) -> Iterator[str]:
        """Region and instance sizes that the app does not have already."""
        there = offers.app_slugs((current or {}).get("spec") or {}).values()
        new = {place: slug for place, slug in offers.app_slugs(asked).items() if slug not in (UNKNOWN, *there)}
        asks = [APP_OPTIONS] if "region" in new else []
        asks += [APP_SIZES] if new.keys() - {"region"} else []
        found = self.api.gather({kind.many: partial(self.api.get, kind.path, kind.promise) for kind in asks})
        return offers.app_refusals(new, **{key: answer[key] for key, answer in found.items()})

    def _propose(self, spec: SpecPlan, current: Data | None) -> Data | None:
        """Have the API look at the spec. It only validates, so check mode does it as well.

        Returns the app when it turns out to be there already: a list may be a moment behind. In a check mode run that
        starts from nothing, a spec refers to what earlier tasks would have created: then a refusal is told, but is no
        failure.
        """
        if self.check_mode and UNKNOWN in json.dumps(spec.spec):
            return None
        self.doing = f"validate the spec of {self.subject}"
        body = {"spec": spec.spec, **({"app_id": current["id"]} if current else {})}
        try:
            answer = self.api.ask(f"{APP.path}/propose", body, Promise("spec"))
        except ApiError as error:
            if not (self.check_mode and current is None and error.status in (400, 404, 409, 422)):
                raise
            self.warn(
                f"The API would refuse the spec of {self.subject} at this moment: {error.what_happened}. "
                "That is to be expected when it names something that an earlier task would have created."
            )
            return None
        renamed = current is None or (current.get("spec") or {}).get("name") != self.wanted_name
        if answer.get("app_name_available") is False and renamed:
            self._doubts = True
            found = None if current else look_for(self.clock, self.read)
            if found:
                return found
            free = answer.get("app_name_suggestion")
            raise Failure(
                f"Could not {'rename' if current else 'create'} {self.subject}, nothing was done: the name "
                f'"{self.wanted_name}" is taken' + (f', "{free}" is free.' if free else ".")
            )
        lost = not_kept(normalise(answer["spec"]), spec.wanted)
        if lost:
            self.warn(
                f"The API does not keep {', '.join(lost)} of the spec of {self.subject}: correct or remove that, or "
                "each run will report a change."
            )
        return None

    def _plan_retry(self, current: Data, plan: Plan) -> None:
        """Deploy again what should run and does not: an earlier run started it, and it failed."""
        active = current.get("active_deployment") or {}
        runs = active.get("id") and same(active.get("spec"), current.get("spec"))
        if runs or deployments.under_way(current) or current.get("pinned_deployment"):
            return
        rows = following.recent(self, str(current["id"]))
        if rows and deployments.phase(rows[0]) not in deployments.FAILED:
            return
        known = {str(row.get("id")) for row in rows}
        failed = {"deployment": deployments.phase(rows[0] if rows else None)}
        plan.also(failed, {"deployment": "ACTIVE"}, Step("deploy again", lambda app: self._deploy(app, known)))

    def _plan_project(self, current: Data | None, plan: Plan) -> None:
        wanted = self.params.get("project_id")
        if not wanted:
            return
        plan.predicted["project_id"] = wanted
        if current is None:
            plan.also({}, {"project_id": wanted})
            return
        there = current.get("project_id") or self._project_of(current, wanted)
        move = Step("set the project of", lambda app: self.change(app, "project_id", wanted))
        plan.also({"project_id": there}, {"project_id": wanted}, *([move] if there != wanted else []))

    def _project_of(self, current: Data, wanted: str) -> str:
        """Without the scope project:read of the app itself: ask the project for the app."""
        if wanted == UNKNOWN:
            return ""
        rows = self.api.rows(f"{PROJECT.location(wanted)}/resources", "resources", ("urn",))
        return wanted if any(row.get("urn") == f"do:app:{current['id']}" for row in rows) else ""

    def apply(self, plan: Plan, current: Data) -> Data:
        """On the app that was seen late, if it was."""
        return super().apply(plan, current or self._late)

    # ── Doing ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _create(self, spec: SpecPlan) -> Data:
        if self.params["short_lived"]:
            self.invocation.make_short_lived(self.params["name"])
        project = {"project_id": self.params["project_id"]} if self.params.get("project_id") else {}
        ask = partial(self.api.post, APP.path, {"spec": spec.spec, **project}, APP.promise)

        def take(found: Data) -> Data:
            # What a lost answer has created is ours; what another run has made at this moment may differ.
            again = self._plan_spec(found)
            return self.change(found, "spec", again.spec) if again.changed else found

        return self.caused(once(self.clock, lambda: self.unwrap(ask()), self.read, named=True, take=take))

    def held(self, current: Data) -> str:
        """A database that is no cluster of its own lives and goes with the app."""
        rows = (current.get("spec") or {}).get("databases") or []
        names = sorted(str(row["name"]) for row in rows if not row.get("production"))
        return f"the development database{'s' * (len(names) > 1)} {', '.join(names)}" if names else ""

    def delete(self, current: Data) -> None:
        """The answer names the app that goes."""
        self._refuse_other("delete", current)
        self.api.delete(self.location(current), promise=Promise("id", str))
        if self.params["short_lived"]:
            self.invocation.is_gone(self.params["name"])

    @changes("spec")
    def replace(self, change: Change) -> Data | None:
        """PUT replaces the whole spec, so it is always sent whole; each one deploys, so none is repeated blindly."""
        body: Data = {"spec": change.values["spec"]}
        if self.params.get("update_all_source_versions") is not None:
            body["update_all_source_versions"] = self.params["update_all_source_versions"]
        path = self.location(change.current)
        return self.caused(
            once(
                self.clock,
                lambda: self.unwrap(self.api.request("PUT", path, body, promise=APP.promise, repeatable=False)),
                lambda: self._with_wanted_spec(change.current),
            )
        )

    def _with_wanted_spec(self, app: Data) -> Data | None:
        found = self.refresh(app)
        return found if found and not self._plan_spec(found).changed else None

    def _deploy(self, app: Data, known: set[str]) -> Data:
        made = following.start(self, str(app["id"]), "deployments", {"force_build": False}, known)
        return self.caused({**app, "pending_deployment": made})

    @changes("project_id")
    def move(self, change: Change) -> Data | None:
        """An app leaves its project by being assigned to another."""
        project_id = change.values["project_id"]
        assignment.move(self, project_id, f"do:app:{change.current['id']}")
        return {"project_id": project_id}


def main() -> None:
    """Run as an ordinary module."""
    run_module(App)


if __name__ == "__main__":
    main()

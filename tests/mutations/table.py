# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small defects, and the tests that are expected to see each: `make mutations` breaks one after the other.

A line that no longer matches its file is an error: mend it with the code.
"""

from __future__ import annotations

from dataclasses import dataclass

LAW = "tests/integration/law/test_law.py"
FRAMEWORK = "plugins/module_utils"
FRAME = "tests/integration/test_procedure_frame.py"
PLAN = "tests/integration/test_plan.py"
PLANNING = "tests/unit/plugins/plugin_utils/test_planning.py"


@dataclass(frozen=True)
class Mutation:
    """`old` stands once in `file` and becomes `new`; then `tests` (arguments of pytest) must be red."""

    breaks: str
    file: str
    old: str
    new: str
    tests: str


def _law(module: str, *points: int) -> str:
    chosen = " or ".join(f"test_{point:02d}" for point in points)
    return f"{LAW} -k '({chosen}) and {module}'"


TABLE = [
    # ── What a module does ───────────────────────────────────────────────────────────────────────────────────────────
    Mutation(
        "check mode writes",
        f"{FRAMEWORK}/resource/planned.py",
        "plan.predicted if self.check_mode else self.apply(plan, current or {})",
        "self.apply(plan, current or {})",
        _law("vpc", 3),
    ),
    Mutation(
        "a prediction leaves out what the real run shows",
        f"{FRAMEWORK}/resource/resource.py",
        "plan.predicted = {**current, **self._values_after(current, wanted)}",
        "plan.predicted = self._values_after(current, wanted)",
        _law("vpc", 1),
    ),
    Mutation(
        "what cannot change is not refused",
        f"{FRAMEWORK}/resource/resource.py",
        "        if refused:\n            raise self.refusal",
        "        if refused and self.check_mode:\n            raise self.refusal",
        _law("vpc", 6),
    ),
    Mutation(
        "a deletion does not look again right before",
        f"{FRAMEWORK}/resource/resource.py",
        "        if now is None:\n            return\n",
        "",
        "tests/unit/plugins/modules tests/unit/plugins/module_utils/resource",
    ),
    Mutation(
        "two of one name are one",
        f"{FRAMEWORK}/resource/module.py",
        "if len(found) > 1:",
        "if len(found) > 2:",
        _law("project", 8),
    ),
    Mutation(
        "an order of grants is a difference",
        f"{FRAMEWORK}/resource/compare.py",
        "return [members[key] for key in sorted(members)]",
        "return [members[key] for key in members]",
        _law("spaces_key", 8),
    ),
    Mutation(
        "4:00 is not 04:00",
        f"{FRAMEWORK}/resource/compare.py",
        'return f"{int(found[1]):02d}:{found[2]}" if found else value',
        'return f"{found[1]}:{found[2]}" if found else value',
        _law("database_cluster", 2, 8),
    ),
    Mutation(
        "others' rules of a firewall are lost",
        "plugins/modules/database_firewall.py",
        '(there if self.params["mode"] == "append" else {})',
        "{}",
        "tests/integration/test_databases.py -k firewall",
    ),
    Mutation(
        "a certificate goes without its domain",
        "plugins/modules/cdn_endpoint.py",
        "set both custom_domain and certificate_id",
        "set custom_domain",
        "tests/integration/test_cdn_endpoint.py -k domain",
    ),
    Mutation(
        "a certificate's users stay where they are",
        "plugins/modules/certificate.py",
        'self.when_free(partial(certificates.move, self.api, kind, row, old, new["id"]))',
        "pass",
        "tests/integration/test_certificate.py -k place",
    ),
    # ── Errors, retries, waiting, silence ────────────────────────────────────────────────────────────────────────────
    Mutation(
        "a lost POST is repeated blindly",
        f"{FRAMEWORK}/api/client.py",
        "if not error.passing or (error.uncertain and not repeatable):",
        "if not error.passing:",
        _law("spaces_key", 10),
    ),
    Mutation(
        "a busy resource is not waited for",
        f"{FRAMEWORK}/resource/waiting.py",
        "            except (Conflict, Forbidden) as error:",
        "            except Forbidden as error:",
        _law("vpc", 7),
    ),
    Mutation(
        "a wait takes longer than it may",
        f"{FRAMEWORK}/api/wait.py",
        "        if elapsed >= timeout:",
        "        if elapsed >= 3 * timeout:",
        _law("database_cluster", 11),
    ),
    Mutation(
        "a failure forgets that something was changed",
        f"{FRAMEWORK}/resource/module.py",
        'result["changed"] = bool(module and module.changed_something())',
        'result["changed"] = False',
        _law("database_cluster", 11),
    ),
    Mutation(
        "an empty answer is taken for the API's",
        f"{FRAMEWORK}/api/promises.py",
        '        if data == {} or data == "":\n            return "without content"',
        '        if data == {} or data == "":\n            return ""',
        "tests/unit/plugins/modules/test_silence.py",
    ),
    Mutation(
        "only the first page of a list is read",
        f"{FRAMEWORK}/api/client.py",
        "more = more or len(rows) < total",
        "more = False",
        f"{LAW} tests/integration/test_vpc.py -k 'pages or (vpc and test_08)'",
    ),
    Mutation(
        "an error does not say what to do next",
        f"{FRAMEWORK}/api/errors.py",
        """return f"Give the token the scope{'s' if len(named) > 1 else ''} {scope}, or use a token that has it.\"""",
        'return "Use another token."',
        _law("vpc", 9),
    ),
    # ── Secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────
    Mutation(
        "a secret inside a longer text is shown",
        f"{FRAMEWORK}/api/secrets.py",
        "return MASKED if data in known else places.sub(MASKED_PART, data)",
        "return MASKED if data in known else data",
        "tests/unit/plugins/module_utils/api/test_secrets.py",
    ),
    Mutation(
        "passwords of the API are shown",
        f"{FRAMEWORK}/resource/module.py",
        "result = dict(invocation.secrets.mask(scrub(result)))",
        "result = dict(invocation.secrets.mask(result)) if invocation.check_mode else dict(result)",
        _law("database_user", 12),
    ),
    Mutation(
        "the arguments that a result carries are not masked",
        "plugins/plugin_utils/running/inside.py",
        'result["invocation"] = {"module_args": secrets.mask(params)}',
        'result["invocation"] = {"module_args": params}',
        _law("app", 12),
    ),
    Mutation(
        "a task without no_log gets the secret of a key",
        f"{FRAMEWORK}/resource/module.py",
        "    if invocation.hidden:\n",
        "    if told:\n",
        "tests/integration/test_spaces_key.py -k 'would_show_it'",
    ),
    Mutation(
        "a word of ~/.netrc is sent in the place of the token",
        f"{FRAMEWORK}/api/carrier.py",
        "            auth=_as_it_is,\n",
        "",
        "tests/integration/test_bad_input.py -k token_is_sent",
    ),
    # ── The controller path ──────────────────────────────────────────────────────────────────────────────────────────
    Mutation(
        "a wrong type ends in Ansible's own words",
        "plugins/plugin_utils/running/inside.py",
        '    if wrong := misfits(specification["argument_spec"], given):',
        "    if wrong := misfits({}, given):",
        "tests/integration/test_bad_input.py -k one_sentence",
    ),
    Mutation(
        "check mode does not reach the module",
        "plugins/plugin_utils/running/inside.py",
        "            check_mode=task.check_mode,\n",
        "",
        _law("project", 3),
    ),
    Mutation(
        "the plugin forgets check mode",
        "plugins/action/controller.py",
        "            check_mode=bool(self._task.check_mode),\n",
        "",
        "tests/integration/test_parity.py -k others",
    ),
    Mutation(
        "async runs inside the controller",
        "plugins/action/controller.py",
        "            and not self._task.async_val\n",
        "",
        "tests/integration/test_controller_path.py",
    ),
    # ── Procedures: the frame, confirmation, lock, report ────────────────────────────────────────────────────────────
    Mutation(
        "procedure: --skip-tags always leaves the beginning out",
        "roles/procedure/tasks/begin.yml",
        """- name: Begin in any case
  ansible.builtin.include_tasks: start.yml
""",
        """- name: Begin in any case
  ansible.builtin.include_tasks: start.yml
  tags: [always]
""",
        f"{FRAME} -k 'gets_around and checks'",
    ),
    Mutation(
        "procedure: what has begun once in a run has begun for all",
        "roles/procedure/vars/main.yml",
        '  name: "{{ procedure_name }}"',
        '  name: ""',
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: nobody is asked to confirm",
        "roles/procedure/vars/main.yml",
        "if procedure_destroys and procedure_confirm != procedure_environment else",
        "if false else",
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: no lock is taken",
        "roles/procedure/tasks/start.yml",
        "  when: procedure_writes | bool\n",
        "  when: false\n",
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: the role that destroys counts on its caller",
        "roles/teardown/tasks/away.yml",
        "  when: teardown_confirm != teardown_environment\n",
        "  when: false\n",
        f"{FRAME} -k alone",
    ),
    Mutation(
        "procedure: --start-at-task finds its way behind the refusal",
        "roles/teardown/tasks/main.yml",
        "ansible.builtin.include_tasks: away.yml",
        "ansible.builtin.import_tasks: away.yml",
        f"{FRAME} -k 'gets_around and beginning'",
    ),
    Mutation(
        "procedure: a slash at the end of the URL is another lock",
        "inventories/common/names.yml",
        "regex_replace('(:443)?/*$', '')",
        "trim",
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: the lock does not know whose environment it is",
        "roles/procedure/tasks/start.yml",
        '    account: "{{ __procedure_owner }}"\n',
        "",
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: an account that is not known is another one's",
        "plugins/plugin_utils/lock.py",
        '"" not in (self.account, other.account) and ',
        "",
        "tests/unit/plugins/plugin_utils/test_lock.py",
    ),
    Mutation(
        "procedure: a playbook destroys and does not ask",
        "playbooks/destroy.yml",
        "        procedure_destroys: take {{ procedure_environment }} away with everything in it\n",
        "",
        "tests/unit/house/test_procedures.py -k asks",
    ),
    Mutation(
        "procedure: a task stands outside of the frame",
        "playbooks/verify.yml",
        "    - name: Connection\n",
        "    - name: Look\n      ansible.builtin.debug:\n    - name: Connection\n",
        "tests/unit/house/test_procedures.py -k frame",
    ),
    Mutation(
        "procedure: what was only asked to go is gone",
        "plugins/plugin_utils/reporting.py",
        "[label for label in deleted if label in over]",
        "deleted",
        "tests/unit/plugins/plugin_utils/test_reporting.py",
    ),
    Mutation(
        "procedure: data counts as destroyed before anything is",
        "roles/teardown/vars/main.yml",
        '  data_destroyed: "{{ __teardown_data_destroyed }}"',
        '  data_destroyed: "{{ teardown_destroy_data | bool }}"',
        "tests/integration/test_destroy.py -k first_look",
    ),
    Mutation(
        "procedure: a page of nothing is None",
        "roles/teardown/tasks/end.yml",
        " | default('', true) | trim",
        " | trim",
        "tests/integration/test_destroy.py -k first_look",
    ),
    Mutation(
        "procedure: a report leaves figures out",
        "roles/procedure/tasks/end.yml",
        '    report_body: "{{ procedure_report_body }}"\n',
        "    report_body: none\n",
        f"{FRAME} -k for_itself",
    ),
    Mutation(
        "procedure: a pipe breaks the table of a report",
        "plugins/plugin_utils/markdown.py",
        """.replace("|", "\\\\|")""",
        "",
        "tests/unit/plugins/plugin_utils/test_markdown.py",
    ),
    # ── Plans ────────────────────────────────────────────────────────────────────────────────────────────────────────
    Mutation(
        "a plan that has moved is applied all the same",
        "roles/plan/tasks/hold.yml",
        "when: __plan_moves | length > 0",
        "when: false",
        f"{PLAN} -k as_it_is",
    ),
    Mutation(
        "a plan is not asked for by the run that shall be held to it",
        "playbooks/provision.yml",
        "when: procedure_plan | default('') | length > 0",
        "when: false",
        f"{PLAN} -k as_it_is",
    ),
    Mutation(
        "what a page tells is printed by each task as well",
        "plugins/callback/brief.py",
        "return any(name.endswith(TOLD_LATER) for name in task.get_vars())",
        "return False",
        f"{PLAN} -k as_it_is",
    ),
    Mutation(
        "a plan of something impossible is applied",
        "plugins/plugin_utils/kept_plans.py",
        'if row["action"] == "cannot"]',
        'if row["action"] == "never"]',
        f"{PLANNING} {PLAN} -k 'something_else or cannot_be'",
    ),
    Mutation(
        "a plan of another environment is applied",
        "plugins/plugin_utils/kept_plans.py",
        'if plan["environment"] != about["environment"]:',
        "if plan is about:",
        PLANNING,
    ),
    Mutation(
        "another value of a planned change is not noticed",
        "plugins/plugin_utils/kept_plans.py",
        "        if then != new:",
        "        if not new:",
        PLANNING,
    ),
    Mutation(
        "another value of a new secret is not noticed",
        "plugins/plugin_utils/kept_plans.py",
        'if not moves and kept["secrets"] != now["secrets"]:',
        "if moves is now:",
        PLANNING,
    ),
    Mutation(
        "a plan tells of what is as wanted",
        "plugins/plugin_utils/planning.py",
        'if result.get("failed") or result.get("changed")]',
        "]",
        PLANNING,
    ),
    Mutation(
        "two plans of one state differ",
        "plugins/plugin_utils/planning.py",
        "sorted(differing, key=lambda row: row[0])",
        "reversed(differing)",
        PLANNING,
    ),
    Mutation(
        "a plan that could not be made leaves the one before",
        "roles/plan/tasks/end.yml",
        "procedure_report: true",
        'procedure_report: "{{ plan_made is defined }}"',
        f"{PLAN} -k cannot_be",
    ),
    Mutation(
        "a drift in a plan is exit code 0",
        "roles/plan/tasks/judge.yml",
        "when: plan_made.resources | length > 0 or",
        "when: false and",
        f"{PLAN} -k as_it_is",
    ),
    # ── Filters and localcloud ───────────────────────────────────────────────────────────────────────────────────────
    Mutation(
        "the whole network stays open beside the app's addresses",
        "plugins/plugin_utils/trusted.py",
        "    if network_range and not private:",
        "    if network_range:",
        "tests/unit/plugins/plugin_utils/test_trusted.py",
    ),
    Mutation(
        "clusters of one name pass preflight",
        "plugins/plugin_utils/checks_inputs.py",
        'if inputs["postgresql_name"] == inputs["valkey_name"]:',
        'if inputs["postgresql_name"] is inputs:',
        "tests/unit/plugins/plugin_utils",
    ),
    Mutation(
        "localcloud lets an expired token in",
        "localcloud/ports/auth.py",
        'if row is None or (row["expires_at"] and parse(row["expires_at"]) <= world.now()):',
        "if row is None:",
        "tests/unit/localcloud/ports/test_auth.py tests/integration/test_bad_input.py -k 'auth or expired'",
    ),
    Mutation(
        "localcloud deletes a VPC with members",
        "localcloud/resources/vpcs.py",
        'raise ApiError(409, "Can not delete VPC with members")',
        "pass",
        "tests/unit/localcloud/resources/test_vpcs.py",
    ),
    Mutation(
        "a Droplet that runs is switched off without leave",
        "plugins/modules/droplet.py",
        'if current["status"] == "active" and not self.params["power_off"]:',
        "if self is current:",
        "tests/integration/test_droplet.py",
    ),
    Mutation(
        "an action whose answer was lost is begun twice",
        "plugins/modules/droplet.py",
        "id = str(once(self.clock, ask, begun)",
        "id = str(once(self.clock, ask, lambda: None)",
        "tests/integration/test_droplet.py",
    ),
    Mutation(
        "the user data that somebody else has given a pool is shown",
        "plugins/modules/droplet_autoscale_pool.py",
        "finders = (user_data_in,)",
        "finders = ()",
        "tests/integration/test_droplet_autoscale_pool.py",
    ),
    Mutation(
        "a rule that denies passes for one that allows",
        "plugins/modules/firewall.py",
        '"action": rule.get("action") or "allow",',
        '"action": "allow",',
        "tests/integration/test_firewall.py",
    ),
    Mutation(
        "of two Droplets with one name, one hides the other in the inventory",
        "plugins/inventory/droplets.py",
        'if names[row["name"]] == 1 else',
        "if names else",
        "tests/integration/test_inventory.py",
    ),
    Mutation(
        "localcloud deletes a Droplet while something is done to it",
        "localcloud/resources/droplets/actions.py",
        "    if pending(world, droplet):",
        "    if not world:",
        "tests/unit/localcloud/resources/test_droplets.py",
    ),
    Mutation(
        "localcloud tells what an app uses now of the time before",
        "localcloud/resources/apps/metrics.py",
        "if since <= at]",
        "if since]",
        "tests/unit/localcloud/resources/test_app_metrics.py",
    ),
    Mutation(
        "the metrics of an app that is not there are none",
        "plugins/modules/app_metrics_info.py",
        "            if self.check_mode:",
        "            if self.params:",
        "tests/integration/test_app_metrics_info.py",
    ),
    Mutation(
        "what was not measured counts as measured",
        f"{FRAMEWORK}/app/series.py",
        "if math.isfinite(number):",
        "if number == number:",
        "tests/unit/plugins/module_utils/app/test_series.py",
    ),
    Mutation(
        "a policy that is changed loses who is told",
        f"{FRAMEWORK}/resource/recipients.py",
        'return {"email": [], "slack": [], **given}',
        'return {"email": [], "slack": [], **{name: who for name, who in given.items() if name == "email"}}',
        _law("monitoring_alert_policy", 1, 5),
    ),
    Mutation(
        "the address of a webhook is shown",
        f"{FRAMEWORK}/resource/recipients.py",
        'if name == "slack" and isinstance(value, list):',
        'if name == "slak" and isinstance(value, list):',
        "tests/integration/test_monitoring.py",
    ),
    Mutation(
        "localcloud does not know an uptime check by a 404",
        "localcloud/resources/monitoring/uptime.py",
        'return ApiError(403, "You are not',
        'return ApiError(404, "You are not',
        "tests/unit/localcloud/resources/test_monitoring.py",
    ),
    Mutation(
        "localcloud keeps the alerts of a check that is gone",
        "localcloud/resources/monitoring/uptime.py",
        'if alert["_check"] == id:',
        'if alert["_check"] != id:',
        "tests/unit/localcloud/resources/test_monitoring.py",
    ),
    Mutation(
        "the document's latency is told of at another number",
        "roles/monitoring/defaults/main.yml",
        "monitoring_latency_ms: 2000",
        "monitoring_latency_ms: 3000",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "the document's CPU is told of at another number",
        "roles/monitoring/defaults/main.yml",
        "monitoring_cpu_percent: 80",
        "monitoring_cpu_percent: 90",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "the document's memory is told of at another number",
        "roles/app/defaults/main.yml",
        "    value: 85",
        "    value: 95",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "the error budget's path is asked at the health path",
        "roles/monitoring/vars/main.yml",
        "(monitoring_error_budget_path if __monitoring_known",
        "(monitoring_health_path if __monitoring_known",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "alerts stay when nobody is to be told",
        "roles/monitoring/vars/main.yml",
        """__monitoring_policy: "{{ 'present' if __monitoring_told else 'absent' }}\"""",
        """__monitoring_policy: "{{ 'present' if monitoring_name else 'absent' }}\"""",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "a policy is made without what it is about",
        "roles/monitoring/tasks/look.yml",
        "when: __monitoring_not_found | length > 0",
        "when: __monitoring_not_found | length > 9",
        "tests/integration/test_monitor.py",
    ),
    Mutation(
        "an alert policy outlives its environment",
        "roles/teardown/vars/main.yml",
        'description: "{{ teardown_monitoring }} database disk"',
        'description: "{{ teardown_monitoring }} database disks"',
        "tests/integration/test_site.py -k destroy_leaves",
    ),
    Mutation(
        "memory moves the bound before a deployment was measured",
        "plugins/plugin_utils/memory_scaling.py",
        "if since is None or _time(since) > begin:",
        "if since is None:",
        "tests/unit/plugins/plugin_utils/test_memory_scaling.py",
    ),
    Mutation(
        "memory swings between one instance and two",
        "plugins/plugin_utils/memory_scaling.py",
        "if max(used) * now / (now - 1) < limits.raise_over:",
        "if now:",
        "tests/unit/plugins/plugin_utils/test_memory_scaling.py",
    ),
    Mutation(
        "memory goes beyond what the profile allows",
        "plugins/plugin_utils/memory_scaling.py",
        "        if now < limits.most:",
        "        if now:",
        "tests/unit/plugins/plugin_utils/test_memory_scaling.py",
    ),
    Mutation(
        "site.yml moves back what memory has moved",
        "plugins/plugin_utils/memory_scaling.py",
        "if running and most > least else least",
        "if running and most > least and running is least else least",
        "tests/integration/test_scale_on_memory.py",
    ),
    Mutation(
        "silence about memory is taken for little use of it",
        "plugins/plugin_utils/memory_scaling.py",
        "if len(used) < limits.minutes * 60 // STEP.seconds:",
        "if not used:",
        "tests/unit/plugins/plugin_utils/test_memory_scaling.py",
    ),
    Mutation(
        "the bill leaves out what memory may lead to",
        "plugins/plugin_utils/bill.py",
        'most = int(inputs.get("app_most_instances") or 0)',
        "most = 0",
        "tests/unit/plugins/plugin_utils/test_bill.py",
    ),
    Mutation(
        "a load balancer loses what nobody speaks about",
        "plugins/modules/load_balancer.py",
        "whole = self.body({**change.current, **change.values})",
        "whole = self.body(change.values)",
        _law("load_balancer", 5, 6),
    ),
    Mutation(
        "a rule that leaves out its certificate loses it",
        "plugins/modules/load_balancer.py",
        "return [{**known.get(tuple(item.get(name) for name in key), {}), **item} for item in given]",
        "return [item for item in given]",
        "tests/integration/test_load_balancer.py",
    ),
    Mutation(
        "the target of a global load balancer is deleted",
        "plugins/modules/load_balancer.py",
        'if current["id"] in (row.get("target_load_balancer_ids") or [])]',
        "if not current]",
        "tests/integration/test_load_balancer.py",
    ),
    Mutation(
        "the keys of a log sink are shown",
        "plugins/modules/database_logsink.py",
        "finders = (secrets_of_sinks,)",
        "finders = ()",
        "tests/integration/test_database_logsink.py",
    ),
    Mutation(
        "half a configuration of a log sink is sent",
        "plugins/modules/database_logsink.py",
        "if whole.get(name) is None]:",
        "if not whole]:",
        "tests/integration/test_database_logsink.py",
    ),
    Mutation(
        "a log sink that is deleted is taken for one that is not",
        "plugins/modules/database_logsink.py",
        "self.api.delete(self.location(current), promise=ACKNOWLEDGED)",
        "self.api.delete(self.location(current))",
        _law("database_logsink", 7),
    ),
    Mutation(
        "the app's CPU is told of at another number",
        "roles/app/defaults/main.yml",
        "    value: 80",
        "    value: 90",
        "tests/integration/test_monitor.py -k documents",
    ),
    Mutation(
        "the app's slow answers are told of at another number",
        "roles/app/defaults/main.yml",
        "    value: 2000",
        "    value: 5000",
        "tests/integration/test_monitor.py -k documents",
    ),
    Mutation(
        "the load balancer's errors are told of at another number",
        "roles/monitoring/defaults/main.yml",
        "monitoring_errors_percent: 5",
        "monitoring_errors_percent: 50",
        "tests/integration/test_monitor.py -k documents",
    ),
    Mutation(
        "what is slow is told of too late",
        "roles/monitoring/vars/main.yml",
        "period: 3m",
        "period: 5m",
        "tests/integration/test_monitor.py -k documents",
    ),
    Mutation(
        "people are not told of the certificate's end in time",
        "roles/monitoring/defaults/main.yml",
        "monitoring_certificate_days: 14",
        "monitoring_certificate_days: 1",
        "tests/integration/test_monitor.py -k documents",
    ),
]

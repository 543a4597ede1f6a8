# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alert rules: which level they belong to, and what a threshold needs.

``alerts`` on apps, services, workers and jobs are missing in the API description (it has them on functions only) and
taken from the vendor's Go client, as are the last three rules.
"""

from __future__ import annotations

from localcloud import JSON
from localcloud.resources.apps.spec import KINDS, components
from localcloud.resources.apps.validation.errors import invalid, objects, one_of

APP_RULES = (
    "DEPLOYMENT_FAILED",
    "DEPLOYMENT_LIVE",
    "DEPLOYMENT_STARTED",
    "DEPLOYMENT_CANCELED",
    "DOMAIN_FAILED",
    "DOMAIN_LIVE",
    "AUTOSCALE_FAILED",
    "AUTOSCALE_SUCCEEDED",
    "JOB_INVOCATION_FAILED",
)
INSTANCE_RULES = ("CPU_UTILIZATION", "MEM_UTILIZATION", "RESTART_COUNT")
REQUEST_RULES = ("REQUESTS_PER_SECOND", "REQUEST_DURATION_P95_MS")
FUNCTION_RULES = (
    "FUNCTIONS_ACTIVATION_COUNT",
    "FUNCTIONS_AVERAGE_DURATION_MS",
    "FUNCTIONS_ERROR_RATE_PER_MINUTE",
    "FUNCTIONS_AVERAGE_WAIT_TIME_MS",
    "FUNCTIONS_ERROR_COUNT",
    "FUNCTIONS_GB_RATE_PER_SECOND",
)
COMPONENT_RULES = {
    "services": (*INSTANCE_RULES, *REQUEST_RULES),
    "workers": INSTANCE_RULES,
    "jobs": (*INSTANCE_RULES, "JOB_INVOCATION_FAILED"),
    "functions": FUNCTION_RULES,
    "static_sites": (),
}
PERCENTAGES = ("CPU_UTILIZATION", "MEM_UTILIZATION")
ALL_RULES = tuple(dict.fromkeys((*APP_RULES, *INSTANCE_RULES, *REQUEST_RULES, *FUNCTION_RULES)))
OPERATORS = ("GREATER_THAN", "LESS_THAN")
WINDOWS = ("FIVE_MINUTES", "TEN_MINUTES", "THIRTY_MINUTES", "ONE_HOUR")


def check_alerts(spec: JSON) -> None:
    _check_list(objects(spec, "alerts", "alerts"), "alerts", APP_RULES, "an app")
    for kind, component in components(spec):
        field = f"{kind}.alerts"
        _check_list(objects(component, "alerts", field), field, COMPONENT_RULES[kind], f"a {KINDS[kind]}")


def _check_list(alerts: list[JSON], field: str, rules: tuple[str, ...], owner: str) -> None:
    seen: list[tuple[object, ...]] = []
    for alert in alerts:
        rule = one_of(alert, "rule", f"{field}.rule", ALL_RULES)
        if rule not in rules:
            raise invalid(f"{field}.rule", f'the rule "{rule or "UNSPECIFIED_RULE"}" does not apply to {owner}')
        operator = one_of(alert, "operator", f"{field}.operator", ("UNSPECIFIED_OPERATOR", *OPERATORS))
        window = one_of(alert, "window", f"{field}.window", ("UNSPECIFIED_WINDOW", *WINDOWS))
        value = alert.get("value")
        if rule not in APP_RULES:
            _check_threshold(field, rule, operator, window, value)
        key = (rule, operator, window, value)
        if key in seen:
            raise invalid(f"{field}.rule", f'the rule "{rule}" is there twice with the same threshold')
        seen.append(key)


def _check_threshold(field: str, rule: str, operator: str, window: str, value: object) -> None:
    if operator not in OPERATORS:
        raise invalid(f"{field}.operator", f'the rule "{rule}" needs one of {", ".join(OPERATORS)}')
    if window not in WINDOWS:
        raise invalid(f"{field}.window", f'the rule "{rule}" needs one of {", ".join(WINDOWS)}')
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
        raise invalid(f"{field}.value", f'the rule "{rule}" needs a value that is not negative')
    if rule in PERCENTAGES and value > 100:
        raise invalid(f"{field}.value", f'the rule "{rule}" compares per cent; {value:g} is more than 100')

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the document has no exact counterpart is said in a line each."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.watching import deviations

SIZES = [{"slug": "apps-s-1vcpu-1gb"}, {"slug": "apps-d-1vcpu-1gb", "scalable": True}]
ALL_TOLD: dict[str, Any] = {
    "monitoring_emails": ["ops@fisioflow.example"],
    "monitoring_slack": False,
    "monitoring_error_budget_path": "/slo",
    "app_instance_size": "apps-d-1vcpu-1gb",
    "app_autoscaling": {},
}


SLOW = "slow answers are told after 3 minutes as asked from outside, as visitors had them (p95) after 5"


def test_nothing_more_is_said_of_what_is_as_in_the_document() -> None:
    assert deviations(ALL_TOLD, SIZES) == [SLOW]
    assert deviations({**ALL_TOLD, "monitoring_emails": [], "monitoring_slack": True}, SIZES) == [SLOW]
    # Of a size that is not known nothing can be told.
    assert deviations({**ALL_TOLD, "app_instance_size": "apps-x"}, SIZES) == [SLOW]


def test_people_on_call_read_it_in_their_language() -> None:
    nobody = {**ALL_TOLD, "monitoring_emails": [], "monitoring_error_budget_path": ""}
    assert deviations(nobody, SIZES, "pt_BR") == [
        "ninguém é avisado quando algo dá errado: indique pessoas em app_alert_emails",
        "erros acima de 5 % não são avisados: o App Platform não os conta; reinícios e lentidão são avisados "
        "(monitoring_error_budget_path)",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"monitoring_emails": []}, "nobody is told"),
        ({"monitoring_error_budget_path": ""}, "errors over 5 % are not told: App Platform counts none; restarts"),
        ({"monitoring_error_budget_path": "", "monitoring_load_balancer": "lb"}, "load balancer's 5xx"),
        ({"app_instance_size": "apps-s-1vcpu-1gb"}, "shared apps-s-1vcpu-1gb has none by CPU"),
    ],
)
def test_each_is_said(change: dict[str, Any], words: str) -> None:
    [told] = [text for text in deviations({**ALL_TOLD, **change}, SIZES) if text != SLOW]
    assert words in told


def test_requests_scale_on_a_shared_size() -> None:
    scaling = {"metrics": {"requests_per_second": {"per_instance": 50}}}
    shared = {**ALL_TOLD, "app_instance_size": "apps-s-1vcpu-1gb", "app_autoscaling": scaling}
    assert deviations(shared, SIZES) == [SLOW]

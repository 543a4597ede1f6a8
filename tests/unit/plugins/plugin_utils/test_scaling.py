# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What wishes of other sizes come to, and which of them are refused."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.documents import document_page
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.scaling import scale_plan
from ansible_collections.fisioflow.digitalocean.plugins.plugin_utils.scaling_pages import scale_document
from tests.unit.plugins.plugin_utils.wanted import inputs, offers

PG = {
    "name": "fisioflow-local-postgresql", "engine": "pg", "version": "17", "region": "nyc1", "size": "db-s-1vcpu-1gb",
    "num_nodes": 1, "storage_size_mib": 10240, "status": "online", "created_at": "2026-11-01T00:00:00Z",
}  # fmt: skip
VALKEY = {**PG, "name": "fisioflow-local-valkey", "engine": "valkey", "version": "8"}
WEB = {"name": "web", "instance_count": 1, "instance_size_slug": "apps-s-1vcpu-1gb"}
SCALING = {"min_instance_count": 1, "max_instance_count": 2, "metrics": {"requests_per_second": {"per_instance": 50}}}


def page(made: dict[str, Any], language: str = "en", **about: Any) -> str:
    """Its headline first."""
    given = {"environment": "local", "file": "30.yml", "failure": "", "only_told": False, **about}
    told = scale_document(made, given, language)
    return f"{told['headline']}\n{document_page(told)}"


def plan(
    wishes: dict[str, Any], service: dict[str, Any] | None = None, clusters: Any = (PG, VALKEY), **given: Any
) -> dict[str, Any]:
    on_offer = offers()
    answers = {
        "app": {"spec": {"services": [service or WEB, {"name": "other", "instance_count": 3}]}},
        "clusters": list(clusters),
        "databases": on_offer["databases"],
        "options": {"instance_sizes": on_offer["instance_sizes"], "regions": on_offer["app_regions"]},
    }
    return scale_plan(answers, inputs(**{"preflight_budget_usd": 200, **given}), wishes)


def test_what_changes_is_told_with_its_costs_and_the_lines_for_the_inventory() -> None:
    made = plan({"app_instance_count": "2", "postgresql_size": "db-s-1vcpu-2gb", "valkey_num_nodes": ""})
    assert made["problems"] == []
    assert made["changes"] == [
        {"what": "postgresql_size", "before": "db-s-1vcpu-1gb", "after": "db-s-1vcpu-2gb"},
        {"what": "app_instance_count", "before": 1, "after": 2},
    ]
    assert made["lines"] == ["postgresql_size: db-s-1vcpu-2gb", "app_instance_count: 2"]
    assert made["monthly_more"] == 12 + round(30.45 - 15.15, 2)
    assert made["monthly_after"] == round(made["monthly_before"] + made["monthly_more"], 2)
    assert made["spec"] == {"services": [{"name": "web", "instance_count": 2}, {"name": "other"}]}
    assert made["asked"] == ["app", "postgresql"]
    [cluster] = made["clusters"]
    # A disk that nobody asks for is the API's business.
    assert (cluster["role"], cluster["values"]) == ("postgresql", {"size": "db-s-1vcpu-2gb", "num_nodes": 1})
    assert any("fisioflow-local-postgresql: new nodes take over" in sentence for sentence in made["consequences"])


def test_what_is_so_already_changes_nothing_and_the_inventory_is_told_nevertheless() -> None:
    service = {**WEB, "instance_count": 2}
    made = plan({"app_instance_count": 2}, service)
    assert (made["changes"], made["spec"], made["clusters"], made["monthly_more"]) == ([], {}, [], 0)
    assert made["lines"] == ["app_instance_count: 2"]
    told = page(made)
    assert told.startswith(
        "Scaled · local · all as it was\nWhat changes\n  All of it is so already.\n\nFor the inventory\n"
    )
    assert "  In 30.yml write" in told
    assert plan({"app_instance_count": 2}, service, app_instance_count=2)["lines"] == []


def test_what_is_over_the_budget_may_become_less_but_not_more() -> None:
    service = {**WEB, "instance_count": 3}
    assert plan({"app_instance_count": 2}, service, preflight_budget_usd=60)["monthly_more"] == -12
    assert "over the budget" in plan({"app_instance_count": 4}, service, preflight_budget_usd=60)["problems"][0]


def test_a_price_of_now_that_nobody_knows_is_said() -> None:
    old = {**WEB, "instance_size_slug": "basic-old"}
    made = plan({"app_instance_size": "apps-s-1vcpu-1gb"}, old)
    assert made["problems"] == []
    assert (made["monthly_before"], made["monthly_more"]) == (None, None)
    assert "and nobody knows the price of what is there now." in page(made)


def test_bounds_move_what_scales_by_itself_and_keep_its_metrics() -> None:
    made = plan({"app_max_instance_count": 4}, {**WEB, "autoscaling": SCALING}, app_autoscaling=SCALING)
    assert made["problems"] == []
    part = {"min_instance_count": 1, "max_instance_count": 4}
    assert made["spec"]["services"][0] == {"name": "web", "autoscaling": part}
    assert made["monthly_more"] == 24
    assert made["lines"] == [
        'app_autoscaling: {"min_instance_count": 1, "max_instance_count": 4, "metrics": '
        '{"requests_per_second": {"per_instance": 50}}}'
    ]


@pytest.mark.parametrize(
    ("wishes", "more", "sentence"),
    [
        ({}, {}, "Say what to scale, as by -e scale_app_instance_count=2"),
        ({"app_instance_count": "two"}, {}, "scale_app_instance_count is 'two', and must be a whole number from 1."),
        ({"app_instance_count": "0"}, {}, "scale_app_instance_count is '0', and must be a whole number from 1."),
        ({"valkey_size": "db-s-1vcpu-2gb"}, {"clusters": [PG]}, "There is no cluster fisioflow-local-valkey"),
        (
            {"postgresql_size": "db-s-1vcpu-2gb"},
            {"clusters": [{**PG, "status": "resizing"}]},
            "The cluster fisioflow-local-postgresql is resizing, not online",
        ),
        (
            {"postgresql_size": "db-s-1vcpu-1gb"},
            {"clusters": [{**PG, "size": "db-s-1vcpu-2gb"}]},
            "cannot get smaller than 'db-s-1vcpu-2gb'",
        ),
        # Although it grows by itself, which is the default.
        ({"postgresql_storage_size_mib": 5120}, {}, "cannot go down from 10240"),
        ({"valkey_size": "db-s-9vcpu-1gb"}, {}, "valkey_size 'db-s-9vcpu-1gb' of Valkey is not on offer"),
        ({"valkey_num_nodes": 2}, {}, "valkey_num_nodes 2 is not offered with valkey_size 'db-s-1vcpu-1gb'"),
        ({"app_instance_size": "apps-s-9vcpu"}, {}, "app_instance_size 'apps-s-9vcpu' is not on offer"),
        ({"app_instance_count": 9, "app_instance_size": "apps-s-1vcpu-1gb-fixed"}, {}, "runs a single instance only"),
        ({"app_instance_count": 5}, {"app_most_instances": 4}, "app_most_instances is 4; 5 to 250 is allowed"),
        ({"app_instance_count": 9}, {"preflight_budget_usd": 90}, "over the budget of $90.00"),
        ({"app_max_instance_count": 3}, {}, "so there are no bounds to move by scale_app_max_instance_count"),
        (
            {"app_instance_count": 3},
            {"service": {**WEB, "autoscaling": SCALING}, "app_autoscaling": SCALING},
            "so it has no scale_app_instance_count",
        ),
        ({"app_instance_count": 3}, {"app_autoscaling": SCALING}, "Inventory and account do not agree on"),
        ({"app_instance_count": 3}, {"app_service_name": "site"}, "has no service site that runs: run site.yml first"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wishes: Any, more: Any, sentence: str) -> None:
    made = plan(wishes, **more)
    assert len(made["problems"]) == 1, made["problems"]
    assert sentence in made["problems"][0]
    assert (made["changes"], made["spec"], made["clusters"]) == ([], {}, [])


def test_what_it_comes_to_is_told_in_both_languages_and_after_a_failure_no_line_of_it() -> None:
    made = plan({"app_instance_count": 2}, {**WEB, "instance_count": 1})
    told = page(made, only_told=True)
    assert told.startswith(
        "Scaled · local · app_instance_count would change\nWhat changes\n  app_instance_count: 1 → 2\n"
    )
    assert "  In 30.yml write, in place of" in told
    assert "\n  app_instance_count: 2" in told
    portuguese = page(made, "pt_BR")
    assert portuguese.startswith("Redimensionado · local · app_instance_count mudou/mudaram\nO que muda\n")
    assert "dólares por mês no máximo, ou seja, +12,00." in portuguese
    failed = page(made, failure="it broke")
    assert failed.startswith("Scaled · local · FAILED\n")
    assert "30.yml" not in failed

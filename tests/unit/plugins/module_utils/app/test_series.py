# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A matrix of Prometheus, and what is none."""

from __future__ import annotations

import pytest

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.app.series import series_of

LABELS = {"app_component": "web", "app_component_instance": "web-0"}


def test_what_was_not_measured_is_no_number():
    values = [[240, "12.5"], [120, "NaN"], [360, "+Inf"], [120, "2.5"]]
    (found,) = series_of({"resultType": "matrix", "result": [{"metric": LABELS, "values": values}]}, "here")
    assert found["points"] == [[120, 2.5], [240, 12.5]]
    assert (found["latest"], found["mean"], found["maximum"]) == (12.5, 7.5, 12.5)
    (nothing,) = series_of({"resultType": "matrix", "result": [{"metric": LABELS, "values": []}]}, "here")
    assert (nothing["points"], nothing["latest"], nothing["mean"]) == ([], None, None)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"resultType": "vector", "result": []},
        {"resultType": "matrix"},
        {"resultType": "matrix", "result": ["web"]},
        {"resultType": "matrix", "result": [{"metric": LABELS, "values": [[120, "much"]]}]},
        {"resultType": "matrix", "result": [{"metric": LABELS, "values": [["120"]]}]},
        {"resultType": "matrix", "result": [{"values": []}]},
    ],
    ids=str,
)
def test_what_is_no_matrix_is_an_error(data):
    with pytest.raises(NotTheApi, match="here answered 200 with"):
        series_of(data, "here")

# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""App Platform: apps, their deployments, rollbacks, alerts.

One concept per module. ``validation`` refuses a spec, ``canonical`` completes it, ``secrets`` encrypts what is in it;
``deployments`` has what a deployment is: its course and phases, its steps (``progress``), how it fails, its logs;
``render`` turns the records into answers; the rest are the operations.

Tables: ``apps`` (id → app), ``app_deployments`` (id → deployment, ``_app_id`` tells whose). Zero values are left out of
answers, as protocol buffers do and the examples of the API description show.
"""

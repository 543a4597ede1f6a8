# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Balance, billing history and invoices: what the account holds, by its age and price.

An hour costs a 672nd of a month, and a month at most a whole one. A month that is over is an invoice, which was paid
the day after. Nothing is remembered for this: what has been deleted is billed as if it had never been.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from localcloud import JSON
from localcloud.ports.errors import not_found
from localcloud.ports.pages import paginate
from localcloud.ports.routing import Reply, Request, operation
from localcloud.resources import projects
from localcloud.resources.account import EMAIL, NAME, TEAM
from localcloud.resources.apps import pricing as apps
from localcloud.resources.catalogue import HOURS
from localcloud.resources.databases import pricing as databases
from localcloud.resources.invoice_files import csv_of, pdf_of
from localcloud.resources.spaces.s3 import buckets
from localcloud.world.clock import parse
from localcloud.world.world import World

SPACES_MONTHLY = 5.0
SCOPE = "billing:read"


@dataclass(frozen=True)
class Charge:
    """Something that costs ``monthly`` USD from ``since`` on."""

    product: str
    description: str
    urn: str
    since: datetime
    monthly: float


def charges(world: World) -> Iterator[Charge]:
    for row in world.table("databases").everything():
        text = f"{row['name']} ({row['engine']}, {row['num_nodes']} × {row['size']})"
        since = parse(row["created_at"])
        yield Charge("Database Clusters", text, f"do:dbaas:{row['id']}", since, databases.monthly_cost(row))
    for app in world.table("apps").everything():
        since = parse(app["created_at"])
        cost = apps.monthly_cost(world, app["spec"], app["id"])
        yield Charge("App Platform", app["spec"]["name"], f"do:app:{app['id']}", since, float(cost))
    own = [row["created_at"] for row in world.table(buckets.TABLE).everything() if row["owner"] == buckets.ACCOUNT]
    if own:
        text = "Spaces ($5/mo 250GB storage & 1TB bandwidth)"
        yield Charge("Spaces Subscription", text, "", parse(min(own)), SPACES_MONTHLY)


def _next(month: datetime) -> datetime:
    return (month + timedelta(days=32)).replace(day=1)


def _month(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _months(world: World) -> list[datetime]:
    """The beginnings of the months of the account, this one last."""
    now = _month(world.now())
    found = [min([now, *(_month(charge.since) for charge in charges(world))])]
    while found[-1] < now:
        found.append(_next(found[-1]))
    return found


def _items(world: World, month: datetime) -> list[JSON]:
    """The lines of a month's invoice."""
    found: list[JSON] = []
    for charge in charges(world):
        start, end = max(charge.since, month), min(_next(month), world.now())
        hours = (end - start).total_seconds() / 3600
        if hours < 0:
            continue
        item = {
            "product": charge.product,
            "group_description": "",
            "description": charge.description,
            "amount": _money(min(charge.monthly, charge.monthly * hours / HOURS)),
            "duration": str(round(hours)),
            "duration_unit": "Hours",
            "start_time": world.timestamp(start),
            "end_time": world.timestamp(end),
        }
        project = world.table(projects.TABLE).peek(projects.project_of(world, charge.urn) or "")
        if charge.urn:
            item["resource_uuid"] = charge.urn.rpartition(":")[2]
        found.append(item | ({"project_name": project["name"]} if project else {}))
    return found


def _money(amount: float) -> str:
    return f"{amount:.2f}"


def _total(items: list[JSON]) -> str:
    return _money(sum(float(item["amount"]) for item in items))


def _invoice(world: World, month: datetime) -> JSON:
    period = f"{month:%Y-%m}"
    return {
        "invoice_uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{TEAM['uuid']}/{period}")),
        "invoice_id": f"{month:%Y%m}001",
        "amount": _total(_items(world, month)),
        "invoice_period": period,
    }


def _wanted(request: Request) -> tuple[datetime, JSON]:
    """The month and invoice of the path; the preview is one too, and may be called that."""
    wanted, months = request.params["invoice_uuid"], _months(request.world)
    for month in months:
        invoice = _invoice(request.world, month)
        if invoice["invoice_uuid"] == wanted or (wanted == "preview" and month == months[-1]):
            return month, invoice
    raise not_found()


@operation("GET", "/v2/customers/my/balance", scope=SCOPE)
def balance(request: Request) -> JSON:
    """Invoices are paid, so this month's use is all that is owed."""
    usage = _invoice(request.world, _month(request.world.now()))["amount"]
    return {
        "month_to_date_balance": usage,
        "account_balance": "0.00",
        "month_to_date_usage": usage,
        "generated_at": request.world.timestamp(),
    }


@operation("GET", "/v2/customers/my/billing_history", scope=SCOPE)
def history(request: Request) -> JSON:
    """Newest first."""
    world, entries = request.world, []
    for month in _months(world)[:-1]:
        invoice = _invoice(world, month)
        ids = {"invoice_id": invoice["invoice_id"], "invoice_uuid": invoice["invoice_uuid"]}
        entry = {"description": f"Invoice for {month:%B %Y}", "amount": invoice["amount"], "type": "Invoice", **ids}
        payment = {"description": f"Payment for {month:%B %Y}", "amount": f"-{invoice['amount']}", "type": "Payment"}
        entries += [entry | {"date": world.timestamp(_next(month))}]
        paid = _next(month) + timedelta(days=1)
        entries += [payment | {"date": world.timestamp(paid)}] if paid <= world.now() else []
    return paginate(request, "billing_history", entries[::-1])


@operation("GET", "/v2/customers/my/invoices", scope=SCOPE)
def invoices(request: Request) -> JSON:
    *past, now = _months(request.world)
    found = paginate(request, "invoices", [_invoice(request.world, month) for month in reversed(past)])
    preview = _invoice(request.world, now) | {"updated_at": request.world.timestamp()}
    return {**found, "invoice_preview": preview}


@operation("GET", "/v2/customers/my/invoices/{invoice_uuid}", scope=SCOPE)
def invoice_items(request: Request) -> JSON:
    month = _wanted(request)[0]
    return paginate(request, "invoice_items", _items(request.world, month))


@operation("GET", "/v2/customers/my/invoices/{invoice_uuid}/summary", scope=SCOPE)
def invoice_summary(request: Request) -> JSON:
    month, invoice = _wanted(request)
    items = _items(request.world, month)
    products = {item["product"]: [other for other in items if other["product"] == item["product"]] for item in items}
    counted = [{"name": name, "amount": _total(rows), "count": str(len(rows))} for name, rows in products.items()]
    return {
        "invoice_uuid": invoice["invoice_uuid"],
        "invoice_id": invoice["invoice_id"],
        "billing_period": invoice["invoice_period"],
        "amount": invoice["amount"],
        "user_name": NAME,
        "user_company": TEAM["name"],
        "user_email": EMAIL,
        "product_charges": {"name": "Product usage charges", "amount": invoice["amount"], "items": counted},
        "overages": {"name": "Overages", "amount": "0.00"},
        "taxes": {"name": "Taxes", "amount": "0.00"},
        "credits_and_adjustments": {"name": "Credits & adjustments", "amount": "0.00"},
    }


@operation("GET", "/v2/customers/my/invoices/{invoice_uuid}/csv", scope=SCOPE)
def invoice_csv(request: Request) -> Reply:
    month, invoice = _wanted(request)
    return _file(csv_of(_items(request.world, month)), "text/csv", f"{invoice['invoice_id']}.csv")


@operation("GET", "/v2/customers/my/invoices/{invoice_uuid}/pdf", scope=SCOPE)
def invoice_pdf(request: Request) -> Reply:
    month, invoice = _wanted(request)
    items = _items(request.world, month)
    lines = [f"{item['product']}: {item['description']}, USD {item['amount']}" for item in items]
    title = [f"Invoice {invoice['invoice_id']} for {invoice['invoice_period']}", f"{NAME}, {TEAM['name']}", ""]
    return _file(pdf_of([*title, *lines, "", f"Total: USD {invoice['amount']}"]), "application/pdf", "invoice.pdf")


def _file(body: bytes, kind: str, name: str) -> Reply:
    headers = {"content-type": kind, "content-disposition": f'attachment; filename="DigitalOcean Invoice {name}"'}
    return Reply(raw=body, headers=headers)

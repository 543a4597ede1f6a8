# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where every kind of resource lives in the API, what it is called, and which scopes of the token it takes: one table.

Source: the official API description of 2026-08-07 (github.com/digitalocean/openapi, commit 7c1300c).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.errors import NotTheApi
from ansible_collections.fisioflow.digitalocean.plugins.module_utils.api.promises import Promise


@dataclass(frozen=True)
class Ids:
    """How the ids of a kind look: a regular expression for all of one, and an example for people."""

    form: str
    example: str

    def fits(self, given: str) -> bool:
        """Whether that may be one."""
        return re.fullmatch(self.form, given) is not None


UUID = Ids(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "5a4981aa-9653-4bd1-bef5-d6bff52042e4")
# Of Droplets, SSH keys and images.
NUMBER = Ids(r"[1-9][0-9]*", "3164494")


@dataclass(frozen=True)
class Kind:
    """The address and the names of one kind of resource."""

    # The key of one resource in a module's result; in the plural, that of an info module's list.
    name: str
    # How sentences call it.
    noun: str
    # The collection's path, or for a `singleton` that of the thing itself; `{parent}` is the id of what it lives below.
    path: str
    # The keys under which the API wraps one of them and a list of them.
    one: str
    many: str = ""
    # The attribute that stands in the path of one of them.
    key: str = "id"
    ids: Ids = UUID
    # The attributes by which a person tells them apart, when `key` is not given.
    identity: tuple[str, ...] = ("name",)
    parent: Kind | None = None
    # There is exactly one below each parent: it is neither created nor deleted.
    singleton: bool = False
    # How a child's options call it: `<short>_id`, or `<short>` with its name.
    short: str = ""
    # What each of them has in every answer, when that is not `key` and `identity`.
    always: tuple[str, ...] = ()
    # The noun of the scopes that it takes: `database:read`. Without one it is none of the API's.
    scope: str = ""
    # The verb of the scope to create one.
    creates: str = "create"
    # The verb of the scope to change one.
    updates: str = "update"
    # The last word of a POST to one of them, or to them all → its scope's verb, when that is not `update`.
    posts: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def plural(self) -> str:
        """The key of an info module's list."""
        return re.sub(r"(?<![aeiou])ys$", "ies", f"{self.name}s")

    @property
    def promise(self) -> Promise:
        """What the answer to a call about one of them holds."""
        return Promise(self.one) if self.one else Promise(self.many, list)

    @property
    def tells(self) -> tuple[str, ...]:
        """What each of them has in every answer: without it nobody could say which one it is, or is not."""
        return () if self.singleton else self.always or tuple(dict.fromkeys((self.key, *self.identity)))

    def needs(self, verb: str) -> str:
        """The scope to `read`, `create`, `update` or `delete` one."""
        action = {"create": self.creates, "update": self.updates}.get(verb, verb)
        return f"{self.scope}:{action}"

    def collection(self, parent_id: str = "") -> str:
        """The path of all of them (of the thing itself, for a singleton)."""
        return self.path.replace("{parent}", quote(parent_id, safe=""))

    def unwrap(self, answer: dict[str, Any], key: str = "") -> dict[str, Any]:
        """The resource inside the API's envelope. Raises NotTheApi when it does not say which one it is, or another."""
        found = dict(answer[self.one]) if self.one else answer
        lacking = [f'without "{name}"' for name in self.tells if found.get(name) in (None, "")]
        if key and not lacking and str(found[self.key]).lower() != key.lower():
            lacking = [f"of the {self.key} {found[self.key]} for that of {key}"]
        if lacking:
            raise NotTheApi(f"The API answered 200 with a {self.noun} {lacking[0]}", status=200)
        return found

    def location(self, key: str, parent_id: str = "") -> str:
        """The path of one of them."""
        return self.collection(parent_id) if self.singleton else f"{self.collection(parent_id)}/{quote(key, safe='')}"


ACCOUNT = Kind("account", "account", "/v2/account", "account", singleton=True, scope="account")
BILLING = Kind("billing", "bill", "/v2/customers/my/balance", "", singleton=True, scope="billing")
INVOICE = Kind(
    "invoice",
    "invoice",
    "/v2/customers/my/invoices",
    "",
    "invoices",
    key="invoice_uuid",
    identity=("invoice_period",),
    scope="billing",
)
VPC = Kind("vpc", "VPC", "/v2/vpcs", "vpc", "vpcs", scope="vpc")
PROJECT = Kind(
    "project",
    "project",
    "/v2/projects",
    "project",
    "projects",
    scope="project",
    posts={"resources": "assign_resource"},
)
TAG = Kind(
    "tag", "tag", "/v2/tags", "tag", "tags", key="name", scope="tag", updates="create", posts={"resources": "create"}
)
# Droplets' regions, which are those of networks.
REGION = Kind("region", "region", "/v2/regions", "", "regions", key="slug", identity=("slug",), scope="regions")
SIZE = Kind("size", "size", "/v2/sizes", "", "sizes", key="slug", identity=("slug",), scope="sizes")

DROPLET = Kind(
    "droplet", "Droplet", "/v2/droplets", "droplet", "droplets", ids=NUMBER, scope="droplet", short="droplet"
)
# The address is the id.
RESERVED_IP = Kind(
    "reserved_ip",
    "reserved address",
    "/v2/reserved_ips",
    "reserved_ip",
    "reserved_ips",
    key="ip",
    ids=Ids(r"\d{1,3}(\.\d{1,3}){3}", "198.19.128.1"),
    identity=("ip",),
    scope="reserved_ip",
)
# A public one answers to its slug as well.
IMAGE = Kind("image", "image", "/v2/images", "image", "images", ids=NUMBER, scope="image")
DROPLET_AUTOSCALE_POOL = Kind(
    "droplet_autoscale_pool",
    "Droplet autoscale pool",
    "/v2/droplets/autoscale",
    "autoscale_pool",
    "autoscale_pools",
    scope="droplet",
    updates="create",
)
FIREWALL = Kind("firewall", "firewall", "/v2/firewalls", "firewall", "firewalls", scope="firewall")
# What is done to a Droplet, by its number alone.
ACTION = Kind("action", "action", "/v2/actions", "action", "actions", ids=NUMBER, identity=("id",), scope="actions")

LOAD_BALANCER = Kind(
    "load_balancer",
    "load balancer",
    "/v2/load_balancers",
    "load_balancer",
    "load_balancers",
    scope="load_balancer",
)

MONITORING_ALERT_POLICY = Kind(
    "monitoring_alert_policy",
    "alert policy",
    "/v2/monitoring/alerts",
    "policy",
    "policies",
    key="uuid",
    identity=("description",),
    scope="monitoring",
)
UPTIME_CHECK = Kind(
    "uptime_check", "uptime check", "/v2/uptime/checks", "check", "checks", short="check", scope="uptime"
)
UPTIME_ALERT = Kind(
    "uptime_alert",
    "alert",
    "/v2/uptime/checks/{parent}/alerts",
    "alert",
    "alerts",
    parent=UPTIME_CHECK,
    scope="uptime",
)

DATABASE_CLUSTER = Kind(
    "database_cluster", "database cluster", "/v2/databases", "database", "databases", short="cluster", scope="database"
)
_BELOW_CLUSTER = "/v2/databases/{parent}"
DATABASE_CONFIG = Kind(
    "database_config",
    "configuration of database cluster",
    f"{_BELOW_CLUSTER}/config",
    "config",
    parent=DATABASE_CLUSTER,
    scope="database",
    singleton=True,
)
DATABASE_FIREWALL = Kind(
    "database_firewall",
    "firewall of database cluster",
    f"{_BELOW_CLUSTER}/firewall",
    "",
    "rules",
    parent=DATABASE_CLUSTER,
    scope="database",
    singleton=True,
)
DATABASE_CREDENTIALS = Kind(
    "database_credentials",
    "credentials of database cluster",
    f"{_BELOW_CLUSTER}/ca",
    "ca",
    parent=DATABASE_CLUSTER,
    scope="database",
    singleton=True,
)
DATABASE_USER = Kind(
    "database_user",
    "database user",
    f"{_BELOW_CLUSTER}/users",
    "user",
    "users",
    key="name",
    parent=DATABASE_CLUSTER,
    scope="database",
)
DATABASE_DB = Kind(
    "database_db",
    "database",
    f"{_BELOW_CLUSTER}/dbs",
    "db",
    "dbs",
    key="name",
    parent=DATABASE_CLUSTER,
    scope="database",
)
DATABASE_POOL = Kind(
    "database_pool",
    "connection pool",
    f"{_BELOW_CLUSTER}/pools",
    "pool",
    "pools",
    key="name",
    parent=DATABASE_CLUSTER,
    scope="database",
)
DATABASE_REPLICA = Kind(
    "database_replica",
    "read replica",
    f"{_BELOW_CLUSTER}/replicas",
    "replica",
    "replicas",
    key="name",
    parent=DATABASE_CLUSTER,
    scope="database",
)
DATABASE_LOGSINK = Kind(
    "database_logsink",
    "log sink",
    f"{_BELOW_CLUSTER}/logsink",
    "sink",
    "sinks",
    key="sink_id",
    identity=("sink_name",),
    parent=DATABASE_CLUSTER,
    scope="database",
)
DATABASE_BACKUP = Kind(
    "database_backup",
    "backup",
    f"{_BELOW_CLUSTER}/backups",
    "",
    "backups",
    key="created_at",
    identity=("created_at",),
    parent=DATABASE_CLUSTER,
    scope="database",
)
# They are no part of the API: each node has its own address for them.
DATABASE_METRICS = Kind("database_metrics", "metrics", "", "", singleton=True, parent=DATABASE_CLUSTER)
# Nor are dumps that we make ourselves, which are in a bucket.
DATABASE_DUMP = Kind("database_dump", "dump", "", "", key="name")
CONFIGURATION_BUNDLE = Kind("configuration_bundle", "configuration", "", "", key="name")
DATABASE_RESTORE = Kind("database_restore", "restored dump", "", "", key="name")
DATABASE_RESTORED_TABLE = Kind("database_restored_table", "restored table", "", "", singleton=True)
# Nor is how fast somebody's page answers.
# What is seen of it on the wire.
TLS = Kind("tls", "encryption", "", "", singleton=True)
HTTP_LATENCY = Kind("http_latency", "latency", "", "", singleton=True)
# Nor is what is found out by connecting.
DATABASE_ACCESS = Kind("database_access", "access", "", "", singleton=True, parent=DATABASE_CLUSTER)
DATABASE_FAILOVER = Kind("database_failover", "failover", "", "", singleton=True, parent=DATABASE_CLUSTER)
HTTP_ANSWER = Kind("http_answer", "answer", "", "", singleton=True)
SPACES_ROUND_TRIP = Kind("spaces_round_trip", "round trip", "", "", singleton=True)
HTTP_GATE = Kind("http_gate", "health gate", "", "", singleton=True)
# What is on offer: one document, read only.
DATABASE_OPTIONS = Kind(
    "database_options", "database options", "/v2/databases/options", "options", singleton=True, scope="database"
)

# Both its id and its fingerprint stand in its address, and the fingerprint tells it before it is there.
SSH_KEY = Kind(
    "ssh_key", "SSH key", "/v2/account/keys", "ssh_key", "ssh_keys", key="fingerprint", ids=NUMBER, scope="ssh_key"
)

# Its id changes when Let's Encrypt renews it.
CERTIFICATE = Kind(
    "certificate",
    "certificate",
    "/v2/certificates",
    "certificate",
    "certificates",
    scope="certificate",
    updates="create",
)
DOMAIN = Kind("domain", "domain", "/v2/domains", "domain", "domains", key="name", scope="domain")
# What a module manages is all of a domain's; each one's scopes are those of the domain, and `domain:update`.
DOMAIN_RECORDS = Kind(
    "domain_records",
    "record",
    "/v2/domains/{parent}/records",
    "domain_record",
    "domain_records",
    ids=NUMBER,
    always=("id", "type", "name", "data"),
    scope="domain",
)
CONTAINER_REGISTRY = Kind(
    "container_registry",
    "container registry",
    "/v2/registries",
    "registry",
    "registries",
    key="name",
    scope="registry",
    posts={"validate-name": "create"},
)
# Each answer has other ones. They are told once, and only read.
CONTAINER_REGISTRY_CREDENTIALS = Kind(
    "container_registry_credentials", "credentials of a container registry", "", "auths", singleton=True
)

SPACES_KEY = Kind(
    "spaces_key",
    "Spaces key",
    "/v2/spaces/keys",
    "key",
    "keys",
    key="access_key",
    scope="spaces_key",
    creates="create_credentials",
)
SPACES_BUCKET = Kind("spaces_bucket", "Spaces bucket", "", "", key="name")
# What is copied from one to another.
SPACES_REPLICATION = Kind("spaces_replication", "replication", "", "", singleton=True)
SPACES_RESTORE = Kind("spaces_restore", "restore", "", "", singleton=True)
CDN_ENDPOINT = Kind(
    "cdn_endpoint", "CDN endpoint", "/v2/cdn/endpoints", "endpoint", "endpoints", identity=("origin",), scope="cdn"
)

# An app carries its name inside its spec.
APP = Kind(
    "app", "app", "/v2/apps", "app", "apps", short="app", always=("id", "spec"), scope="app", posts={"propose": "read"}
)
APP_DEPLOYMENT = Kind(
    "app_deployment",
    "deployment",
    "/v2/apps/{parent}/deployments",
    "deployment",
    "deployments",
    identity=("id",),
    parent=APP,
    scope="app",
    creates="update",
)
# Of a deployment; read by addresses that the API gives.
APP_LOGS = Kind("app_logs", "logs", "/v2/apps/{parent}/logs", "", singleton=True, parent=APP, scope="app")
APP_METRICS = Kind(
    "app_metrics", "metrics", "/v2/monitoring/metrics/apps", "data", singleton=True, parent=APP, scope="monitoring"
)
# They stand in the app itself.
APP_VARIABLES = Kind("app_variables", "variables", "", "app", singleton=True, parent=APP)
APP_OPTIONS = Kind(
    "app_options", "options of App Platform", "/v2/apps/regions", "", "regions", singleton=True, scope="app"
)
APP_SIZES = Kind(
    "app_sizes", "instance sizes", "/v2/apps/tiers/instance_sizes", "", "instance_sizes", singleton=True, scope="app"
)

ALL = [value for value in list(globals().values()) if isinstance(value, Kind)]

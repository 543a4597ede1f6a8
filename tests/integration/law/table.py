# Copyright: (c) 2026, FisioFlow contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the law: one entry for each resource module, from which its tests are generated.

To add a module, add an entry. `story.py` makes a story of it, `test_law.py` holds the result against the twelve laws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Args = dict[str, Any]


@dataclass(frozen=True)
class Update:
    """A change in place: what is asked (beside the identity), and the calls that it must cause, in order.

    A call is `METHOD /path` with `*` for an id.
    """

    args: Args
    calls: list[str]


@dataclass(frozen=True)
class Law:
    """What the tests need to know about one module."""

    module: str
    # The options that say which one is meant, on every run.
    identity: Args
    # Further options of the first run: as many as the API takes at creation.
    create: Args = field(default_factory=dict)
    # Each is tried with the identity alone, so that what it leaves out must stay.
    updates: list[Update] = field(default_factory=list)
    # Attributes that cannot change: another value, which must be refused. {} for a module without any.
    fixed: Args = field(default_factory=dict)
    # Other ways to say what is there after creation: no difference may be seen.
    same: list[Args] = field(default_factory=list)
    # Tasks that must run before: (module, args, name to register).
    needs: list[tuple[str, Args, str]] = field(default_factory=list)
    # The call that creates it, to aim faults at ("" for what is never created), and the one that deletes it.
    creates: str = ""
    deletes: str = ""
    # What must be said to delete it nevertheless.
    absent: Args = field(default_factory=dict)
    # The table of localcloud's state in which a second resource of the same name can be put ("" where the API's address
    # is the name, so that there cannot be two).
    table: str = ""
    # It becomes usable some time after creation: waiting can time out.
    slow: bool = False
    # What makes the API refuse the creation for lack of rights, beside a token that may only read, and what the
    # sentence about it must say.
    forbidden: Args = field(default_factory=dict)
    forbidden_says: str = r"403 .*scope \w+:\w+"
    # Values that must never be printed, beside the token and what localcloud keeps as passwords.
    secrets: list[str] = field(default_factory=list)
    # Further task keywords of every step, such as no_log where the result shows a secret.
    keywords: Args = field(default_factory=dict)
    # Attributes whose change is the business of a test of its own, with the reason.
    elsewhere: dict[str, str] = field(default_factory=dict)
    # Points of the law that cannot hold for it, with the reason.
    exempt: dict[int, str] = field(default_factory=dict)


def _cluster(name: str, engine: str = "pg", size: str = "db-s-1vcpu-1gb") -> tuple[str, Args, str]:
    """The cluster that something lives in."""
    return (
        "database_cluster",
        {"name": name, "engine": engine, "size": size, "num_nodes": 1, "region": "fra1"},
        "cluster",
    )


TABLE = [
    Law(
        module="vpc",
        identity={"name": "law-vpc"},
        create={"region": "fra1", "ip_range": "10.20.0.0/20", "description": "law"},
        updates=[
            Update({"description": "changed"}, ["PATCH /v2/vpcs/*"]),
            Update({"description": ""}, ["PATCH /v2/vpcs/*"]),
        ],
        fixed={"region": "nyc1", "ip_range": "10.99.0.0/20"},
        same=[{"ip_range": "10.20.0.7/20"}],
        # The first VPC of a region becomes its default one, which cannot be deleted.
        needs=[("vpc", {"name": "law-first", "region": "fra1"}, "first")],
        creates="POST /v2/vpcs",
        deletes="DELETE /v2/vpcs/*",
        table="vpcs",
        elsewhere={
            "name": "changes with id only: tests/integration/test_vpc.py",
            "default": "a default VPC cannot be deleted: tests/integration/test_vpc.py",
        },
    ),
    Law(
        module="project",
        identity={"name": "law-project"},
        create={"description": "law", "purpose": "Physiotherapy", "environment": "Development"},
        updates=[
            Update({"description": "changed", "environment": "Staging"}, ["PATCH /v2/projects/*"]),
            Update({"purpose": "Web Application"}, ["PATCH /v2/projects/*"]),
        ],
        same=[{"purpose": "Other: Physiotherapy"}],
        creates="POST /v2/projects",
        deletes="DELETE /v2/projects/*",
        table="projects",
        elsewhere={
            "name": "changes with id only: tests/integration/test_project.py",
            "is_default": "a default project cannot be deleted: tests/integration/test_project.py",
            "resources": "only grow: tests/integration/test_project.py",
        },
    ),
    Law(
        module="database_cluster",
        identity={"name": "law-pg"},
        absent={"force": True},
        # The edition that has all of it: a new Standard cluster has one node only.
        create={
            "engine": "advanced_pg",
            "version": "16",
            "size": "gd-2vcpu-8gb",
            "num_nodes": 1,
            "region": "fra1",
            "private_network_uuid": "{{ network.vpc.id }}",
            "storage_size_mib": 143360,
            "tags": ["law"],
            "autoscale": {"storage": {"enabled": True, "threshold_percent": 80, "increment_gib": 10}},
            "maintenance_window": {"day": "sunday", "hour": "04:00"},
        },
        updates=[
            Update({"num_nodes": 2}, ["PUT /v2/databases/*/resize"]),
            Update({"size": "gd-4vcpu-16gb", "storage_size_mib": 307200}, ["PUT /v2/databases/*/resize"]),
            Update({"version": "17"}, ["PUT /v2/databases/*/upgrade"]),
            Update({"maintenance_window": {"day": "monday", "hour": "05:30"}}, ["PUT /v2/databases/*/maintenance"]),
            Update(
                {"autoscale": {"storage": {"enabled": True, "increment_gib": 20}}}, ["PUT /v2/databases/*/autoscale"]
            ),
            Update(
                {"tags": ["clinic"]},
                ["POST /v2/tags", "POST /v2/tags/clinic/resources", "DELETE /v2/tags/law/resources"],
            ),
            Update({"do_settings": {"service_cnames": ["db.example.com"]}}, ["PUT /v2/databases/*/do_settings"]),
        ],
        fixed={"engine": "valkey", "private_network_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4"},
        same=[{"maintenance_window": {"day": "Sunday", "hour": "4:00:00"}}, {"version": 16}],
        needs=[("vpc", {"name": "law-pg-net", "region": "fra1"}, "network")],
        creates="POST /v2/databases",
        deletes="DELETE /v2/databases/*",
        table="databases",
        slow=True,
        elsewhere={
            "name": "names the cluster, fixed: tests/integration/test_databases.py",
            "rules": "only count at creation: tests/integration/test_databases.py",
            "backup_restore": "only counts at creation: tests/integration/test_databases.py",
            "eviction_policy": "of Valkey only: tests/integration/test_databases.py",
            "region": "leaves the VPC: tests/integration/test_databases.py",
            "project_id": "is not shown in the same place: tests/integration/test_databases.py",
        },
    ),
    Law(
        module="app",
        identity={"name": "law-app"},
        create={
            "spec": {
                "region": "fra",
                "vpc": {"id": "{{ network.vpc.id }}"},
                "services": [
                    {
                        "name": "web",
                        "image": {"registry_type": "DOCR", "repository": "clinic", "digest": f"sha256:{'1a' * 32}"},
                        "instance_size_slug": "apps-d-1vcpu-1gb",
                        "instance_count": 1,
                        "http_port": 8080,
                        "health_check": {"http_path": "/health", "period_seconds": 10},
                        "envs": [
                            {"key": "MODE", "value": "production"},
                            {"key": "SESSION_SECRET", "type": "SECRET", "scope": "RUN_TIME"},
                        ],
                        "alerts": [
                            {
                                "rule": "CPU_UTILIZATION",
                                "operator": "GREATER_THAN",
                                "value": 80,
                                "window": "FIVE_MINUTES",
                            }
                        ],
                    }
                ],
            },
            "secrets": {"SESSION_SECRET": "law-sentinel-one"},
        },
        updates=[
            Update(
                {"spec": {"services": [{"name": "web", "http_port": 3000, "instance_count": "2"}]}}, ["PUT /v2/apps/*"]
            ),
            Update({"secrets": {"SESSION_SECRET": "law-sentinel-two"}}, ["PUT /v2/apps/*"]),
            Update(
                {
                    "spec": {
                        "services": [
                            {
                                "name": "web",
                                "autoscaling": {
                                    "min_instance_count": 1,
                                    "max_instance_count": 3,
                                    "metrics": {"cpu": {}},
                                },
                            }
                        ]
                    }
                },
                ["PUT /v2/apps/*"],
            ),
            Update(
                {
                    "alert_destinations": {
                        "emails": ["ops@example.com"],
                        "slack_webhooks": [
                            {"url": "https://hooks.slack.com/services/T0/B0/law-sentinel-three", "channel": "ops"}
                        ],
                    }
                },
                ["POST /v2/apps/*/alerts/*/destinations"],
            ),
            Update({"project_id": "{{ elsewhere.project.id }}"}, ["POST /v2/projects/*/resources"]),
            Update({"spec": {"vpc": {}}}, ["PUT /v2/apps/*"]),
        ],
        same=[
            {
                "spec": {
                    "services": [
                        {
                            "name": "web",
                            "routes": [{"path": "/"}],
                            "http_port": "8080",
                            "instance_count": None,
                            "health_check": {"failure_threshold": 9},
                        }
                    ],
                    "egress": {"type": "AUTOASSIGN"},
                    "disable_edge_cache": False,
                }
            },
            {"spec": {"ingress": {"rules": [{"component": {"name": "web"}}]}, "workers": [], "region": None}},
        ],
        needs=[
            ("vpc", {"name": "law-app-net", "region": "fra1"}, "network"),
            ("project", {"name": "law-app-project", "purpose": "Physiotherapy"}, "elsewhere"),
        ],
        creates="POST /v2/apps",
        deletes="DELETE /v2/apps/*",
        table="apps",
        slow=True,
        secrets=["law-sentinel-one", "law-sentinel-two", "law-sentinel-three"],
    ),
    Law(
        module="database_db",
        identity={"cluster": "law-db", "name": "fisioflow"},
        needs=[_cluster("law-db")],
        creates="POST /v2/databases/*/dbs",
        deletes="DELETE /v2/databases/*/dbs/*",
        elsewhere={"name": "is the address"},
    ),
    Law(
        module="database_user",
        identity={"cluster": "law-user", "name": "fisioflow_app"},
        create={"settings": {"pg_allow_replication": False}},
        updates=[Update({"settings": {"pg_allow_replication": True}}, ["PUT /v2/databases/*/users/*"])],
        needs=[_cluster("law-user")],
        creates="POST /v2/databases/*/users",
        deletes="DELETE /v2/databases/*/users/*",
        elsewhere={"name": "is the address"},
    ),
    Law(
        module="container_registry",
        identity={"name": "law-registry"},
        create={"region": "fra1", "subscription_tier": "professional"},
        updates=[Update({"subscription_tier": "basic"}, ["POST /v2/registries/subscription"])],
        fixed={"region": "ams3"},
        creates="POST /v2/registries",
        deletes="DELETE /v2/registries/*",
        elsewhere={"name": "is the address"},
    ),
    Law(
        module="domain",
        identity={"name": "law.example"},
        create={"ip_address": "203.0.113.10"},
        same=[{"name": "law.example"}],
        creates="POST /v2/domains",
        deletes="DELETE /v2/domains/*",
        absent={"force": True},
        elsewhere={"name": "is the address"},
    ),
    Law(
        module="certificate",
        identity={"name": "law-certificate"},
        create={"dns_names": ["law-tls.example", "www.law-tls.example"]},
        fixed={"dns_names": ["law-tls.example"], "type": "custom", "sha1_fingerprint": "5a" * 20},
        same=[{"dns_names": ["WWW.law-tls.example", "law-tls.example"], "type": "lets_encrypt"}],
        needs=[("domain", {"name": "law-tls.example"}, "zone")],
        creates="POST /v2/certificates",
        deletes="DELETE /v2/certificates/*",
        table="certificates",
        slow=True,
        elsewhere={"name": "cannot change, and is the identity: tests/integration/test_certificate.py"},
    ),
    Law(
        module="database_pool",
        identity={"cluster_id": "{{ cluster.database_cluster.id }}", "name": "law-pool"},
        create={"mode": "transaction", "size": 10, "db": "defaultdb", "user": "doadmin"},
        updates=[
            Update({"size": 15}, ["PUT /v2/databases/*/pools/*"]),
            Update({"mode": "session", "user": "fisioflow_app"}, ["PUT /v2/databases/*/pools/*"]),
            Update({"db": "fisioflow"}, ["PUT /v2/databases/*/pools/*"]),
        ],
        needs=[
            _cluster("law-pool"),
            ("database_user", {"cluster": "law-pool", "name": "fisioflow_app"}, "user"),
            ("database_db", {"cluster": "law-pool", "name": "fisioflow"}, "db"),
        ],
        creates="POST /v2/databases/*/pools",
        deletes="DELETE /v2/databases/*/pools/*",
        elsewhere={"name": "is the address"},
    ),
    Law(
        module="database_config",
        identity={"cluster": "law-config"},
        create={"config": {"jit": False, "backup_hour": 6}},
        updates=[Update({"config": {"jit": True}}, ["PATCH /v2/databases/*/config"])],
        needs=[_cluster("law-config")],
    ),
    Law(
        module="database_firewall",
        identity={"cluster": "law-firewall"},
        create={
            "rules": [
                {"type": "ip_addr", "value": "10.20.0.5", "description": "app"},
                {"type": "ip_addr", "value": "203.0.113.0/24"},
            ]
        },
        updates=[
            Update({"rules": [{"type": "ip_addr", "value": "10.20.0.6"}]}, ["PUT /v2/databases/*/firewall"]),
            Update({"mode": "append", "rules": [{"type": "tag", "value": "office"}]}, ["PUT /v2/databases/*/firewall"]),
            Update(
                {"mode": "remove", "rules": [{"type": "ip_addr", "value": "10.20.0.6/32"}]},
                ["PUT /v2/databases/*/firewall"],
            ),
        ],
        same=[
            {"rules": [{"type": "ip_addr", "value": "203.0.113.9/24"}, {"type": "ip_addr", "value": "10.20.0.5/32"}]}
        ],
        needs=[_cluster("law-firewall")],
    ),
    Law(
        module="database_replica",
        identity={"cluster": "law-replica", "name": "law-follower"},
        create={"size": "gd-2vcpu-8gb", "region": "fra1", "tags": ["law"]},
        updates=[
            Update({"size": "gd-4vcpu-16gb", "storage_size_mib": 307200}, ["PUT /v2/databases/*/resize"]),
            Update({"storage_size_mib": 327680}, ["PUT /v2/databases/*/resize"]),
        ],
        fixed={"region": "ams3", "private_network_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4"},
        needs=[_cluster("law-replica", engine="advanced_pg", size="gd-2vcpu-8gb")],
        creates="POST /v2/databases/*/replicas",
        deletes="DELETE /v2/databases/*/replicas/*",
        slow=True,
        elsewhere={"name": "is the address", "tags": "only count at creation"},
    ),
    Law(
        module="spaces_key",
        identity={"name": "law-key"},
        create={
            "grants": [{"bucket": "law-one", "permission": "read"}, {"bucket": "law-two", "permission": "readwrite"}]
        },
        updates=[
            Update(
                {"grants": [{"bucket": "law-one", "permission": "readwrite"}]},
                ["POST /v2/spaces/keys", "DELETE /v2/spaces/keys/*", "PATCH /v2/spaces/keys/*"],
            ),
            Update(
                {"grants": [{"permission": "fullaccess"}]},
                ["POST /v2/spaces/keys", "DELETE /v2/spaces/keys/*", "PATCH /v2/spaces/keys/*"],
            ),
        ],
        same=[
            {"grants": [{"bucket": "law-two", "permission": "readwrite"}, {"bucket": "law-one", "permission": "read"}]}
        ],
        needs=[("spaces_bucket", {"name": f"law-{name}", "region": "fra1"}, name) for name in ("one", "two")],
        creates="POST /v2/spaces/keys",
        deletes="DELETE /v2/spaces/keys/*",
        table="spaces_keys",
        keywords={"no_log": True, "register": "law_result"},
        elsewhere={"name": "changes with access_key only: tests/integration/test_spaces_key.py"},
        exempt={6: "grants cannot change, so another key takes its place: tests/integration/test_spaces_key.py"},
    ),
    Law(
        module="spaces_bucket",
        identity={"name": "law-bucket", "region": "fra1"},
        create={
            "acl": "private",
            "versioning": True,
            "cors": [
                {
                    "allowed_origins": ["https://a.example", "https://b.example"],
                    "allowed_methods": ["GET", "PUT"],
                    "allowed_headers": ["*"],
                    "expose_headers": ["ETag"],
                    "max_age_seconds": 3600,
                }
            ],
            "lifecycle": [
                {"id": "old", "noncurrent_version_expiration": {"noncurrent_days": 30}},
                {"prefix": "tmp/", "expiration": {"days": 1}},
            ],
            "policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "TlsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": "s3:*",
                        "Resource": ["arn:aws:s3:::law-bucket", "arn:aws:s3:::law-bucket/*"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    }
                ],
            },
            "logging": {"target_bucket": "law-logs", "target_prefix": "bucket/"},
        },
        updates=[
            Update({"acl": "public-read"}, ["PUT /law-bucket"]),
            Update({"versioning": False}, ["PUT /law-bucket"]),
            Update({"cors": [{"allowed_origins": ["*"], "allowed_methods": ["GET"]}]}, ["PUT /law-bucket"]),
            Update({"cors": []}, ["DELETE /law-bucket"]),
            Update(
                {"lifecycle": [{"abort_incomplete_multipart_upload": {"days_after_initiation": 7}}]},
                ["PUT /law-bucket"],
            ),
            Update({"lifecycle": []}, ["DELETE /law-bucket"]),
            Update({"policy": ""}, ["DELETE /law-bucket"]),
            Update({"logging": {"target_bucket": "law-logs"}}, ["PUT /law-bucket"]),
            Update({"logging": {}}, ["PUT /law-bucket"]),
        ],
        same=[
            {
                "cors": [
                    {
                        "allowed_origins": ["https://b.example", "https://a.example"],
                        "allowed_headers": ["*"],
                        "allowed_methods": ["PUT", "GET"],
                        "expose_headers": ["ETag"],
                        "max_age_seconds": "3600",
                    }
                ]
            },
            {
                "lifecycle": [
                    {"prefix": "tmp/", "status": "Enabled", "expiration": {"days": "1"}},
                    {"id": "old", "prefix": "", "noncurrent_version_expiration": {"noncurrent_days": 30}},
                ]
            },
            {
                "policy": {
                    "Version": "2012-10-17",
                    "Statement": {
                        "Sid": "TlsOnly",
                        "Effect": "Deny",
                        "Principal": "*",
                        "Action": ["s3:*"],
                        "Resource": ["arn:aws:s3:::law-bucket/*", "arn:aws:s3:::law-bucket"],
                        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                    },
                }
            },
        ],
        needs=[("spaces_bucket", {"name": "law-logs", "region": "fra1"}, "logs")],
        creates="PUT /law-bucket",
        deletes="DELETE /law-bucket",
        forbidden={"secret_key": "law-sentinel-wrong"},
        forbidden_says=r"403 .*SignatureDoesNotMatch.*Check secret_key",
        secrets=["law-sentinel-wrong"],
        elsewhere={"name": "is the address", "region": "is the address: tests/integration/test_spaces_bucket.py"},
    ),
    Law(
        module="cdn_endpoint",
        identity={"origin": "{{ assets.spaces_bucket.host }}"},
        create={"ttl": 600},
        updates=[
            Update({"ttl": 86400}, ["PUT /v2/cdn/endpoints/*"]),
            Update(
                {"custom_domain": "assets.example.com", "certificate_id": "needs-cloudflare-cert"},
                ["PUT /v2/cdn/endpoints/*"],
            ),
            Update({"ttl": 3600}, ["PUT /v2/cdn/endpoints/*"]),
            Update({"custom_domain": "", "certificate_id": ""}, ["PUT /v2/cdn/endpoints/*"]),
        ],
        same=[{"custom_domain": "", "ttl": "600"}],
        needs=[("spaces_bucket", {"name": "law-assets", "region": "fra1", "acl": "public-read"}, "assets")],
        creates="POST /v2/cdn/endpoints",
        deletes="DELETE /v2/cdn/endpoints/*",
        elsewhere={"origin": "is the identity, and there is one endpoint for each"},
    ),
    Law(
        module="ssh_key",
        identity={"name": "law-key"},
        create={
            "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1 key1@clinic"
        },
        fixed={
            "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDWWz10KgzLPqQpuAalIIFzB3SnUOivsx6Zm5U7JYfrC key2@clinic"
        },
        same=[{"public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1"}],
        creates="POST /v2/account/keys",
        deletes="DELETE /v2/account/keys/*",
        elsewhere={"name": "changes with public_key only: tests/integration/test_ssh_key.py"},
    ),
    Law(
        module="tag",
        identity={"name": "law-tag"},
        creates="POST /v2/tags",
        deletes="DELETE /v2/tags/*",
        elsewhere={"name": "is the address: tests/integration/test_tag.py"},
    ),
    Law(
        module="droplet",
        identity={"name": "law-droplet"},
        create={
            "region": "fra1",
            "size": "s-1vcpu-1gb",
            "image": "ubuntu-24-04-x64",
            "vpc_uuid": "{{ network.vpc.id }}",
            "tags": ["law"],
            "backups": True,
            "backup_policy": {"plan": "daily", "hour": 4},
            "ipv6": False,
            "monitoring": True,
            "public_networking": True,
            "with_droplet_agent": True,
            "status": "active",
            "ssh_keys": ["{{ key.ssh_key.fingerprint }}"],
            "user_data": "#cloud-config\n# law-sentinel-user-data\n",
            "project_id": "{{ elsewhere.project.id }}",
        },
        updates=[
            Update(
                {"tags": ["clinic"]},
                ["POST /v2/tags", "POST /v2/tags/clinic/resources", "DELETE /v2/tags/law/resources"],
            ),
            Update({"backup_policy": {"plan": "weekly", "weekday": "MON"}}, ["POST /v2/droplets/*/actions"]),
            Update({"backup_policy": {"plan": "daily"}}, ["POST /v2/droplets/*/actions"]),
            Update({"backups": False}, ["POST /v2/droplets/*/actions"]),
            Update({"ipv6": True}, ["POST /v2/droplets/*/actions"]),
            Update({"size": "s-1vcpu-2gb", "power_off": True}, ["POST /v2/droplets/*/actions"]),
            Update({"status": "off"}, ["POST /v2/droplets/*/actions"]),
            Update({"project_id": "{{ again.project.id }}"}, ["POST /v2/projects/*/resources"]),
        ],
        fixed={
            "region": "nyc3",
            "image": "debian-13-x64",
            "vpc_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
            "monitoring": False,
            "public_networking": False,
        },
        same=[{"tags": ["LAW"]}, {"image": "195932982"}, {"user_data": "another", "ssh_keys": []}],
        needs=[
            ("vpc", {"name": "law-droplet-first", "region": "fra1"}, "first"),
            ("vpc", {"name": "law-droplet-net", "region": "fra1"}, "network"),
            ("project", {"name": "law-droplet-project", "purpose": "Physiotherapy"}, "elsewhere"),
            ("project", {"name": "law-droplet-again", "purpose": "Physiotherapy"}, "again"),
            (
                "ssh_key",
                {
                    "name": "law-droplet-key",
                    "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIETJG7YW6wpuqzDchOW9BaBnvBRfElhS3oa3pENOCET1",
                },
                "key",
            ),
        ],
        creates="POST /v2/droplets",
        deletes="DELETE /v2/droplets/*",
        table="droplets",
        slow=True,
        secrets=["law-sentinel-user-data"],
        elsewhere={
            "name": "changes with id only: tests/integration/test_droplet.py",
            "ssh_keys": "only count at creation: tests/integration/test_droplet.py",
            "user_data": "only counts at creation: tests/integration/test_droplet.py",
            "with_droplet_agent": "only counts at creation: tests/integration/test_droplet.py",
        },
    ),
    Law(
        module="firewall",
        identity={"name": "law-firewall"},
        create={
            "inbound_rules": [
                {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["0.0.0.0/0", "::/0"]}},
                {"protocol": "icmp", "sources": {"tags": ["law-edge"]}},
            ],
            "outbound_rules": [
                {"protocol": "udp", "ports": "all", "destinations": {"addresses": ["10.20.0.0/20"]}},
                {
                    "protocol": "tcp",
                    "ports": "25",
                    "action": "deny",
                    "destinations": {"droplet_ids": ["{{ web.droplet.id }}"]},
                },
            ],
            "droplet_ids": ["{{ web.droplet.id }}"],
            "tags": ["law-edge"],
        },
        updates=[
            Update({"droplet_ids": []}, ["PUT /v2/firewalls/*"]),
            Update(
                {"inbound_rules": [{"protocol": "tcp", "ports": "80-81", "sources": {"tags": ["law-edge"]}}]},
                ["PUT /v2/firewalls/*"],
            ),
            Update({"tags": [], "droplet_ids": ["{{ web.droplet.id }}"]}, ["PUT /v2/firewalls/*"]),
            Update({"outbound_rules": []}, ["PUT /v2/firewalls/*"]),
        ],
        same=[
            {
                "inbound_rules": [
                    {"protocol": "icmp", "ports": "0", "action": "allow", "sources": {"tags": ["law-edge"]}},
                    {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["::/0", "0.0.0.0/0"], "tags": []}},
                ],
            },
            {
                "outbound_rules": [
                    {
                        "protocol": "tcp",
                        "ports": "25",
                        "action": "deny",
                        "destinations": {"droplet_ids": ["{{ web.droplet.id }}"]},
                    },
                    {"protocol": "udp", "ports": "0", "destinations": {"addresses": ["10.20.0.1/20"]}},
                ],
            },
        ],
        needs=[
            ("tag", {"name": "law-edge"}, "tag"),
            ("vpc", {"name": "law-firewall-net", "region": "fra1"}, "network"),
            (
                "droplet",
                {
                    "name": "law-web",
                    "region": "fra1",
                    "size": "s-1vcpu-1gb",
                    "image": "debian-13-x64",
                    "vpc_uuid": "{{ network.vpc.id }}",
                },
                "web",
            ),
        ],
        creates="POST /v2/firewalls",
        deletes="DELETE /v2/firewalls/*",
        table="firewalls",
        slow=True,
        elsewhere={"name": "changes with id only: tests/integration/test_firewall.py"},
    ),
    Law(
        module="load_balancer",
        identity={"name": "law-edge"},
        create={
            "region": "fra1",
            "size_unit": 2,
            "tag": "law-edge",
            "vpc_uuid": "{{ network.vpc.id }}",
            "forwarding_rules": [
                {"entry_protocol": "http", "entry_port": 80, "target_protocol": "http", "target_port": 8080},
                {
                    "entry_protocol": "https",
                    "entry_port": 443,
                    "target_protocol": "https",
                    "target_port": 8443,
                    "tls_passthrough": True,
                },
            ],
            "health_check": {"port": 8080, "path": "/health"},
            "sticky_sessions": {"type": "cookies", "cookie_name": "law", "cookie_ttl_seconds": 60},
            "firewall": {"allow": ["cidr:192.0.2.0/24", "ip:198.51.100.7"]},
            "enable_proxy_protocol": True,
            "http_idle_timeout_seconds": 90,
        },
        updates=[
            Update({"redirect_http_to_https": True, "tls_cipher_policy": "STRONG"}, ["PUT /v2/load_balancers/*"]),
            Update({"size_unit": 3}, ["PUT /v2/load_balancers/*"]),
            Update(
                {
                    "forwarding_rules": [
                        {"entry_protocol": "tcp", "entry_port": 443, "target_protocol": "tcp", "target_port": 8443}
                    ]
                },
                ["PUT /v2/load_balancers/*"],
            ),
            Update({"health_check": {"protocol": "tcp", "unhealthy_threshold": 2}}, ["PUT /v2/load_balancers/*"]),
            Update({"sticky_sessions": {"type": "none"}}, ["PUT /v2/load_balancers/*"]),
            Update({"firewall": {"deny": ["ip:203.0.113.9"]}}, ["PUT /v2/load_balancers/*"]),
            Update({"tag": "", "http_idle_timeout_seconds": 60}, ["PUT /v2/load_balancers/*"]),
            Update(
                {
                    "enable_proxy_protocol": False,
                    "enable_backend_keepalive": True,
                    "disable_lets_encrypt_dns_records": True,
                    "project_id": "{{ elsewhere.project.id }}",
                },
                ["PUT /v2/load_balancers/*"],
            ),
        ],
        fixed={
            "region": "nyc1",
            "type": "REGIONAL_NETWORK",
            "network": "INTERNAL",
            "network_stack": "DUALSTACK",
            "vpc_uuid": "5a4981aa-9653-4bd1-bef5-d6bff52042e4",
        },
        same=[
            {"size_unit": "2", "type": "REGIONAL", "network": "EXTERNAL", "tls_cipher_policy": "DEFAULT"},
            {
                "forwarding_rules": [
                    {"entry_protocol": "https", "entry_port": "443", "target_protocol": "https", "target_port": 8443},
                    {
                        "entry_protocol": "http",
                        "entry_port": 80,
                        "target_protocol": "http",
                        "target_port": 8080,
                        "certificate_id": "",
                        "tls_passthrough": False,
                    },
                ],
                "firewall": {"allow": ["ip:198.51.100.7", "cidr:192.0.2.0/24"], "deny": []},
            },
        ],
        needs=[
            ("vpc", {"name": "law-edge-net", "region": "fra1"}, "network"),
            ("project", {"name": "law-edge-project", "purpose": "Physiotherapy"}, "elsewhere"),
        ],
        creates="POST /v2/load_balancers",
        deletes="DELETE /v2/load_balancers/*",
        table="load_balancers",
        slow=True,
        elsewhere={
            "name": "changes with id only: tests/integration/test_load_balancer.py",
            "droplet_ids": "exclude a tag: tests/integration/test_load_balancer.py",
            "domains": "of a global one: tests/integration/test_load_balancer.py",
            "glb_settings": "of a global one: tests/integration/test_load_balancer.py",
            "target_load_balancer_ids": "of a global one: tests/integration/test_load_balancer.py",
        },
    ),
    Law(
        module="droplet_autoscale_pool",
        identity={"name": "law-pool"},
        absent={"delete_droplets": True},
        create={
            "config": {"min_instances": 1, "max_instances": 3, "target_cpu_utilization": 0.5},
            "droplet_template": {
                "region": "fra1",
                "size": "s-1vcpu-1gb",
                "image": "debian-13-x64",
                "ssh_keys": [],
                "tags": ["law"],
                "vpc_uuid": "{{ network.vpc.id }}",
                "user_data": "#cloud-config\n# law-sentinel-pool\n",
            },
        },
        updates=[
            Update(
                {"config": {"max_instances": 4, "target_memory_utilization": 0.8}}, ["PUT /v2/droplets/autoscale/*"]
            ),
            Update(
                {"droplet_template": {"size": "s-1vcpu-2gb", "user_data": "#cloud-config\n# law-sentinel-other\n"}},
                ["PUT /v2/droplets/autoscale/*"],
            ),
            Update({"config": {"target_number_instances": 2}}, ["PUT /v2/droplets/autoscale/*"]),
            Update(
                {"config": {"min_instances": 1, "max_instances": 2, "target_cpu_utilization": 0.7}},
                ["PUT /v2/droplets/autoscale/*"],
            ),
        ],
        same=[
            {"config": {"cooldown_minutes": 10}},
            {"droplet_template": {"image": "195932985", "tags": ["law"], "ipv6": False}},
        ],
        needs=[
            ("vpc", {"name": "law-pool-first", "region": "fra1"}, "first"),
            ("vpc", {"name": "law-pool-net", "region": "fra1"}, "network"),
        ],
        creates="POST /v2/droplets/autoscale",
        deletes="DELETE /v2/droplets/autoscale/*/dangerous",
        table="autoscale_pools",
        slow=True,
        secrets=["law-sentinel-pool", "law-sentinel-other"],
        elsewhere={"name": "cannot change, and is the identity: tests/integration/test_droplet_autoscale_pool.py"},
    ),
    Law(
        module="monitoring_alert_policy",
        identity={"description": "law-policy"},
        create={
            "type": "v1/insights/droplet/cpu",
            "compare": "GreaterThan",
            "value": 80,
            "window": "5m",
            "tags": ["law-edge"],
            "alerts": {
                "email": ["law@fisioflow.example"],
                "slack": [{"channel": "law", "url": "https://hooks.slack.example/services/law-sentinel-hook"}],
            },
        },
        updates=[
            Update({"value": 85.5, "window": "10m"}, ["PUT /v2/monitoring/alerts/*"]),
            Update({"type": "v1/dbaas/alerts/cpu_alerts", "compare": "LessThan"}, ["PUT /v2/monitoring/alerts/*"]),
            Update({"entities": ["192018292"], "tags": []}, ["PUT /v2/monitoring/alerts/*"]),
            Update(
                {"alerts": {"email": ["law@fisioflow.example", "b@fisioflow.example"]}}, ["PUT /v2/monitoring/alerts/*"]
            ),
            Update({"alerts": {"slack": []}}, ["PUT /v2/monitoring/alerts/*"]),
            Update({"enabled": False}, ["PUT /v2/monitoring/alerts/*"]),
        ],
        same=[{"value": "80.0", "enabled": True, "entities": []}, {"alerts": {"email": ["LAW@fisioflow.example"]}}],
        creates="POST /v2/monitoring/alerts",
        deletes="DELETE /v2/monitoring/alerts/*",
        table="alert_policies",
        secrets=["law-sentinel-hook"],
        elsewhere={"description": "changes with uuid only: tests/integration/test_monitoring.py"},
    ),
    Law(
        module="uptime_check",
        identity={"name": "law-check"},
        create={"type": "https", "target": "https://law.example/health", "regions": ["us_east", "eu_west"]},
        updates=[
            Update({"type": "http", "target": "http://law.example"}, ["PUT /v2/uptime/checks/*"]),
            Update({"regions": ["se_asia"]}, ["PUT /v2/uptime/checks/*"]),
            Update({"enabled": False}, ["PUT /v2/uptime/checks/*"]),
        ],
        same=[{"regions": ["eu_west", "us_east"], "enabled": True}],
        creates="POST /v2/uptime/checks",
        deletes="DELETE /v2/uptime/checks/*",
        table="uptime_checks",
        elsewhere={"name": "changes with id only: tests/integration/test_monitoring.py"},
    ),
    Law(
        module="uptime_alert",
        identity={"check": "law-watched", "name": "law-alert"},
        create={
            "type": "latency",
            "threshold": 300,
            "comparison": "greater_than",
            "period": "2m",
            "notifications": {
                "email": ["law@fisioflow.example"],
                "slack": [{"channel": "law", "url": "https://hooks.slack.example/services/law-sentinel-hook"}],
            },
        },
        updates=[
            Update({"threshold": 2000, "period": "3m"}, ["PUT /v2/uptime/checks/*/alerts/*"]),
            Update({"type": "ssl_expiry", "comparison": "less_than"}, ["PUT /v2/uptime/checks/*/alerts/*"]),
            Update({"notifications": {"slack": []}}, ["PUT /v2/uptime/checks/*/alerts/*"]),
        ],
        same=[{"threshold": "300"}, {"notifications": {"email": ["LAW@fisioflow.example"]}}],
        needs=[
            (
                "uptime_check",
                {"name": "law-watched", "type": "ping", "target": "law.example", "regions": ["us_east"]},
                "check",
            )
        ],
        creates="POST /v2/uptime/checks/*/alerts",
        deletes="DELETE /v2/uptime/checks/*/alerts/*",
        forbidden_says=r"403 .*scopes \w+:\w+",
        secrets=["law-sentinel-hook"],
        elsewhere={"name": "changes with id only: tests/integration/test_monitoring.py"},
    ),
    Law(
        module="database_logsink",
        identity={"cluster": "law-logs", "sink_name": "law-sink"},
        create={
            "sink_type": "opensearch",
            "config": {"url": "https://law:law-sentinel-word@logs.example:9200", "index_prefix": "law"},
        },
        updates=[
            Update({"config": {"index_prefix": "changed"}}, ["PUT /v2/databases/*/logsink/*"]),
            Update({"config": {"index_days_max": 30}}, ["PUT /v2/databases/*/logsink/*"]),
        ],
        fixed={"sink_type": "elasticsearch"},
        same=[{"config": {"index_prefix": "law"}}],
        needs=[_cluster("law-logs")],
        creates="POST /v2/databases/*/logsink",
        deletes="DELETE /v2/databases/*/logsink/*",
        secrets=["law-sentinel-word"],
        elsewhere={"sink_name": "names the sink, fixed: tests/integration/test_database_logsink.py"},
    ),
]

// A URL as the platform gives it, for `pg`. It is written for Prisma's engines, whose parameters no other client knows:
// `sslcert` is the file of the authority, `pgbouncer` and `connection_limit` say what a pool wants.
import { readFileSync } from "node:fs";

const OURS = ["sslmode", "sslaccept", "sslcert", "pgbouncer", "connection_limit", "pool_timeout"];

type Connection = {
  connectionString: string;
  ssl: false | { ca?: string; rejectUnauthorized: true };
  connectionTimeoutMillis: number;
};

/** TLS is verified by name and authority: that of the cluster, or whom every system trusts. Error for what is no URL. */
export function connection(url: string, authority = ""): Connection {
  if (!URL.canParse(url)) throw new Error("DATABASE_URL is not set, or is no URL");
  const parts = new URL(url);
  const plain = parts.searchParams.get("sslmode") === "disable";
  const file = parts.searchParams.get("sslcert");
  for (const name of OURS) parts.searchParams.delete(name);
  const ca = authority || (file ? readFileSync(file, "utf8") : undefined);
  return {
    connectionString: parts.href,
    ssl: plain ? false : { ...(ca && { ca }), rejectUnauthorized: true },
    connectionTimeoutMillis: 5000,
  };
}

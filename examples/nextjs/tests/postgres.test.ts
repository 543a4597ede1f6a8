import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { connection } from "../src/lib/postgres.ts";

const URL = "postgresql://app:p%40ss@db.example:25061/pool";

test("what only Prisma's engines know is left out, and the rest is kept", () => {
  const given = `${URL}?sslmode=require&sslaccept=strict&pgbouncer=true&connection_limit=10&application_name=web`;
  assert.equal(connection(given, "PEM").connectionString, `${URL}?application_name=web`);
});

test("TLS is verified: by the authority given, by that of the file, or by those every system trusts", () => {
  const file = join(tmpdir(), `ca-${process.pid}.pem`);
  writeFileSync(file, "FROM A FILE");
  const verified = { rejectUnauthorized: true };
  assert.deepEqual(connection(`${URL}?sslcert=${file}`, "PEM").ssl, { ...verified, ca: "PEM" });
  assert.deepEqual(connection(`${URL}?sslcert=${file}`).ssl, { ...verified, ca: "FROM A FILE" });
  assert.deepEqual(connection(`${URL}?sslmode=require`).ssl, verified);
  assert.equal(connection(`${URL}?sslmode=disable`).ssl, false);
});

test("what is no URL is refused, and not repeated", () => {
  assert.throws(() => connection("postgresql//app:secret@host"), { message: "DATABASE_URL is not set, or is no URL" });
});

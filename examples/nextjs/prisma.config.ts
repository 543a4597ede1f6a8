// What the Prisma CLI is told. It migrates without a schema engine of its own, through the same driver as the app: the
// engine is a program that is downloaded from elsewhere than the registry of packages, when it is first needed.
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { defineConfig } from "prisma/config";

import { connection } from "./src/lib/postgres.ts";

// The adapter does not know PostgreSQL's type `name`, in which the catalogue answers: it is told that they are texts.
const NAME = 19;
const TEXT = 25;

type Described = { connection: NodeJS.EventEmitter };

function migrating(): pg.Pool {
  const { env } = process;
  const there = connection(env.DIRECT_URL || env.DATABASE_URL || "", env.DATABASE_CA_CERT);
  // One that waits for more to do would keep a finished job from ending.
  const pool = new pg.Pool({ ...there, max: 1, allowExitOnIdle: true });
  pool.on("connect", (client) => {
    (client as unknown as Described).connection.prependListener("rowDescription", ({ fields }) => {
      for (const field of fields) if (field.dataTypeID === NAME) field.dataTypeID = TEXT;
    });
  });
  return pool;
}

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => new PrismaPg(migrating()),
});

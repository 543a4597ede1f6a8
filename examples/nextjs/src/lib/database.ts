// Patients and appointments in PostgreSQL.
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

import { PrismaClient } from "../generated/prisma/client.ts";
import { Refusal } from "./answers.ts";
import { once } from "./once.ts";
import { connection } from "./postgres.ts";
import { settings } from "./settings.ts";

/** Refusal (503) where there is none. Connections are made when they are needed. */
export function database(): PrismaClient {
  const { databaseUrl, databaseCa, poolSize } = settings();
  if (!databaseUrl) throw new Refusal(503, "there is no database");
  return once("database", () => {
    const pool = new pg.Pool({ ...connection(databaseUrl, databaseCa), max: poolSize });
    // One that waits and is cut off is thrown away by the pool; without a listener it would end the process.
    pool.on("error", (error) => console.warn(`a connection to the database was lost: ${error.name}`));
    return new PrismaClient({ adapter: new PrismaPg(pool) });
  });
}

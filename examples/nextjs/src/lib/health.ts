// What is asked by those who watch: are the stores of this process there?
import { cache } from "./cache.ts";
import { database } from "./database.ts";
import { Refusal } from "./answers.ts";

// Milliseconds that a store has to answer in.
const PATIENCE = 3000;

type Found = { status: "healthy" | "unhealthy" | "mock"; [detail: string]: unknown };

const CHECKS: Record<string, () => Promise<Found>> = {
  async database() {
    await database().$queryRaw`SELECT 1`;
    return { status: "healthy" };
  },
  async redis() {
    await cache().ping();
    return { status: cache().name === "valkey" ? "healthy" : "mock" };
  },
  async memory() {
    return { status: "healthy", peak_bytes: process.resourceUsage().maxRSS * 1024 };
  },
};

function late(): Promise<never> {
  return new Promise((_, reject) => setTimeout(() => reject(new Refusal(503, "no answer in time")), PATIENCE).unref());
}

/** Never throws: a store that does not answer is what is to be told. */
async function checked(name: string): Promise<[string, Found]> {
  const began = performance.now();
  const found = await Promise.race([CHECKS[name](), late()]).catch(
    (error): Found => ({
      status: "unhealthy",
      message: error instanceof Refusal ? error.message : error.name,
    }),
  );
  return [name, { ...found, responseTime: Math.round((performance.now() - began) * 10) / 10 }];
}

export async function health() {
  const checks = Object.fromEntries(await Promise.all(Object.keys(CHECKS).map(checked)));
  const ill = Object.values(checks).some(({ status }) => status === "unhealthy");
  return { status: ill ? "unhealthy" : "healthy", checks };
}

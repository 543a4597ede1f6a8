// Once, before the first request: every answer of this process is counted, whoever gave it.

export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { count } = await import("./lib/counting.ts");
  count();
}

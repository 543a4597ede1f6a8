// Next.js bundles pages, routes and the proxy apart, each with modules of its own; what one process has once is kept here.

export function once<T>(name: string, make: () => T): T {
  const kept = globalThis as unknown as Record<string, T | undefined>;
  return (kept[`fisioflow ${name}`] ??= make());
}

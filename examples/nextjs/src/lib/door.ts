// Who is let in, and how often.
import { timingSafeEqual } from "node:crypto";

/** Asked by those who know no secret: the platform and the monitoring. */
export const CHECKS = ["/api/ping", "/api/health", "/api/health/slo", "/api/status"];

// Prefix, how often, within how many seconds. The first that fits counts.
const LIMITS: [string, number, number][] = [
  ["/api/login", 5, 900],
  ["/api/auth/callback", 5, 900],
  ["/api/uploads", 10, 3600],
  ["/api/", 100, 900],
];

export function same(shown: string, expected: string): boolean {
  const [one, other] = [Buffer.from(shown), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

export const fromEdge = (shown: string, secrets: string[]) =>
  !secrets.length || secrets.some((secret) => same(shown, secret));

export function limit(path: string): { prefix: string; most: number; seconds: number } | undefined {
  const [found] = LIMITS.filter(([prefix]) => path.startsWith(prefix));
  return found && { prefix: found[0], most: found[1], seconds: found[2] };
}

// Before all pages and routes: who comes by the front door, and not too often.
import { type NextRequest, NextResponse } from "next/server";

import { cache } from "./lib/cache.ts";
import { CHECKS, fromEdge, limit } from "./lib/door.ts";
import { settings } from "./lib/settings.ts";

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const path = request.nextUrl.pathname;
  const { originSecrets, origins, rateLimits } = settings();
  let answer: NextResponse | undefined;
  if (!CHECKS.includes(path)) {
    if (!fromEdge(request.headers.get("x-origin-secret") ?? "", originSecrets))
      answer = NextResponse.json({ error: "come by the front door" }, { status: 403 });
    else if (rateLimits) answer = await limited(request, path);
  }
  answer ??= NextResponse.next();
  if (path.startsWith("/api/")) answer.headers.set("cache-control", "private, no-store");
  const origin = request.headers.get("origin");
  if (origin && origins.includes(origin)) {
    answer.headers.set("access-control-allow-origin", origin);
    answer.headers.set("vary", "Origin");
  }
  return answer;
}

/** Each visitor by his address, as the proxies before us tell it. */
async function limited(request: NextRequest, path: string): Promise<NextResponse | undefined> {
  const found = limit(path);
  if (!found) return;
  const address = request.headers.get("x-forwarded-for")?.split(",")[0].trim() ?? "";
  let count = 0;
  try {
    count = await cache().count(`limit:${found.prefix}:${address}`, found.seconds);
  } catch (error) {
    // Who cannot count lets in: patients wait for their clinic.
    console.warn(`rate limits are off: ${error instanceof Error ? error.name : error}`);
  }
  if (count > found.most)
    return NextResponse.json(
      { error: "too many requests" },
      { status: 429, headers: { "retry-after": String(found.seconds) } },
    );
}

import { answer, answered, Refusal } from "../../../lib/answers.ts";
import { budget } from "../../../lib/budget.ts";
import { same } from "../../../lib/door.ts";
import { health } from "../../../lib/health.ts";
import { settings } from "../../../lib/settings.ts";

/** The same as /api/health and more, for those who hold the token. */
export const GET = answered(async (request) => {
  const token = settings().statusToken;
  if (!token || !same(request.headers.get("authorization") ?? "", `Bearer ${token}`))
    throw new Refusal(401, "unauthorized");
  const uptime = Math.round(process.uptime() * 10) / 10;
  return answer({ ...(await health()), pid: process.pid, uptime, errors: budget().ratio() });
});

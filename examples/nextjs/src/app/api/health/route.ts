import { answer } from "../../../lib/answers.ts";
import { health } from "../../../lib/health.ts";
import { settings } from "../../../lib/settings.ts";

export const dynamic = "force-dynamic";

/** 200 whatever it finds, as FisioFlow has it: the body counts. */
export async function GET() {
  const { status, checks } = await health();
  return answer({ status, version: settings().version, checks });
}

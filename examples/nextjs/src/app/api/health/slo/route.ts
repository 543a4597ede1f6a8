import { answer } from "../../../../lib/answers.ts";
import { budget } from "../../../../lib/budget.ts";

export const dynamic = "force-dynamic";

/** 503 while more than 5 % of the answers of the last two minutes were 5xx. */
export function GET() {
  const spent = budget().spent();
  return answer({ status: spent ? "spent" : "ok", ...budget().ratio() }, spent ? 503 : 200);
}

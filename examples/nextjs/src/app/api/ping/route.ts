import { answer } from "../../../lib/answers.ts";
import { settings } from "../../../lib/settings.ts";

export const dynamic = "force-dynamic";

/** Touches no store. */
export const GET = () => answer({ status: "ok", missing: settings().missing });

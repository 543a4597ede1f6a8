import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";

import { budget } from "./budget.ts";
import { CHECKS } from "./door.ts";

type Answered = { request: IncomingMessage; response: ServerResponse };

/** How those who watch are answered says nothing of what users meet. */
export function count() {
  subscribe("http.server.response.finish", (message) => {
    const { request, response } = message as Answered;
    if (!CHECKS.includes((request.url ?? "").split("?")[0])) budget().note(response.statusCode);
  });
}

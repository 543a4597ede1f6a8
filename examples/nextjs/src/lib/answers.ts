// What every answer of /api goes through.
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Handler = (request: Request) => Promise<Response>;

export const answer = (body: object, status = 200) => Response.json(body, { status });

export function answered(handler: Handler): Handler {
  return async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      if (error instanceof Refusal) return answer({ error: error.message }, error.status);
      // Never what was asked or found: that may be a patient's.
      const name = error instanceof Error ? error.name : typeof error;
      console.error(`${request.method} ${new URL(request.url).pathname} failed: ${name}`);
      return answer({ error: "internal error" }, 500);
    }
  };
}

export async function body(request: Request): Promise<Record<string, unknown>> {
  const found: unknown = await request.json().catch(() => null);
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw new Refusal(400, "the body must be a JSON object");
  return found as Record<string, unknown>;
}

export function text(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  if (typeof value !== "string" || !value || value.length > 200) throw new Refusal(400, `${name} must be a text`);
  return value;
}

import { answer, answered, body, text } from "../../../lib/answers.ts";
import { signIn } from "../../../lib/auth.ts";

export const POST = answered(async (request) => {
  const name = text(await body(request), "name");
  await signIn("credentials", { name, redirect: false });
  return answer({ name });
});

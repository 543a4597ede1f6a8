import { answer, answered } from "../../../lib/answers.ts";
import { signOut } from "../../../lib/auth.ts";

export const POST = answered(async () => {
  await signOut({ redirect: false });
  return answer({});
});

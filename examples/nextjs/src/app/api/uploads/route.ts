import { answer, answered, body, Refusal, text } from "../../../lib/answers.ts";
import { required } from "../../../lib/auth.ts";
import { settings } from "../../../lib/settings.ts";
import { address, ready } from "../../../lib/uploads.ts";

const TYPE = /^[a-z]+\/[a-z0-9.+-]+$/;

export const POST = answered(async (request) => {
  await required();
  const type = text(await body(request), "type");
  if (!TYPE.test(type)) throw new Refusal(400, "type must be a media type");
  const { space } = settings();
  if (!ready(space)) throw new Refusal(503, "there is no Space");
  const key = `uploads/${crypto.randomUUID()}`;
  return answer({ key, url: await address(space, key, type) }, 201);
});

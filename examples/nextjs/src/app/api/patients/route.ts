import { answer, answered, body, text } from "../../../lib/answers.ts";
import { required } from "../../../lib/auth.ts";
import { database } from "../../../lib/database.ts";

const select = { id: true, name: true };

export const GET = answered(async () => {
  await required();
  const patients = await database().patient.findMany({ select, orderBy: [{ createdAt: "asc" }, { id: "asc" }], take: 100 });
  return answer({ patients });
});

export const POST = answered(async (request) => {
  await required();
  const name = text(await body(request), "name");
  return answer({ patient: await database().patient.create({ select, data: { name } }) }, 201);
});

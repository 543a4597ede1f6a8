import { answer, answered, body, Refusal, text } from "../../../lib/answers.ts";
import { required } from "../../../lib/auth.ts";
import { database } from "../../../lib/database.ts";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const POST = answered(async (request) => {
  await required();
  const given = await body(request);
  const [patientId, startsAt] = [text(given, "patient_id"), new Date(text(given, "starts_at"))];
  if (!ID.test(patientId) || Number.isNaN(startsAt.getTime()))
    throw new Refusal(400, "patient_id must be an id, starts_at a time");
  const patient = await database().patient.findUnique({ where: { id: patientId }, select: { id: true } });
  if (!patient) throw new Refusal(404, "there is no such patient");
  const { id } = await database().appointment.create({ data: { patientId, startsAt } });
  return answer({ appointment: { id, patient_id: patientId, starts_at: startsAt } }, 201);
});

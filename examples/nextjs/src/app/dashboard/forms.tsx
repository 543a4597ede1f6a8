"use client";

import { useRouter } from "next/navigation";

import { Form } from "../form.tsx";
import { send } from "../send.ts";

type Patient = { id: string; name: string };

export function NewAppointment({ patients }: { patients: Patient[] }) {
  const router = useRouter();

  async function save(fields: FormData) {
    const name = String(fields.get("patient")).trim();
    const known = patients.find((patient) => patient.name === name);
    const { id } = known ?? (await send<{ patient: Patient }>("/api/patients", { name })).patient;
    // A field of the form has no time zone: it is that of whoever fills it in.
    const startsAt = new Date(String(fields.get("starts_at"))).toISOString();
    await send("/api/appointments", { patient_id: id, starts_at: startsAt });
    router.refresh();
    return "Consulta marcada.";
  }

  return (
    <Form className="row" button="Marcar" save={save}>
      <label>
        Paciente
        <input name="patient" list="patients" required maxLength={200} autoComplete="off" />
      </label>
      <datalist id="patients">
        {patients.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
      <label>
        Data e hora
        <input name="starts_at" type="datetime-local" required />
      </label>
    </Form>
  );
}

export function Upload() {
  async function save(fields: FormData) {
    const file = fields.get("file") as File;
    const type = file.type || "application/octet-stream";
    const { url } = await send<{ url: string }>("/api/uploads", { type });
    const answer = await fetch(url, { method: "PUT", headers: { "content-type": type }, body: file }).catch(() => null);
    if (!answer?.ok) throw new Error("O arquivo não foi enviado. Tente de novo.");
    return `${file.name} foi enviado.`;
  }

  return (
    <Form className="row" button="Enviar" save={save}>
      <label>
        Arquivo (exame, encaminhamento…)
        <input name="file" type="file" required />
      </label>
    </Form>
  );
}

export function Leave() {
  const router = useRouter();

  async function leave() {
    await send("/api/logout");
    router.push("/login");
  }

  return (
    <button className="plain" onClick={leave}>
      Sair
    </button>
  );
}

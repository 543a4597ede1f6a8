import { redirect } from "next/navigation";

import { auth } from "../../lib/auth.ts";
import { database } from "../../lib/database.ts";
import { Leave, NewAppointment, Upload } from "./forms.tsx";

const when = (moment: Date) =>
  moment.toLocaleString("pt-BR", {
    weekday: "short",
    day: "2-digit",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });

export default async function Dashboard() {
  const name = (await auth())?.user?.name;
  if (!name) redirect("/login");
  const [appointments, patients] = await Promise.all([
    database().appointment.findMany({
      where: { startsAt: { gte: new Date() } },
      include: { patient: { select: { name: true } } },
      orderBy: { startsAt: "asc" },
      take: 50,
    }),
    database().patient.findMany({ select: { id: true, name: true }, orderBy: { name: "asc" }, take: 100 }),
  ]);

  return (
    <>
      <header>
        <h1>FisioFlow</h1>
        <Leave />
      </header>
      <p>Bom trabalho, {name}.</p>
      <section>
        <h2>Nova consulta</h2>
        <NewAppointment patients={patients} />
      </section>
      <section>
        <h2>Próximas consultas</h2>
        {appointments.length ? (
          <ul className="days">
            {appointments.map(({ id, patient, startsAt }) => (
              <li key={id}>
                <span>{patient.name}</span>
                <time dateTime={startsAt.toISOString()}>{when(startsAt)}</time>
              </li>
            ))}
          </ul>
        ) : (
          <p className="soft">Nenhuma consulta marcada ainda.</p>
        )}
      </section>
      <section>
        <h2>Documentos</h2>
        <Upload />
      </section>
    </>
  );
}

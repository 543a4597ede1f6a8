"use client";

import { type ReactNode, useState } from "react";

type Told = { text: string; wrong?: boolean };

/** A form that says how it went. `save` gets the fields, and answers what is said then. */
export function Form(given: {
  button: string;
  className?: string;
  save: (fields: FormData) => Promise<string>;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<Told>({ text: "" });

  async function submit(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    try {
      setTold({ text: await given.save(new FormData(form)) });
      form.reset();
    } catch (error) {
      setTold({ text: (error as Error).message, wrong: true });
    }
    setBusy(false);
  }

  return (
    <form className={given.className} onSubmit={submit}>
      {given.children}
      <button disabled={busy}>{busy ? "Um momento…" : given.button}</button>
      <p className={told.wrong ? "told wrong" : "told"} role="status">
        {told.text}
      </p>
    </form>
  );
}

"use client";

import { useRouter } from "next/navigation";

import { Form } from "../form.tsx";
import { send } from "../send.ts";

export default function Login() {
  const router = useRouter();

  async function save(fields: FormData) {
    await send("/api/login", { name: fields.get("name") });
    router.push("/dashboard");
    return "Bem-vindo!";
  }

  return (
    <div className="card narrow">
      <h1>FisioFlow</h1>
      <p className="soft">A agenda da clínica de fisioterapia.</p>
      <Form button="Entrar" save={save}>
        <label>
          Seu nome
          <input name="name" required maxLength={200} autoComplete="name" autoFocus />
        </label>
      </Form>
    </div>
  );
}

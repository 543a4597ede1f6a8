// What the forms send. Error, in words for people, for what was not accepted.
const TOLD: Record<number, string> = {
  401: "Sua sessão terminou. Entre de novo.",
  429: "Muitas tentativas. Espere alguns minutos.",
  503: "O serviço não está disponível agora. Tente de novo em instantes.",
};

export async function send<Answer>(path: string, given: object = {}): Promise<Answer> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(given),
  }).catch(() => {
    throw new Error("Sem conexão com a clínica. Tente de novo.");
  });
  if (!answer.ok) throw new Error(TOLD[answer.status] ?? "Não foi possível salvar. Confira os dados e tente de novo.");
  return answer.json();
}

import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";

import { settings } from "../lib/settings.ts";
import "./globals.css";

// Inlined when the image is built, as all that is called NEXT_PUBLIC_.
const address = process.env.NEXT_PUBLIC_APP_URL;

export const metadata: Metadata = {
  title: "FisioFlow",
  description: "Agenda da clínica de fisioterapia",
  ...(address && { metadataBase: new URL(address), alternates: { canonical: "./" } }),
};

export default async function Layout({ children }: { children: ReactNode }) {
  await connection();
  return (
    <html lang="pt-BR">
      <body>
        <main>{children}</main>
        <footer>FisioFlow de exemplo, versão {settings().version}</footer>
      </body>
    </html>
  );
}

// Sessions: a signed cookie that names an entry in Valkey. Without the entry the cookie is worth nothing, so that who logs
// out is out everywhere.
import NextAuth from "next-auth";
import Credentials from "next-auth/providers/credentials";

import { Refusal } from "./answers.ts";
import { cache } from "./cache.ts";
import { settings } from "./settings.ts";

const SECONDS = 8 * 3600;
const entry = (session: unknown) => `session:${session}`;

export const { handlers, auth, signIn, signOut } = NextAuth(() => ({
  secret: settings().authSecret,
  // What a proxy tells of the address is true: nobody reaches the app but by one.
  trustHost: true,
  session: { strategy: "jwt", maxAge: SECONDS },
  pages: { signIn: "/login" },
  providers: [
    Credentials({
      credentials: { name: {} },
      // Whoever names himself is let in: an example, and it holds nobody's data. An app asks its table of users here.
      authorize: ({ name }) => (typeof name === "string" && name && name.length <= 200 ? { name } : null),
    }),
  ],
  callbacks: {
    async jwt({ token, user }) {
      if (user) {
        token.sub = crypto.randomUUID();
        await cache().put(entry(token.sub), user.name ?? "", SECONDS);
        return token;
      }
      return (await cache().get(entry(token.sub))) === null ? null : token;
    },
  },
  events: {
    async signOut(message) {
      if ("token" in message && message.token) await cache().remove(entry(message.token.sub));
    },
  },
}));

/** The name of who is logged in. Refusal (401) for nobody. */
export async function required(): Promise<string> {
  const name = (await auth())?.user?.name;
  if (!name) throw new Refusal(401, "log in first");
  return name;
}

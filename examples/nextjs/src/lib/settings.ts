// The environment as values. What is missing is named, and its part of the app answers without it.
type Environment = Record<string, string | undefined>;

/** What FisioFlow looks for at its start; /api/ping tells which of them are not there. */
export const NEEDED = ["DATABASE_URL", "REDIS_URL", "NEXTAUTH_SECRET", "NEXTAUTH_URL", "ENCRYPTION_KEY"];

export function read(env: Environment) {
  const originSecrets = [env.ORIGIN_SECRET ?? "", env.ORIGIN_SECRET_NEXT ?? ""].filter(Boolean);
  const poolSize = Number(env.DB_POOL_SIZE || 10);
  if (!Number.isInteger(poolSize) || poolSize < 1) throw new Error("DB_POOL_SIZE must be a number");
  return {
    databaseUrl: env.DATABASE_URL ?? "",
    databaseCa: env.DATABASE_CA_CERT ?? "",
    redisUrl: env.REDIS_URL ?? "",
    redisCa: env.REDIS_CA_CERT ?? "",
    poolSize,
    rateLimits: (env.RATE_LIMIT_ENABLED ?? "true").toLowerCase() === "true",
    authSecret: env.AUTH_SECRET || env.NEXTAUTH_SECRET,
    statusToken: env.STATUS_CHECK_TOKEN ?? "",
    originSecrets: env.ORIGIN_SECRET ? originSecrets : [],
    origins: (env.CORS_ORIGINS ?? "").split(",").filter(Boolean),
    space: {
      key: env.DO_SPACES_KEY ?? "",
      secret: env.DO_SPACES_SECRET ?? "",
      endpoint: env.DO_SPACES_ENDPOINT ?? "",
      bucket: env.DO_SPACES_BUCKET ?? "",
      region: env.DO_SPACES_REGION || "us-east-1",
    },
    version: env.APP_VERSION || "1",
    missing: NEEDED.filter((name) => !env[name]),
  };
}

export type Settings = ReturnType<typeof read>;

/** Read when it is asked: a build has no environment. */
export const settings = () => read(process.env);

// Sessions and rate limits in Valkey, or in memory where nobody gave a REDIS_URL. Nothing is kept without an end.
import { Redis } from "ioredis";

import { once } from "./once.ts";
import { settings } from "./settings.ts";

const TIMEOUT = 2000;

export interface Cache {
  name: "valkey" | "mock";
  ping(): Promise<void>;
  put(key: string, value: string, seconds: number): Promise<void>;
  get(key: string): Promise<string | null>;
  remove(key: string): Promise<void>;
  /** How often it was counted within the window that began with the first time. */
  count(key: string, seconds: number): Promise<number>;
}

/** Of one process only, and gone with it: what makes login limits worthless, so it never calls itself healthy. */
export class Mock implements Cache {
  name = "mock" as const;
  #kept = new Map<string, { until: number; value: string }>();

  async ping() {}

  async put(key: string, value: string, seconds: number) {
    this.#kept.set(key, { until: Date.now() + seconds * 1000, value });
  }

  async get(key: string) {
    const found = this.#kept.get(key);
    return found && found.until > Date.now() ? found.value : null;
  }

  async remove(key: string) {
    this.#kept.delete(key);
  }

  async count(key: string, seconds: number) {
    if ((await this.get(key)) === null) await this.put(key, "0", seconds);
    const found = this.#kept.get(key)!;
    found.value = String(Number(found.value) + 1);
    return Number(found.value);
  }
}

class Real implements Cache {
  name = "valkey" as const;
  #redis: Redis;

  constructor(url: string, authority: string) {
    this.#redis = new Redis(url, {
      // A command that finds no server fails soon, and the next one finds the new primary.
      maxRetriesPerRequest: 1,
      connectTimeout: TIMEOUT,
      commandTimeout: TIMEOUT,
      ...(url.startsWith("rediss://") && { tls: authority ? { ca: authority } : {} }),
    });
    this.#redis.on("error", (error) => console.warn(`Valkey: ${error.name}`));
  }

  async ping() {
    await this.#redis.ping();
  }

  async put(key: string, value: string, seconds: number) {
    await this.#redis.set(key, value, "EX", seconds);
  }

  get(key: string) {
    return this.#redis.get(key);
  }

  async remove(key: string) {
    await this.#redis.del(key);
  }

  async count(key: string, seconds: number) {
    await this.#redis.set(key, 0, "EX", seconds, "NX");
    return this.#redis.incr(key);
  }
}

export const cache = (): Cache =>
  once("cache", () => {
    const { redisUrl, redisCa } = settings();
    return redisUrl ? new Real(redisUrl, redisCa) : new Mock();
  });

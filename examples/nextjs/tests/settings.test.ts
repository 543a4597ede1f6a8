import assert from "node:assert/strict";
import { test } from "node:test";

import { NEEDED, read } from "../src/lib/settings.ts";

test("what is missing is named", () => {
  assert.deepEqual(read({}).missing, NEEDED);
  assert.deepEqual(read(Object.fromEntries(NEEDED.map((name) => [name, "x"]))).missing, []);
});

test("a number that is none is refused", () => {
  assert.throws(() => read({ DB_POOL_SIZE: "many" }), /DB_POOL_SIZE must be a number/);
  assert.equal(read({}).poolSize, 10);
});

test("the next origin secret counts only beside the one of now", () => {
  assert.deepEqual(read({ ORIGIN_SECRET_NEXT: "b" }).originSecrets, []);
  assert.deepEqual(read({ ORIGIN_SECRET: "a", ORIGIN_SECRET_NEXT: "b" }).originSecrets, ["a", "b"]);
});

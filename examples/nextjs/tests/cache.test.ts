import assert from "node:assert/strict";
import { test } from "node:test";

import { Mock } from "../src/lib/cache.ts";

test("in memory, a window begins with the first count and ends", async (context) => {
  context.mock.timers.enable({ apis: ["Date"] });
  const mock = new Mock();
  assert.deepEqual([await mock.count("a", 10), await mock.count("a", 10), await mock.count("b", 10)], [1, 2, 1]);
  context.mock.timers.tick(10_001);
  assert.equal(await mock.count("a", 10), 1);
});

test("in memory, what was removed is gone", async () => {
  const mock = new Mock();
  await mock.put("session", "Ana", 60);
  assert.equal(await mock.get("session"), "Ana");
  await mock.remove("session");
  assert.equal(await mock.get("session"), null);
});

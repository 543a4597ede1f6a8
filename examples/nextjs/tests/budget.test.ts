import assert from "node:assert/strict";
import { test } from "node:test";

import { Budget } from "../src/lib/budget.ts";

function counted(good: number, bad: number) {
  const clock = { now: 0 };
  const budget = new Budget(() => clock.now);
  for (let number = 0; number < good; number++) budget.note(200);
  for (let number = 0; number < bad; number++) budget.note(503);
  return { budget, clock };
}

test("more than 5 % of errors spend it", () => {
  assert.equal(counted(95, 5).budget.spent(), false);
  assert.equal(counted(94, 6).budget.spent(), true);
  assert.deepEqual(counted(94, 6).budget.ratio(), { answers: 100, share: 0.06 });
});

test("few answers prove nothing", () => assert.equal(counted(0, 19).budget.spent(), false));

test("what is older than two minutes is forgotten", () => {
  const { budget, clock } = counted(0, 100);
  clock.now = 120_001;
  assert.deepEqual(budget.ratio(), { answers: 0, share: 0 });
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromEdge, limit, same } from "../src/lib/door.ts";

test("with a secret set, who shows none of them does not come by the edge", () => {
  assert.equal(fromEdge("", []), true);
  assert.equal(fromEdge("", ["a", "b"]), false);
  assert.equal(fromEdge("b", ["a", "b"]), true);
  assert.equal(same("a", "ab"), false);
});

test("each path has the narrowest limit that fits", () => {
  assert.equal(limit("/dashboard"), undefined);
  assert.equal(limit("/api/login")?.most, 5);
  assert.equal(limit("/api/auth/callback/credentials")?.most, 5);
  assert.equal(limit("/api/uploads")?.most, 10);
  assert.equal(limit("/api/patients")?.most, 100);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { address, ready } from "../src/lib/uploads.ts";

const space = { key: "K", secret: "S", endpoint: "https://nyc3.digitaloceanspaces.com", bucket: "uploads", region: "nyc3" };

test("an address is for one key and one type, for five minutes, and asks for no checksum", async () => {
  const url = new URL(await address(space, "uploads/1", "image/png"));
  assert.equal(`${url.host}${url.pathname}`, "uploads.nyc3.digitaloceanspaces.com/uploads/1");
  assert.equal(url.searchParams.get("X-Amz-Expires"), "300");
  assert.equal(url.searchParams.get("X-Amz-SignedHeaders"), "content-type;host");
  assert.equal([...url.searchParams.keys()].filter((name) => name.includes("checksum")).length, 0);
});

test("a Space without its secret is none", () => {
  assert.equal(ready(space), true);
  assert.equal(ready({ ...space, secret: "" }), false);
});

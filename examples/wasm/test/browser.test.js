// The tarball in a browser: in a page and in a worker, with SIMD and without.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { serve } from "../page/serve.js";
import { SKIP, withBrowser } from "./chromium.js";
import { installPacked } from "./packed.js";

const packed = installPacked();
after(packed.remove);
const served = await serve(packed.folder, 0);
after(() => served.close());
const origin = `http://localhost:${served.address().port}`;

writeFileSync(join(packed.folder, "index.html"), "<!doctype html><title>empty</title>");
writeFileSync(
  join(packed.folder, "use.js"),
  `import { load } from "/node_modules/jotlet-wasm/jotlet.js";
  export async function use() {
    const key = (await load()).key("a shared secret of at least 32 bytes");
    const token = key.issueAccess("alice", { now: 1, id: crypto.randomUUID() });
    try {
      key.verify(token, { now: 0 });
    } catch (error) {
      return [key.verify(token, { now: 1 }).subject, error.rule];
    }
  }`,
);
writeFileSync(
  join(packed.folder, "worker.js"),
  `import { use } from "/use.js";
  use().then(postMessage, (error) => postMessage(String(error)));`,
);

async function useIn(browser) {
  const page = await browser.newPage();
  const fetched = [];
  page.on("request", (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(origin);
  const [inPage, inWorker] = await page.evaluate(async () => {
    const { use } = await import("/use.js");
    const worker = new Worker("/worker.js", { type: "module" });
    const message = new Promise((resolve) => worker.addEventListener("message", resolve, { once: true }));
    return [await use(), (await message).data];
  });
  assert.deepEqual(inPage, ["alice", "not_yet_valid"]);
  assert.deepEqual(inWorker, inPage);
  return new Set(fetched.filter((path) => path.endsWith(".wasm")).map((path) => path.split("/").at(-1)));
}

test("with SIMD", { skip: SKIP }, async () => {
  assert.deepEqual(await withBrowser(useIn), new Set(["full.simd.wasm"]));
});

const X64 = process.arch === "x64" || process.env.CI === "true" ? false : "SKIPPED: the flag that takes SIMD away is one of x64";

test("without SIMD", { skip: SKIP || X64 }, async () => {
  assert.deepEqual(await withBrowser(useIn, ["--js-flags=--no-enable-sse4-1"]), new Set(["full.compact.wasm"]));
});

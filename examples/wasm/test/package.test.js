// The tarball is complete: installed elsewhere, it works in Node and in a worker of Node. test/browser.test.js has the rest.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { MODULES } from "./modules.js";
import { installPacked } from "./packed.js";

const packed = installPacked();
after(packed.remove);

/** Runs a script in the folder into which the tarball is installed. */
function run(script) {
  writeFileSync(join(packed.folder, "script.js"), script);
  return execFileSync(process.execPath, ["script.js"], { cwd: packed.folder, encoding: "utf8" }).trim();
}

const SCRIPT = `
  const SECRET = "a shared secret of at least 32 bytes";
  const now = Math.floor(Date.now() / 1000);
  const key = (await load()).key(SECRET);
  const token = key.issueAccess("alice", { now, id: crypto.randomUUID() });
  const verifier = (await load({ verifyOnly: true })).key(SECRET);
`;

test("the tarball has what is needed, and nothing else", () => {
  const scripts = ["claims.js", "jotlet.d.ts", "jotlet.js", "memory.js", "options.js", "rules.js"];
  const modules = MODULES.map((name) => `wasm/${name}.wasm`);
  const texts = ["README.md", "package.json", "wasm/LICENSE-APACHE", "wasm/LICENSE-MIT"];
  assert.deepEqual(packed.files.sort(), [...scripts, ...modules, ...texts].sort());
});

test("the README's example", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, example] = readme.match(/```js\n(.*?)```/s);
  assert.equal(run(example), "missing_claim iss is missing");
  const met = example.replace('issuer: "https://example.com"', "requireFresh: true");
  assert.match(run(met), /^user-42 \d+ \{\}$/);
});

test("in Node", () => {
  const output = run(`
    import { load } from "jotlet-wasm";
    ${SCRIPT}
    console.log(key.verify(token, { now }).subject, verifier.verify(token, { now }).subject);
  `);
  assert.equal(output, "alice alice");
});

test("in a worker of Node", () => {
  const output = run(`
    import { Worker, isMainThread, parentPort } from "node:worker_threads";
    import { load } from "jotlet-wasm";
    if (isMainThread) {
      new Worker(new URL(import.meta.url)).on("message", (subject) => console.log(subject));
    } else {
      ${SCRIPT}
      parentPort.postMessage(verifier.verify(token, { now }).subject);
    }
  `);
  assert.equal(output, "alice");
});

test("what only verifies access tokens says so", () => {
  const output = run(`
    import { load } from "jotlet-wasm";
    ${SCRIPT}
    for (const call of [
      () => verifier.issueAccess("alice", { now, id: crypto.randomUUID() }),
      () => verifier.issueRefresh("alice", { now, id: crypto.randomUUID() }),
      () => verifier.verify(token, { now, type: "refresh" }),
    ]) {
      try {
        call();
      } catch (error) {
        console.log(error.name);
      }
    }
  `);
  assert.equal(output, "TypeError\nTypeError\nTypeError");
});

test("the modules can be imported by path, for hosts that compile them themselves", () => {
  const output = run(`
    import { load } from "jotlet-wasm";
    import { readFile } from "node:fs/promises";
    const bytes = await readFile(new URL(import.meta.resolve("jotlet-wasm/wasm/full.compact.wasm")));
    const jotlet = await load({ module: await WebAssembly.compile(bytes) });
    console.log(typeof jotlet.key("a shared secret of at least 32 bytes").issueAccess);
  `);
  assert.equal(output, "function");
});

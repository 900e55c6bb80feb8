// The modules themselves: what they import and export, how large they are, and which of them is chosen.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { MODULES, bytesOf } from "./modules.js";

/** In bytes, within 2 % of what the modules have: growth is noticed, and what is saved should be written down here. */
const LIMITS = {
  "verify.simd": 19_050,
  "verify.compact": 18_050,
  "full.simd": 31_600,
  "full.compact": 30_700,
};

const overLimit = (sizes) => Object.keys(LIMITS).filter((name) => !(sizes[name] <= LIMITS[name]));

test("no module has grown", async () => {
  const sizes = {};
  for (const name of MODULES) sizes[name] = (await bytesOf(name)).length;
  console.log("bytes:", sizes);
  assert.deepEqual(overLimit(sizes), []);
});

test("a module that is one byte too large, or is not there, is noticed", () => {
  assert.deepEqual(overLimit(LIMITS), []);
  for (const name of MODULES) {
    assert.deepEqual(overLimit({ ...LIMITS, [name]: LIMITS[name] + 1 }), [name]);
    assert.deepEqual(overLimit({ ...LIMITS, [name]: undefined }), [name]);
  }
});

for (const name of MODULES) {
  test(`imports nothing, and exports what is documented: ${name}`, async () => {
    const module = await WebAssembly.compile(await bytesOf(name));
    assert.deepEqual(WebAssembly.Module.imports(module), []);
    const exported = WebAssembly.Module.exports(module).map((one) => one.name);
    const issuing = name.startsWith("full") ? ["issue"] : [];
    const expected = ["memory", "exchange", "key_size", "key_new", "key_free", "verify", ...issuing, "__data_end", "__heap_base"];
    assert.deepEqual(exported.sort(), expected.sort());
  });
}

const skip = process.arch !== "x64" && process.env.CI !== "true" && "SKIPPED: the flag that takes SIMD away is one of x64";

test("the build without SIMD is for hosts that have none, and chosen there", { skip }, async () => {
  const script = `
    const { load } = await import(${JSON.stringify(new URL("../jotlet.js", import.meta.url).href)});
    const { readFile } = await import("node:fs/promises");
    const files = ${JSON.stringify(MODULES.map((name) => new URL(`../wasm/${name}.wasm`, import.meta.url)))};
    const valid = [];
    for (const file of files) valid.push(WebAssembly.validate(await readFile(new URL(file))));
    const key = (await load()).key("a shared secret of at least 32 bytes");
    const token = key.issueAccess("alice", { now: 1, id: "0".repeat(32) });
    console.log(JSON.stringify({ valid, token }));
  `;
  const run = async (flags) => {
    const args = [...flags, "--input-type=module", "--eval", script];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const [here, old] = [await run([]), await run(["--no-enable-sse4-1"])];
  assert.deepEqual(here.valid, [true, true, true, true]);
  assert.deepEqual(old.valid, [false, true, false, true]);
  assert.equal(old.token, here.token);
});

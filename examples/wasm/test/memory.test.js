// The module's memory is what it was after 100,000 calls of every sort, and a forgotten key's place is used again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { JotletError, load } from "../jotlet.js";
import { NOW, SECRET, bytesOf } from "./modules.js";

const ID = "0f3d7e0a8c2b4f5e9d612b7c3a9e4f10";

/** jotlet, and its memory, which it does not show. */
async function watched() {
  const { instantiate } = WebAssembly;
  let memory;
  WebAssembly.instantiate = async (module) => {
    const instance = await instantiate(module);
    memory = instance.exports.memory;
    return instance;
  };
  const jotlet = await load({ module: await WebAssembly.compile(await bytesOf("full.simd")) });
  WebAssembly.instantiate = instantiate;
  return { jotlet, memory };
}

test("memory does not grow over 100,000 calls", async () => {
  const { jotlet, memory } = await watched();
  const before = memory.buffer.byteLength;
  const key = jotlet.key(SECRET);
  let refused = 0;
  for (let i = 0; i < 100_000; i++) {
    const other = jotlet.key(SECRET);
    const subject = "x".repeat(i % 500);
    const token = i % 2 ? key.issueAccess(subject, { now: NOW, id: ID }) : key.issueRefresh(subject, { now: NOW, id: ID });
    try {
      other.verify(token, { now: NOW, audience: "a".repeat(i % 100), type: "access" });
    } catch (error) {
      assert(error instanceof JotletError);
      refused++;
    }
    other.verify(token, { now: NOW, type: i % 2 ? "access" : "refresh" });
    other.free();
  }
  assert.equal(refused, 100_000);
  assert.equal(memory.buffer.byteLength, before);
});

test("memory grows with the keys that are held, and the keys survive that", async () => {
  const { jotlet, memory } = await watched();
  const before = memory.buffer.byteLength;
  const secret = (i) => `secret number ${String(i).padStart(32, "0")}`;
  const keys = Array.from({ length: 5000 }, (_, i) => jotlet.key(secret(i)));
  assert(memory.buffer.byteLength > before);
  const token = keys[7].issueAccess("alice", { now: NOW, id: ID });
  assert.equal(keys[7].verify(token, { now: NOW }).subject, "alice");
  assert.equal(jotlet.key(secret(7)).verify(token, { now: NOW }).subject, "alice");
  assert.throws(() => keys[4999].verify(token, { now: NOW }), { rule: "wrong_signature" });
});

test("the secret is not left in the memory, nor is a key that was freed", async () => {
  const { jotlet, memory } = await watched();
  const holds = (bytes) => Buffer.from(memory.buffer).includes(bytes);
  const secret = Buffer.from("an unmistakable secret, 32 bytes");
  const key = jotlet.key(secret);
  assert(!holds(secret));
  // The padded key, byte by byte with 0x36 and 0x5c: what HMAC hashes first.
  for (const pad of [0x36, 0x5c]) assert(!holds(secret.map((byte) => byte ^ pad)));
  // What freeing changes is the key's state, two of 32 bytes at least, and it is zero afterwards.
  const during = new Uint8Array(memory.buffer).slice();
  key.free();
  const after = new Uint8Array(memory.buffer);
  const state = [...during.keys()].filter((at) => during[at] !== after[at]);
  assert(state.length > 56, `${state.length} bytes were wiped`);
  assert(state.every((at) => after[at] === 0));
});

// npm test runs node with --expose-gc.
test("a key that is forgotten makes room", async () => {
  const { jotlet, memory } = await watched();
  const before = memory.buffer.byteLength;
  for (let round = 0; round < 40; round++) {
    for (let i = 0; i < 200; i++) jotlet.key(SECRET);
    gc();
    // A finalization callback is a task of its own.
    await setTimeout(0);
  }
  assert(memory.buffer.byteLength <= before + 65536, `${memory.buffer.byteLength} bytes, ${before} before`);
});

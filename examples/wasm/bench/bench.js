// What verifying a Flask access token of 331 bytes takes: jotlet inside the module and as JavaScript sees it, the bare HMAC
// in the same module, and the libraries of Node. Every row has its turn in every round, so that a noisy machine is noisy for
// all of them.
import { createHmac, createSecretKey } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createVerifier } from "fast-jwt";
import { jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { load } from "../jotlet.js";

const SECRET = "0123456789abcdef0123456789abcdef";
const NOW = 1767225700;
// {"fresh":false,"iat":1767225600,"jti":"0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10","type":"access","sub":"alice",
// "nbf":1767225600,"csrf":"7b1e9c42-53da-4b0f-8a7e-6d2f1c0b9a38","exp":1767226500}
const TOKEN =
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." +
  "eyJmcmVzaCI6ZmFsc2UsImlhdCI6MTc2NzIyNTYwMCwianRpIjoiMGYzZDdlMGEtOGMyYi00ZjVlLTlkNjEtMmI3YzNhOWU0ZjEwIiwidHlwZSI6" +
  "ImFjY2VzcyIsInN1YiI6ImFsaWNlIiwibmJmIjoxNzY3MjI1NjAwLCJjc3JmIjoiN2IxZTljNDItNTNkYS00YjBmLThhN2UtNmQyZjFjMGI5YTM4" +
  "IiwiZXhwIjoxNzY3MjI2NTAwfQ." +
  "HL-3pwe-84t4G1u3XG5q6ugbaJl6wZwRMWLCUAGSXr8";
const SIGNED = TOKEN.slice(0, TOKEN.lastIndexOf("."));
// Many short turns, so that few of them are interrupted.
const WARM_UP = 50;
const ROUNDS = 400;
const CALLS = 100;

/** A module with loops inside: how to verify and to compute the bare HMAC, there and one call at a time. */
async function inside(flavour) {
  const bytes = await readFile(new URL(`wasm/${flavour}.wasm`, import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes);
  const { exports } = instance;
  const exchange = exports.exchange();
  const lengths = new Uint32Array(exports.memory.buffer, exchange + 92, 3);
  const texts = new Uint8Array(exports.memory.buffer, exchange + 120, 65536);
  const key = exports.__heap_base.value;
  const mac = key + 1024;
  const put = (text) => {
    lengths.fill(0xffffffff);
    lengths[0] = new TextEncoder().encodeInto(text, texts).written;
  };
  put(SECRET);
  if (exports.hmac_new(mac) !== 1) throw new Error("the key of the HMAC was refused");
  if (exports.key_new(key) !== 0) throw new Error("the key was refused");
  put(TOKEN);
  const jotlet = (await load({ module: await WebAssembly.compile(bytes) })).key(SECRET);
  const encoder = new TextEncoder();
  return {
    verifies: (calls) => exports.verify_loop(key, NOW, calls) === 1,
    hmacs: (calls) => exports.hmac_loop(mac, calls) === undefined,
    verify: () => jotlet.verify(TOKEN, { now: NOW }).subject === "alice",
    hmac: () => {
      lengths[0] = encoder.encodeInto(TOKEN, texts).written;
      return exports.hmac_loop(mac, 1) === undefined;
    },
  };
}

const simd = await inside("simd");
const compact = await inside("compact");
const fastJwt = createVerifier({ key: SECRET, algorithms: ["HS256"], cache: false, clockTimestamp: NOW * 1000 });
// From a string jsonwebtoken makes a key anew in every call, which takes it a hundred times as long.
const secretKey = createSecretKey(Buffer.from(SECRET));
const joseKey = await crypto.subtle.importKey("raw", Buffer.from(SECRET), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
const joseOptions = { algorithms: ["HS256"], currentDate: new Date(NOW * 1000) };

const repeat = (call) => (calls) => {
  let right = true;
  for (let i = 0; i < calls; i++) right &&= call();
  return right;
};
const FAST_JWT = "fast-jwt, cache off";
const rows = [
  ["bare HMAC, simd, in the module", simd.hmacs],
  ["jotlet, simd, in the module", simd.verifies, "bare HMAC, simd, in the module"],
  ["bare HMAC, simd, from JavaScript", repeat(simd.hmac)],
  ["jotlet, simd, from JavaScript", repeat(simd.verify), "bare HMAC, simd, from JavaScript"],
  ["bare HMAC, compact, in the module", compact.hmacs],
  ["jotlet, compact, in the module", compact.verifies, "bare HMAC, compact, in the module"],
  ["bare HMAC, compact, from JavaScript", repeat(compact.hmac)],
  ["jotlet, compact, from JavaScript", repeat(compact.verify), "bare HMAC, compact, from JavaScript"],
  ["node:crypto's createHmac alone", repeat(() => createHmac("sha256", secretKey).update(SIGNED).digest().length === 32)],
  [FAST_JWT, repeat(() => fastJwt(TOKEN).sub === "alice")],
  ["jsonwebtoken", repeat(() => jsonwebtoken.verify(TOKEN, secretKey, { algorithms: ["HS256"], clockTimestamp: NOW }).sub === "alice")],
  [
    "jose",
    async (calls) => {
      let right = true;
      for (let i = 0; i < calls; i++) right &&= (await jwtVerify(TOKEN, joseKey, joseOptions)).payload.sub === "alice";
      return right;
    },
  ],
];

const times = new Map(rows.map(([name]) => [name, []]));
for (let round = -WARM_UP; round < ROUNDS; round++) {
  for (const [name, run] of rows) {
    const begun = process.hrtime.bigint();
    const right = await run(CALLS);
    const nanoseconds = Number(process.hrtime.bigint() - begun) / CALLS;
    if (!right) throw new Error(`${name} did not accept the token`);
    if (round >= 0) times.get(name).push(nanoseconds);
  }
}

const median = (name) => times.get(name).sort((a, b) => a - b)[ROUNDS >> 1];
console.log(`Node ${process.versions.node}: verifying a token of ${TOKEN.length} bytes, median of ${ROUNDS} rounds of ${CALLS} calls\n`);
console.log(`${"".padEnd(38)}${"ns".padStart(8)}${"to its HMAC".padStart(14)}${"faster than fast-jwt".padStart(22)}`);
for (const [name, , hmac] of rows) {
  const ratio = hmac ? `${(median(name) / median(hmac)).toFixed(2)}x` : "";
  const faster = `${(median(FAST_JWT) / median(name)).toFixed(1)}x`;
  console.log(`${name.padEnd(38)}${median(name).toFixed(0).padStart(8)}${ratio.padStart(14)}${faster.padStart(22)}`);
}

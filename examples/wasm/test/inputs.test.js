// What a caller must not pass, and what an attacker may send: refused, or handled, in every module and at any length.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { JotletError, MAX_TOKEN_LENGTH, load } from "../jotlet.js";
import { MODULES, NOW, SECRET, loadModule, thrownBy } from "./modules.js";

const ID = "0f3d7e0a8c2b4f5e9d612b7c3a9e4f10";
const jotlet = await load();
const key = jotlet.key(SECRET);
const token = key.issueAccess("alice", { now: NOW, id: ID });
const signed = (header, payload) => {
  const message = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
  return `${message}.${createHmac("sha256", SECRET).update(message).digest("base64url")}`;
};

const notTexts = [undefined, null, 1, true, {}, [], new String(token), Symbol("a"), Buffer.from(token)];
const notSeconds = [undefined, null, "1", 1n, NaN, Infinity, -1, 0.5, new Date(), {}];
const notBooleans = [undefined, null, 0, "true"];

function refusesWith(kinds, call) {
  const error = thrownBy(call);
  assert(kinds.some((kind) => error instanceof kind), error);
  assert(!(error instanceof JotletError), error);
}

test("wrong types are a TypeError or a RangeError", () => {
  const wrong = [TypeError, RangeError];
  const issue = { now: NOW, id: ID };
  for (const text of notTexts) {
    refusesWith([TypeError], () => key.verify(text, { now: NOW }));
    refusesWith([TypeError], () => key.issueAccess(text, issue));
    for (const name of ["issuer", "audience"]) refusesWith([TypeError], () => key.verify(token, { now: NOW, [name]: text }));
    for (const name of ["id", "issuer", "audience", "csrf", "sessionId"]) {
      refusesWith([TypeError], () => key.issueRefresh("alice", { ...issue, [name]: text }));
    }
    refusesWith([TypeError], () => key.verify(token, { now: NOW, type: text }));
  }
  for (const time of notSeconds) {
    for (const name of ["now", "leeway"]) refusesWith(wrong, () => key.verify(token, { now: NOW, [name]: time }));
    for (const name of ["now", "lifetime", "notBefore", "fresh"]) {
      refusesWith(wrong, () => key.issueAccess("alice", { ...issue, [name]: time }));
    }
  }
  for (const flag of notBooleans) {
    for (const name of ["requireFresh", "allowMissingExpiry", "missingTypeIsAccess"]) {
      refusesWith([TypeError], () => key.verify(token, { now: NOW, [name]: flag }));
    }
  }
  for (const secret of [undefined, null, 1, [], {}, new ArrayBuffer(32), new Uint16Array(32)]) {
    refusesWith([TypeError], () => jotlet.key(secret));
  }
  for (const options of [undefined, null, NOW, "now"]) refusesWith([TypeError], () => key.verify(token, options));
  key.verify(token, { now: NOW });
});

test("an option that there is not is a TypeError, and not passed over", () => {
  refusesWith([TypeError], () => key.verify(token, { now: NOW, isuer: "a" }));
  refusesWith([TypeError], () => key.issueAccess("alice", { now: NOW, id: ID, expiresIn: 1 }));
  refusesWith([TypeError], () => key.issueRefresh("alice", { now: NOW, id: ID, fresh: true }));
});

test("loading refuses what it can't use", async () => {
  await assert.rejects(load({ module: new Uint8Array(8) }), TypeError);
  await assert.rejects(load({ verifyOnly: 1 }), TypeError);
  await assert.rejects(load({ simd: true }), TypeError);
});

test("half a surrogate pair is refused, for different texts would become one", () => {
  for (const text of ["\ud800", "a\udc00", "\udc00\ud800"]) {
    refusesWith([TypeError], () => key.issueAccess(text, { now: NOW, id: ID }));
    refusesWith([TypeError], () => key.verify(token, { now: NOW, issuer: text }));
    refusesWith([TypeError], () => jotlet.key(text.padEnd(40, "x")));
    // From the network, anything may come.
    assert.equal(thrownBy(() => key.verify(text, { now: NOW })).rule, "not_three_segments");
  }
});

test("an option's getter may call back", () => {
  const other = key.issueAccess("mallory", { now: NOW, id: ID });
  const options = {
    get now() {
      key.verify(other, { now: NOW });
      return NOW;
    },
    get issuer() {
      key.issueAccess("mallory", { now: NOW, id: ID });
      return "me";
    },
  };
  const mine = key.issueAccess("alice", { now: NOW, id: ID, issuer: "me" });
  assert.equal(key.verify(mine, options).subject, "alice");
});

test("a key that has been freed is not used again", () => {
  const freed = jotlet.key(SECRET);
  freed.free();
  freed.free();
  refusesWith([TypeError], () => freed.verify(token, { now: NOW }));
  refusesWith([TypeError], () => freed.issueAccess("alice", { now: NOW, id: ID }));
  const next = jotlet.key("another secret of at least 32 bytes!");
  assert.equal(thrownBy(() => next.verify(token, { now: NOW })).rule, "wrong_signature");
  key.verify(token, { now: NOW });
});

test("secrets of any length from 32 bytes to 64 KiB", () => {
  for (const length of [32, 33, 63, 64, 65, 1000, 65536]) {
    const secret = randomBytes(length);
    const message = token.slice(0, token.lastIndexOf("."));
    const sealed = `${message}.${createHmac("sha256", secret).update(message).digest("base64url")}`;
    const long = jotlet.key(new Uint8Array(secret));
    assert.equal(long.verify(sealed, { now: NOW }).subject, "alice");
    long.free();
  }
  for (const length of [0, 1, 31]) assert.equal(thrownBy(() => jotlet.key(new Uint8Array(length))).rule, "key_too_short");
});

for (const name of MODULES) {
  test(`hostile tokens: ${name}`, async () => {
    const key = (await loadModule(name)).key(SECRET);
    const refusal = (text) => {
      const error = thrownBy(() => key.verify(text, { now: NOW }));
      assert(error instanceof JotletError, error);
      return error.rule;
    };
    assert.equal(refusal(""), "not_three_segments");
    const lengths = [1, 2, 42, 43, 44, 45, 46, 330, 332, 4095, 4096, 16383, 16384, 16385, 65536, 1 << 20, 1 << 26];
    for (const length of lengths) {
      for (const character of ["a", ".", "=", "\0", "é", "日", "🦀"]) {
        const text = character.repeat(length / character.length);
        const rule = refusal(text);
        if (text.length > MAX_TOKEN_LENGTH) assert.equal(rule, "too_long");
      }
    }
    for (let length = 0; length < token.length; length++) refusal(token.slice(0, length));
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "A" ? "B" : "A";
      refusal(token.slice(0, index) + other + token.slice(index + 1));
    }
    for (let i = 0; i < 2000; i++) refusal(randomBytes(i % 600).toString(i % 2 ? "latin1" : "base64url"));
    // Behind a right signature, too.
    const header = '{"alg":"HS256","typ":"JWT"}';
    for (const payload of ["", "{", "[".repeat(12000), '{"a":'.repeat(2000), `{"sub":"${"\\u0000".repeat(1900)}`]) {
      refusal(signed(header, payload));
    }
    for (let i = 0; i < 500; i++) refusal(signed(randomBytes(i), "{}"));
    for (let i = 0; i < 500; i++) refusal(signed(header, randomBytes(i)));
    // None of them has left anything behind.
    assert.equal(key.verify(token, { now: NOW }).subject, "alice");
  });

  test(`the longest audience: ${name}`, async () => {
    const key = (await loadModule(name)).key(SECRET);
    const verify = (audience) => {
      const payload = JSON.stringify({ type: "access", exp: NOW + 1, aud: audience });
      return key.verify(signed('{"alg":"HS256"}', payload), { now: NOW }).audience;
    };
    for (const audience of [Array(4050).fill(""), ["x".repeat(12000)], ["é".repeat(300), "b".repeat(127), "c".repeat(128)]]) {
      assert.deepEqual(verify(audience), audience);
    }
  });
}

test("the longest token that can be issued verifies", () => {
  const longest = (length) => key.issueAccess("a".repeat(length), { now: NOW, id: ID });
  let length = 12000;
  while (longest(length).length <= MAX_TOKEN_LENGTH - 4) length++;
  const token = longest(length);
  assert.equal(key.verify(token, { now: NOW }).subject.length, length);
  const error = thrownBy(() => longest(length + 3));
  assert.equal(error.rule, "too_long");
  assert(error.length > MAX_TOKEN_LENGTH);
});

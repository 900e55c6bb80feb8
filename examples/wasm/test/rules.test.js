// Every rule by its name and with its values; and what claims a token has.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { JotletError, MAX_TOKEN_LENGTH, load } from "../jotlet.js";
import { NOW, SECRET, thrownBy } from "./modules.js";

const jotlet = await load();
const key = jotlet.key(SECRET);
const ID = "0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10";

const base64url = (text) => Buffer.from(text).toString("base64url");
const seal = (message) => `${message}.${createHmac("sha256", SECRET).update(message).digest("base64url")}`;
const forge = (header, payload) => seal(`${base64url(header)}.${base64url(payload)}`);
const HEADER = '{"alg":"HS256","typ":"JWT"}';
const claims = (members) => forge(HEADER, `{"type":"access","exp":${NOW + 900}${members}}`);

const verifying = (token, options) => () => key.verify(token, { now: NOW, ...options });
const issuing = (subject, options) => () => key.issueAccess(subject, { now: NOW, id: ID, ...options });

const refused = [
  [() => jotlet.key("short"), { rule: "key_too_short", length: 5 }],
  [() => jotlet.key(new Uint8Array(65537)), { rule: "input_too_long", length: 65537, max: 65536 }],
  [issuing("alice", { id: "1" }), { rule: "malformed_id" }],
  [issuing("a".repeat(13000)), { rule: "too_long", length: 17596, max: MAX_TOKEN_LENGTH }],
  [issuing("a".repeat(65537)), { rule: "input_too_long", length: 65537, max: 65536 }],
  [verifying("x".repeat(16385)), { rule: "too_long", length: 16385, max: MAX_TOKEN_LENGTH }],
  [verifying("é".repeat(16384)), { rule: "too_long", length: 32768, max: MAX_TOKEN_LENGTH }],
  [verifying("a.b"), { rule: "not_three_segments" }],
  [verifying(`${"a".repeat(20)}.${"a".repeat(20)}.${"!".repeat(43)}`), { rule: "signature_encoding" }],
  [verifying(`a.b.${"A".repeat(43)}`), { rule: "wrong_signature" }],
  [verifying(seal("e.e30")), { rule: "header_encoding" }],
  [verifying(forge("{", "{}")), { rule: "header_not_json", at: 1 }],
  [verifying(forge('{"alg":"HS256","alg":"HS256"}', "{}")), { rule: "header_duplicate" }],
  [verifying(forge('{"alg":256}', "{}")), { rule: "header_parameter" }],
  [verifying(forge('{"alg":"none"}', "{}")), { rule: "wrong_algorithm" }],
  [verifying(forge('{"alg":"HS256","typ":"JOSE"}', "{}")), { rule: "wrong_media_type" }],
  [verifying(forge('{"alg":"HS256","cty":"JWT"}', "{}")), { rule: "nested" }],
  [verifying(forge('{"alg":"HS256","crit":["x"]}', "{}")), { rule: "critical_extension" }],
  [verifying(seal(`${base64url(HEADER)}.e31`)), { rule: "payload_encoding" }],
  [verifying(forge(HEADER, '{"a":}')), { rule: "payload_not_json", at: 5 }],
  [verifying(forge(HEADER, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))), { rule: "payload_not_utf8" }],
  [verifying(claims(`,"a":${"[".repeat(128)}`)), { rule: "too_deep", max: 128 }],
  [verifying(claims(',"sub":"a","sub":"a"')), { rule: "duplicate_claim", claim: "sub" }],
  [verifying(claims(',"nbf":"1"')), { rule: "malformed_claim", claim: "nbf" }],
  [verifying(forge(HEADER, '{"type":"access"}')), { rule: "missing_claim", claim: "exp" }],
  [verifying(claims(""), { requireFresh: true }), { rule: "missing_claim", claim: "fresh" }],
  [verifying(claims(""), { type: "refresh" }), { rule: "wrong_type" }],
  [verifying(claims(""), { now: NOW + 900 }), { rule: "expired", expiredAt: NOW + 900, now: NOW + 900 }],
  [verifying(claims(`,"nbf":${NOW + 1}`)), { rule: "not_yet_valid", notBefore: NOW + 1, now: NOW }],
  [verifying(claims(`,"iat":${NOW + 0.5}`)), { rule: "issued_in_future", issuedAt: NOW + 1, now: NOW }],
  [verifying(claims(',"iss":"a"'), { issuer: "b" }), { rule: "wrong_issuer" }],
  [verifying(claims(',"aud":["a",""]'), { audience: "b" }), { rule: "wrong_audience" }],
  [verifying(claims(',"fresh":false'), { requireFresh: true }), { rule: "not_fresh" }],
];

for (const [call, expected] of refused) {
  test(`${expected.rule}: ${JSON.stringify(expected)}`, () => {
    const error = thrownBy(call);
    assert(error instanceof JotletError, error);
    assert(error instanceof Error);
    assert.deepEqual({ ...error }, expected);
    assert.equal(error.name, "JotletError");
    assert.doesNotMatch(error.message, /[{}]|undefined|NaN/);
  });
}

test("every registered claim has its name", () => {
  const names = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "type", "fresh", "csrf", "sid"];
  for (const claim of names) {
    const error = thrownBy(verifying(forge(HEADER, `{"${claim}":{}}`)));
    assert.deepEqual({ ...error }, { rule: "malformed_claim", claim });
  }
});

test("expectations that are met, and what is allowed", () => {
  const token = claims(',"iss":"","aud":["a","","é"],"fresh":true');
  for (const audience of ["a", "", "é"]) key.verify(token, { now: NOW, issuer: "", audience, requireFresh: true });
  key.verify(claims(""), { now: NOW + 904, leeway: 5 });
  assert.equal(thrownBy(verifying(claims(""), { now: NOW + 905, leeway: 5 })).rule, "expired");
  const without = forge(HEADER, "{}");
  assert.equal(thrownBy(verifying(without, { missingTypeIsAccess: true })).claim, "exp");
  assert.equal(thrownBy(verifying(without, { allowMissingExpiry: true })).claim, "type");
  const bare = key.verify(without, { now: NOW, allowMissingExpiry: true, missingTypeIsAccess: true });
  assert.deepEqual([bare.expiresAt, bare.subject, bare.custom], [undefined, undefined, {}]);
});

test("fresh until a time", () => {
  const token = key.issueAccess("alice", { now: NOW, id: ID, fresh: NOW + 60 });
  assert.equal(key.verify(token, { now: NOW + 59, requireFresh: true }).fresh, true);
  assert.equal(key.verify(token, { now: NOW + 60 }).fresh, false);
  assert.equal(thrownBy(verifying(token, { now: NOW + 60, requireFresh: true })).rule, "not_fresh");
});

test("lifetimes and starts", () => {
  const options = { now: NOW, id: ID, lifetime: 10, notBefore: NOW + 5 };
  for (const [token, type] of [
    [key.issueAccess("alice", options), "access"],
    [key.issueRefresh("alice", options), "refresh"],
  ]) {
    const claims = key.verify(token, { now: NOW + 5, type });
    assert.deepEqual([claims.issuedAt, claims.notBefore, claims.expiresAt], [NOW, NOW + 5, NOW + 10]);
    assert.equal(thrownBy(verifying(token, { now: NOW + 4, type })).rule, "not_yet_valid");
  }
});

test("times that a double can't hold are rounded, not wrapped", () => {
  const token = forge(HEADER, '{"type":"access","exp":18446744073709551615}');
  assert.equal(key.verify(token, { now: Number.MAX_SAFE_INTEGER }).expiresAt, 2 ** 64);
  const issued = key.issueAccess("alice", { now: NOW, id: ID, lifetime: Number.MAX_SAFE_INTEGER });
  assert.equal(key.verify(issued, { now: NOW }).expiresAt, NOW + Number.MAX_SAFE_INTEGER);
});

test("strings come out as they went in", () => {
  for (const text of ["", "\ufeffalice", "a\0b", "é", "日本語", "🦀".repeat(100), '"\\/\b\f\n\r\t', "x".repeat(9000)]) {
    const token = key.issueAccess(text, { now: NOW, id: ID, csrf: "é", issuer: text.slice(0, 8) });
    const claims = key.verify(token, { now: NOW });
    assert.deepEqual([claims.subject, claims.csrf, claims.issuer], [text, "é", text.slice(0, 8)]);
  }
});

test("a claim of the application can't pass for one of JavaScript's", () => {
  const { custom } = key.verify(claims(',"__proto__":{"admin":true},"constructor":1,"a":1'), { now: NOW });
  assert.deepEqual(Object.keys(custom), ["__proto__", "constructor", "a"]);
  assert.equal(custom.admin, undefined);
});

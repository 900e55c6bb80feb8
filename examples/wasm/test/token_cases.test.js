// The project's own 284 accept and reject cases, and a token of a real flask-jwt-extended, in every module.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { JotletError } from "../jotlet.js";
import { MODULES, loadModule } from "./modules.js";

const repository = new URL("../../../", import.meta.url);
const read = async (path) => JSON.parse(await readFile(new URL(path, repository), "utf8"));
const { cases } = await read("tests/vectors/token_cases.json");
const flask = await read("tests/fixtures/flask_access_token.json");

function accepts(jotlet, { key_b64, token, now, leeway, expected_type }) {
  let key;
  try {
    key = jotlet.key(Buffer.from(key_b64, "base64"));
    key.verify(token, { now, leeway, type: expected_type });
    return true;
  } catch (error) {
    // Anything else is a failure of the wrapper.
    assert(error instanceof JotletError, error);
    return false;
  } finally {
    key?.free();
  }
}

for (const name of MODULES) {
  test(`token cases: ${name}`, async () => {
    const jotlet = await loadModule(name);
    const known = cases.filter((one) => name.startsWith("full") || one.expected_type === "access");
    assert.equal(cases.length, 284);
    assert(known.length > 250);
    // Of a `resource` case only a crash or a hang is a failure: it has passed by getting an answer.
    const wrong = known.filter((one) => accepts(jotlet, one) !== (one.expect === "accept") && !one.resource);
    assert.deepEqual(wrong.map((one) => one.id), []);
  });

  test(`Flask's token: ${name}`, async () => {
    const key = (await loadModule(name)).key(flask.key);
    const claims = key.verify(flask.token, { now: flask.made_at });
    const payload = JSON.parse(Buffer.from(flask.token.split(".")[1], "base64url"));
    assert.equal(claims.subject, "alice");
    assert.equal(claims.id, payload.jti);
    assert.equal(claims.csrf, payload.csrf);
    assert.equal(claims.expiresAt, flask.expires_at);
    assert.deepEqual([claims.issuedAt, claims.notBefore], [payload.iat, payload.nbf]);
    assert.deepEqual([claims.fresh, claims.issuer, claims.sessionId], [false, undefined, undefined]);
    assert.deepEqual(claims.audience, []);
    assert.deepEqual(claims.custom, {});
  });
}

// Tokens of jose, jsonwebtoken and fast-jwt, and ours in their hands.
import assert from "node:assert/strict";
import { createHash, createSecretKey } from "node:crypto";
import { test } from "node:test";
import { createSigner, createVerifier } from "fast-jwt";
import { SignJWT, jwtVerify } from "jose";
import jsonwebtoken from "jsonwebtoken";
import { load } from "../jotlet.js";
import { NOW, SECRET, thrownBy } from "./modules.js";

const OTHER_SECRET = createHash("sha256").update("another").digest("hex");
const SUBJECT = "ålïce 🦀 \"quoted\" \\ \u0001";
const PAYLOAD = {
  type: "access",
  sub: SUBJECT,
  jti: "a-1",
  iss: "https://issuer.example",
  aud: ["api", "ünïcode"],
  iat: NOW,
  nbf: NOW,
  exp: NOW + 900,
  fresh: true,
  role: "operator",
  "ключ": { nested: [1, 2.5, null, "🦀"] },
};
const bytes = (secret) => new TextEncoder().encode(secret);

const peers = {
  jose: {
    sign: (payload, secret) => new SignJWT(payload).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(bytes(secret)),
    verify: async (token, secret, now) => {
      const options = { algorithms: ["HS256"], currentDate: new Date(now * 1000), typ: "JWT" };
      return (await jwtVerify(token, bytes(secret), options)).payload;
    },
  },
  jsonwebtoken: {
    sign: async (payload, secret) => jsonwebtoken.sign(payload, createSecretKey(bytes(secret)), { algorithm: "HS256" }),
    verify: async (token, secret, now) =>
      jsonwebtoken.verify(token, createSecretKey(bytes(secret)), { algorithms: ["HS256"], clockTimestamp: now }),
  },
  "fast-jwt": {
    sign: async (payload, secret) => createSigner({ key: secret, algorithm: "HS256" })(payload),
    verify: async (token, secret, now) =>
      createVerifier({ key: secret, algorithms: ["HS256"], cache: false, clockTimestamp: now * 1000 })(token),
  },
};

const jotlet = await load();
const key = jotlet.key(SECRET);

for (const [name, peer] of Object.entries(peers)) {
  test(`jotlet takes what ${name} signs`, async () => {
    const token = await peer.sign(PAYLOAD, SECRET);
    const claims = key.verify(token, { now: NOW, issuer: PAYLOAD.iss, audience: "ünïcode", requireFresh: true });
    assert.equal(claims.subject, SUBJECT);
    assert.deepEqual(claims.audience, PAYLOAD.aud);
    assert.deepEqual([claims.id, claims.issuer, claims.fresh], ["a-1", PAYLOAD.iss, true]);
    assert.deepEqual([claims.issuedAt, claims.notBefore, claims.expiresAt], [NOW, NOW, NOW + 900]);
    assert.deepEqual(claims.custom, { role: "operator", "ключ": PAYLOAD["ключ"] });

    const forged = await peer.sign(PAYLOAD, OTHER_SECRET);
    assert.equal(thrownBy(() => key.verify(forged, { now: NOW })).rule, "wrong_signature");
    assert.equal(thrownBy(() => key.verify(token, { now: NOW + 900 })).rule, "expired");
  });

  test(`${name} takes what jotlet signs`, async () => {
    const options = { now: NOW, id: "0f3d7e0a-8c2b-4f5e-9d61-2b7c3a9e4f10", issuer: "https://issuer.example", audience: "api" };
    const access = key.issueAccess(SUBJECT, { ...options, fresh: true, csrf: "c", sessionId: "s" });
    assert.deepEqual(await peer.verify(access, SECRET, NOW), {
      iat: NOW,
      jti: options.id,
      type: "access",
      sub: SUBJECT,
      nbf: NOW,
      exp: NOW + 900,
      fresh: true,
      csrf: "c",
      sid: "s",
      iss: options.issuer,
      aud: "api",
    });
    const refresh = await peer.verify(key.issueRefresh(SUBJECT, options), SECRET, NOW);
    assert.deepEqual([refresh.type, refresh.exp, "fresh" in refresh], ["refresh", NOW + 30 * 86400, false]);
    await assert.rejects(peer.verify(access, OTHER_SECRET, NOW));
    await assert.rejects(peer.verify(access, SECRET, NOW + 901));
  });
}

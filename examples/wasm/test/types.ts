// Compiled, not run: what the types allow, and, behind each @ts-expect-error, what they do not.
import { type Claims, JotletError, type Key, type Refusal, load } from "jotlet-wasm";

const jotlet = await load();
await load({ verifyOnly: true, module: new WebAssembly.Module(new Uint8Array()) });
const key: Key = jotlet.key("a shared secret of at least 32 bytes");
jotlet.key(new Uint8Array(32)).free();

const id = crypto.randomUUID();
const token: string = key.issueAccess("alice", { now: 0, id, fresh: true, lifetime: 60, csrf: "c", sessionId: "s" });
key.issueAccess("alice", { now: 0, id, fresh: 60, notBefore: 1, issuer: "i", audience: "a" });
key.issueRefresh("alice", { now: 0, id });
const claims: Claims = key.verify(token, { now: 0, type: "refresh", leeway: 1, issuer: "i", audience: "a", requireFresh: true });
const subject: string | undefined = claims.subject;
const audience: readonly string[] = claims.audience;
const role: unknown = claims.custom.role;

try {
  key.verify(token, { now: 0, allowMissingExpiry: true, missingTypeIsAccess: true });
} catch (error) {
  if (error instanceof JotletError) {
    const message: string = error.message;
    const refusal: Refusal = error;
    switch (error.rule) {
      case "expired":
        console.log(error.expiredAt - error.now);
        // @ts-expect-error: a value of another rule
        console.log(error.notBefore);
        break;
      case "missing_claim":
        console.log(error.claim === "exp", message, refusal);
        break;
      case "too_long":
        console.log(error.length > error.max);
        break;
      // @ts-expect-error: no such rule
      case "expierd":
        break;
    }
  }
}

// @ts-expect-error: the time comes from the caller
key.verify(token, {});
// @ts-expect-error: the id comes from the caller
key.issueAccess("alice", { now: 0 });
// @ts-expect-error: whole seconds, not a Date
key.verify(token, { now: new Date() });
// @ts-expect-error: no such type
key.verify(token, { now: 0, type: "id" });
// @ts-expect-error: a refresh token is not fresh
key.issueRefresh("alice", { now: 0, id, fresh: true });
// @ts-expect-error: no such option
key.verify(token, { now: 0, isuer: "i" });
// @ts-expect-error: a secret is text or bytes
jotlet.key(42);
// @ts-expect-error: the subject may be absent
const certain: string = claims.subject;
// @ts-expect-error: claims are read, not written
claims.subject = "mallory";
console.log(subject, audience, role, certain);

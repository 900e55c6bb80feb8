import { CLAIMS } from "./rules.js";

export class Claims {
  #token;
  #custom;

  constructor(token, subject, id, issuer, audience, expiresAt, notBefore, issuedAt, fresh, csrf, sessionId) {
    this.#token = token;
    this.subject = subject;
    this.id = id;
    this.issuer = issuer;
    this.audience = audience;
    this.expiresAt = expiresAt;
    this.notBefore = notBefore;
    this.issuedAt = issuedAt;
    this.fresh = fresh;
    this.csrf = csrf;
    this.sessionId = sessionId;
  }

  get custom() {
    return (this.#custom ??= custom(this.#token));
  }
}

// The module has read the payload to its last byte as strict JSON, so this parses what has passed every check.
function custom(token) {
  const base64 = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const payload = JSON.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !CLAIMS.includes(name)));
}

// Access and refresh tokens (JWT, HS256) in Node, browsers and workers. jotlet.d.ts documents what is exported.
import { MAX_TOKEN_LENGTH, Memory } from "./memory.js";
import { checkNames, checkOptionalSeconds, checkOptionalText, checkSeconds, checkText, flag } from "./options.js";
import { JotletError } from "./rules.js";

export { JotletError, MAX_TOKEN_LENGTH };

// A module that has nothing but a function type with a v128: a host without SIMD refuses it.
const SIMD = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b);

// The bits of `flags`: src/verify.rs.
const REFRESH = 1;
const REQUIRE_FRESH = 2;
const ALLOW_MISSING_EXPIRY = 4;
const MISSING_TYPE_IS_ACCESS = 8;

const LOAD_OPTIONS = new Set(["verifyOnly", "module"]);
const VERIFY_OPTIONS = new Set(["now", "type", "leeway", "issuer", "audience"]);
VERIFY_OPTIONS.add("requireFresh").add("allowMissingExpiry").add("missingTypeIsAccess");
const REFRESH_OPTIONS = new Set(["now", "id", "lifetime", "notBefore", "issuer", "audience", "csrf", "sessionId"]);
const ACCESS_OPTIONS = new Set([...REFRESH_OPTIONS, "fresh"]);

export async function load(options = {}) {
  checkNames(options, LOAD_OPTIONS);
  const { verifyOnly, module } = options;
  const compiled = module ?? (await compile(flag("verifyOnly", verifyOnly, 1) ? "verify" : "full"));
  if (!(compiled instanceof WebAssembly.Module)) throw new TypeError("module must be a WebAssembly.Module");
  return new Jotlet(await WebAssembly.instantiate(compiled));
}

async function compile(name) {
  const url = new URL(`./wasm/${name}.${WebAssembly.validate(SIMD) ? "simd" : "compact"}.wasm`, import.meta.url);
  if (url.protocol === "file:") {
    // Node's fetch takes no files. The comments keep bundlers for browsers from following the import.
    const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ "node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return WebAssembly.compile(await response.arrayBuffer());
}

class Jotlet {
  #memory;
  #forgotten;

  constructor({ exports }) {
    const memory = new Memory(exports);
    this.#memory = memory;
    this.#forgotten = new FinalizationRegistry((address) => memory.freeKey(address));
  }

  key(secret) {
    if (typeof secret === "string") {
      checkText("secret", secret);
      secret = new TextEncoder().encode(secret);
    } else if (!(secret instanceof Uint8Array)) {
      throw new TypeError("secret must be a string or a Uint8Array");
    }
    return new Key(this.#memory, this.#memory.addKey(secret), this.#forgotten);
  }
}

class Key {
  #memory;
  #address;
  #forgotten;

  constructor(memory, address, forgotten) {
    this.#memory = memory;
    this.#address = address;
    this.#forgotten = forgotten;
    forgotten.register(this, address, this);
  }

  verify(token, options) {
    // Half a surrogate pair in a token is none of a caller's mistakes, and the module refuses what becomes of it.
    if (typeof token !== "string") throw new TypeError("token must be a string");
    checkNames(options, VERIFY_OPTIONS);
    const { now, type = "access", leeway = 0, issuer, audience } = options;
    const { requireFresh, allowMissingExpiry, missingTypeIsAccess } = options;
    checkSeconds("now", now);
    if (type !== "access" && type !== "refresh") throw new TypeError('type must be "access" or "refresh"');
    const refresh = type === "refresh";
    if (refresh && !this.#memory.issues) throw new TypeError("this module verifies access tokens alone");
    checkSeconds("leeway", leeway);
    checkOptionalText("issuer", issuer);
    checkOptionalText("audience", audience);
    const flags =
      (refresh ? REFRESH : 0) |
      flag("requireFresh", requireFresh, REQUIRE_FRESH) |
      flag("allowMissingExpiry", allowMissingExpiry, ALLOW_MISSING_EXPIRY) |
      flag("missingTypeIsAccess", missingTypeIsAccess, MISSING_TYPE_IS_ACCESS);
    return this.#memory.verify(this.#use(), token, issuer, audience, now, leeway, flags);
  }

  issueAccess(subject, options) {
    checkNames(options, ACCESS_OPTIONS);
    const { fresh = false } = options;
    if (typeof fresh === "boolean") return this.#issue(subject, options, fresh ? Infinity : NaN, 0);
    checkSeconds("fresh", fresh);
    return this.#issue(subject, options, fresh, 0);
  }

  issueRefresh(subject, options) {
    checkNames(options, REFRESH_OPTIONS);
    return this.#issue(subject, options, NaN, 1);
  }

  #issue(subject, options, fresh, refresh) {
    if (!this.#memory.issues) throw new TypeError("this module verifies access tokens alone");
    const { now, id, lifetime, notBefore, issuer, audience, csrf, sessionId } = options;
    checkText("subject", subject);
    checkSeconds("now", now);
    checkText("id", id);
    checkOptionalSeconds("lifetime", lifetime);
    checkOptionalSeconds("notBefore", notBefore);
    checkOptionalText("issuer", issuer);
    checkOptionalText("audience", audience);
    checkOptionalText("csrf", csrf);
    checkOptionalText("sessionId", sessionId);
    const texts = [subject, id, issuer, audience, csrf, sessionId];
    return this.#memory.issue(this.#use(), texts, now, lifetime ?? NaN, notBefore ?? NaN, fresh, refresh);
  }

  free() {
    if (this.#address === undefined) return;
    this.#forgotten.unregister(this);
    this.#memory.freeKey(this.#address);
    this.#address = undefined;
  }

  #use() {
    if (this.#address === undefined) throw new TypeError("the key has been freed");
    return this.#address;
  }
}

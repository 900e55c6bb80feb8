// The module's memory: the exchange of each call (src/exchange.rs), and the keys, which stand behind the module's own data.
//
// Nothing in here runs a caller's code, as reading an option can: there is one exchange, and a call within a call would
// overwrite it.
import { Claims } from "./claims.js";
import { JotletError } from "./rules.js";

/** The longest token that is issued or verified, in bytes. */
export const MAX_TOKEN_LENGTH = 16 * 1024;

// Where the exchange has its fields, in units of the field's own size.
const VALUES = 0;
const TIMES = 2;
const STRINGS = 10;
const OUTPUT = 20;
const FRESH = 22;
const LENGTHS = 23;
const TEXTS = 120;
const TEXTS_SIZE = 64 * 1024;
const ABSENT = 0xffffffff;

const INPUT_TOO_LONG = 0;
const TOO_LONG = 4;

const encoder = new TextEncoder();
// A byte order mark is a character of the text, as any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const align = (address) => (address + 7) & ~7;

export class Memory {
  #exports;
  #exchange;
  #keySize;
  #end;
  #freed = [];
  #u8;
  #u32;
  #f64;
  #texts;

  constructor(exports) {
    this.#exports = exports;
    this.#exchange = exports.exchange();
    this.#keySize = align(exports.key_size());
    this.#end = align(exports.__heap_base.value);
    this.#view();
  }

  // Anew whenever the memory has grown, which detaches what looked into it.
  #view() {
    const { buffer } = this.#exports.memory;
    this.#u8 = new Uint8Array(buffer);
    this.#u32 = new Uint32Array(buffer, this.#exchange);
    this.#f64 = new Float64Array(buffer, this.#exchange);
    this.#texts = new Uint8Array(buffer, this.#exchange + TEXTS, TEXTS_SIZE);
  }

  get issues() {
    return "issue" in this.#exports;
  }

  /** The address of a new key. */
  addKey(secret) {
    if (secret.length > TEXTS_SIZE) throw new JotletError(INPUT_TOO_LONG, [secret.length, TEXTS_SIZE]);
    const key = this.#freed.pop() ?? this.#extend();
    this.#texts.set(secret);
    this.#u32[LENGTHS] = secret.length;
    const refused = this.#exports.key_new(key);
    this.#texts.fill(0, 0, secret.length);
    if (refused !== 0) {
      this.#freed.push(key);
      throw this.#refusal(refused);
    }
    return key;
  }

  #extend() {
    const key = this.#end;
    if (key + this.#keySize > this.#u8.length) {
      this.#exports.memory.grow(1);
      this.#view();
    }
    this.#end += this.#keySize;
    return key;
  }

  freeKey(key) {
    this.#exports.key_free(key);
    this.#freed.push(key);
  }

  verify(key, token, issuer, audience, now, leeway, flags) {
    if (token.length > MAX_TOKEN_LENGTH) throw new JotletError(TOO_LONG, [token.length, MAX_TOKEN_LENGTH]);
    this.#put(2, this.#put(1, this.#put(0, 0, token), issuer), audience);
    const refused = this.#exports.verify(key, now, leeway, flags);
    if (refused !== 0) throw this.#refusal(refused);
    return this.#claims(token);
  }

  issue(key, texts, now, lifetime, notBefore, fresh, refresh) {
    texts.reduce((end, text, index) => this.#put(index, end, text), 0);
    const refused = this.#exports.issue(key, now, lifetime, notBefore, fresh, refresh);
    if (refused !== 0) throw this.#refusal(refused);
    return this.#text(OUTPUT);
  }

  // Writes a text behind the one that ends at `start`, and tells where it ends itself.
  #put(index, start, text) {
    if (text === undefined) {
      this.#u32[LENGTHS + index] = ABSENT;
      return start;
    }
    const place = start === 0 ? this.#texts : this.#texts.subarray(start);
    const { read, written } = encoder.encodeInto(text, place);
    if (read < text.length) throw new JotletError(INPUT_TOO_LONG, [text.length, TEXTS_SIZE]);
    this.#u32[LENGTHS + index] = written;
    return start + written;
  }

  #refusal(rule) {
    return new JotletError(rule, [this.#f64[VALUES], this.#f64[VALUES + 1]]);
  }

  // The text whose address and length stand at `index`.
  #text(index) {
    const start = this.#u32[index];
    return start === 0 ? undefined : decoder.decode(this.#u8.subarray(start, start + this.#u32[index + 1]));
  }

  #claims(token) {
    // The strings stand in one stretch of the payload: decoded once and cut, where a byte is a character.
    const u32 = this.#u32;
    let first = ABSENT;
    let end = 0;
    for (let at = STRINGS; at < OUTPUT; at += 2) {
      const start = u32[at];
      if (start === 0) continue;
      if (start < first) first = start;
      if (start + u32[at + 1] > end) end = start + u32[at + 1];
    }
    const stretch = end === 0 ? "" : decoder.decode(this.#u8.subarray(first, end));
    const ascii = end === 0 || stretch.length === end - first;
    return new Claims(
      token,
      this.#string(STRINGS, ascii, stretch, first),
      this.#string(STRINGS + 2, ascii, stretch, first),
      this.#string(STRINGS + 4, ascii, stretch, first),
      this.#list(),
      this.#time(TIMES),
      this.#time(TIMES + 1),
      this.#time(TIMES + 2),
      u32[FRESH] !== 0,
      this.#string(STRINGS + 6, ascii, stretch, first),
      this.#string(STRINGS + 8, ascii, stretch, first),
    );
  }

  #string(at, ascii, stretch, first) {
    const start = this.#u32[at];
    if (start === 0) return undefined;
    return ascii ? stretch.slice(start - first, start - first + this.#u32[at + 1]) : this.#text(at);
  }

  #time(at) {
    const secs = this.#f64[at];
    return Number.isNaN(secs) ? undefined : secs;
  }

  // Texts behind one another, each behind its length in two bytes.
  #list() {
    const list = [];
    let at = this.#u32[OUTPUT];
    const end = at + this.#u32[OUTPUT + 1];
    while (at < end) {
      const start = at + 2;
      at = start + (this.#u8[at] | (this.#u8[at + 1] << 8));
      list.push(decoder.decode(this.#u8.subarray(start, at)));
    }
    return list;
  }
}

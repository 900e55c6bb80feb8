/**
 * Access and refresh tokens (JWT, HS256), issued and verified by jotlet's WebAssembly module.
 *
 * Times and spans of time are whole seconds, points in time since 1970-01-01T00:00:00Z (RFC 7519 section 2). There is no
 * clock and no random source in here: the same input gives the same output.
 */

/** The longest token that is issued or verified, in bytes: 16 KiB. */
export const MAX_TOKEN_LENGTH: number;

export interface LoadOptions {
  /** Loads the smaller module of a resource server: it verifies access tokens, and can do nothing else. */
  verifyOnly?: boolean;
  /** A module that the caller has compiled, for hosts where neither `fetch` nor `node:fs` reaches the package's files. */
  module?: WebAssembly.Module;
}

/**
 * Loads the module: the build with SIMD where the host has it, else the one without.
 *
 * Once for each realm; a worker loads its own.
 */
export function load(options?: LoadOptions): Promise<Jotlet>;

export interface Jotlet {
  /**
   * A key for HS256, ready for use. A string is taken as UTF-8.
   *
   * @throws {JotletError} `key_too_short` (fewer than 32 bytes: RFC 7518 section 3.2), `input_too_long` (more than 64 KiB)
   */
  key(secret: Uint8Array | string): Key;
}

export interface Key {
  /**
   * Verifies a token: the signature before anything of it is read, then its shape, its type, and every time that it has.
   *
   * @throws {JotletError} the first rule that is broken
   * @throws {TypeError | RangeError} an option that is none, is `undefined`, or is of another type
   */
  verify(token: string, options: VerifyOptions): Claims;

  /**
   * Issues an access token, valid for 15 minutes if nothing else is said.
   *
   * @throws {JotletError} `malformed_id`, `too_long`, `input_too_long`
   */
  issueAccess(subject: string, options: AccessOptions): string;

  /** Issues a refresh token, valid for 30 days if nothing else is said. It throws as `issueAccess` does. */
  issueRefresh(subject: string, options: IssueOptions): string;

  /**
   * Wipes the key, whose memory is used again. A key that is forgotten is wiped some time after it has been collected.
   * Afterwards every method throws a `TypeError`, but this one.
   */
  free(): void;
}

export interface VerifyOptions {
  now: number;
  /** What the token has to be for. Default: `"access"`. */
  type?: "access" | "refresh";
  /** How much the issuer's clock may differ. Default: 0. */
  leeway?: number;
  /** What `iss` has to be (RFC 7519 section 4.1.1). */
  issuer?: string;
  /** What `aud` has to be or to contain (RFC 7519 section 4.1.3). */
  audience?: string;
  /** Demands a token that stems from a login, and not from a refresh. */
  requireFresh?: boolean;
  /** Takes tokens without `exp`, which are valid for ever. */
  allowMissingExpiry?: boolean;
  /** Takes a token without `type` for an access token, as Flask does. */
  missingTypeIsAccess?: boolean;
}

export interface IssueOptions {
  now: number;
  /** `jti`: `crypto.randomUUID()`, or 32 lower-case hexadecimal digits from another random source. */
  id: string;
  /** How long the token is valid. */
  lifetime?: number;
  /** The first second in which it is valid. Default: `now`. */
  notBefore?: number;
  issuer?: string;
  audience?: string;
  /** The random value that a request with a cookie has to repeat in a header. */
  csrf?: string;
  /** `sid`: the session, which is the family of the refresh token. */
  sessionId?: string;
}

export interface AccessOptions extends IssueOptions {
  /** `true` for a token that stems from a login, or the time until which it counts as fresh. Default: `false`. */
  fresh?: boolean | number;
}

/** The claims of a token that has passed every check. A claim that the token lacks is `undefined`. */
export interface Claims {
  readonly subject: string | undefined;
  readonly id: string | undefined;
  readonly issuer: string | undefined;
  /** None, one or several. */
  readonly audience: readonly string[];
  readonly expiresAt: number | undefined;
  readonly notBefore: number | undefined;
  readonly issuedAt: number | undefined;
  /** Whether the token is fresh at `now`. */
  readonly fresh: boolean;
  readonly csrf: string | undefined;
  readonly sessionId: string | undefined;
  /** The application's own claims: every member of the payload that none of the above stands for. */
  readonly custom: Readonly<Record<string, unknown>>;
}

/** The rules that refuse without further values. */
type PlainRule =
  | "malformed_id"
  | "not_three_segments"
  | "signature_encoding"
  | "wrong_signature"
  | "header_encoding"
  | "header_duplicate"
  | "header_parameter"
  | "wrong_algorithm"
  | "wrong_media_type"
  | "nested"
  | "critical_extension"
  | "payload_encoding"
  | "payload_not_utf8"
  | "wrong_type"
  | "wrong_issuer"
  | "wrong_audience"
  | "not_fresh"
  | "other";

/** A registered claim (RFC 7519 section 4.1, OpenID Connect, flask-jwt-extended). */
export type ClaimName = "iss" | "sub" | "aud" | "exp" | "nbf" | "iat" | "jti" | "type" | "fresh" | "csrf" | "sid";

/** A rule that refused, with its values. */
export type Refusal =
  | { readonly rule: PlainRule }
  | { readonly rule: "key_too_short"; readonly length: number }
  | { readonly rule: "input_too_long" | "too_long"; readonly length: number; readonly max: number }
  | { readonly rule: "header_not_json" | "payload_not_json"; readonly at: number }
  | { readonly rule: "too_deep"; readonly max: number }
  | { readonly rule: "duplicate_claim" | "malformed_claim" | "missing_claim"; readonly claim: ClaimName }
  | { readonly rule: "expired"; readonly expiredAt: number; readonly now: number }
  | { readonly rule: "not_yet_valid"; readonly notBefore: number; readonly now: number }
  | { readonly rule: "issued_in_future"; readonly issuedAt: number; readonly now: number };

/** Why a key, a token or an id was refused. `message` names the RFC's section; it never quotes a token or a secret. */
export type JotletError = Error & Refusal;
export const JotletError: { readonly prototype: JotletError; [Symbol.hasInstance](value: unknown): value is JotletError };

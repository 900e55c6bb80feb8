// The rules that refuse, by their numbers in the module (src/refusal.rs): the name, the names of the values, the message.

/** The names of the registered claims, by their numbers in the module. */
export const CLAIMS = ["iss", "sub", "aud", "jti", "type", "csrf", "sid", "exp", "nbf", "iat", "fresh"];

const RULES = new Map([
  [0, ["input_too_long", ["length", "max"], "a text has {length} characters, the texts of a call have at most {max} bytes"]],
  [2, ["key_too_short", ["length"], "the secret has {length} bytes, HS256 needs at least 32 (RFC 7518 3.2)"]],
  [3, ["malformed_id", [], "the id is neither a UUID in lower case nor 32 lower-case hexadecimal digits"]],
  [4, ["too_long", ["length", "max"], "the token has {length} bytes, at most {max} are allowed"]],
  [5, ["not_three_segments", [], "a token is three segments, the last of 43 characters (RFC 7515 7.1)"]],
  [6, ["signature_encoding", [], "the signature is not canonical base64url (RFC 7515 2)"]],
  [7, ["wrong_signature", [], "the signature is wrong (RFC 7515 5.2)"]],
  [8, ["header_encoding", [], "the header is not canonical base64url (RFC 7515 5.2)"]],
  [9, ["header_not_json", ["at"], "the header is not one JSON object at byte {at} (RFC 7515 5.2)"]],
  [10, ["header_duplicate", [], "the header has a parameter twice (RFC 7515 4)"]],
  [11, ["header_parameter", [], "a parameter of the header is not a string (RFC 7515 4.1)"]],
  [12, ["wrong_algorithm", [], "the algorithm is not HS256 (RFC 7515 4.1.1)"]],
  [13, ["wrong_media_type", [], "the media type is not JWT (RFC 7519 5.1)"]],
  [14, ["nested", [], "nested tokens are not supported (RFC 7519 5.2)"]],
  [15, ["critical_extension", [], "the header demands an extension (RFC 7515 4.1.11)"]],
  [16, ["payload_encoding", [], "the payload is not canonical base64url (RFC 7519 7.2)"]],
  [17, ["payload_not_json", ["at"], "the payload is not one JSON object at byte {at} (RFC 7519 7.2)"]],
  [18, ["payload_not_utf8", [], "the payload is not UTF-8 (RFC 7519 7.2)"]],
  [19, ["too_deep", ["max"], "the JSON is nested more than {max} levels deep"]],
  [20, ["duplicate_claim", ["claim"], "{claim} appears twice (RFC 7519 4)"]],
  [21, ["malformed_claim", ["claim"], "{claim} is malformed (RFC 7519 4.1)"]],
  [22, ["missing_claim", ["claim"], "{claim} is missing"]],
  [23, ["wrong_type", [], "the token is of another type (RFC 8725 3.12)"]],
  [24, ["expired", ["expiredAt", "now"], "expired at {expiredAt}, now is {now} (RFC 7519 4.1.4)"]],
  [25, ["not_yet_valid", ["notBefore", "now"], "not valid before {notBefore}, now is {now} (RFC 7519 4.1.5)"]],
  [26, ["issued_in_future", ["issuedAt", "now"], "issued at {issuedAt}, now is {now} (RFC 7519 4.1.6)"]],
  [27, ["wrong_issuer", [], "the issuer is another one (RFC 7519 4.1.1)"]],
  [28, ["wrong_audience", [], "the audience is another one (RFC 7519 4.1.3)"]],
  [29, ["not_fresh", [], "the token is not fresh"]],
]);
const OTHER = ["other", [], "the module refused for a reason without a number"];

export class JotletError extends Error {
  constructor(number, values) {
    const [rule, names, message] = RULES.get(number) ?? OTHER;
    const told = names.map((name, index) => [name, name === "claim" ? CLAIMS[values[index]] : values[index]]);
    super(told.reduce((text, [name, value]) => text.replace(`{${name}}`, value), message));
    Object.assign(this, { rule }, Object.fromEntries(told));
  }
}
JotletError.prototype.name = "JotletError";

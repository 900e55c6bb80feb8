// jotlet: access and refresh tokens (JWT, HS256) without an operating system, a heap, a clock or a random source.
//
// A pointer that is null or not aligned, a length that no object has, and an overlap of what is written with anything else
// are errors. That there is memory behind a pointer is up to the caller. Made by cbindgen; README.md says how to use it.


#ifndef JOTLET_H
#define JOTLET_H

#include <stddef.h>
#include <stdint.h>

// In `flags`: the token has to be fresh, that is, stem from a login and not from a refresh.
#define JOTLET_REQUIRE_FRESH 1

// In `flags`: the token may be one without `exp`, which is valid for ever.
#define JOTLET_ALLOW_MISSING_EXPIRY 2

// In `flags`, for access tokens alone: a token without `type` is one, as for Flask.
#define JOTLET_MISSING_TYPE_IS_ACCESS 4

// What a function answers: 0, or the rule that refused. A number keeps its meaning; new ones are added at the end.
//
// Up to `NO_KEY` the call itself was wrong, and nothing has been written.
enum jotlet_error
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nothing was refused.
  JOTLET_ERROR_NONE = 0,
  // A pointer that has to be there is null.
  JOTLET_ERROR_NULL_POINTER = 1,
  // A pointer to a struct is not aligned as the struct has to be.
  JOTLET_ERROR_MISALIGNED = 2,
  // A length is longer than an object can be, or reaches beyond the last address.
  JOTLET_ERROR_LENGTH = 3,
  // What is written overlaps with what is read, or with something else that is written.
  JOTLET_ERROR_OVERLAP = 4,
  // A text is not UTF-8.
  JOTLET_ERROR_NOT_UTF8 = 5,
  // A bit of `flags` is set that the function does not know.
  JOTLET_ERROR_FLAGS = 6,
  // All bytes of a token's id are 0: they have to come from a random source.
  JOTLET_ERROR_ID_NOT_RANDOM = 7,
  // The key has not been made by `jotlet_key_init`, or has been dropped.
  JOTLET_ERROR_NO_KEY = 8,
  // A secret has less than 32 bytes: RFC 7518 section 3.2.
  JOTLET_ERROR_KEY_TOO_SHORT = 9,
  // The token is longer than 16 KiB. `detail`: its length.
  JOTLET_ERROR_TOO_LONG = 10,
  // The buffer is too small. `detail`: the size that suffices.
  JOTLET_ERROR_BUFFER_TOO_SMALL = 11,
  // A token is three segments, the last of 43 characters: RFC 7515 section 7.1.
  JOTLET_ERROR_NOT_THREE_SEGMENTS = 12,
  // The signature is not canonical base64url: RFC 7515 section 2.
  JOTLET_ERROR_SIGNATURE_ENCODING = 13,
  // The signature is not that of the key: RFC 7515 section 5.2.
  JOTLET_ERROR_WRONG_SIGNATURE = 14,
  // The header is not canonical base64url: RFC 7515 section 5.2.
  JOTLET_ERROR_HEADER_ENCODING = 15,
  // The header is not one JSON object: RFC 7515 section 5.2. `detail`: the byte that breaks the grammar.
  JOTLET_ERROR_HEADER_NOT_JSON = 16,
  // The header has a parameter twice: RFC 7515 section 4.
  JOTLET_ERROR_HEADER_DUPLICATE = 17,
  // A parameter of the header is not a string: RFC 7515 section 4.1.
  JOTLET_ERROR_HEADER_PARAMETER = 18,
  // `alg` is not `HS256`: RFC 7515 section 4.1.1.
  JOTLET_ERROR_WRONG_ALGORITHM = 19,
  // `typ` is neither absent nor `JWT`: RFC 7519 section 5.1.
  JOTLET_ERROR_WRONG_MEDIA_TYPE = 20,
  // `cty` announces a nested JWT: RFC 7519 section 5.2.
  JOTLET_ERROR_NESTED = 21,
  // `crit` demands an extension: RFC 7515 section 4.1.11.
  JOTLET_ERROR_CRITICAL_EXTENSION = 22,
  // The payload is not canonical base64url: RFC 7519 section 7.2.
  JOTLET_ERROR_PAYLOAD_ENCODING = 23,
  // The payload is not one JSON object: RFC 7519 section 7.2. `detail`: the byte that breaks the grammar.
  JOTLET_ERROR_PAYLOAD_NOT_JSON = 24,
  // The payload is not UTF-8: RFC 7519 section 7.2.
  JOTLET_ERROR_PAYLOAD_NOT_UTF8 = 25,
  // The JSON is nested too deep. `detail`: the deepest that is taken.
  JOTLET_ERROR_TOO_DEEP = 26,
  // A registered claim is there twice: RFC 7519 section 4. `detail`: the claim.
  JOTLET_ERROR_DUPLICATE_CLAIM = 27,
  // A registered claim has a value that it can't have: RFC 7519 section 4.1. `detail`: the claim.
  JOTLET_ERROR_MALFORMED_CLAIM = 28,
  // A claim that is expected is absent: RFC 7519 section 4. `detail`: the claim.
  JOTLET_ERROR_MISSING_CLAIM = 29,
  // An access token where a refresh token is expected, or the other way round: RFC 8725 section 3.12.
  JOTLET_ERROR_WRONG_TYPE = 30,
  // The token has expired: RFC 7519 section 4.1.4. `detail`: when.
  JOTLET_ERROR_EXPIRED = 31,
  // The token is not valid yet: RFC 7519 section 4.1.5. `detail`: from when on it is.
  JOTLET_ERROR_NOT_YET_VALID = 32,
  // The token was issued later than now: RFC 7519 section 4.1.6. `detail`: when.
  JOTLET_ERROR_ISSUED_IN_FUTURE = 33,
  // `iss` is not the issuer expected: RFC 7519 section 4.1.1.
  JOTLET_ERROR_WRONG_ISSUER = 34,
  // `aud` does not contain the audience expected: RFC 7519 section 4.1.3.
  JOTLET_ERROR_WRONG_AUDIENCE = 35,
  // The token is not, or no longer, fresh.
  JOTLET_ERROR_NOT_FRESH = 36,
  // A rule that has no number yet.
  JOTLET_ERROR_OTHER = 37,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum jotlet_error jotlet_error;
#else
typedef uint32_t jotlet_error;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The claim that `detail` names.
enum jotlet_claim
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // `iss`
  JOTLET_CLAIM_ISS = 0,
  // `sub`
  JOTLET_CLAIM_SUB = 1,
  // `aud`
  JOTLET_CLAIM_AUD = 2,
  // `exp`
  JOTLET_CLAIM_EXP = 3,
  // `nbf`
  JOTLET_CLAIM_NBF = 4,
  // `iat`
  JOTLET_CLAIM_IAT = 5,
  // `jti`
  JOTLET_CLAIM_JTI = 6,
  // `type`
  JOTLET_CLAIM_TYPE = 7,
  // `fresh`
  JOTLET_CLAIM_FRESH = 8,
  // `csrf`
  JOTLET_CLAIM_CSRF = 9,
  // `sid`
  JOTLET_CLAIM_SID = 10,
  // A claim that has no number yet.
  JOTLET_CLAIM_OTHER = 11,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum jotlet_claim jotlet_claim;
#else
typedef uint32_t jotlet_claim;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// A key for HS256, ready for use. It lives in the caller's memory, must not be copied, and is as secret as what it is made of.
//
// Start with `jotlet_key key = {0};`, so that a key that was forgotten to be made is refused.
typedef struct jotlet_key {
  uint64_t ready;
  uint64_t state[10];
} jotlet_key;

// A text of the caller's, UTF-8, not terminated. `{NULL, 0}`: there is none; `{"", 0}` is one of no bytes.
typedef struct jotlet_text {
  // Its first byte.
  const uint8_t *ptr;
  // How many bytes it has.
  size_t len;
} jotlet_text;

// What a token is to say. Start with `= {0}`, or name the fields, so that all others are 0. Times are seconds since
// 1970-01-01T00:00:00Z.
typedef struct jotlet_new_token {
  // Whom the token is about (`sub`); has to be there.
  struct jotlet_text subject;
  // Who issues it (`iss`), if the token is to say so.
  struct jotlet_text issuer;
  // Whom it is for (`aud`), if the token is to say so.
  struct jotlet_text audience;
  // What a request with a cookie repeats in a header (`csrf`), if the token is to say so.
  struct jotlet_text csrf;
  // The session (`sid`), if the token is to say so.
  struct jotlet_text session_id;
  // The time at which it is issued, and from which on it is valid.
  uint64_t now;
  // How long it is valid, in seconds; 0: 15 minutes for an access token, 30 days for a refresh token.
  uint64_t lifetime;
  // The time until which it is fresh, that is, stems from a login; 0: not at all, `UINT64_MAX`: for as long as it is valid.
  uint64_t fresh_until;
  // The token's own id (`jti`): 16 bytes from a random source.
  uint8_t id[16];
} jotlet_new_token;

// What a token has to be, beside being signed and of its type. Start with `= {0}`, or name the fields, so that all others
// are 0. Times are seconds since 1970-01-01T00:00:00Z.
typedef struct jotlet_expected {
  // The time.
  uint64_t now;
  // By how many seconds the issuer's clock may differ from ours.
  uint64_t leeway;
  // What `iss` has to be, if anything.
  struct jotlet_text issuer;
  // What `aud` has to contain, if anything.
  struct jotlet_text audience;
  // The sum of `JOTLET_REQUIRE_FRESH` and the like.
  uint32_t flags;
} jotlet_expected;

// What a verified token says. The texts are in the buffer that was handed over with it.
typedef struct jotlet_claims {
  // Whom the token is about (`sub`).
  struct jotlet_text subject;
  // The token's own id (`jti`).
  struct jotlet_text token_id;
  // Who issued it (`iss`).
  struct jotlet_text issuer;
  // What a request with a cookie repeats in a header (`csrf`).
  struct jotlet_text csrf;
  // The session (`sid`).
  struct jotlet_text session_id;
  // When it was issued (`iat`); 0 if it does not say.
  uint64_t issued_at;
  // From when on it is valid (`nbf`); 0 if it does not say.
  uint64_t not_before;
  // From when on it is not valid any more (`exp`); `UINT64_MAX` if it is valid for ever.
  uint64_t expires_at;
  // The value that belongs to the error, if one was returned; else 0.
  uint64_t detail;
  // 1 if the token is fresh at the time that was passed, else 0.
  uint32_t fresh;
} jotlet_claims;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The name of an error for logs, such as `wrong_signature`, terminated; `unknown` for any other number. It is never null.
const char *jotlet_error_name(uint32_t error);

// Issues an access token into `out`, and terminates it with a NUL. `len` gets its length without the NUL, or, with an error,
// its `detail`: with `JOTLET_ERROR_BUFFER_TOO_SMALL` the size that suffices. After that error `out` is zeroed.
//
// # Safety
// Every pointer is null or to memory of the caller's of that type, `out` to `size` bytes; a text to as many bytes as it says.
// During the call nobody else writes to what is read, or touches what is written.
jotlet_error jotlet_issue_access(const struct jotlet_key *key,
                                 const struct jotlet_new_token *token,
                                 char *out,
                                 size_t size,
                                 size_t *len);

// Issues a refresh token; as `jotlet_issue_access`.
//
// # Safety
// As for `jotlet_issue_access`.
jotlet_error jotlet_issue_refresh(const struct jotlet_key *key,
                                  const struct jotlet_new_token *token,
                                  char *out,
                                  size_t size,
                                  size_t *len);

// Makes a key from at least 32 bytes that nobody can guess. They are not needed any more afterwards. What `key` held before
// is overwritten. One thread makes or drops a key; any number may use it.
//
// # Safety
// `key` and `secret` with `secret_len` are null or the caller's memory.
jotlet_error jotlet_key_init(struct jotlet_key *key,
                             const uint8_t *secret,
                             size_t secret_len);

// Wipes a key. A key that is not there is refused, so that a second drop does no harm.
//
// # Safety
// `key` is null or a `jotlet_key` of the caller's that no other thread uses.
jotlet_error jotlet_key_drop(struct jotlet_key *key);

// Verifies an access token of `len` bytes. `buffer` takes its decoded payload, which has three quarters of its length at most.
// It has 128, 256, 512 and so on up to 16384 bytes; any other `size` counts as the next smaller of these. After an error
// `claims` holds nothing but `detail`, and `buffer` nothing of use.
//
// # Safety
// Every pointer is null or to memory of the caller's of that type, `token` to `len` bytes, `buffer` to `size`; a text to as
// many bytes as it says. During the call nobody else writes to what is read, or touches what is written.
jotlet_error jotlet_verify_access(const struct jotlet_key *key,
                                  const struct jotlet_expected *expected,
                                  const char *token,
                                  size_t len,
                                  uint8_t *buffer,
                                  size_t size,
                                  struct jotlet_claims *claims);

// Verifies a refresh token; as `jotlet_verify_access`.
//
// # Safety
// As for `jotlet_verify_access`.
jotlet_error jotlet_verify_refresh(const struct jotlet_key *key,
                                   const struct jotlet_expected *expected,
                                   const char *token,
                                   size_t len,
                                   uint8_t *buffer,
                                   size_t size,
                                   struct jotlet_claims *claims);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* JOTLET_H */

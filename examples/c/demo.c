// A device that issues, verifies and refuses. The same file runs on the host and on a Cortex-M4.
#include "jotlet.h"

#include <stdio.h>
#include <string.h>

#define TEXT(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}

static int failures;

static void expect(const char *what, jotlet_error got, jotlet_error wanted)
{
    printf("%-44s %s\n", what, got == JOTLET_ERROR_NONE ? "accepted" : jotlet_error_name(got));
    if (got != wanted) {
        printf("    FAILED: %s was expected\n", jotlet_error_name(wanted));
        failures++;
    }
}

int main(void)
{
    // From where the device keeps its secrets, from its clock, and from its random source.
    static const uint8_t secret[] = "a shared secret of at least 32 bytes";
    const uint64_t now = 1767225600;
    const uint8_t random[16] = {0x5a, 0x17, 0xc0, 0x0c, 0x3e, 0x91, 0x44, 0x2b, 0x8d, 0x60, 0xf3, 0x29, 0xee, 0x75, 0x0a, 0xb8};

    jotlet_key key = {0};
    expect("a key of seven bytes", jotlet_key_init(&key, (const uint8_t *)"hunter2", 7), JOTLET_ERROR_KEY_TOO_SHORT);
    expect("a key of 36 bytes", jotlet_key_init(&key, secret, sizeof secret - 1), JOTLET_ERROR_NONE);

    jotlet_new_token token = {.subject = TEXT("user-42"), .audience = TEXT("valve"), .now = now, .fresh_until = UINT64_MAX};
    memcpy(token.id, random, sizeof token.id);
    char access[384], refresh[384];
    size_t access_len, refresh_len, needed;
    expect("an access token is issued", jotlet_issue_access(&key, &token, access, sizeof access, &access_len), JOTLET_ERROR_NONE);
    expect("a refresh token is issued", jotlet_issue_refresh(&key, &token, refresh, sizeof refresh, &refresh_len), JOTLET_ERROR_NONE);
    char small[100];
    expect("an access token into 100 bytes", jotlet_issue_access(&key, &token, small, sizeof small, &needed), JOTLET_ERROR_BUFFER_TOO_SMALL);
    printf("    %u bytes are needed\n", (unsigned)needed);
    failures += needed != access_len + 1;

    jotlet_expected expected = {.now = now + 60, .audience = TEXT("valve")};
    uint8_t buffer[256];
    jotlet_claims claims;
    expect("the access token a minute later", jotlet_verify_access(&key, &expected, access, access_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_NONE);
    printf("    it is about %.*s\n", (int)claims.subject.len, (const char *)claims.subject.ptr);
    failures += claims.subject.len != 7 || memcmp(claims.subject.ptr, "user-42", 7) != 0 || claims.fresh != 1;
    expect("the refresh token", jotlet_verify_refresh(&key, &expected, refresh, refresh_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_NONE);
    expect("the refresh token, taken for an access token", jotlet_verify_access(&key, &expected, refresh, refresh_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_WRONG_TYPE);
    expect("with 128 bytes for the claims", jotlet_verify_access(&key, &expected, access, access_len, buffer, 128, &claims), JOTLET_ERROR_BUFFER_TOO_SMALL);
    printf("    %u bytes suffice\n", (unsigned)claims.detail);

    expected.now = now + 900;
    expect("15 minutes later", jotlet_verify_access(&key, &expected, access, access_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_EXPIRED);
    expected.now = now - 1;
    expect("a second before it was issued", jotlet_verify_access(&key, &expected, access, access_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_NOT_YET_VALID);
    expected.now = now;
    access[60] ^= 1;
    expect("with one bit changed", jotlet_verify_access(&key, &expected, access, access_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_WRONG_SIGNATURE);

    expect("the key is wiped", jotlet_key_drop(&key), JOTLET_ERROR_NONE);
    expect("a token after that", jotlet_verify_refresh(&key, &expected, refresh, refresh_len, buffer, sizeof buffer, &claims), JOTLET_ERROR_NO_KEY);

    printf(failures ? "FAILED\n" : "every verdict was the right one\n");
    return failures != 0;
}

// Calls that are wrong, and memory that just fits. It is to run under AddressSanitizer and UBSan, where what is read or written
// beside its block ends it, and on the Cortex-M4, where it also looks for what is left of a key.
#include "jotlet.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int checks, failures;

#define CHECK(condition) check((condition), #condition, __LINE__)
#define REFUSED(call, rule) refused((call), JOTLET_ERROR_##rule, #call, __LINE__)

static void check(int holds, const char *what, int line)
{
    checks++;
    if (!holds) {
        failures++;
        printf("FAILED, line %d: %s\n", line, what);
    }
}

static void refused(jotlet_error got, jotlet_error wanted, const char *what, int line)
{
    check(got == wanted, what, line);
    if (got != wanted)
        printf("    %s, but %s was expected\n", jotlet_error_name(got), jotlet_error_name(wanted));
}

// A call with everything that it takes, each piece in a block of its own.
struct call {
    jotlet_key key;
    jotlet_new_token new_token;
    jotlet_expected expected;
    char token[384];
    size_t len;
    uint8_t buffer[256];
    jotlet_claims claims;
};

_Alignas(4) static const uint8_t secret[] = "a shared secret of at least 32 bytes";
static const size_t huge[] = {SIZE_MAX, SIZE_MAX - 1, (size_t)PTRDIFF_MAX + 1};

static jotlet_text text(const char *literal)
{
    return (jotlet_text){(const uint8_t *)literal, strlen(literal)};
}

static void *block(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        printf("FAILED: out of memory\n");
        exit(1);
    }
    return memory;
}

static jotlet_error issue(struct call *c)
{
    return jotlet_issue_access(&c->key, &c->new_token, c->token, sizeof c->token, &c->len);
}

static jotlet_error verify(struct call *c)
{
    return jotlet_verify_access(&c->key, &c->expected, c->token, c->len, c->buffer, sizeof c->buffer, &c->claims);
}

static struct call *call(void)
{
    struct call *c = block(sizeof *c);
    memset(c, 0, sizeof *c);
    REFUSED(jotlet_key_init(&c->key, secret, sizeof secret - 1), NONE);
    c->new_token = (jotlet_new_token){.subject = text("user-42"), .issuer = text("https://example.com"), .audience = text("valve"),
                                      .csrf = text("0123"), .session_id = text("s\n\"1"), .now = 1000, .id = {1}};
    c->expected = (jotlet_expected){.now = 1000, .issuer = text("https://example.com"), .audience = text("valve")};
    REFUSED(issue(c), NONE);
    REFUSED(verify(c), NONE);
    CHECK(c->token[c->len] == 0 && strlen(c->token) == c->len);
    return c;
}

static void names(void)
{
    for (uint32_t a = 0; a <= JOTLET_ERROR_OTHER; a++) {
        CHECK(strcmp(jotlet_error_name(a), "unknown") != 0);
        for (uint32_t b = 0; b < a; b++)
            CHECK(strcmp(jotlet_error_name(a), jotlet_error_name(b)) != 0);
    }
    CHECK(strcmp(jotlet_error_name(JOTLET_ERROR_OTHER), "other") == 0);
    CHECK(strcmp(jotlet_error_name(JOTLET_ERROR_WRONG_SIGNATURE), "wrong_signature") == 0);
    CHECK(strcmp(jotlet_error_name(JOTLET_ERROR_OTHER + 1), "unknown") == 0);
    CHECK(strcmp(jotlet_error_name(UINT32_MAX), "unknown") == 0);
}

typedef jotlet_error issue_function(const jotlet_key *, const jotlet_new_token *, char *, size_t, size_t *);
typedef jotlet_error verify_function(const jotlet_key *, const jotlet_expected *, const char *, size_t, uint8_t *, size_t, jotlet_claims *);
static issue_function *const issues[] = {jotlet_issue_access, jotlet_issue_refresh};
static verify_function *const verifies[] = {jotlet_verify_access, jotlet_verify_refresh};

// One more byte than an aligned address has.
#define ODD(type, pointer) ((type *)(uintptr_t)((uintptr_t)(pointer) + 1))
// A block of 16 bytes that would end beyond the last address.
#define LAST ((void *)(UINTPTR_MAX - 7))

static void pointers(void)
{
    struct call *c = call(), *before = block(sizeof *before);
    memcpy(before, c, sizeof *c);
    jotlet_key *key = &c->key;
    REFUSED(jotlet_key_init(NULL, secret, 36), NULL_POINTER);
    REFUSED(jotlet_key_init(key, NULL, 36), NULL_POINTER);
    REFUSED(jotlet_key_init(key, NULL, 0), NULL_POINTER);
    REFUSED(jotlet_key_init(ODD(jotlet_key, key), secret, 36), MISALIGNED);
    REFUSED(jotlet_key_init(key, LAST, 16), LENGTH);
    REFUSED(jotlet_key_init(key, (const uint8_t *)key, 36), OVERLAP);
    REFUSED(jotlet_key_init(key, (const uint8_t *)key + sizeof *key - 1, 36), OVERLAP);
    REFUSED(jotlet_key_drop(NULL), NULL_POINTER);
    REFUSED(jotlet_key_drop(ODD(jotlet_key, key)), MISALIGNED);
    for (size_t i = 0; i < 3; i++)
        REFUSED(jotlet_key_init(key, secret, huge[i]), LENGTH);

    jotlet_new_token *new_token = &c->new_token;
    for (size_t f = 0; f < 2; f++) {
        issue_function *function = issues[f];
        REFUSED(function(NULL, new_token, c->token, 384, &c->len), NULL_POINTER);
        REFUSED(function(key, NULL, c->token, 384, &c->len), NULL_POINTER);
        REFUSED(function(key, new_token, NULL, 384, &c->len), NULL_POINTER);
        REFUSED(function(key, new_token, NULL, 0, &c->len), NULL_POINTER);
        REFUSED(function(key, new_token, c->token, 384, NULL), NULL_POINTER);
        REFUSED(function(ODD(jotlet_key, key), new_token, c->token, 384, &c->len), MISALIGNED);
        REFUSED(function(key, ODD(jotlet_new_token, new_token), c->token, 384, &c->len), MISALIGNED);
        REFUSED(function(key, new_token, c->token, 384, ODD(size_t, &c->len)), MISALIGNED);
        REFUSED(function(key, new_token, LAST, 16, &c->len), LENGTH);
        for (size_t i = 0; i < 3; i++)
            REFUSED(function(key, new_token, c->token, huge[i], &c->len), LENGTH);
        REFUSED(function(key, new_token, (char *)key, sizeof *key, &c->len), OVERLAP);
        REFUSED(function(key, new_token, (char *)key + sizeof *key - 1, 384, &c->len), OVERLAP);
        REFUSED(function(key, new_token, (char *)new_token, sizeof *new_token, &c->len), OVERLAP);
        REFUSED(function(key, new_token, (char *)&c->len, sizeof c->len, &c->len), OVERLAP);
        REFUSED(function(key, new_token, c->token, 384, (size_t *)key), OVERLAP);
        REFUSED(function(key, new_token, c->token, 384, (size_t *)&new_token->now), OVERLAP);
    }

    jotlet_expected *expected = &c->expected;
    for (size_t f = 0; f < 2; f++) {
        verify_function *function = verifies[f];
        REFUSED(function(NULL, expected, c->token, c->len, c->buffer, 256, &c->claims), NULL_POINTER);
        REFUSED(function(key, NULL, c->token, c->len, c->buffer, 256, &c->claims), NULL_POINTER);
        REFUSED(function(key, expected, NULL, c->len, c->buffer, 256, &c->claims), NULL_POINTER);
        REFUSED(function(key, expected, NULL, 0, c->buffer, 256, &c->claims), NULL_POINTER);
        REFUSED(function(key, expected, c->token, c->len, NULL, 256, &c->claims), NULL_POINTER);
        REFUSED(function(key, expected, c->token, c->len, NULL, 0, &c->claims), NULL_POINTER);
        REFUSED(function(key, expected, c->token, c->len, c->buffer, 256, NULL), NULL_POINTER);
        REFUSED(function(ODD(jotlet_key, key), expected, c->token, c->len, c->buffer, 256, &c->claims), MISALIGNED);
        REFUSED(function(key, ODD(jotlet_expected, expected), c->token, c->len, c->buffer, 256, &c->claims), MISALIGNED);
        REFUSED(function(key, expected, c->token, c->len, c->buffer, 256, ODD(jotlet_claims, &c->claims)), MISALIGNED);
        REFUSED(function(key, expected, LAST, 16, c->buffer, 256, &c->claims), LENGTH);
        REFUSED(function(key, expected, c->token, c->len, LAST, 16, &c->claims), LENGTH);
        for (size_t i = 0; i < 3; i++) {
            REFUSED(function(key, expected, c->token, huge[i], c->buffer, 256, &c->claims), LENGTH);
            REFUSED(function(key, expected, c->token, c->len, c->buffer, huge[i], &c->claims), LENGTH);
        }
        REFUSED(function(key, expected, c->token, c->len, (uint8_t *)key, 256, &c->claims), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, (uint8_t *)expected, 256, &c->claims), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, (uint8_t *)c->token, 256, &c->claims), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, (uint8_t *)c->token + c->len - 1, 256, &c->claims), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, (uint8_t *)&c->claims, 256, &c->claims), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, c->buffer, 256, (jotlet_claims *)key), OVERLAP);
        REFUSED(function(key, expected, c->token, c->len, c->buffer, 256, (jotlet_claims *)expected), OVERLAP);
        REFUSED(function(key, expected, (char *)&c->claims, sizeof c->claims, c->buffer, 256, &c->claims), OVERLAP);
    }
    CHECK(memcmp(before, c, sizeof *c) == 0);
    free(before);
    free(c);
}

// What the structs hold.
static void fields(void)
{
    struct call *c = call(), *before = block(sizeof *before);
    jotlet_text *texts[] = {&c->new_token.subject, &c->new_token.issuer, &c->new_token.audience, &c->new_token.csrf, &c->new_token.session_id,
                            &c->expected.issuer, &c->expected.audience};
    memcpy(before, c, sizeof *c);
    for (size_t i = 0; i < 7; i++) {
        jotlet_error (*run)(struct call *) = i < 5 ? issue : verify;
        uint8_t *written = i < 5 ? (uint8_t *)c->token : c->buffer;
        jotlet_text good = *texts[i];
        *texts[i] = (jotlet_text){NULL, 5};
        REFUSED(run(c), NULL_POINTER);
        for (size_t j = 0; j < 3; j++) {
            *texts[i] = (jotlet_text){good.ptr, huge[j]};
            REFUSED(run(c), LENGTH);
        }
        *texts[i] = (jotlet_text){LAST, 16};
        REFUSED(run(c), LENGTH);
        *texts[i] = (jotlet_text){written + 10, 5};
        REFUSED(run(c), OVERLAP);
        *texts[i] = text("\xc3\x28");
        REFUSED(run(c), NOT_UTF8);
        *texts[i] = good;
    }
    c->new_token.subject = (jotlet_text){NULL, 0};
    REFUSED(issue(c), NULL_POINTER);
    c->new_token.subject = before->new_token.subject;
    memset(c->new_token.id, 0, 16);
    REFUSED(issue(c), ID_NOT_RANDOM);
    c->new_token.id[0] = 1;
    c->expected.flags = 8;
    REFUSED(verify(c), FLAGS);
    c->expected.flags = UINT32_MAX;
    REFUSED(verify(c), FLAGS);
    c->expected.flags = JOTLET_MISSING_TYPE_IS_ACCESS;
    REFUSED(jotlet_verify_refresh(&c->key, &c->expected, c->token, c->len, c->buffer, 256, &c->claims), FLAGS);
    c->expected.flags = 0;
    CHECK(memcmp(before, c, sizeof *c) == 0);

    REFUSED(verify(c), NONE);
    CHECK(c->claims.session_id.len == 4 && memcmp(c->claims.session_id.ptr, "s\n\"1", 4) == 0);
    CHECK(c->claims.csrf.len == 4 && c->claims.issuer.len == 19 && c->claims.token_id.len == 32 && c->claims.subject.len == 7);
    CHECK(c->claims.issued_at == 1000 && c->claims.not_before == 1000 && c->claims.expires_at == 1900 && c->claims.fresh == 0);
    CHECK(c->claims.subject.ptr >= c->buffer && c->claims.subject.ptr < c->buffer + sizeof c->buffer);
    c->expected.flags = JOTLET_REQUIRE_FRESH;
    REFUSED(verify(c), NOT_FRESH);
    CHECK(c->claims.subject.ptr == NULL && c->claims.expires_at == 0);
    c->expected.flags = JOTLET_MISSING_TYPE_IS_ACCESS | JOTLET_ALLOW_MISSING_EXPIRY;
    REFUSED(verify(c), NONE);
    c->expected.issuer = text("https://example.org");
    REFUSED(verify(c), WRONG_ISSUER);
    c->expected.issuer = (jotlet_text){NULL, 0};
    c->expected.audience = (jotlet_text){(const uint8_t *)"", 0};
    REFUSED(verify(c), WRONG_AUDIENCE);
    c->expected.audience = (jotlet_text){NULL, 0};
    c->expected.now = 1900;
    REFUSED(verify(c), EXPIRED);
    CHECK(c->claims.detail == 1900);
    c->expected.now = UINT64_MAX;
    REFUSED(verify(c), EXPIRED);
    c->expected.leeway = UINT64_MAX;
    REFUSED(verify(c), EXPIRED);
    c->expected.now = 0;
    REFUSED(verify(c), NONE);
    c->expected.leeway = 999;
    REFUSED(verify(c), NOT_YET_VALID);
    CHECK(c->claims.detail == 1000);

    c->new_token = (jotlet_new_token){.subject = {(const uint8_t *)"", 0}, .now = 5, .lifetime = UINT64_MAX, .fresh_until = 7, .id = {1}};
    c->expected = (jotlet_expected){.now = 6, .flags = JOTLET_REQUIRE_FRESH};
    REFUSED(issue(c), NONE);
    REFUSED(verify(c), NONE);
    CHECK(c->claims.subject.ptr != NULL && c->claims.subject.len == 0 && c->claims.csrf.ptr == NULL);
    CHECK(c->claims.fresh == 1 && c->claims.expires_at == UINT64_MAX);
    c->expected.now = 7;
    REFUSED(verify(c), NOT_FRESH);
    c->expected = (jotlet_expected){.now = 6, .issuer = text("a")};
    REFUSED(verify(c), MISSING_CLAIM);
    CHECK(c->claims.detail == JOTLET_CLAIM_ISS);
    free(before);
    free(c);
}

// Every size from nothing to what suffices, in blocks of just that size.
static void sizes(void)
{
    struct call *c = call();
    size_t enough = c->len + 1;
    for (size_t size = 0; size <= enough; size++) {
        char *out = block(size);
        memset(out, 'x', size);
        jotlet_error got = jotlet_issue_access(&c->key, &c->new_token, out, size, &c->len);
        CHECK(got == (size < enough ? JOTLET_ERROR_BUFFER_TOO_SMALL : JOTLET_ERROR_NONE));
        CHECK(c->len == (size < enough ? enough : enough - 1));
        CHECK(size == enough ? strcmp(out, c->token) == 0 : memchr(out, 'x', size) == NULL);
        free(out);
    }
    for (size_t size = 0; size <= 300; size++) {
        uint8_t *buffer = block(size);
        jotlet_error got = jotlet_verify_access(&c->key, &c->expected, c->token, c->len, buffer, size, &c->claims);
        CHECK(got == (size < 256 ? JOTLET_ERROR_BUFFER_TOO_SMALL : JOTLET_ERROR_NONE));
        CHECK(c->claims.detail == (size < 256 ? 256 : 0));
        free(buffer);
    }
    for (size_t len = 0; len < c->len; len++) {
        char *token = block(len);
        memcpy(token, c->token, len);
        CHECK(jotlet_verify_access(&c->key, &c->expected, token, len, c->buffer, 256, &c->claims) != JOTLET_ERROR_NONE);
        free(token);
    }
    for (size_t bit = 0; bit < 8 * c->len; bit++) {
        c->token[bit / 8] ^= (char)(1 << bit % 8);
        CHECK(verify(c) != JOTLET_ERROR_NONE);
        c->token[bit / 8] ^= (char)(1 << bit % 8);
    }
    REFUSED(verify(c), NONE);

    size_t longest = 16 * 1024;
    char *subject = block(longest), *out = block(longest + 1);
    memset(subject, 1, longest);
    for (size_t len = 2000; len < 2030; len++) {
        c->new_token.subject = (jotlet_text){(const uint8_t *)subject, len};
        jotlet_error got = jotlet_issue_refresh(&c->key, &c->new_token, out, longest + 1, &c->len);
        CHECK(got == (c->len > longest ? JOTLET_ERROR_TOO_LONG : JOTLET_ERROR_NONE));
        if (got != JOTLET_ERROR_NONE)
            continue;
        uint8_t *buffer = block(longest);
        REFUSED(jotlet_verify_refresh(&c->key, &c->expected, out, c->len, buffer, longest, &c->claims), NONE);
        CHECK(c->claims.subject.len == len && memcmp(c->claims.subject.ptr, subject, len) == 0);
        REFUSED(jotlet_verify_refresh(&c->key, &c->expected, out, c->len, buffer, longest - 1, &c->claims), BUFFER_TOO_SMALL);
        CHECK(c->claims.detail == longest);
        free(buffer);
    }
    memset(out, 'e', longest + 1);
    REFUSED(jotlet_verify_access(&c->key, &c->expected, out, longest, c->buffer, 256, &c->claims), NOT_THREE_SEGMENTS);
    REFUSED(jotlet_verify_access(&c->key, &c->expected, out, longest + 1, c->buffer, 256, &c->claims), TOO_LONG);
    CHECK(c->claims.detail == longest + 1);
    free(out);
    free(subject);
    free(c);
}

static void keys(void)
{
    struct call *c = call();
    for (size_t len = 0; len < 32; len++) {
        uint8_t *few = block(len);
        memset(few, 7, len);
        REFUSED(jotlet_key_init(&c->key, few, len), KEY_TOO_SHORT);
        REFUSED(verify(c), NO_KEY);
        free(few);
    }
    REFUSED(jotlet_key_drop(&c->key), NO_KEY);
    REFUSED(jotlet_key_init(&c->key, secret, 36), NONE);
    REFUSED(verify(c), NONE);
    REFUSED(jotlet_key_drop(&c->key), NONE);
    static const jotlet_key none;
    CHECK(memcmp(&c->key, &none, sizeof none) == 0);
    REFUSED(jotlet_key_drop(&c->key), NO_KEY);
    REFUSED(issue(c), NO_KEY);
    REFUSED(verify(c), NO_KEY);
    free(c);
}

#ifdef __arm__
// How often RAM has two words in a row of a secret, which is masked here, so that it is not found here.
extern uint32_t ram_start[], ram_end[];

static int seen(const uint32_t *masked, size_t words, uint32_t mask)
{
    int count = 0;
    for (volatile uint32_t *word = ram_start; word + 1 < ram_end; word++)
        for (size_t i = 0; i + 1 < words; i++)
            count += (word[0] ^ mask) == masked[i] && (word[1] ^ mask) == masked[i + 1];
    return count;
}

static void wiped(void)
{
    static uint32_t inner[8], outer[8], padded[9];
    const uint32_t mask = 0xa5c3965a;
    static jotlet_key key;
    REFUSED(jotlet_key_init(&key, secret, sizeof secret - 1), NONE);
    // The two states of SHA-256, with a counter of 8 bytes behind each. The scan sees them, and nowhere else.
    for (size_t i = 0; i < 8; i++) {
        inner[i] = ((volatile uint32_t *)key.state)[i] ^ mask;
        outer[i] = ((volatile uint32_t *)key.state)[i + 10] ^ mask;
    }
    CHECK(seen(inner, 8, mask) == 7);
    CHECK(seen(outer, 8, mask) == 7);
    REFUSED(jotlet_key_drop(&key), NONE);
    CHECK(seen(inner, 8, mask) == 0);
    CHECK(seen(outer, 8, mask) == 0);

    // Issuing and verifying leave at most two words, which sha2 puts on the stack when it runs out of registers.
    struct call *c = call();
    REFUSED(jotlet_key_drop(&c->key), NONE);
    CHECK(seen(inner, 8, mask) + seen(outer, 8, mask) <= 1);
    // The secret is in flash alone; HMAC mixes it with 0x36 and 0x5c.
    for (size_t i = 0; i < 9; i++)
        padded[i] = ((const volatile uint32_t *)secret)[i] ^ mask;
    CHECK(seen(padded, 9, mask) == 0);
    CHECK(seen(padded, 9, mask ^ 0x36363636) == 0);
    CHECK(seen(padded, 9, mask ^ 0x5c5c5c5c) == 0);
    free(c);
}
#endif

int main(void)
{
#ifdef __arm__
    wiped();
#endif
    names();
    pointers();
    fields();
    sizes();
    keys();
    printf("%d checks, %d failed\n", checks, failures);
    return failures != 0;
}

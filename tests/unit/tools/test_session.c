/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_session.c - a session of the lab's page, without the page: every request has an answer of
 * the promised form, whatever is in it; what is refused changes nothing; files keep to their
 * folder. That answers are right, tests/cli/web/ checks.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "tools/web/folder.h"
#include "tools/web/session.h"

#define TRIES 600u

/* A kernel of one instruction, which jumps to itself. */
#define LOOP "{\"id\":1,\"do\":\"file\",\"name\":\"loop.bin\",\"base64\":\"bwAAAA==\"}"
#define OPEN                                                                                   \
    "{\"id\":2,\"do\":\"open\",\"argv\":[\"--mem\",\"1M\",\"--load\",\"0\",\"loop.bin\"]}"

static struct folder folder;
static struct web_host host = {.where = "native"};
static struct web_session *session;

static void begin(void)
{
    struct problem problem;

    ck_assert_msg(!folder_make(&folder, &problem), "%s", problem.text);
    host.folder = folder.path;
    session = web_session_new(&host);
    ck_assert_ptr_nonnull(session);
}

static void end(void)
{
    web_session_free(session);
    folder_remove(&folder);
    ck_assert_int_ne(access(folder.path, F_OK), 0);
}

/* The answer: an object with `ok`, the request's id or null, and a reason if it is refused. */
static json_t *ask(const char *text)
{
    char *bytes = web_request(session, text);
    json_t *answer = json_loads(bytes, 0, NULL), *ok = json_object_get(answer, "ok");

    ck_assert_msg(json_is_object(answer) && json_is_boolean(ok), "%s: %s", text, bytes);
    ck_assert_msg(json_object_get(answer, "id") != NULL, "%s: %s", text, bytes);
    if (!json_is_true(ok))
        ck_assert_msg(json_string_length(json_object_get(answer, "error")) > 0, "%s: %s", text,
                      bytes);
    free(bytes);
    return answer;
}

static json_int_t total(const json_t *answer)
{
    return json_integer_value(json_object_get(json_object_get(answer, "at"), "total"));
}

static json_int_t granted(const char *text)
{
    json_t *answer = ask(text);
    json_int_t at = total(answer);

    ck_assert_msg(json_is_true(json_object_get(answer, "ok")), "%s: %s", text,
                  json_string_value(json_object_get(answer, "error")));
    json_decref(answer);
    return at;
}

static void refused(const char *text, const char *why)
{
    json_t *answer = ask(text);
    const char *error = json_string_value(json_object_get(answer, "error"));

    ck_assert_msg(error && strstr(error, why), "%s: '%s'", text, error ? error : "granted");
    json_decref(answer);
}

START_TEST(an_answer_has_the_id_of_its_request)
{
    static const char *const ids[] = {"7", "\"a b\"", "-1"}, *const others[] = {"{}", "1.5",
                                                                                "[1]"};
    char text[64];
    json_t *answer;

    begin();
    for (unsigned i = 0; i < 3; i++) {
        (void)!snprintf(text, sizeof text, "{\"id\":%s,\"do\":\"close\"}", ids[i]);
        answer = ask(text);
        json_t *wanted = json_loads(ids[i], JSON_DECODE_ANY, NULL);
        ck_assert(json_equal(json_object_get(answer, "id"), wanted));
        json_decref(wanted);
        json_decref(answer);
        (void)!snprintf(text, sizeof text, "{\"id\":%s,\"do\":\"close\"}", others[i]);
        answer = ask(text);
        ck_assert(json_is_null(json_object_get(answer, "id")));
        json_decref(answer);
    }
    end();
}
END_TEST

START_TEST(what_is_no_request_is_refused)
{
    begin();
    refused("", "not JSON");
    refused("{\"do\":", "not JSON");
    refused("[]", "an object");
    refused("null", "an object");
    refused("{}", "do");
    refused("{\"do\":7}", "do");
    refused("{\"do\":\"oppen\",\"id\":1}", "open");
    refused("{\"do\":\"view\",\"what\":\"regs\"}", "open");
    refused("{\"do\":\"verb\",\"argv\":[\"classify\"]}", "");
    end();
}
END_TEST

START_TEST(files_stay_in_their_folder)
{
    static const char *const names[] = {"",    ".",      "..",        ".x",   "../x",
                                        "a/b", "/tmp/x", "a\\u0000b", "a\\nb"};
    char text[128];

    begin();
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)!snprintf(text, sizeof text, "{\"do\":\"file\",\"name\":\"%s\",\"base64\":\"\"}",
                        names[i]);
        refused(text, "");
        (void)!snprintf(text, sizeof text, "{\"do\":\"open\",\"argv\":[\"%s\"]}", names[i]);
        refused(text, "");
    }
    refused("{\"do\":\"file\",\"name\":\"x\",\"base64\":\"bwAAA\"}", "base64");
    refused("{\"do\":\"file\",\"name\":\"x\",\"base64\":\"bw*A\"}", "base64");
    refused("{\"do\":\"open\",\"argv\":[\"--gdb\",\"1\",\"mini\"]}", "--gdb");
    refused("{\"do\":\"open\",\"argv\":[\"--disk\",\"/etc/passwd\",\"mini\"]}", "");
    end();
}
END_TEST

START_TEST(what_is_refused_moves_nothing)
{
    begin();
    granted(LOOP);
    granted(OPEN);
    ck_assert_int_eq(granted("{\"do\":\"run\",\"insns\":1000}"), 1000);
    refused("{\"do\":\"run\",\"insns\":-1}", "insns");
    refused("{\"do\":\"run\",\"insns\":\"x\"}", "insns");
    refused("{\"do\":\"run\",\"until\":\"never\"}", "until");
    refused("{\"do\":\"goto\"}", "");
    refused("{\"do\":\"goto\",\"total\":1e99}", "");
    refused("{\"do\":\"command\",\"line\":\"frobnicate\"}", "frobnicate");
    ck_assert_int_eq(granted("{\"do\":\"run\",\"insns\":0}"), 1000);
    ck_assert_int_eq(granted("{\"do\":\"goto\",\"total\":10}"), 10);
    granted("{\"do\":\"close\"}");
    granted("{\"do\":\"close\"}");
    end();
}
END_TEST

/* Requests of all kinds, some of their bytes changed: each is answered, and the session goes on. */
START_TEST(anything_is_answered)
{
    static const char *const requests[] = {
        LOOP,
        OPEN,
        "{\"id\":3,\"do\":\"run\",\"insns\":77,\"until\":\"trap\"}",
        "{\"id\":4,\"do\":\"command\",\"line\":\"x/4i pc\"}",
        "{\"id\":5,\"do\":\"view\",\"what\":\"dis\",\"address\":4294967295,\"count\":1024}",
        "{\"id\":6,\"do\":\"view\",\"what\":\"walk\",\"gva\":3221225472}",
        "{\"id\":7,\"do\":\"view\",\"what\":\"timeline\",\"from\":0,\"buckets\":9}",
        "{\"id\":8,\"do\":\"view\",\"what\":\"memory\",\"address\":0,\"count\":65536}",
        "{\"id\":9,\"do\":\"goto\",\"retired\":5}",
        "{\"id\":10,\"do\":\"input\",\"vm\":1,\"text\":\"\\r\"}",
        "{\"id\":11,\"do\":\"view\",\"what\":\"exit\"}",
        "{\"id\":12,\"do\":\"assemble\",\"source\":\"_start: j _start\"}",
    };
    struct rng rng = rng_new(5);

    begin();
    granted(LOOP);
    granted(OPEN);
    for (unsigned i = 0; i < TRIES; i++) {
        char text[256];
        size_t len;

        (void)!snprintf(text, sizeof text, "%s",
                        requests[rng_below(&rng, sizeof requests / sizeof requests[0])]);
        len = strlen(text);
        for (unsigned changes = rng_below(&rng, 3); changes; changes--)
            text[rng_below(&rng, (uint32_t)len)] = (char)(32 + rng_below(&rng, 95));
        json_decref(ask(text));
    }
    granted(LOOP);
    granted(OPEN);
    end();
}
END_TEST

SUITE_MAIN("session", an_answer_has_the_id_of_its_request, what_is_no_request_is_refused,
           files_stay_in_their_folder, what_is_refused_moves_nothing, anything_is_answered)

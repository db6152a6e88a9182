/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * module.c - what JavaScript calls for a session (tools/web/page/lab.js): memory for a request, the
 * answer to it. A verb is what it is on a host, a program of its own: JavaScript runs it in a new
 * instance of this module, over the same files. An instance is a session's or a verb's, never both.
 */
#include <stdlib.h>

#include "tools/host/unpack.h"
#include "tools/web/session.h"

#define FOLDER "/session"
#define UNPACKED_MOST (64u << 20)
#define EXPORT(name) __attribute__((export_name(#name))) name
#define IMPORT(name) __attribute__((import_module("pz"), import_name(#name))) name

void __wasm_call_ctors(void);
bool EXPORT(web_begin)(void);
void *EXPORT(web_alloc)(size_t size);
void EXPORT(web_free)(void *bytes);
char *EXPORT(web_answer)(const char *request);
struct file *EXPORT(web_unpack)(uint8_t *bytes, size_t len);

/* Run a verb to its end. What it printed is in memory from web_alloc(). False: no memory. */
bool IMPORT(verb)(int argc, char **argv, struct web_output *output);

static enum pz_err run_verb(void *owner, int argc, char **argv, struct web_output *output,
                            struct problem *problem)
{
    (void)owner;
    return verb(argc, argv, output) ? PZ_OK : problem_memory(problem, "what a verb printed");
}

static const struct web_host host = {"wasm", FOLDER, run_verb, NULL, false};
static struct web_session *session;

/* Once, before the others. False: no memory. */
bool web_begin(void)
{
    __wasm_call_ctors();
    session = web_session_new(&host);
    return session;
}

void *web_alloc(size_t size)
{
    return malloc(size);
}

void web_free(void *bytes)
{
    free(bytes);
}

/* To be freed; NULL: no memory. */
char *web_answer(const char *request)
{
    return web_request(session, request);
}

/* The bundled guests come packed. Takes the memory; NULL: they are damaged, or no memory. */
struct file *web_unpack(uint8_t *bytes, size_t len)
{
    static struct file file;
    struct problem problem;

    file = (struct file){bytes, len};
    return unpack(&file, UNPACKED_MOST, &problem) ? NULL : &file;
}

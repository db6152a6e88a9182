/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what a session knows, and what the files of its requests share. A request is one
 * function, which reads its arguments, and puts what it has to say into the answer.
 */
#ifndef PZ_TOOLS_WEB_STATE_H
#define PZ_TOOLS_WEB_STATE_H

#include "tools/debug/debug.h"
#include "tools/snapshot/snapshot.h"
#include "tools/web/host.h"

#define WEB_WORDS_MOST 256u

/* Words of a command line, each to be freed. */
struct web_words {
    char *at[WEB_WORDS_MOST + 1];
    int count;
};

/* What a page knows of a VM's console. */
struct web_console {
    size_t told; /* bytes */
};

/* The machine that is open. */
struct web_machine {
    struct debug debug;
    struct options options;
    struct options
        given; /* the page's; `options` have the file's among them, if it opened one */
    struct web_words words;
    struct recording recording;
    bool recorded;
    struct snapshot_file snapshot;
    struct options_start start;
    bool saved;                   /* it begins as the snapshot says */
    struct web_console *consoles; /* of each VM */
    struct hart before;           /* the selected CPU, before the last move */
};

struct web_session {
    const struct web_host *host;
    struct web_machine *machine; /* NULL: nothing is open */
};

/* Answer a request: put into `answer`, or say what is wrong. */
typedef enum pz_err web_function(struct web_session *session, const json_t *request,
                                 json_t *answer, struct problem *problem);

/* hello.c */
web_function web_hello;
/* files.c */
web_function web_file;
/* machine.c */
web_function web_open, web_close, web_command;
/* run.c */
web_function web_run, web_goto, web_input, web_prepare;
/* assemble.c */
web_function web_assemble;
/* exercises.c */
web_function web_exercises, web_grade;
/* view.c */
web_function web_view;
/* verb.c */
web_function web_verb;

/* The verbs that there are. */
json_t *web_verbs(void);

/* ---- arguments.c ---- */

/* A text. NULL, with a problem: it is missing or none. */
const char *web_text(const json_t *request, const char *name, struct problem *problem);

/* A whole number up to `most`. False, with a problem: it is none. Missing: `otherwise`. */
bool web_number(const json_t *request, const char *name, uint64_t most, uint64_t otherwise,
                uint64_t *number, struct problem *problem) PZ_MUST_CHECK;

/* ---- files.c ---- */

/* May a file be stored under this name? It has no folder in it and does not begin with a dot. */
bool web_file_name(const char *name);

/* Store it. */
enum pz_err web_file_put(struct web_session *session, const char *name, const void *bytes,
                         size_t len, struct problem *problem) PZ_MUST_CHECK;

/* ---- words.c ---- */

/* Which words a command line can have. */
enum web_line { WEB_LINE_OPEN, WEB_LINE_VERB };

/*
 * The words of a list, for the options of a command: names of kernels and of options' files become
 * paths of stored files or bundled guests. Words that would reach anything else are refused. To be
 * freed whatever comes back.
 */
enum pz_err web_words_read(struct web_session *session, enum web_line line, const json_t *list,
                           struct web_words *words, struct problem *problem) PZ_MUST_CHECK;
void web_words_free(struct web_words *words);

/*
 * Files that a snapshot names become stored files or bundled guests of these names. Those that are
 * neither are refused: what a file names on the host is not the page's.
 */
enum pz_err web_words_saved(struct web_session *session, struct options *options,
                            struct web_words *words, struct problem *problem) PZ_MUST_CHECK;

/* ---- machine.c ---- */

/* The machine that is open. NULL: none is, and the problem says so. */
struct web_machine *web_machine(const struct web_session *session, struct problem *problem);
void web_machine_close(struct web_session *session);

/* Run a line of the debugger's: its text (to be freed) and its data (the caller's). */
enum pz_err web_execute(struct web_session *session, const char *line, char **text,
                        json_t **data, struct problem *problem) PZ_MUST_CHECK;

/* ---- at.c ---- */

/* Put where the machine stands into an answer: the object "at". */
void web_at(struct web_session *session, json_t *answer);

/* ---- view_code.c ---- */

/* "main+0x10", or "" where no name is known. */
const char *web_symbol(const struct debug *debug, unsigned mode, uint32_t address,
                       char text[DEBUG_NAME]);

/* ---- views: into an object ---- */
typedef enum pz_err web_viewer(struct web_session *session, const json_t *request, json_t *view,
                               struct problem *problem);

/* view_cpu.c */
web_viewer web_view_regs, web_view_csrs;
/* view_code.c */
web_viewer web_view_dis, web_view_memory, web_view_source;
/* view_pages.c */
web_viewer web_view_pages, web_view_tables, web_view_walk;
/* view_exit.c */
web_viewer web_view_exit, web_view_why;
/* view_timeline.c */
web_viewer web_view_timeline;

#endif

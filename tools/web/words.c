/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * words.c - command lines that a page gives. It names bundled guests and its own stored files, and
 * nothing else of the host: an option that would reach further is not in the table.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/web/state.h"

/* What follows an option. */
enum value {
    NO_VALUE,
    PLAIN_VALUE,  /* a number or a name */
    TEXT_VALUE,   /* for the guest: any */
    STORED_VALUE, /* a stored file... */
    DISK_VALUE,   /* ...and ",ro" or the like behind it */
    OUTPUT_VALUE, /* a file that is written, to be a stored one */
};

#define OPEN (1u << WEB_LINE_OPEN)
#define VERB (1u << WEB_LINE_VERB)

static const struct allowed {
    const char *name;
    unsigned lines;
    enum value value;
} table[] = {
    {"vms", OPEN | VERB, PLAIN_VALUE},
    {"engine", OPEN | VERB, PLAIN_VALUE},
    {"shadow", OPEN | VERB, PLAIN_VALUE},
    {"variant", OPEN | VERB, PLAIN_VALUE},
    {"monitor", OPEN | VERB, PLAIN_VALUE},
    {"cpus", OPEN | VERB, PLAIN_VALUE},
    {"quantum", OPEN | VERB, PLAIN_VALUE},
    {"no-reboot", OPEN | VERB, NO_VALUE},
    {"slice", OPEN | VERB, PLAIN_VALUE},
    {"shares", OPEN | VERB, PLAIN_VALUE},
    {"share", OPEN | VERB, NO_VALUE},
    {"mem", OPEN | VERB, PLAIN_VALUE},
    {"ram-base", OPEN | VERB, PLAIN_VALUE},
    {"machine", OPEN | VERB, PLAIN_VALUE},
    {"load", OPEN | VERB, PLAIN_VALUE},
    {"initrd", OPEN | VERB, STORED_VALUE},
    {"dtb", OPEN | VERB, STORED_VALUE},
    {"append", OPEN | VERB, TEXT_VALUE},
    {"input", OPEN | VERB, STORED_VALUE},
    {"disk", OPEN | VERB, DISK_VALUE},
    {"disk-rate", OPEN | VERB, PLAIN_VALUE},
    {"disk-ops", OPEN | VERB, PLAIN_VALUE},
    {"rng-seed", OPEN | VERB, PLAIN_VALUE},
    {"balloon", OPEN | VERB, PLAIN_VALUE},
    {"console", OPEN | VERB, PLAIN_VALUE},
    {"virtio", OPEN | VERB, PLAIN_VALUE},
    {"max-insns", OPEN | VERB, PLAIN_VALUE},
    {"checkpoint-mem", OPEN, PLAIN_VALUE},
    {"checkpoint-every", OPEN, PLAIN_VALUE},
    {"json", VERB, NO_VALUE},
    {"mode", VERB, PLAIN_VALUE},
    {"only", VERB, PLAIN_VALUE},
    {"seed", VERB, PLAIN_VALUE},
    {"trials", VERB, PLAIN_VALUE},
    {"witness", VERB, TEXT_VALUE},
    {"elf", VERB, OUTPUT_VALUE},
    {"runs", VERB, PLAIN_VALUE},
    {"svg", VERB, OUTPUT_VALUE},
    {"markdown", VERB, NO_VALUE},
    {"list", VERB, NO_VALUE},
    {"depth", VERB, PLAIN_VALUE},
    {"at", VERB, PLAIN_VALUE},
    {"count", VERB, PLAIN_VALUE},
    {"help", VERB, NO_VALUE},
};
#define TABLE (sizeof table / sizeof table[0])

struct reading {
    struct web_session *session;
    enum web_line line;
    struct web_words *words;
    struct problem *problem;
};

void web_words_free(struct web_words *words)
{
    for (int i = 0; i < words->count; i++)
        free(words->at[i]);
    words->count = 0;
}

/* One more word: three texts, one after the other. */
static enum pz_err add(struct reading *r, const char *a, const char *b, const char *c)
{
    size_t room = strlen(a) + strlen(b) + strlen(c) + 1;
    char *word = malloc(room);

    if (!word)
        return problem_memory(r->problem, "a command line");
    (void)!snprintf(word, room, "%s%s%s", a, b, c);
    r->words->at[r->words->count++] = word;
    return PZ_OK;
}

/* ---- Files ---- */

/* The path of a stored file. */
static bool stored(const struct reading *r, const char *name, char path[PATH_ROOM])
{
    if (!web_file_name(name))
        return false;
    path_format(path, PATH_ROOM, "%s/%s", r->session->host->folder, name);
    return !access(path, R_OK);
}

/* The path of a bundled guest, with or without ".elf". */
static bool bundled(const char *name, char path[PATH_ROOM])
{
    struct problem none;
    char whole[PATH_ROOM];

    path_format(whole, sizeof whole, "%s.elf", name);
    if (strstr(name, "..") || name[0] == '/' || !name[0])
        return false;
    return !guests_find(whole, path, PATH_ROOM, &none) ||
           !guests_find(name, path, PATH_ROOM, &none);
}

/* A kernel; for a verb a word that is no file may be something else: an exercise's name. */
static enum pz_err add_operand(struct reading *r, const char *word)
{
    char path[PATH_ROOM];

    if (stored(r, word, path) || bundled(word, path))
        return add(r, path, "", "");
    if (r->line == WEB_LINE_VERB && web_file_name(word))
        return add(r, word, "", "");
    return problem_set(r->problem, PZ_USAGE,
                       "'%.60s' is neither a stored file nor a bundled guest", word);
}

/* ---- Options ---- */

static const struct allowed *find(const struct reading *r, const char *name, size_t len)
{
    for (unsigned i = 0; i < TABLE; i++)
        if (!strncmp(table[i].name, name, len) && !table[i].name[len] &&
            (table[i].lines & 1u << r->line))
            return &table[i];
    (void)problem_set(r->problem, PZ_USAGE, "--%.*s has no place here",
                      (int)(len < 40 ? len : 40), name);
    return NULL;
}

static enum pz_err add_stored(struct reading *r, const char *option, const char *value,
                              size_t len)
{
    char name[PATH_ROOM], path[PATH_ROOM];

    path_format(name, sizeof name, "%.*s", (int)(len < PATH_ROOM ? len : PATH_ROOM), value);
    if (!stored(r, name, path))
        return problem_set(r->problem, PZ_USAGE, "%s'%.60s' is no stored file", option, name);
    return add(r, option, path, value + len);
}

static enum pz_err add_value(struct reading *r, const struct allowed *allowed,
                             const char *value)
{
    char option[48];

    (void)!snprintf(option, sizeof option, "--%s=", allowed->name);
    if (allowed->value == STORED_VALUE)
        return add_stored(r, option, value, strlen(value));
    if (allowed->value == DISK_VALUE)
        return add_stored(r, option, value, strcspn(value, ","));
    if (allowed->value == OUTPUT_VALUE && !web_file_name(value))
        return problem_set(r->problem, PZ_USAGE, "%s'%.40s' is not a valid file name", option,
                           value);
    if (allowed->value == PLAIN_VALUE && strpbrk(value, "/:"))
        return problem_set(r->problem, PZ_USAGE, "%s'%.40s': files cannot be named here",
                           option, value);
    return add(r, option, value, "");
}

/* One word, or two where an option's value is the next. */
static enum pz_err add_word(struct reading *r, const char *word, const char *next, bool *both)
{
    const struct allowed *allowed;
    const char *name = word + 2, *value;

    if (word[0] != '-')
        return add_operand(r, word);
    if (word[1] != '-' || !word[2])
        return problem_set(r->problem, PZ_USAGE, "'%.40s' has no place here", word);
    value = strchr(name, '=');
    allowed = find(r, name, value ? (size_t)(value - name) : strlen(name));
    if (!allowed)
        return PZ_USAGE;
    if (allowed->value == NO_VALUE)
        return add(r, word, "", "");
    *both = !value;
    value = value ? value + 1 : next;
    if (!value)
        return problem_set(r->problem, PZ_USAGE, "%.40s: its value is missing", word);
    return add_value(r, allowed, value);
}

enum pz_err web_words_read(struct web_session *session, enum web_line line, const json_t *list,
                           struct web_words *words, struct problem *problem)
{
    struct reading r = {session, line, words, problem};
    enum pz_err err = PZ_OK;
    size_t count = json_array_size(list);

    if (list && !json_is_array(list))
        return problem_set(problem, PZ_USAGE, "'argv' is a list of texts");
    if (count + (size_t)words->count > WEB_WORDS_MOST)
        return problem_set(problem, PZ_USAGE, "'argv': more than %u words", WEB_WORDS_MOST);
    for (size_t i = 0; i < count; i++)
        if (!json_is_string(json_array_get(list, i)))
            return problem_set(problem, PZ_USAGE, "'argv' is a list of texts");
    for (size_t i = 0; !err && i < count; i++) {
        bool both = false;

        err = add_word(&r, json_string_value(json_array_get(list, i)),
                       json_string_value(json_array_get(list, i + 1)), &both);
        i += both;
    }
    return err;
}

/* ---- Files that a snapshot names ---- */

static bool is_new(const struct reading *r, const char *word)
{
    for (int i = 0; i < r->words->count; i++)
        if (r->words->at[i] == word)
            return true;
    return false;
}

/* VMs of one kernel share its word, then as before. */
static enum pz_err replace(struct reading *r, const struct words *list, bool guests)
{
    for (unsigned i = 0; i < list->count; i++) {
        const char *was = list->at[i], *name = was ? strrchr(was, '/') : NULL;
        char path[PATH_ROOM];

        if (!was || !was[0] || is_new(r, was))
            continue;
        name = name ? name + 1 : was;
        if (!stored(r, name, path) && !(guests && bundled(name, path)))
            return problem_set(r->problem, PZ_USAGE,
                               "the snapshot is of a machine with the file '%.60s', which is "
                               "not here: store it first",
                               name);
        if (r->words->count >= (int)WEB_WORDS_MOST)
            return problem_set(r->problem, PZ_USAGE, "the snapshot names too many files");
        if (add(r, path, "", ""))
            return PZ_HOST;
        for (unsigned k = i; k < list->count; k++)
            if (list->at[k] == was)
                list->at[k] = r->words->at[r->words->count - 1];
    }
    return PZ_OK;
}

enum pz_err web_words_saved(struct web_session *session, struct options *options,
                            struct web_words *words, struct problem *problem)
{
    struct reading r = {session, WEB_LINE_OPEN, words, problem};
    enum pz_err err = replace(&r, &options->kernels, true);

    if (!err)
        err = replace(&r, &options->initrds, false);
    if (!err && (options->disks.count || options->nets.count || options->dtb))
        err = problem_set(
            problem, PZ_USAGE,
            "the snapshot is of a machine with disks, a network or a device tree of "
            "its own: pz debug opens it");
    return err;
}

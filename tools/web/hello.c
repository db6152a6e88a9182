/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hello.c - what this pz has: engines, guests, techniques, variants, the debugger's commands. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

static json_t *engines(void)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < engines_count; i++)
        if (!engines_all[i].missing)
            (void)json_array_append_new(list, json_string(engines_all[i].name));
    return list;
}

static json_t *monitors(void)
{
    static const struct {
        const char *name, *about, *asks;
    } rows[] = {
#define MONITOR(id, name, needs, about, asks) {name, about, asks},
#include "vmm/monitors.def"
#undef MONITOR
    };
    json_t *list = json_array();

    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++)
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:s, s:s}", "name", rows[i].name, "what",
                                              rows[i].about, "asks", rows[i].asks));
    return list;
}

static json_t *policies(void)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < SHADOW_POLICIES; i++)
        (void)json_array_append_new(list, json_string(options_shadow_name(i)));
    return list;
}

static json_t *variants(void)
{
    json_t *list = json_array();

    for (int id = 0; id < VARIANT_COUNT; id++) {
        const struct variant_desc *desc = variant_desc((enum variant_id)id);

        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b, s:b}", "name", desc->name, "machine",
                            desc->precedent, "what", desc->meaning, "theorem1", desc->theorem1,
                            "theorem3", desc->theorem3));
    }
    return list;
}

static json_t *commands(void)
{
    const struct debug_command *command;
    const char *group = "";
    json_t *list = json_array();

    for (unsigned k = 0; (command = debug_command_at(k)); k++) {
        if (command->group[0])
            group = command->group;
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", command->name,
                            "shorthand", command->shorthand, "usage", command->usage, "help",
                            command->help, "example", command->example, "group", group));
    }
    return list;
}

/* ---- Guests ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "mini" of "mini.elf"; NULL: no guest, or no memory. */
static char *guest_name(const char *file)
{
    size_t len = strlen(file);

    if (file[0] == '.' || len < 5 || strcmp(file + len - 4, ".elf"))
        return NULL;
    return strndup(file, len - 4);
}

#define GUESTS_MOST 512u

#define BENCH "bench_"

/* Those of pz bench apart. */
static void put_guests(json_t *answer)
{
    char path[PATH_ROOM], *names[GUESTS_MOST];
    struct problem none;
    DIR *folder = guests_directory(path, sizeof path, &none) ? NULL : opendir(path);
    json_t *guests = json_array(), *benches = json_array();
    struct dirent *entry;
    unsigned count = 0;

    while (folder && count < GUESTS_MOST && (entry = readdir(folder)))
        if ((names[count] = guest_name(entry->d_name)))
            count++;
    if (folder)
        closedir(folder);
    qsort(names, count, sizeof names[0], by_name);
    for (unsigned i = 0; i < count; i++) {
        (void)json_array_append_new(strncmp(names[i], BENCH, sizeof BENCH - 1) ? guests
                                                                               : benches,
                                    json_string(names[i]));
        free(names[i]);
    }
    json_put(answer, "guests", guests);
    json_put(answer, "benches", benches);
}

enum pz_err web_hello(struct web_session *session, const json_t *request, json_t *answer,
                      struct problem *problem)
{
    (void)request, (void)problem;
    json_put_text(answer, "version", PZ_VERSION);
    json_put_text(answer, "where", session->host->where);
    json_put(answer, "engines", engines());
    put_guests(answer);
    json_put(answer, "monitors", monitors());
    json_put(answer, "policies", policies());
    json_put(answer, "variants", variants());
    json_put(answer, "commands", commands());
    json_put(answer, "verbs", session->host->verb ? web_verbs() : json_array());
    return PZ_OK;
}

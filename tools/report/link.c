/* SPDX-License-Identifier: GPL-2.0-or-later */
/* link.c - puts addresses together. */
#include "tools/report/link.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- The page ---- */

/* "https://host/", a file's path: but nothing that a browser would run. */
static bool is_page(const char *text)
{
    static const char *const schemes[] = {"http://", "https://", "file://"};
    size_t scheme = strcspn(text, ":/?");

    for (const char *c = text; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '#')
            return false;
    for (unsigned i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (!strncmp(text, schemes[i], strlen(schemes[i])))
            return text[strlen(schemes[i])] != 0;
    return *text && text[scheme] != ':';
}

/* The address of a file, by its whole path. One that is too long is as good as none. */
static enum pz_err put_path(struct link_page *page, char *path, struct problem *problem)
{
    FILE *out = fmemopen(page->address, sizeof page->address, "w");
    bool whole;

    if (!out)
        return problem_memory(problem, "the page's address");
    fputs("file://", out);
    for (char *part = strtok(path, "/"); part; part = strtok(NULL, "/")) {
        fputc('/', out);
        markup_percent(out, part);
    }
    whole = ftell(out) < (long)sizeof page->address - 1;
    if (fclose(out) || !whole)
        page->address[0] = 0;
    return PZ_OK;
}

enum pz_err link_page_find(struct link_page *page, const struct options *options,
                           struct problem *problem)
{
    char path[PATH_ROOM];

    page->address[0] = 0;
    if (options->page &&
        (!is_page(options->page) || strlen(options->page) >= sizeof page->address))
        return problem_set(
            problem, PZ_USAGE,
            "--page: '%.200s' is not the address of a page, which begins with http://, "
            "https:// or file://, or is a path, and has no blanks and no '#'",
            options->page);
    if (options->page)
        snprintf(page->address, sizeof page->address, "%s", options->page);
    else if (home_page("index.html", path, sizeof path) && path[0] == '/')
        return put_path(page, path, problem);
    return PZ_OK;
}

/* ---- What is open ---- */

void link_name(char name[LINK_NAME], const char *path)
{
    const char *slash = strrchr(path, '/'), *from = slash ? slash + 1 : path;
    unsigned len = 0;

    if (strlen(from) > LINK_NAME - 1)
        from += strlen(from) - (LINK_NAME - 1);
    from += strspn(from, ".-");
    for (; *from; from++)
        name[len++] = ((unsigned char)*from < 0x80 && isalnum((unsigned char)*from)) ||
                              strchr("_.+-", *from)
                          ? *from
                          : '-';
    name[len] = 0;
    while (len && name[0] == '-')
        memmove(name, name + 1, len--);
}

static FILE *begin(struct link *link, const struct link_page *page, size_t *size)
{
    FILE *out = open_memstream(&link->begin, size);

    if (out)
        fprintf(out, "%s#v=1", page->address);
    return out;
}

static void put_word(FILE *out, const char *word)
{
    fputs("&argv=", out);
    markup_percent(out, word);
}

/* Options that the page takes; those that only say how it is shown, or how fast; all others. */
enum fate { FATE_TAKEN, FATE_LEFT_OUT, FATE_NONE };

static enum fate fate_of(const char *name)
{
    static const char *const taken[] = {
        "append",  "monitor", "shadow",   "variant",   "slice",    "shares",   "cpus",
        "quantum", "mem",     "ram-base", "machine",   "load",     "rng-seed", "virtio",
        "console", "balloon", "share",    "no-reboot", "max-insns"};
    static const char *const left_out[] = {"vms", "engine", "output", "page", "stats"};

    for (unsigned i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (!strcmp(name, taken[i]))
            return FATE_TAKEN;
    for (unsigned i = 0; i < sizeof left_out / sizeof left_out[0]; i++)
        if (!strcmp(name, left_out[i]))
            return FATE_LEFT_OUT;
    return FATE_NONE;
}

/* False: the page could not do the same. */
static bool put_options(FILE *out, const struct options *options)
{
    const struct words *given = &options->given;

    for (unsigned i = 0; i < given->count; i++) {
        const char *name = given->at[i];
        enum fate fate = fate_of(name);
        char dashed[32];

        if (fate == FATE_NONE)
            return false;
        snprintf(dashed, sizeof dashed, "--%s", name);
        if (fate == FATE_TAKEN)
            put_word(out, dashed);
        if (!options_takes_value(name, options->sets))
            continue;
        if (fate == FATE_TAKEN)
            put_word(out, given->at[i + 1]);
        i++;
    }
    return true;
}

/* The bundled guests are there by their names without ".elf". */
static void put_kernel(FILE *out, const char *path)
{
    char name[LINK_NAME];
    char *end;

    link_name(name, path);
    end = strrchr(name, '.');
    if (guests_bundled(path) && end && !strcmp(end, ".elf"))
        *end = 0;
    put_word(out, name);
}

bool link_run(struct link *link, const struct link_page *page, const struct options *options)
{
    char number[24];
    size_t size;
    bool same;
    FILE *out;

    *link = (struct link){0};
    if (!page->address[0])
        return true;
    out = begin(link, page, &size);
    if (!out)
        return false;
    same = put_options(out, options);
    snprintf(number, sizeof number, "%" PRIu64, options->vms);
    put_word(out, "--vms");
    put_word(out, number);
    for (unsigned i = 0; i < options->kernels.count; i++)
        put_kernel(out, options->kernels.at[i]);
    if (!options->kernels.count)
        put_word(out, "mini");
    if (fclose(out))
        return false;
    if (!same)
        link_free(link);
    return true;
}

static bool put_recording(struct link *link, const char *path)
{
    struct problem problem;
    struct file file;
    size_t size;
    FILE *out;

    if (file_read(path, LINK_RECORDING, &file, &problem))
        return true; /* it is longer; whether it can be read at all, its user knows */
    out = open_memstream(&link->recording, &size);
    if (out) {
        fputs("&rec=", out);
        markup_base64url(out, file.bytes, file.len);
    }
    file_free(&file);
    return out && !fclose(out);
}

bool link_recording(struct link *link, const struct link_page *page, const char *path,
                    const char *name)
{
    size_t size;
    FILE *out;

    *link = (struct link){0};
    if (!page->address[0])
        return true;
    out = begin(link, page, &size);
    if (!out)
        return false;
    put_word(out, name);
    return !fclose(out) && put_recording(link, path);
}

void link_free(struct link *link)
{
    free(link->begin);
    free(link->recording);
    *link = (struct link){0};
}

void link_text(FILE *out, const struct link *link, const struct link_place *place,
               const char *text)
{
    if (!link->begin) {
        markup_text(out, text);
        return;
    }
    fputs("<a href=\"", out);
    markup_text(out, link->begin);
    if (place->whole && link->recording)
        markup_text(out, link->recording);
    fprintf(out, "&amp;vm=%u&amp;at=%" PRIu64 "&amp;view=%s\">", place->vm, place->at,
            place->view);
    markup_text(out, text);
    fputs("</a>", out);
}

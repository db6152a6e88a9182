/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * consoles.c - each VM's unfinished line is kept until it is complete. On a screen the unfinished
 * line of one VM is at the bottom; when another's line comes, it is wiped, and drawn again below:
 *
 *      [vm1] a complete line
 *      [vm0] $ ls -_              <- owner 0, shown = what of its text is drawn
 *
 * A terminal that cannot wipe gets a new line instead, and the unfinished one once more.
 */
#include "tools/host/consoles.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

#define LINE_MOST 4096u /* an unfinished line longer than this is shown as it is */
#define COLORS 6u

enum pz_err consoles_open(struct consoles *consoles, FILE *out, unsigned count,
                          struct consoles_style style, struct problem *problem)
{
    *consoles = (struct consoles){.out = out, .style = style, .count = count, .owner = -1};
    consoles->texts = calloc(count, sizeof *consoles->texts);
    consoles->shown = calloc(count, sizeof *consoles->shown);
    if (!consoles->texts || !consoles->shown)
        return problem_memory(problem, "the consoles");
    return PZ_OK;
}

void consoles_close(struct consoles *consoles)
{
    for (unsigned i = 0; consoles->texts && i < consoles->count; i++)
        free(consoles->texts[i].bytes);
    free(consoles->texts);
    free(consoles->shown);
    *consoles = (struct consoles){.owner = -1};
}

bool consoles_failed(const struct consoles *consoles)
{
    return consoles->failed || consoles->no_memory;
}

static void failed(struct consoles *consoles)
{
    output_failed(errno);
    consoles->failed = true;
}

static void write_out(struct consoles *consoles, const char *bytes, size_t len)
{
    if (!consoles->failed && len && fwrite(bytes, 1, len, consoles->out) != len)
        failed(consoles);
    consoles->dirty = true;
}

static void write_text(struct consoles *consoles, const char *text)
{
    write_out(consoles, text, strlen(text));
}

static void write_prefix(struct consoles *consoles, unsigned vm)
{
    char prefix[32];

    if (!consoles->style.prefix)
        return;
    if (consoles->style.color)
        snprintf(prefix, sizeof prefix, "\033[3%um[vm%u]\033[0m ", 1 + (vm + 1) % COLORS, vm);
    else
        snprintf(prefix, sizeof prefix, "[vm%u] ", vm);
    write_text(consoles, prefix);
}

/* Terminals obey escape sequences: of several guests sharing one, none may have that power. */
static void write_guest(struct consoles *consoles, const char *bytes, size_t len)
{
    if (!consoles->style.prefix || !consoles->style.screen) {
        write_out(consoles, bytes, len);
        return;
    }
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\033')
            write_text(consoles, "^[");
        else
            write_out(consoles, &bytes[i], 1);
    }
}

/* Take the unfinished line off the screen, or leave it behind; it stays in its VM's text. */
static void wipe(struct consoles *consoles)
{
    if (consoles->owner < 0)
        return;
    write_text(consoles, consoles->style.screen ? "\r\033[K" : "\n");
    consoles->shown[consoles->owner] = 0;
    consoles->owner = -1;
}

/* Bring what is drawn of a VM's unfinished line up to its text. */
static void draw(struct consoles *consoles, unsigned vm)
{
    struct console_text *text = &consoles->texts[vm];

    if (consoles->owner != (int)vm) {
        wipe(consoles);
        write_prefix(consoles, vm);
        consoles->owner = (int)vm;
    }
    write_guest(consoles, text->bytes + consoles->shown[vm], text->len - consoles->shown[vm]);
    consoles->shown[vm] = text->len;
}

/* The text is a complete line, or as long as one may be. */
static void end_line(struct consoles *consoles, unsigned vm)
{
    draw(consoles, vm);
    if (consoles->texts[vm].bytes[consoles->texts[vm].len - 1] != '\n')
        write_text(consoles, "\n");
    consoles->owner = -1;
    consoles->shown[vm] = 0;
    consoles->texts[vm].len = 0;
}

bool consoles_append(struct console_text *text, const uint8_t *bytes, size_t len)
{
    if (text->len + len > text->room) {
        size_t room = 2 * text->room + len + 256;
        char *grown = realloc(text->bytes, room);

        if (!grown)
            return false;
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    return true;
}

static bool append(struct consoles *consoles, unsigned vm, const uint8_t *bytes, size_t len)
{
    if (!consoles_append(&consoles->texts[vm], bytes, len))
        consoles->no_memory = true;
    return !consoles->no_memory;
}

/* The first line of `bytes`, with its end if it has one, at most what a line may hold. */
static size_t first_line(const uint8_t *bytes, size_t len)
{
    const uint8_t *end = memchr(bytes, '\n', len);

    if (end)
        len = (size_t)(end - bytes) + 1;
    return len < LINE_MOST ? len : LINE_MOST;
}

static void put_lines(struct consoles *consoles, unsigned vm, const uint8_t *bytes, size_t len)
{
    struct console_text *text = &consoles->texts[vm];

    while (len && !consoles_failed(consoles)) {
        size_t part = first_line(bytes, len);

        if (!append(consoles, vm, bytes, part))
            return;
        if (bytes[part - 1] == '\n' || text->len >= LINE_MOST)
            end_line(consoles, vm);
        bytes += part;
        len -= part;
    }
    consoles->dirty = true;
}

void consoles_put(struct consoles *consoles, unsigned vm, const uint8_t *bytes, size_t len)
{
    if (consoles->style.keep)
        (void)append(consoles, vm, bytes, len);
    else if (consoles->style.prefix)
        put_lines(consoles, vm, bytes, len);
    else
        write_out(consoles, (const char *)bytes, len);
}

FILE *consoles_interject(struct consoles *consoles)
{
    if (consoles->style.prefix)
        wipe(consoles);
    else if (consoles->style.live)
        write_text(consoles, "\n");
    consoles->dirty = true;
    return consoles->out;
}

/* There is one bottom line: the front VM's, if it has something to show. */
static void draw_unfinished(struct consoles *consoles)
{
    unsigned vm = consoles->front;

    for (unsigned i = 0; i < consoles->count && !consoles->texts[vm].len; i++)
        vm = i;
    if (consoles->texts[vm].len &&
        (consoles->owner != (int)vm || consoles->shown[vm] < consoles->texts[vm].len))
        draw(consoles, vm);
}

void consoles_set_front(struct consoles *consoles, unsigned vm)
{
    consoles->front = vm;
    consoles->dirty = true;
}

void consoles_flush(struct consoles *consoles)
{
    if (!consoles->dirty || consoles->style.keep)
        return;
    if (consoles->style.live && consoles->style.prefix)
        draw_unfinished(consoles);
    if (!consoles->failed && fflush(consoles->out))
        failed(consoles);
    consoles->dirty = false;
}

void consoles_show_kept(struct consoles *consoles)
{
    consoles->style.keep = false;
    for (unsigned vm = 0; vm < consoles->count; vm++) {
        struct console_text text = consoles->texts[vm];

        consoles->texts[vm] = (struct console_text){.bytes = NULL};
        consoles_put(consoles, vm, (const uint8_t *)text.bytes, text.len);
        free(text.bytes);
    }
}

void consoles_finish(struct consoles *consoles)
{
    if (consoles->style.keep)
        return;
    for (unsigned vm = 0; consoles->style.prefix && vm < consoles->count; vm++)
        if (consoles->texts[vm].len)
            end_line(consoles, vm);
    if (!consoles->failed && fflush(consoles->out))
        failed(consoles);
    consoles->dirty = false;
}

enum pz_err consoles_problem(const struct consoles *consoles, struct problem *problem)
{
    if (consoles->no_memory)
        return problem_memory(problem, "what the guests print");
    if (consoles->failed)
        return output_flush(problem);
    return PZ_OK;
}

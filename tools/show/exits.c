/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exits.c - exits counted by span, and drawn as columns, the actions on top of each other. */
#include "tools/show/exits.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/show/svg.h"

enum { COLUMNS = 96, AXIS = 16, NAME = 18, MARGIN = 14, WIDTH = 860, LEGEND = 24, SPACE = 12 };

bool exits_open(struct exits *exits, unsigned vms)
{
    *exits = (struct exits){.vms = calloc(vms, sizeof *exits->vms), .count = vms, .span = 1};
    return exits->vms != NULL;
}

void exits_close(struct exits *exits)
{
    free(exits->vms);
    *exits = (struct exits){0};
}

/* Each two spans become one. */
static void widen(struct exits *exits)
{
    for (unsigned k = 0; k < exits->count; k++) {
        struct exits_vm *vm = &exits->vms[k];

        for (unsigned i = 0; i < EXITS_SPANS / 2; i++)
            for (unsigned a = 0; a < TRACE_ACTIONS; a++)
                vm->spans[i][a] = vm->spans[2 * i][a] + vm->spans[2 * i + 1][a];
        memset(vm->spans[EXITS_SPANS / 2], 0, EXITS_SPANS / 2 * sizeof vm->spans[0]);
    }
    exits->span *= 2;
}

void exits_add(struct exits *exits, const struct trace_event *event)
{
    struct exits_vm *vm;

    if (!event->vm || event->vm > exits->count || event->action >= TRACE_ACTIONS ||
        event->translated)
        return;
    vm = &exits->vms[event->vm - 1];
    while (event->retired / exits->span >= EXITS_SPANS)
        widen(exits);
    if (!vm->count[event->action]++)
        vm->first[event->action] = event->retired;
    vm->spans[event->retired / exits->span][event->action]++;
    if (event->retired > exits->last)
        exits->last = event->retired;
}

/* ---- Drawing ---- */

const char *exits_class(enum trace_action action)
{
    static const char *const kinds[TRACE_ACTIONS] = {
        [TRACE_EMULATE] = "c0",   [TRACE_INJECT] = "c1",    [TRACE_INTERRUPT] = "c2",
        [TRACE_SBI] = "c3",       [TRACE_FILL] = "c4",      [TRACE_MMIO] = "c5",
        [TRACE_PTE_WRITE] = "c6", [TRACE_INTERPRET] = "c7", [TRACE_SWITCH] = "c9",
        [TRACE_KILL] = "c8",      [TRACE_RESTART] = "c10",  [TRACE_PARA] = "c11"};

    return kinds[action];
}

/* World switches are not the VM's: they are left out. */
static uint64_t height_of(const struct exits_vm *vm, unsigned span, unsigned actions)
{
    uint64_t sum = 0;

    for (unsigned a = 0; a < actions; a++)
        sum += a == TRACE_SWITCH ? 0 : vm->spans[span][a];
    return sum;
}

static unsigned spans_of(const struct exits *exits)
{
    return (unsigned)(exits->last / exits->span) + 1;
}

static uint64_t most_of(const struct exits *exits, const struct exits_vm *vm)
{
    uint64_t most = 0;

    for (unsigned i = 0; i < spans_of(exits); i++) {
        uint64_t height = height_of(vm, i, TRACE_ACTIONS);

        most = height > most ? height : most;
    }
    return most;
}

/* All columns of one action are one shape: in a field of as many units as there are spans. */
static void draw_action(FILE *out, const struct exits *exits, const struct exits_vm *vm,
                        enum trace_action action)
{
    char number[TEXT_NUMBER];
    const char *name = trace_action_name(action);

    if (!vm->count[action] || action == TRACE_SWITCH)
        return;
    fprintf(out, "<path class=\"%s\" d=\"", exits_class(action));
    for (unsigned i = 0; i < spans_of(exits); i++)
        if (vm->spans[i][action])
            fprintf(out, "M%u -%" PRIu64 "v-%" PRIu32 "h1v%" PRIu32 "z", i,
                    height_of(vm, i, action), vm->spans[i][action], vm->spans[i][action]);
    fprintf(out, "\"><title>%s: %s</title></path>\n", name,
            text_grouped(vm->count[action], number));
}

/* Columns from `y` on, and their axis. */
static void draw_columns(FILE *out, const struct exits *exits, unsigned vm, unsigned y)
{
    uint64_t most = most_of(exits, &exits->vms[vm]);
    char number[TEXT_NUMBER], text[TEXT_NUMBER + 40];

    fprintf(out,
            "<svg y=\"%u\" width=\"100%%\" height=\"%d\" viewBox=\"0 -%" PRIu64 " %u %" PRIu64
            "\" preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">\n",
            y + MARGIN, COLUMNS, most ? most : 1, spans_of(exits), most ? most : 1);
    for (unsigned a = 0; a < TRACE_ACTIONS; a++)
        draw_action(out, exits, &exits->vms[vm], (enum trace_action)a);
    fputs("</svg>\n", out);
    y += MARGIN + COLUMNS;
    fprintf(out, "<line class=\"rule\" x1=\"0\" x2=\"100%%\" y1=\"%u\" y2=\"%u\"/>\n", y, y);
    snprintf(text, sizeof text, "%s exits at most in one column", text_grouped(most, number));
    svg_text(out, 0, y - COLUMNS - 4, "start", text);
    svg_text(out, 0, y + AXIS - 3, "start", "0");
    svg_text(out, 100, y + AXIS - 3, "end",
             text_grouped(spans_of(exits) * exits->span, number));
    svg_text(out, 50, y + AXIS - 3, "middle", "instructions");
}

void exits_draw(FILE *out, const struct exits *exits, unsigned vm)
{
    char name[64];
    const struct svg svg = {.name = name, .height = MARGIN + COLUMNS + AXIS};

    snprintf(name, sizeof name, "Exits of vm%u over its instructions", vm);
    svg_begin(out, &svg);
    draw_columns(out, exits, vm, 0);
    svg_end(out, &svg);
}

static unsigned draw_legend(FILE *out, const struct exits *exits)
{
    unsigned x = 0;

    for (unsigned a = 0; a < TRACE_ACTIONS; a++) {
        uint64_t count = 0;

        for (unsigned k = 0; k < exits->count; k++)
            count += exits->vms[k].count[a];
        if (count && a != TRACE_SWITCH)
            x = svg_key(out, x, 14, exits_class((enum trace_action)a),
                        trace_action_name((enum trace_action)a));
    }
    return LEGEND;
}

void exits_svg(FILE *out, const struct exits *exits)
{
    unsigned drawn = exits->count < EXITS_DRAWN ? exits->count : EXITS_DRAWN;
    unsigned one = NAME + MARGIN + COLUMNS + AXIS + SPACE, y;
    const struct svg svg = {.name = "Exits over instructions",
                            .width = WIDTH,
                            .height = LEGEND + drawn * one + NAME};
    char text[96];

    svg_begin(out, &svg);
    y = draw_legend(out, exits);
    for (unsigned k = 0; k < drawn; k++, y += one) {
        snprintf(text, sizeof text, "vm%u", k);
        svg_text(out, 0, y + NAME - 4, "start", text);
        draw_columns(out, exits, k, y + NAME);
    }
    if (drawn < exits->count) {
        snprintf(text, sizeof text, "%u VMs more are not drawn", exits->count - drawn);
        svg_text(out, 0, y + NAME - 4, "start", text);
    }
    svg_end(out, &svg);
}

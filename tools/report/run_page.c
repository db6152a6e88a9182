/* SPDX-License-Identifier: GPL-2.0-or-later */
/* run_page.c - the report of a run: its parts in their order, and those that are short. */
#include <inttypes.h>
#include <string.h>

#include "tools/report/parts.h"
#include "tools/travel/travel.h"

#define CONSOLE_BEGIN (16u << 10) /* bytes of a console that are shown... */
#define CONSOLE_END (48u << 10)   /* ...and of its end */

unsigned run_page_shown(FILE *out, const struct gather *gather)
{
    unsigned count = gather->machine->count;

    if (count <= REPORT_VMS)
        return count;
    page_note(out, "Of %u VMs, the first %u are shown.", count, REPORT_VMS);
    return REPORT_VMS;
}

static const char *kernel_name(const struct gather *gather, unsigned k)
{
    return image_name(machine_image(gather->machine, k));
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* ---- What ran ---- */

/* As a shell wants it: in quotes where it has other than plain characters. */
static void put_word(FILE *out, const char *word)
{
    bool plain = *word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_./=,:@%+") == strlen(word);

    fputc(' ', out);
    if (plain) {
        markup_text(out, word);
        return;
    }
    fputs("&#39;", out);
    for (const char *at = word; *at;) {
        size_t len = strcspn(at, "'");

        markup_bytes(out, at, len);
        at += len;
        if (*at) {
            fputs("&#39;\\&#39;&#39;", out);
            at++;
        }
    }
    fputs("&#39;", out);
}

/* Not where the report went, and what its links are about. */
static bool is_of_run(const char *name)
{
    return strcmp(name, "output") && strcmp(name, "page") && strcmp(name, "stats");
}

static void write_command(FILE *out, const struct gather *gather)
{
    const struct options *options = &gather->options;

    fputs("<dt>Command</dt><dd><code>", out);
    fputs(gather->recording ? "pz replay" : "pz run", out);
    for (unsigned i = 0; i < options->given.count; i++) {
        const char *name = options->given.at[i];
        bool value = options_takes_value(name, options->sets);

        if (is_of_run(name)) {
            fprintf(out, " --%s", name);
            if (value)
                put_word(out, options->given.at[i + 1]);
        }
        i += value;
    }
    for (unsigned i = 0; i < options->kernels.count; i++)
        put_word(out, options->kernels.at[i]);
    fputs("</code></dd>\n", out);
}

static void write_facts(FILE *out, struct gather *gather)
{
    const struct options *options = &gather->playback.options;
    const struct machine *machine = gather->machine;
    struct debug *debug = gather->playback.debug;
    char variants[VARIANTS_TEXT], slice[TEXT_NUMBER], size[TEXT_NUMBER];

    page_facts(out);
    write_command(out, gather);
    page_fact(out, "Engine", "%s", machine->engine.kind->name);
    page_fact(out, "Monitor", "%s", monitor_desc(machine->vms[0].config.monitor)->name);
    page_fact(out, "Shadow policy", "%s",
              machine->vms[0].config.monitor == VM_ASSIST
                  ? "none"
                  : options_shadow_name(machine->vms[0].config.policy));
    if (options->variants)
        page_fact(out, "Instruction set broken by", "%s",
                  variants_text(options->variants, variants));
    page_fact(out, "Machines", "%u, each with %u CPU%s and %s of RAM", machine->count,
              machine->vms[0].config.cpus ? machine->vms[0].config.cpus : 1,
              machine->vms[0].config.cpus > 1 ? "s" : "",
              text_size(machine->vms[0].config.ram_size, size));
    page_fact(out, "Slice", "%s instructions", text_grouped(machine->vmm.slice, slice));
    if (gather->recording)
        page_fact(out, "Recorded", "%zu bytes of input, %zu states that were compared",
                  gather->playback.recording.lists[RECORDING_INPUTS].count,
                  gather->playback.recording.lists[RECORDING_CHECKS].count);
    if (gather->playback.recording.part_source)
        page_fact(out, "Part of the monitor", "%s, hash %016" PRIx64,
                  gather->playback.recording.part_source, gather->playback.recording.part_hash);
    page_fact(out, "Hash of the final state", "%016" PRIx64, timeline_hash(debug->timeline));
    page_facts_end(out);
}

static void write_end(struct page_table *table, const struct gather *gather,
                      const struct link *link, unsigned k)
{
    const struct vm *vm = &gather->machine->vms[k];
    const struct image *image = machine_image(gather->machine, k);
    char text[TEXT_NUMBER], share[TEXT_NUMBER];

    page_cell(table, "vm%u", k);
    page_cell(table, "%s", kernel_name(gather, k));
    page_cell(table, "%s", options_word(&gather->playback.options.appends, k, ""));
    page_cell(table, "%s",
              gather->cut && vm_alive(vm) ? "interrupted" : vm_end_text((enum vm_end)vm->end));
    page_cell_begin(table);
    link_text(table->out, link, &(struct link_place){k, vm_retired(vm), "machine", true},
              text_grouped(vm_retired(vm), text));
    page_cell_end(table);
    page_number(table, vm->counters.exits);
    page_cell(table, "%s", text_share(vm_direct_ppm(vm), share));
    page_cell(table, "%016" PRIx64, statehash_bytes(image->file.bytes, image->file.len));
}

static void write_what(FILE *out, struct gather *gather, const struct link *link)
{
    struct page_table table;

    write_facts(out, gather);
    page_table(&table, out, "How each VM ended", "lcclrrrc",
               "VM\tkernel\tits command line\tend\tinstructions\texits\tdirect\thash of the "
               "kernel");
    for (unsigned k = 0; k < gather->machine->count; k++)
        write_end(&table, gather, link, k);
    page_table_end(&table);
    if (link->recording || link->begin)
        page_note(out, "Links lead to that instruction in the lab\u2019s page.");
    if (link->begin && gather->recording && !link->recording)
        page_note(out,
                  "The recording is too long for a link: when the page asks for it, drop %s "
                  "onto it.",
                  gather->recording);
}

/* ---- Page 0, and machine memory ---- */

static void write_way(struct page_table *table, unsigned k, const char *who,
                      const struct map_row *row)
{
    page_cell(table, "vm%u", k);
    page_cell(table, "%s", who);
    if (!row->mapped) {
        for (unsigned i = 0; i < 4; i++)
            page_cell(table, "%s", i ? "" : "not mapped");
        return;
    }
    page_cell(table, "0x%08" PRIx32, row->gva.v);
    page_cell(table, "0x%08" PRIx64, row->gpa.v);
    page_cell(table, "0x%08" PRIx32, row->mpa.v);
    page_cell(table, "%02x %02x %02x %02x %02x %02x %02x %02x", row->bytes[0], row->bytes[1],
              row->bytes[2], row->bytes[3], row->bytes[4], row->bytes[5], row->bytes[6],
              row->bytes[7]);
}

static void write_page0(FILE *out, const struct gather *gather)
{
    struct page_table table;

    page_table(&table, out, "Where each page 0 is", "llcccc",
               "VM\twho\tvirtual\tphysical\tmachine\tfirst bytes there");
    for (unsigned k = 0; k < gather->machine->count; k++) {
        struct map_vm map;

        map_look(&map, gather->machine, k, gather->user_satps[k]);
        write_way(&table, k, "program", &map.rows[MAP_PROGRAM]);
        write_way(&table, k, "kernel", &map.rows[MAP_KERNEL]);
    }
    page_table_end(&table);
    if (gather->machine->count > 1)
        page_say(out, "%s",
                 map_same_bytes(gather->machine)
                     ? "The kernels\u2019 pages hold the same bytes at different "
                       "places: each VM has a page 0 of its own."
                     : "Each VM has a page 0 of its own.");
}

static void write_legend(FILE *out, const struct machine *machine)
{
    char words[MAP_TEXT];

    page_keys(out);
    for (unsigned k = 0; k < machine->count && k < REPORT_VMS; k++) {
        struct map_owner owner = {MAP_USE_RAM, k};

        page_key(out, map_class(owner), map_words(owner, words));
    }
    for (unsigned use = 0; use < MAP_USE_RAM; use++) {
        struct map_owner owner = {(enum map_use)use, 0};

        if (use != MAP_USE_SHARED || machine->vmm.share.on)
            page_key(out, map_class(owner), map_words(owner, words));
    }
    page_keys_end(out);
}

static void write_owners(FILE *out, const struct machine *machine)
{
    struct page_table table;

    page_table(&table, out, "Machine pages of 4 KiB by VM", "lrrrrrr",
               "VM\tRAM\tpmap\tshadow roots\tshadow leaves\tshadow links\tall");
    for (unsigned k = 0; k < machine->count; k++) {
        page_cell(&table, "vm%u", k);
        page_number(&table, machine_pages(machine, k, PAGE_GUEST));
        page_number(&table, machine_pages(machine, k, PAGE_PMAP));
        page_number(&table, machine_pages(machine, k, PAGE_SHADOW_ROOT));
        page_number(&table, machine_pages(machine, k, PAGE_SHADOW_LEAF));
        page_number(&table, machine_pages(machine, k, PAGE_SHADOW_LINK));
        page_number(&table, machine_pages(machine, k, PAGE_KINDS));
    }
    page_table_end(&table);
}

static void write_memory(FILE *out, const struct gather *gather)
{
    uint32_t step;

    write_legend(out, gather->machine);
    fputs("<figure>\n", out);
    step = map_svg_memory(out, gather->machine);
    fprintf(
        out,
        "<figcaption class=\"note\">From left to right, each row from the address above it; 64 "
        "cells in a row, each for %" PRIu32 " page%s of 4 KiB.</figcaption>\n</figure>\n",
        step, step == 1 ? "" : "s");
    write_owners(out, gather->machine);
}

/* ---- Exits over time ---- */

static void write_timeline(FILE *out, const struct gather *gather)
{
    const struct exits *exits = &gather->exits;
    unsigned shown;
    char span[TEXT_NUMBER];

    page_keys(out);
    for (unsigned a = 0; a < TRACE_ACTIONS; a++) {
        uint64_t count = 0;

        for (unsigned k = 0; k < exits->count; k++)
            count += exits->vms[k].count[a];
        if (count && a != TRACE_SWITCH)
            page_key(out, exits_class((enum trace_action)a),
                     trace_action_name((enum trace_action)a));
    }
    page_keys_end(out);
    shown = run_page_shown(out, gather);
    for (unsigned k = 0; k < shown; k++) {
        fprintf(out, "<figure>\n<figcaption>vm%u</figcaption>\n", k);
        exits_draw(out, exits, k);
        fputs("</figure>\n", out);
    }
    page_note(out, "A column is %s instructions of the VM; its parts are what the monitor did.",
              text_grouped(exits->span, span));
}

/* ---- Consoles ---- */

static void write_console(FILE *out, const struct gather *gather, unsigned k)
{
    size_t len, cut;
    const char *bytes =
        (const char *)timeline_console(gather->playback.debug->timeline, k, &len);
    char number[TEXT_NUMBER];

    fprintf(out, "<h3>vm%u</h3>\n", k);
    if (!len) {
        page_say(out, "It printed nothing.");
        return;
    }
    cut = len > CONSOLE_BEGIN + CONSOLE_END ? len - CONSOLE_BEGIN - CONSOLE_END : 0;
    fprintf(out, "<pre role=\"region\" tabindex=\"0\" aria-label=\"Console of vm%u\">", k);
    fputc('\n', out); /* HTML drops the first; so that none of the guest's is */
    markup_bytes(out, bytes, cut ? CONSOLE_BEGIN : len);
    fputs("</pre>\n", out);
    if (!cut)
        return;
    page_note(out, "%s bytes are left out here.", text_grouped(cut, number));
    fprintf(out, "<pre role=\"region\" tabindex=\"0\" aria-label=\"End of vm%u\">\n", k);
    markup_bytes(out, bytes + len - CONSOLE_END, CONSOLE_END);
    fputs("</pre>\n", out);
}

static void write_consoles(FILE *out, const struct gather *gather)
{
    unsigned shown = run_page_shown(out, gather);

    for (unsigned k = 0; k < shown; k++)
        write_console(out, gather, k);
    page_note(out,
              "Control characters are shown by their pictures, such as \u241b for escape.");
}

/* ---- The page ---- */

enum { WHAT, PAGE0, MEMORY, TIMELINE, BILL, SPACES, FLAME, CONSOLES, PARTS };
static const struct page_part parts[PARTS] = {
    [WHAT] = {"run", "What ran"},
    [PAGE0] = {"page-0", "Who has page 0"},
    [MEMORY] = {"memory", "Machine memory"},
    [TIMELINE] = {"timeline", "Exits over time"},
    [BILL] = {"bill", "The bill"},
    [SPACES] = {"tables", "Page tables"},
    [FLAME] = {"profile", "Where the instructions went"},
    [CONSOLES] = {"consoles", "Consoles"},
};

static void begin_page(FILE *out, const struct gather *gather)
{
    unsigned count = gather->machine->count;
    char title[256], lead[512], insns[TEXT_NUMBER], more[64] = "";
    struct trace_counters total;
    char exits[TEXT_NUMBER];

    if (count > 1)
        snprintf(more, sizeof more, " and %u other VM%s", count - 1, count > 2 ? "s" : "");
    if (gather->recording)
        snprintf(title, sizeof title, "Recording %.200s", last_part(gather->recording));
    else
        snprintf(title, sizeof title, "Run of %.180s%s", kernel_name(gather, 0), more);
    report_total(gather->machine, &total);
    snprintf(lead, sizeof lead,
             "%u VM%s on the engine %s: %s instructions, %s exits to the monitor.%s", count,
             count > 1 ? "s" : "", gather->machine->engine.kind->name,
             text_grouped(gather_retired(gather), insns), text_grouped(total.exits, exits),
             gather->cut ? " The run was interrupted: this is what there was until then." : "");
    page_begin(out, title, lead, parts, PARTS);
}

void run_page_write(FILE *out, struct gather *gather, const struct link *link)
{
    begin_page(out, gather);
    for (unsigned i = 0; i < PARTS; i++) {
        page_part(out, &parts[i]);
        switch (i) {
        case WHAT: write_what(out, gather, link); break;
        case PAGE0: write_page0(out, gather); break;
        case MEMORY: write_memory(out, gather); break;
        case TIMELINE: write_timeline(out, gather); break;
        case BILL: bill_write(out, gather, link); break;
        case SPACES: spaces_write(out, gather); break;
        case FLAME: flame_write(out, gather); break;
        default: write_consoles(out, gather);
        }
        page_part_end(out);
    }
    page_end(out, !gather->options.stats);
}

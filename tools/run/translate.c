/* SPDX-License-Identifier: GPL-2.0-or-later */
/* translate.c - `pz translate`: shows how the jit engine translates a guest's code. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/run/run.h"
#include "tools/run/translate_cost.h"
#include "tools/show/show.h"

struct translation {
    struct machine_bare machine;
    struct listing listing;
    uint32_t at;
    bool in_place; /* as a virtual supervisor's code */
};

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"

static void marked(void *owner, const struct jit_mark *mark)
{
    static const enum listing_part parts[] = {
        [JIT_BLOCK] = LISTING_BLOCK, [JIT_INSN] = LISTING_INSN, [JIT_SLOW] = LISTING_SLOW};

    listing_add(owner, parts[mark->part], mark->pc, mark->host);
}

/* From here on, the first address that is not in the listing. */
static uint32_t skip_listed(const struct translation *t, uint32_t at)
{
    const struct listing *listing = &t->listing;
    uint32_t before;

    do {
        before = at;
        for (size_t i = 0; i < listing->count; i++)
            if (listing->pieces[i].part == LISTING_INSN && listing->pieces[i].pc == at)
                at += insn_is_wide(listing->pieces[i].raw) ? 4 : 2;
    } while (at != before);
    return at;
}

static uint32_t count_insns(const struct listing *listing)
{
    uint32_t count = 0;

    for (size_t i = 0; i < listing->count; i++)
        count += listing->pieces[i].part == LISTING_INSN;
    return count;
}

/* Batch by batch, each from where the last ones have left a hole. */
static void translate_all(struct translation *t, uint64_t most)
{
    struct jit *jit = engines_jit(&t->machine.engine);
    struct listing *listing = &t->listing;
    uint32_t at = t->at;
    uint64_t pa;

    jit_tell(jit, NULL, marked, listing);
    listing->host = jit_code(jit).host;
    while (count_insns(listing) < most && !listing->no_memory) {
        struct jit_code code;

        if (!listing_physical(listing, at, &pa) || !jit_translate(jit, pa, at, t->in_place))
            break;
        code = jit_code(jit);
        listing_end(listing, code.host + code.used);
        at = skip_listed(t, at);
    }
    jit_tell(jit, NULL, NULL, NULL);
    listing_finish(listing, (uint32_t)most);
}
#else
static void translate_all(struct translation *t, uint64_t most)
{
    (void)t, (void)most;
}
#endif

/* ---- Where ---- */

static const struct symbol *find_symbol(const struct symbols *symbols, const char *name,
                                        size_t len)
{
    for (size_t i = 0; i < symbols->count; i++)
        if (strlen(symbols->list[i].name) == len && !memcmp(symbols->list[i].name, name, len))
            return &symbols->list[i];
    return NULL;
}

static bool read_number(const char *text, uint32_t *value)
{
    unsigned long long number;
    char *end;

    if (!isdigit((unsigned char)*text))
        return false;
    number = strtoull(text, &end, 0);
    *value = (uint32_t)number;
    return !*end && number <= UINT32_MAX;
}

/* "symbol", "symbol+0x10", "0xc0000010". */
static enum pz_err find_place(struct translation *t, const char *place, struct problem *problem)
{
    const struct image *image = &t->machine.image;
    size_t len = strcspn(place, "+");
    const struct symbol *symbol = find_symbol(&image->symbols, place, len);
    char name[64], hint[NEAREST_HINT];
    uint32_t offset = 0;
    uint64_t pa;

    if (symbol && (!place[len] || read_number(place + len + 1, &offset)))
        t->at = symbol->address + offset;
    else if (symbol || !read_number(place, &t->at)) {
        snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : 0), place);
        (void)nearest_hint(symbol || !image->symbols.count
                               ? NULL
                               : nearest_row(name, &image->symbols.list[0].name,
                                             (unsigned)image->symbols.count,
                                             sizeof image->symbols.list[0]),
                           hint);
        return problem_set(problem, PZ_USAGE,
                           "--at: '%.60s' is neither an address nor a function of %s%s "
                           "(symbol, symbol+0x10 or 0xc0000010)",
                           place, image_name(image), hint);
    }
    if (!listing_physical(&t->listing, t->at, &pa))
        return problem_set(problem, PZ_USAGE, "--at: %s has nothing at 0x%08" PRIx32,
                           image_name(image), t->at);
    if (t->at & 1)
        return problem_set(problem, PZ_USAGE, "--at: no instruction begins at an odd address");
    return PZ_OK;
}

/* ---- The command ---- */

static enum pz_err print_document(const struct translation *t, struct problem *problem)
{
    json_t *document = json_document("pz-translate/1");

    json_put_text(document, "kernel", t->machine.image.path);
    json_put_number(document, "at", t->at);
    listing_document(&t->listing, document);
    return json_print(document, problem);
}

static enum pz_err show(struct translation *t, const struct options *options,
                        struct problem *problem)
{
    struct listing *listing = &t->listing;
    enum pz_err err = PZ_OK;

    *listing = (struct listing){
        .image = &t->machine.image,
        .ram = t->machine.ram.bytes,
        .base = options->ram_base,
        .size = options->mem,
    };
    disasm_open(&listing->disasm, true);
    disasm_host_open(&listing->disasm_host);
    t->at = t->machine.image.elf.entry;
    if (options->at)
        err = find_place(t, options->at, problem);
    if (err)
        return err;
    t->in_place = options->monitor == VM_TRANSLATE;
    translate_all(t, options->count);
    if (listing->no_memory)
        return problem_memory(problem, "the listing");
    if (options->json)
        return print_document(t, problem);
    listing_print(listing, stdout, terminal_width(STDOUT_FILENO));
    return PZ_OK;
}

static int no_input(void *owner)
{
    (void)owner;
    return -1;
}

static void no_output(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
}

enum pz_err command_translate(const struct options *options, struct problem *problem)
{
    const struct board_host host = {.console_out = no_output, .console_in = no_input};
    const struct engines_kind *kind;
    struct translation *t;
    enum pz_err err;

    if (options->cost)
        return translate_cost(options, problem);
    t = calloc(1, sizeof *t);
    if (!t)
        return problem_memory(problem, "the machine");
    err = engines_choose("jit", true, &kind, problem);
    if (!err)
        err = machine_bare_open(&t->machine, options, kind, 0, &host, problem);
    if (!err)
        err = show(t, options, problem);
    listing_free(&t->listing);
    machine_bare_close(&t->machine);
    free(t);
    return err;
}

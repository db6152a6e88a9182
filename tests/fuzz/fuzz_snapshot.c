/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_snapshot.c - a snapshot that somebody has changed, checksums and all: it is refused with a
 * reason, or a machine goes on from it. The input is a list of changes to a good one, of 5 bytes
 * each: which section, where in it (2 bytes), what is done, and a byte for that.
 */
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "tools/snapshot/snapshot.h"

#define FRAMES_MOST 64u
#define CHANGE 5u
#define SAVED_AT 3000u
#define ON 5000u

enum { CUT, SWAP, DROP, NAME, CHANGES = 32 }; /* else the byte is put there */

struct part {
    char name[5];
    uint8_t *bytes;
    size_t len;
    bool changed;
};

static struct part whole[FRAMES_MOST];
static unsigned whole_count;
static char folder[] = "/tmp/pz-fuzz-XXXXXX", path[sizeof folder + 8];

/* ---- A good one ---- */

static const struct board_host boards[1];

static void open_machine(struct machine *machine, const struct options *options,
                         enum pz_err *err)
{
    const struct machine_hosts hosts = {.boards = boards, .unloaded = options->start != NULL};
    const struct engines_kind *kind;
    struct problem problem;

    MUST(!engines_choose("spec", false, &kind, &problem));
    *err = machine_open(machine, options, kind, &hosts, &problem);
}

static void save_one(void)
{
    char *words[] = {(char *)"run", (char *)"--vms",
                     (char *)"1",   (char *)"--mem",
                     (char *)"8M",  (char *)(uintptr_t)(PZ_GUESTS "/t_churn.elf")};
    struct session_port port = {.vm = 0};
    const struct session session = {.ports = &port, .count = 1};
    struct snapshot_figures figures;
    struct machine machine;
    struct options options;
    struct problem problem;
    enum pz_err err;

    MUST(!options_read(&options, OPTIONS_RUN, 6, words, &problem));
    open_machine(&machine, &options, &err);
    MUST(!err);
    input_empty(&port.input, false);
    (void)vmm_stay(&machine.vmm, SAVED_AT);
    MUST(!snapshot_save(path, &options, &machine, &session, NULL, &figures, &problem));
    input_close(&port.input);
    machine_close(&machine);
    options_free(&options);
}

static void remove_files(void)
{
    unlink(path);
    rmdir(folder);
}

static void begin(void)
{
    struct frames frames;
    struct frame frame;
    struct problem problem;

    MUST(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x.pzs", folder);
    atexit(remove_files);
    save_one();
    MUST(!frames_open(&frames, path, SNAPSHOT_MAGIC, "", (size_t)1 << 24, &problem));
    for (; frames.at < frames.len; whole_count++) {
        MUST(whole_count < FRAMES_MOST && !frames_next(&frames, &frame));
        memcpy(whole[whole_count].name, frame.name, 4);
        whole[whole_count].bytes = frame.bytes;
        whole[whole_count].len = frame.len;
    }
    frames_close(&frames);
}

/* ---- Changed ---- */

/* In JSON a digit becomes another: what is no JSON any more is refused soon. */
static void put(struct part *part, size_t at, uint8_t value)
{
    if (part->len && part->bytes[0] == '{' && value % 16) {
        while (at < part->len && (part->bytes[at] < '0' || part->bytes[at] > '9'))
            at++;
        value = '0' + value % 10;
    }
    if (at < part->len)
        part->bytes[at] = value;
}

static void change(struct part *parts, unsigned *count, const uint8_t *bytes)
{
    unsigned k = bytes[0] % *count;
    struct part *part = &parts[k];
    size_t at = (bytes[1] | (size_t)bytes[2] << 8) % (part->len + 1);

    part->changed = true;
    switch (bytes[3] % CHANGES) {
    case CUT: part->len = at; break;
    case SWAP:
        if (k + 1 < *count) {
            struct part kept = *part;

            *part = part[1];
            part[1] = kept;
        }
        break;
    case DROP:
        if (*count > 1) {
            free(part->bytes);
            memmove(part, part + 1, (--*count - k) * sizeof *part);
        }
        break;
    case NAME: part->name[at % 4] = (char)bytes[4]; break;
    default: put(part, at, bytes[4]);
    }
}

/* Places are right, unless they have been changed. */
static void place(struct part *part, const size_t *places, unsigned count, size_t list)
{
    if (part->changed)
        return;
    if (!strcmp(part->name, SECTION_TAIL))
        little_put64(part->bytes, list);
    if (!strcmp(part->name, SECTION_LIST) && part->len == count * SECTION_PLACE)
        for (unsigned i = 0; i < count; i++)
            little_put64(part->bytes + i * SECTION_PLACE, places[i]);
}

static void write_parts(struct part *parts, unsigned count)
{
    FILE *file = fopen(path, "w");
    size_t places[FRAMES_MOST], list = 0;
    unsigned pages = 0;

    MUST(file);
    MUST(fputs(SNAPSHOT_MAGIC, file) >= 0);
    for (unsigned i = 0; i < count; i++) {
        if (!strcmp(parts[i].name, PAGES_FRAME))
            places[pages++] = (size_t)ftell(file);
        if (!strcmp(parts[i].name, SECTION_LIST))
            list = (size_t)ftell(file);
        place(&parts[i], places, pages, list);
        MUST(frame_write_bytes(file, parts[i].name, parts[i].bytes, parts[i].len));
    }
    MUST(!fclose(file));
}

/* ---- Read ---- */

static void run_on(struct machine *machine)
{
    for (uint64_t steps = 0; steps < ON; steps += ON / 10)
        if (vmm_stay(&machine->vmm, ON / 10) != VMM_RAN)
            break;
}

static void go_on(struct snapshot_file *file, bool lazily)
{
    struct options options = file->head.options;
    struct options_start unloaded = {0};
    struct snapshot_figures figures;
    struct problem problem;
    struct machine machine;
    enum pz_err err;

    options.engine = "spec";
    options.start = &unloaded;
    open_machine(&machine, &options, &err);
    file->lazily = lazily;
    if (!err) {
        err = snapshot_restore(file, &machine, NULL, false, &figures, &problem);
        MUST(!err || problem.text[0]);
    }
    if (!err)
        run_on(&machine);
    machine_close(&machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct part parts[FRAMES_MOST];
    struct snapshot_file file;
    struct problem problem;
    unsigned count;

    if (!whole_count)
        begin();
    count = whole_count;
    memcpy(parts, whole, sizeof parts);
    for (unsigned i = 0; i < count; i++) {
        parts[i].bytes = malloc(whole[i].len + 1);
        MUST(parts[i].bytes);
        memcpy(parts[i].bytes, whole[i].bytes, whole[i].len);
    }
    for (size_t at = 0; at + CHANGE <= len; at += CHANGE)
        change(parts, &count, bytes + at);
    write_parts(parts, count);
    for (unsigned i = 0; i < count; i++)
        free(parts[i].bytes);
    problem.text[0] = 0;
    if (!snapshot_open(&file, path, &problem))
        go_on(&file, len & 1);
    else
        MUST(problem.text[0]);
    snapshot_close(&file);
    return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whylevels.c - follows a trap through all levels. The CPU has only one trap vector, that of level
 * 0. Each level passes the trap on to its guest, until one handles it; which one that is depends on
 * the same checks as in dispatch.c, made on each level's own tables. Level 0 has already acted; the
 * other levels will when they run.
 */
#include "tools/debug/whylevels.h"

#include <inttypes.h>

#include "isa/csr.h"
#include "isa/nested.h"
#include "tools/debug/memory.h"
#include "tools/debug/say.h"
#include "tools/debug/steps.h"
#include "vmm/board/sbi_nested.h"

enum { A6 = 16, A7 = 17 };

struct story {
    struct debug *debug;
    struct levels levels;
    const struct trace_event *event;
    const struct hart *before; /* level 1's hart before the trap */
    unsigned from;             /* the level that has trapped */
    json_t *list;
};

#define SAY(...) ((void)!snprintf(text, DEBUG_SENTENCE, __VA_ARGS__))

static void say(struct story *story, unsigned level, const char *text)
{
    char label[16];
    json_t *row = json_object();

    (void)!snprintf(label, sizeof label, "Level %u", level);
    debug_say_wrapped(story->debug->out, label, text);
    json_put_number(row, "level", level);
    json_put_text(row, "did", text);
    (void)json_array_append_new(story->list, row);
}

static bool is_page_fault(const struct story *story)
{
    return story->event->cause == CAUSE_INSN_PAGE_FAULT ||
           story->event->cause == CAUSE_LOAD_PAGE_FAULT ||
           story->event->cause == CAUSE_STORE_PAGE_FAULT;
}

static enum access access_of(uint32_t cause)
{
    return cause == CAUSE_INSN_PAGE_FAULT   ? ACCESS_FETCH
           : cause == CAUSE_LOAD_PAGE_FAULT ? ACCESS_LOAD
                                            : ACCESS_STORE;
}

/* ---- Level 0: what it did ---- */

static void begun_by_entry(const struct story *story, char text[DEBUG_SENTENCE])
{
    SAY("level 1 had asked it, as its firmware, to enter level 2 (nested acceleration). It has "
        "put level 2's registers on the CPU in user mode; %s level %u that runs now",
        story->levels.running == 2 ? "it is" : "as level 2 had itself entered the next, it is",
        story->levels.running);
}

static void of_level_1(const struct story *story, char text[DEBUG_SENTENCE])
{
    if (story->event->action == TRACE_SBI && story->before->x[A7] == SBI_NESTED &&
        story->before->x[A6] == SBI_NESTED_ENTER)
        begun_by_entry(story, text);
    else
        SAY("it was level 1's own code that trapped, not a guest of level 1: handled here, and no "
            "other level takes part");
}

/* Level 2 has called, or a guest of its has trapped: it has called if it is entered now. */
static bool has_entered(const struct story *story)
{
    return story->levels.of[2].hart.mode == HART_USER;
}

static void of_relayed(const struct story *story, char text[DEBUG_SENTENCE])
{
    if (has_entered(story))
        SAY("level 2 has called its firmware, which is level 1, to enter level 3. Level 1 leaves "
            "that to its own firmware (relaying), which is here: level 3's registers were put on "
            "the CPU, and it is level %u that runs now",
            story->levels.running);
    else
        SAY("the CPU knows only its trap vector. But level 1 was in user mode, and so it is its "
            "guest that trapped. Level 1 leaves it to its firmware to pass that on (relaying): "
            "level 2 was put on the CPU, and its call of its firmware returns, with the trap");
}

static const char *why_level_1(const struct story *story)
{
    if (is_page_fault(story))
        return "the table that level 1 has made for its guest does not allow it";
    return "level 1 was in user mode, and so it is its guest that trapped";
}

static void of_guest(const struct story *story, char text[DEBUG_SENTENCE])
{
    if (whylevels_relayed(&story->debug->record)) {
        of_relayed(story, text);
        return;
    }
    switch ((enum trace_action)story->event->action) {
    case TRACE_INJECT:
        SAY("the CPU knows only its trap vector. But %s: %s", why_level_1(story),
            whylevels_by_firmware(&story->debug->record)
                ? "level 1's call of the firmware returns, with the trap"
                : "the trap is delivered to level 1");
        break;
    case TRACE_INTERRUPT:
        SAY("a deadline that level 1 had set has come: the interrupt is delivered to level 1");
        break;
    case TRACE_FILL:
        SAY("the tables of all levels above allow the access, and only the shadow here had no "
            "entry: filled, and no other level takes part");
        break;
    default: SAY("handled here: no other level takes part"); break;
    }
}

/* ---- Levels above: what they will do ---- */

/* Look the access up in the level's own page table. */
static enum sv32_result walk(struct story *story, unsigned level, struct sv32_walk *walk)
{
    struct level *own = &story->levels.of[level];
    struct sv32_space space = sv32_space_of(&own->hart, &own->eyes);

    return sv32_probe(&space, story->event->tval, access_of(story->event->cause), walk);
}

/* A page fault of the level's guest. False: it is for the next level. */
static bool handles_fault(struct story *story, unsigned level, char text[DEBUG_SENTENCE])
{
    const struct level *guest = &story->levels.of[level + 1];
    struct sv32_walk walked;

    if (walk(story, level + 1, &walked) != SV32_OK) {
        SAY("level %u's own table does not allow the access: the fault is passed on to it",
            level + 1);
        return false;
    }
    if (walked.pa - guest->ram_base < guest->ram_size)
        SAY("level %u's own table allows the access, and gives its address 0x%08" PRIx64
            ": it will fill its shadow, and enter level %u again",
            level + 1, walked.pa, level + 1);
    else
        SAY("level %u's own table gives 0x%08" PRIx64
            ", which is a device: it will run the instruction on its virtual CPU",
            level + 1, walked.pa);
    return true;
}

/* A trapped instruction of the level's guest. */
static bool handles_insn(const struct story *story, unsigned level, char text[DEBUG_SENTENCE])
{
    const struct hart *guest = &story->levels.of[level + 1].hart;

    if (guest->mode == HART_USER) {
        SAY("its guest, level %u, is in user mode by its own account: the trap is "
            "passed on to it",
            level + 1);
        return false;
    }
    SAY("its guest, level %u, believes itself in supervisor mode: it will %s", level + 1,
        story->event->cause == CAUSE_ECALL_USER
            ? "serve the call, as its guest's firmware"
            : "run the instruction on its virtual CPU, and enter it again");
    return true;
}

static bool handles(struct story *story, unsigned level, char text[DEBUG_SENTENCE])
{
    if (is_page_fault(story))
        return handles_fault(story, level, text);
    return handles_insn(story, level, text);
}

static void tell_above(struct story *story)
{
    char text[DEBUG_SENTENCE];
    bool relayed = whylevels_relayed(&story->debug->record);
    bool handled = relayed && has_entered(story);

    if (story->event->action == TRACE_INTERRUPT) {
        SAY("it regains the CPU from its guest, level %u, and looks whose time has come", 2u);
        say(story, 1, text);
        return;
    }
    if (relayed) {
        SAY("it does not run. When its own call returns it hears that its guest, level 2, has "
            "exits that were relayed, and counts them");
        say(story, 1, text);
    }
    for (unsigned level = relayed ? 2 : 1; level < story->from && !handled; level++) {
        handled = handles(story, level, text);
        say(story, level, text);
    }
    if (!handled) {
        SAY("it is its own trap in the end: its handler runs, as on a machine of its own");
        say(story, story->from, text);
    }
}

/* ---- All ---- */

bool whylevels_by_firmware(const struct debug_record *record)
{
    const struct hart *before = &debug_record_before(record)->hart;
    const struct hart *after = &debug_record_after(record)->hart;

    return record->event.action == TRACE_INJECT && before->mode == HART_USER &&
           after->mode == HART_SUPERVISOR && after->sepc == before->sepc &&
           after->pc != (after->stvec & ~3u);
}

bool whylevels_relayed(const struct debug_record *record)
{
    return record->event.action == TRACE_INJECT &&
           debug_record_before(record)->hart.mode == HART_USER &&
           debug_record_after(record)->hart.mode == HART_USER;
}

static unsigned innermost_from(const struct levels *levels, unsigned level)
{
    while (level < levels->count && levels->of[level].hart.mode == HART_USER)
        level++;
    return level;
}

/* The levels as they are now; only level 1's hart is also known as it was at the trap. */
static void find_levels(struct story *story)
{
    const struct debug *debug = story->debug;

    levels_find(&story->levels, debug_vm(debug), &debug_vm(debug)->cpu->hart,
                debug_symbols(debug));
    story->from = 1;
    if (story->before->mode != HART_USER || story->levels.count == 1)
        return;
    if (!whylevels_relayed(&debug->record))
        story->from = innermost_from(&story->levels, 2);
    else if (has_entered(story))
        story->from = 2;
    else
        story->from = innermost_from(&story->levels, 3);
}

/* Only the present memory can be read: it is that of the exit only if nothing has run since. */
static bool has_gone_on(const struct story *story)
{
    const struct debug *debug = story->debug;

    return debug_record_after(&debug->record)->hart.retired !=
           debug_vm(debug)->cpu->hart.retired;
}

void whylevels_tell(struct debug *debug)
{
    struct story story = {.debug = debug,
                          .event = &debug->record.event,
                          .before = &debug_record_before(&debug->record)->hart};
    char text[DEBUG_SENTENCE];

    if (debug->level || story.event->vm != debug->vm + 1)
        return;
    find_levels(&story);
    if (story.levels.count == 1)
        return;
    if (has_gone_on(&story)) {
        debug_say_wrapped(debug->out, "Levels",
                          "what the exit meant to each level is known only just after it: the "
                          "machine has gone on");
        return;
    }
    story.list = json_array();
    SAY("it was level %u, %s, that trapped", story.from, story.levels.of[story.from].name);
    debug_say_wrapped(debug->out, "Levels", text);
    if (story.from == 1)
        of_level_1(&story, text);
    else
        of_guest(&story, text);
    say(&story, 0, text);
    if (story.from > 1 &&
        (story.event->action == TRACE_INJECT || story.event->action == TRACE_INTERRUPT))
        tell_above(&story);
    json_put_number(debug->data, "level", story.from);
    json_put(debug->data, "levels", story.list);
}

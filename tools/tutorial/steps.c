/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.c - what the tutorial teaches. No answer is written down here: each is computed by
 * running the machine when the question is asked, so it cannot become outdated.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/debug/debug.h"
#include "tools/tutorial/tutorial.h"

static bool said(const struct tutorial *tutorial, const char *text)
{
    return tutorial->output && strstr(tutorial->output, text);
}

/* ---- 1: twice ---- */

static bool ran_twice(struct tutorial *tutorial)
{
    return tutorial->status == 0 && said(tutorial, "[vm0] primes: 7837") &&
           said(tutorial, "[vm1] primes: 7837");
}

static bool expect_retired(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *run = tutorial_ask(tutorial, "run --append primes");
    const json_t *vms = json_object_get(run, "vms");
    json_int_t first = json_integer_value(json_object_get(json_array_get(vms, 0), "retired"));
    json_int_t second = json_integer_value(json_object_get(json_array_get(vms, 1), "retired"));

    snprintf(answer, TUTORIAL_ANSWER, "%" PRId64, (int64_t)(second - first));
    json_decref(run);
    return first > 0 && second > 0;
}

/* ---- 2: page 0 ---- */

static bool mapped(struct tutorial *tutorial)
{
    return tutorial->status == 0 && said(tutorial, "page 0") && said(tutorial, "vm1");
}

static bool expect_page0(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *map = tutorial_ask(tutorial, "map --append primes");
    const json_t *vm1 = json_array_get(json_object_get(map, "vms"), 1);
    json_int_t mpa =
        json_integer_value(json_object_get(json_object_get(vm1, "kernel_page0"), "mpa"));

    snprintf(answer, TUTORIAL_ANSWER, "0x%08" PRIx64, (uint64_t)mpa);
    json_decref(map);
    return mpa > 0;
}

/* ---- 3: the exit table ---- */

static bool billed(struct tutorial *tutorial)
{
    return tutorial->status == 0 && said(tutorial, "what the monitor did");
}

/* The name in an object of counters whose count is largest. */
static bool most_frequent(const json_t *counters, char answer[TUTORIAL_ANSWER])
{
    json_int_t most = 0;
    const char *name;
    json_t *counter;

    json_object_foreach((json_t *)(uintptr_t)counters, name, counter)
    {
        json_int_t count = json_integer_value(json_object_get(counter, "count"));

        if (count > most)
            snprintf(answer, TUTORIAL_ANSWER, "%s", name);
        most = count > most ? count : most;
    }
    return most > 0;
}

static bool expect_csr(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *run = tutorial_ask(tutorial, "run --append primes --stats");
    const json_t *vm0 = json_array_get(json_object_get(run, "vms"), 0);
    bool found = most_frequent(json_object_get(json_object_get(vm0, "exits"), "csr"), answer);

    json_decref(run);
    return found;
}

/* ---- 4: bare and virtualised ---- */

static bool verified(struct tutorial *tutorial)
{
    return tutorial->status == 0 && said(tutorial, "same ");
}

static bool expect_traps(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *verify = tutorial_ask(tutorial, "verify --append primes");
    const json_t *run = json_array_get(json_object_get(verify, "runs"), 0);
    json_int_t traps = json_integer_value(json_object_get(run, "traps"));

    snprintf(answer, TUTORIAL_ANSWER, "%" PRId64, (int64_t)traps);
    json_decref(verify);
    return traps > 0;
}

/* ---- 5 to 8: one trap ---- */

static bool at_fill(struct tutorial *tutorial)
{
    const struct debug_exit *exit = debug_last_exit(tutorial->debug);

    return exit && exit->event.action == TRACE_FILL && said(tutorial, "Shows");
}

static bool expect_no(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    /* An injected trap would have set scause. */
    snprintf(answer, TUTORIAL_ANSWER, "%s", debug_hart(tutorial->debug)->scause ? "yes" : "no");
    return true;
}

static bool wrote_satp(struct tutorial *tutorial)
{
    return debug_hart(tutorial->debug)->satp && said(tutorial, "satp:");
}

static bool expect_satp(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    snprintf(answer, TUTORIAL_ANSWER, "%#" PRIx32, debug_hart(tutorial->debug)->satp);
    return true;
}

static bool is_inside(struct tutorial *tutorial)
{
    return tutorial->debug->inside >= 3;
}

static bool expect_steps(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    const char *steps = strchr(tutorial->output, '/');
    unsigned count;

    if (!steps || sscanf(steps, "/%u]", &count) != 1)
        return false;
    snprintf(answer, TUTORIAL_ANSWER, "%u", count);
    return true;
}

/* A line that is nothing but a hash. */
static bool is_hash(const char *line)
{
    return strspn(line, "0123456789abcdef") == 16 && line[16] == '\n';
}

/* Three hashes: here, one trap back, and here again. */
static bool went_back(struct tutorial *tutorial)
{
    const char *hashes[3];
    unsigned count = 0;

    for (const char *line = tutorial->output; line && *line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (is_hash(line) && count < 3)
            hashes[count++] = line;
    }
    return count == 3 && !memcmp(hashes[0], hashes[2], 16) &&
           memcmp(hashes[0], hashes[1], 16) != 0;
}

/* ---- 9: a broken instruction set ---- */

static bool broke(struct tutorial *tutorial)
{
    return tutorial->status == 1 && said(tutorial, "DIFFERENT");
}

static bool expect_csr_that_tells(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *verify = tutorial_ask(tutorial, "verify --variant popf --append primes");
    const json_t *run = json_array_get(json_object_get(verify, "runs"), 0);
    const json_t *field =
        json_array_get(json_object_get(json_object_get(run, "difference"), "fields"), 0);
    const char *name = json_string_value(json_object_get(field, "name"));

    snprintf(answer, TUTORIAL_ANSWER, "%s", name ? name : "");
    json_decref(verify);
    return answer[0];
}

/* ---- 10: the verdict ---- */

static bool has_verdict(struct tutorial *tutorial)
{
    return said(tutorial, "Theorem 1") && said(tutorial, "FAILS");
}

static bool expect_hybrid(struct tutorial *tutorial, char answer[TUTORIAL_ANSWER])
{
    json_t *classify = tutorial_ask(tutorial, "classify --variant popf");
    const json_t *theorem;
    bool found = false;
    size_t i;

    json_array_foreach(json_object_get(classify, "theorems"), i, theorem)
    {
        if (json_integer_value(json_object_get(theorem, "theorem")) != 3)
            continue;
        found = true;
        snprintf(answer, TUTORIAL_ANSWER, "%s",
                 json_is_true(json_object_get(theorem, "holds")) ? "yes" : "no");
    }
    json_decref(classify);
    return found;
}

const struct tutorial_step tutorial_steps[] = {
    {
        .title = "Run it twice",
        .text = "A kernel believes that it owns the computer: all of its memory, from physical "
                "page 0 on, and every privileged instruction. Here two kernels believe that "
                "of the same computer. Neither has been modified, and neither can tell.",
        .command = "run --append primes",
        .wrong =
            "Both machines should have printed their primes. Try the command exactly as shown:",
        .done = ran_twice,
        .question =
            "The last lines say how many instructions each machine has retired. By how many "
            "do the two differ?",
        .hint = "Subtract one number from the other.",
        .expect = expect_retired,
        .learned = "Here, time itself is the count of retired instructions, so nothing that "
                   "one machine does can be observed in the other. Popek and Goldberg call "
                   "this equivalence.",
    },
    {
        .title = "Who has page 0?",
        .text = "Both kernels are linked to run at physical page 0, but there is only one "
                "memory, with one page 0. Disco's answer is a third kind of address: a "
                "guest-virtual address maps to a guest-physical one, and that to a machine "
                "address.",
        .command = "map --append primes",
        .wrong = "That did not print the map. Try the command exactly as shown:",
        .done = mapped,
        .question = "At which machine address is page 0 of vm1's kernel?",
        .hint = "See the row for vm1's kernel, and the column \"machine\".",
        .expect = expect_page0,
        .learned = "The table that turns guest-physical pages into machine pages is the pmap "
                   "(vmm/pmap.c). The allocator, which fills it, is the only part of the "
                   "monitor that hands out memory: that is resource control.",
    },
    {
        .title = "What it costs",
        .text = "Guests run directly on the CPU, but in user mode, even their kernels. "
                "Privileged instructions trap, and the monitor emulates them. It counts each "
                "of these exits.",
        .command = "run --append primes --stats",
        .wrong = "The exit tables are printed with --stats. Try the command exactly as shown:",
        .done = billed,
        .question = "Which control and status register was accessed most often?",
        .hint = "See the fourth table, in the column \"exits\".",
        .expect = expect_csr,
        .learned = "Nearly every instruction ran directly (the column \"direct\"): efficiency, "
                   "the third of Popek and Goldberg's properties. sscratch comes first "
                   "because a trap handler begins by swapping a register with it.",
    },
    {
        .title = "Bare and virtualised",
        .text = "The same kernel also runs without a monitor, on the same board, in real "
                "supervisor mode. pz verify runs both and compares all registers at every "
                "trap that the guest takes.",
        .command = "verify --append primes",
        .wrong = "It should have printed \"same\". Try the command exactly as shown:",
        .done = verified,
        .question = "How many traps were compared?",
        .hint = "See the line that begins with \"same\".",
        .expect = expect_traps,
        .learned = "The guest took only those; the monitor took many more, as step 3 showed. "
                   "The rest are exits that the guest never sees.",
    },
    {
        .title = "The first trap",
        .text = "Now step by step. The debugger stops before the first instruction. `trap` "
                "runs to just after the next exit, and `why` explains that exit.",
        .command = "(trap\nwhy",
        .wrong = "Type trap, then why, or press Enter for both.",
        .done = at_fill,
        .question = "Did the guest's kernel see that trap? (yes or no)",
        .hint = "Read what the monitor did: did it inject anything into the guest?",
        .expect = expect_no,
        .learned = "The guest's page table says what the guest may do, but the CPU walks the "
                   "monitor's shadow page table, whose entries are filled on first use.",
    },
    {
        .title = "A privileged instruction",
        .text = "`catch` stops after the monitor has handled an event: here the first access "
                "to satp, the register that holds the root of the page table.",
        .command = "(catch csr satp\ncontinue\nwhy",
        .wrong = "That did not stop at the write of satp. Try: catch csr satp, continue, why.",
        .done = wrote_satp,
        .question = "Which value did the guest write to satp?",
        .hint = "\"Changed\" shows the old value and the new one. The debugger command csrs "
                "shows it too.",
        .expect = expect_satp,
        .learned = "That is the virtual register. The real one never held this value: it "
                   "points to the root of the shadow. The debugger's `csrs` shows both side "
                   "by side.",
    },
    {
        .title = "Into the monitor",
        .text = "No other debugger steps into a trap. `into` replays how the monitor handled "
                "the last exit, one step at a time, with what each step read and wrote.",
        .command = "(into\ninto\ninto",
        .wrong = "That did not go three steps in. Leave with `trap`, then: into, into, into.",
        .done = is_inside,
        .question = "How many steps did handling this exit take?",
        .hint = "See the second number in the brackets.",
        .expect = expect_steps,
        .learned =
            "Dispatcher, allocator and interpreters are the three parts from which Popek and "
            "Goldberg build a monitor in their proof. Here they are files: vmm/dispatch.c, "
            "vmm/allocate.c, vmm/interpret.c.",
    },
    {
        .title = "Backwards",
        .text = "Execution is deterministic, so a run can be repeated exactly. To go back, the "
                "debugger restores a checkpoint and runs forwards to the wanted point. `hash` "
                "covers all state that the guests could ever observe.",
        .command = "(hash\nback trap\nhash\ntrap\nhash",
        .wrong =
            "The first and the last hash should be equal, and the middle one different. Try: "
            "hash, back trap, hash, trap, hash.",
        .done = went_back,
        .learned = "The same state to the last bit, devices included. `reverse`, `who "
                   "ADDRESS` (who last wrote this?) and `goto COUNT` are built on it.",
    },
    {
        .title = "A broken instruction set",
        .text = "All this requires that every sensitive instruction traps. On the 80386, POPF "
                "did not: in user mode it silently left the interrupt flag unchanged. The "
                "variant popf does the same: in user mode, a write of sstatus is ignored.",
        .command = "verify --variant popf --append primes",
        .wrong = "This time the two should differ. Try the command exactly as shown:",
        .done = broke,
        .question =
            "Which register first revealed to the guest that it is in a virtual machine?",
        .hint = "See the table of fields that differ between bare and vm0.",
        .expect = expect_csr_that_tells,
        .learned = "The kernel's write was lost because the real CPU is in user mode. A "
                   "trap-and-emulate monitor cannot repair this, since nothing trapped: the "
                   "condition of theorem 1 fails.",
    },
    {
        .title = "The verdict",
        .text = "This can be found by experiment. pz classify runs each instruction from "
                "pairs of states that differ in one thing, and derives which instructions "
                "are privileged, which are sensitive, and which theorems hold.",
        .command = "classify --variant popf",
        .wrong = "There should be a verdict at the end. Try the command exactly as shown:",
        .done = has_verdict,
        .question =
            "A hybrid monitor interprets the guest's supervisor mode and runs only user mode "
            "directly. Can one be built for this instruction set? (yes or no)",
        .hint = "See theorem 3, at the end.",
        .expect = expect_hybrid,
        .learned = "Try it: pz verify --variant popf --monitor hybrid --append primes. And for "
                   "PZ32 as it is: pz classify.",
    },
};
const unsigned tutorial_step_count = sizeof tutorial_steps / sizeof tutorial_steps[0];

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.c - what the tutorial teaches. Answers are never written down here: they come
 * from the machine, when they are asked for, so that they stay true.
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

/* ---- 3: the bill ---- */

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
    /* Had the guest been told, its own handler would have been entered: scause would say so. */
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
                "page 0 on, and every privileged instruction. Here two kernels believe that of "
                "one computer. Neither has been changed for it, and neither can tell.",
        .command = "run --append primes",
        .wrong =
            "Both machines should have printed their primes. Try the command as it stands:",
        .done = ran_twice,
        .question =
            "The last lines tell how many instructions each machine has retired. By how "
            "many do the two differ?",
        .hint = "Subtract one from the other.",
        .expect = expect_retired,
        .learned = "Time itself is the count of retired instructions here. So nothing that "
                   "the one machine does can be seen in the other: Popek and Goldberg call "
                   "this equivalence.",
    },
    {
        .title = "Who has page 0?",
        .text =
            "Both kernels are linked to run at physical page 0. There is one memory, and it "
            "has one page 0. Disco's answer is a third kind of address: the guest's "
            "virtual address leads to a guest-physical one, and that to one of the machine.",
        .command = "map --append primes",
        .wrong = "That was not the map. Try the command as it stands:",
        .done = mapped,
        .question = "At which machine address does vm1's kernel have its page 0?",
        .hint = "The row vm1, kernel; the column machine.",
        .expect = expect_page0,
        .learned = "The table that turns guest-physical pages into machine pages is the pmap "
                   "(vmm/pmap.c). The allocator, who fills it, is the one part of the monitor "
                   "that hands out memory: resource control.",
    },
    {
        .title = "The bill",
        .text = "Guests run on the CPU directly, but in user mode, even their kernels. What is "
                "privileged traps, and the monitor does it for them. That is all it does, "
                "and it keeps a bill.",
        .command = "run --append primes --stats",
        .wrong = "The bill comes with --stats. Try the command as it stands:",
        .done = billed,
        .question = "Which control and status register was accessed most often?",
        .hint = "The fourth table, the column of exits.",
        .expect = expect_csr,
        .learned = "Nearly every instruction ran directly (the column \"direct\"): efficiency, "
                   "the third of Popek and Goldberg's properties. sscratch is what a kernel "
                   "swaps with a register first of all, at each trap.",
    },
    {
        .title = "Do not believe it: compare",
        .text = "The same kernel also runs with no monitor under it, on the same board with a "
                "real supervisor mode. pz verify runs both and compares all registers at "
                "every trap that the guest takes.",
        .command = "verify --append primes",
        .wrong = "It should have said \"same\". Try the command as it stands:",
        .done = verified,
        .question = "How many traps were compared?",
        .hint = "The line that begins with \"same\" says it.",
        .expect = expect_traps,
        .learned = "The guest took those few; the monitor took many more (the bill). The "
                   "difference is what the guest never hears of.",
    },
    {
        .title = "The first trap",
        .text = "Now slowly. The debugger holds a machine before its first instruction. "
                "`trap` runs to just after the next exit, and `why` explains it.",
        .command = "(trap\nwhy",
        .wrong = "Type trap, then why; or press Enter for both.",
        .done = at_fill,
        .question = "Did the guest's kernel get to know of that trap? (yes or no)",
        .hint = "Read what was done: was anything given to the guest?",
        .expect = expect_no,
        .learned = "The guest's page tables say what the guest may do; the CPU walks the "
                   "monitor's, the shadow, which is filled when it is first needed.",
    },
    {
        .title = "A privileged instruction",
        .text = "`catch` stops behind something that the monitor does: here, at the first "
                "access to satp, the register that holds the root of the page table.",
        .command = "(catch csr satp\ncontinue\nwhy",
        .wrong = "That did not get to the write of satp. Try: catch csr satp, continue, why.",
        .done = wrote_satp,
        .question = "Which value has the guest put into satp?",
        .hint =
            "\"Changed\" tells the old value and the new one; or ask the debugger next time: "
            "csrs.",
        .expect = expect_satp,
        .learned = "That is the virtual register. The real one never held this value: it names "
                   "the shadow's root. The debugger's `csrs` shows both side by side.",
    },
    {
        .title = "Into the monitor",
        .text = "No other debugger steps into a trap. `into` shows the monitor's work on the "
                "last exit, a step at a time, with what each read and wrote.",
        .command = "(into\ninto\ninto",
        .wrong = "That did not go in three steps. Leave with `trap`, then: into, into, into.",
        .done = is_inside,
        .question = "Into how many steps was the work on this exit divided?",
        .hint = "The second number in the brackets.",
        .expect = expect_steps,
        .learned =
            "Exit, dispatcher, decoder, interpreter, reconciling, resuming: the parts of "
            "the monitor that Popek and Goldberg's proof builds, as files: "
            "vmm/dispatch.c, vmm/interpret.c, vmm/allocate.c.",
    },
    {
        .title = "Back",
        .text =
            "Everything is determined, so a run can be had again exactly: from a checkpoint "
            "forwards to any point, and so backwards too. `hash` is of all that the guests "
            "could ever see.",
        .command = "(hash\nback trap\nhash\ntrap\nhash",
        .wrong =
            "The first and the last hash should be the same, the one between another. Try: "
            "hash, back trap, hash, trap, hash.",
        .done = went_back,
        .learned = "The same state to the last bit, devices included. `reverse`, `who ADDRESS` "
                   "(who last wrote this?) and `goto COUNT` rest on it.",
    },
    {
        .title = "A broken instruction set",
        .text =
            "All this needs every sensitive instruction to trap. On the 80386 POPF did not: "
            "in user mode it left the interrupt flag alone, and said nothing. The variant "
            "popf has that: a write of sstatus is ignored in user mode.",
        .command = "verify --variant popf --append primes",
        .wrong = "This time the two should differ. Try the command as it stands:",
        .done = broke,
        .question =
            "In which register did the guest first see that it is in a virtual machine?",
        .hint = "The table of fields that differ, bare and vm0.",
        .expect = expect_csr_that_tells,
        .learned =
            "The kernel's write was lost, since its CPU is really in user mode. No monitor "
            "that only waits for traps can help: theorem 1 fails.",
    },
    {
        .title = "The verdict",
        .text = "Nobody has to believe a table for that. pz classify runs every instruction "
                "alone, from pairs of states that differ in one thing, and derives what is "
                "privileged, what is sensitive, and which theorems hold.",
        .command = "classify --variant popf",
        .wrong = "There should be a verdict at the end. Try the command as it stands:",
        .done = has_verdict,
        .question =
            "A hybrid monitor interprets the guest's supervisor mode, and runs only its "
            "programs directly. Can there be one for this instruction set? (yes or no)",
        .hint = "Theorem 3, at the end.",
        .expect = expect_hybrid,
        .learned = "Try it: pz verify --variant popf --monitor hybrid --append primes. And for "
                   "PZ32 as it is: pz classify.",
    },
};
const unsigned tutorial_step_count = sizeof tutorial_steps / sizeof tutorial_steps[0];

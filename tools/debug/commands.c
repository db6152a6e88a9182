/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of the debugger's commands, choosing one, and its help. */
#include "tools/debug/commands.h"

#include <ctype.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/words.h"

#define LINE_MOST 512u

static debug_function help, quit;

#define WHERE                                                                                  \
    "Conditions: vm N or vm any (else the selected VM), mode user or supervisor, satp V,\n"    \
    "retired N, process NAME (the current one of mini or Linux), if EXPR (last)."

static const struct debug_command commands[] = {
    {"step", "s", "Moving", "[N]", "One instruction of this VM, or N of them.", "step 10",
     debug_step},
    {"trap", "t", "", "[N]", "To just after this VM's next exit or interrupt, or the N-th.",
     "trap 3", debug_trap},
    {"into", "i", "", "[all]",
     "The next step of the monitor's work on the last exit: what it read and what it changed.\n"
     "With 'all', every remaining step. Registers show their values at that step.\n"
     "Without an exit, goes to the next one.",
     "into all", debug_into},
    {"back", "b", "", "[N] | trap [N]",
     "Undo an instruction of this VM, or N; or go back to just after an earlier exit.",
     "back trap", debug_back},
    {"goto", "g", "", "COUNT", "To where this VM has retired COUNT instructions, either way.",
     "goto 22805", debug_goto_count},
    {"continue", "c", "", "",
     "Run until a point stops it, Ctrl-C is pressed, or no VM is alive.", "continue",
     debug_continue},
    {"reverse", "rc", "", "", "The same backwards: to the last place where a point stops it.",
     "reverse", debug_reverse},
    {"bisect", "", "", "EXPR",
     "Go back to where EXPR, which holds here in this VM, began to hold, by halving the run.",
     "bisect mode == supervisor", debug_bisect},
    {"until", "u", "", "EXPR", "Run until EXPR holds in this VM.",
     "until mode == user && a7 == 3", debug_until},
    {"finish", "f", "", "",
     "Run until the trap that this VM's kernel is handling has returned.", "finish",
     debug_finish},

    {"break", "", "Stopping", "[ADDRESS|SYMBOL|FILE:LINE] [conditions]",
     "Stop before the instruction there; without a place, where the conditions begin to hold.\n"
     "Symbols are the kernel's, so a symbol implies mode supervisor.\n" WHERE,
     "break syscall vm any if a7 == 3", debug_break},
    {"catch", "", "", "trap [CAUSE] | inject [CAUSE] | csr [NAME] | switch | end | ACTION",
     "Stop just after the monitor has acted: an exit (by cause), a trap injected into the\n"
     "guest, an instruction that accesses a CSR, a world switch, the end of a VM,\n"
     "or an exit by how it was handled: emulate interrupt sbi fill mmio pte-write interpret kill\n"
     "restart hypercall.\n" WHERE,
     "catch inject load-page-fault vm 1", debug_catch},
    {"watch", "w", "", "[gpa] ADDRESS [len N] | csr NAME | reg NAME | pte ADDRESS | value EXPR",
     "Stop when its value has changed, in either direction. An address is in the address space\n"
     "that is current now, whichever runs later.\n" WHERE,
     "watch value u32(sp) mode supervisor", debug_watch},
    {"who", "", "", "ADDRESS",
     "Go back to the last write to the word at ADDRESS, in the current address space.",
     "who sp", debug_who},
    {"delete", "d", "", "[N]", "Delete point N, or all.", "delete 2", debug_delete},
    {"info", "", "", "breakpoints | position | locals",
     "The points and how often each has stopped; the position in the whole run; or the local\n"
     "variables of the selected frame.",
     "info breakpoints", debug_info},

    {"why", "y", "Looking", "",
     "The last exit in plain English: what the guest tried, why the CPU refused, what the\n"
     "monitor did, what changed, and which rule of Popek & Goldberg it shows.",
     "why", debug_why},
    {"regs", "r", "", "", "Registers of the virtual CPU.", "regs", debug_regs},
    {"csrs", "", "", "", "CSRs: the virtual CPU's, beside those of the real CPU.", "csrs",
     debug_csrs},
    {"x", "", "", "[/[N][x|d|b|h|s|i]] [[gpa] ADDRESS]",
     "Memory: N words (x), decimal (d), bytes (b), halves (h), a string (s), code (i).\n"
     "Without ADDRESS, on from the last. Guest-physical: x/4x gpa ADDRESS.",
     "x/4i pc", debug_examine},
    {"dis", "", "", "[ADDRESS]", "Instructions around pc, or from ADDRESS.", "dis trap_entry",
     debug_dis},
    {"list", "l", "", "[ADDRESS|FILE:LINE]",
     "Source lines around pc or a place; again: the lines after. Needs debug information (-g).",
     "list proc.c:117", debug_list},
    {"program", "", "", "FILE",
     "Name the ELF file that runs in user mode in this VM, for its symbols and source lines.\n"
     "The kernel's are already known.",
     "program build/release/guests/user/ls.elf", debug_program},
    {"print", "p", "", "EXPR",
     "A C-like expression over registers (a0, $a0), CSRs, pc, mode (user, supervisor),\n"
     "retired, time, vm, cpu, asid, symbols (their addresses); *A, u8(A), u16(A), u32(A) load,\n"
     "gpa(A) translates. With the kernel's debug information (-g): NAME.FIELD, NAME->FIELD,\n"
     "NAME[N], *NAME, &NAME, (TYPE)E, as in C; a variable's name alone shows what is in it.\n"
     "Local variables are those of the selected frame.",
     "print u32(sp) + 4", debug_print},
    {"bt", "", "", "[N]",
     "Backtrace, all of it or the innermost N frames, by debug information or else by function\n"
     "prologues; it continues through traps that the kernel is handling to the code they\n"
     "interrupted.",
     "bt 5", debug_backtrace},
    {"frame", "", "", "[N]",
     "Select frame N of bt, whose local variables print and 'info locals' then know, until the\n"
     "machine moves on.",
     "frame 1", debug_select_frame},
    {"pt", "", "", "ADDRESS",
     "A virtual address: the guest's walk, the guest-physical page, the machine page and the\n"
     "shadow entry, checked against each other.",
     "pt sp", debug_page_table},
    {"map", "", "", "", "Who has page 0.", "map", debug_map},
    {"traps", "", "", "[N]", "The last N exits of all VMs (16).", "traps 32", debug_traps},
    {"vms", "", "", "", "The VMs.", "vms", debug_vms},
    {"vm", "", "", "N", "Select VM N for the commands that follow.", "vm 1", debug_select},
    {"cpus", "", "", "", "The CPUs of the VM.", "cpus", debug_cpus},
    {"cpu", "", "", "N", "Look at CPU N, until the machine moves on.", "cpu 0",
     debug_select_cpu},
    {"levels", "", "", "",
     "Of type 1 (docs/type1.md): the machines that are inside each other, which of them runs, and\n"
     "which trap each of the others has left by.",
     "levels", debug_levels},
    {"level", "", "", "N [FILE]",
     "Look at level N, until the machine moves on: regs, csrs, x, dis, bt, pt and print then speak of\n"
     "it. FILE is the ELF file of its kernel, for symbols and source lines.",
     "level 1", debug_select_level},
    {"stats", "", "", "", "Exits by kind, with host time.", "stats", debug_stats},
    {"hash", "", "", "", "A hash of all that guests can see: equal states have equal hashes.",
     "hash", debug_hash},
    {"type", "", "", "TEXT", "Type a line at this VM's console.", "type ls", debug_type},

    {"help", "h", "Other", "[COMMAND]", "This list, or a command's help.", "help watch", help},
    {"quit", "q", "", "", "Leave.", "quit", quit},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static enum pz_err quit(struct debug *debug, const char *words, struct problem *problem)
{
    (void)words, (void)problem;
    debug->quit = true;
    return PZ_OK;
}

const struct debug_command *debug_command_at(unsigned k)
{
    return k < COMMANDS ? &commands[k] : NULL;
}

static const struct debug_command *find(const char *name)
{
    for (unsigned i = 0; i < COMMANDS; i++)
        if (!strcmp(commands[i].name, name) || !strcmp(commands[i].shorthand, name))
            return &commands[i];
    return NULL;
}

static enum pz_err no_command(const char *name, struct problem *problem)
{
    return nearest_refuse("command", name, &commands[0].name, COMMANDS, sizeof commands[0],
                          "help", problem);
}

static enum pz_err help(struct debug *debug, const char *words, struct problem *problem)
{
    const struct debug_command *command = *words ? find(words) : NULL;
    const char *group = "";

    if (*words && !command)
        return no_command(words, problem);
    if (command) {
        fprintf(debug->out, "%s%s%s\n%s\n", command->name, command->usage[0] ? " " : "",
                command->usage, command->help);
        fprintf(debug->out, "Example: %s\n", command->example);
        if (command->shorthand[0])
            fprintf(debug->out, "Short: %s\n", command->shorthand);
        return PZ_OK;
    }
    for (unsigned i = 0; i < COMMANDS; i++) {
        if (commands[i].group[0])
            group = commands[i].group;
        fprintf(debug->out, "%s%s  %-9s%-3s %.*s\n", commands[i].group[0] ? group : "",
                commands[i].group[0] ? "\n" : "", commands[i].name, commands[i].shorthand,
                (int)strcspn(commands[i].help, "\n"), commands[i].help);
    }
    return PZ_OK;
}

/* "x/4i" is the command x with the words "/4i". */
static void take_name(const char **line, char name[DEBUG_WORD])
{
    if ((*line)[0] == 'x' && (*line)[1] == '/') {
        (void)!snprintf(name, DEBUG_WORD, "x");
        ++*line;
    } else {
        (void)debug_words_next(line, name);
    }
}

bool debug_is_command(const char *line)
{
    char name[DEBUG_WORD];

    if (!debug_words_left(&line))
        return false;
    take_name(&line, name);
    return find(name);
}

enum pz_err debug_execute(struct debug *debug, const char *line, struct problem *problem)
{
    const struct debug_command *command;
    char name[DEBUG_WORD], words[LINE_MOST];
    size_t len;

    if (!debug_words_left(&line) || *line == '#')
        return PZ_OK;
    take_name(&line, name);
    command = find(name);
    if (!command)
        return no_command(name, problem);
    (void)debug_words_left(&line);
    len = strlen(line);
    if (len >= sizeof words)
        return problem_set(problem, PZ_USAGE, "the line is longer than %u characters",
                           LINE_MOST);
    memcpy(words, line, len + 1);
    while (len && isspace((unsigned char)words[len - 1]))
        words[--len] = 0;
    return command->run(debug, words, problem);
}

/* ---- Completion ---- */

static bool begins(const char *name, const char *word)
{
    return !strncmp(name, word, strlen(word));
}

const char *debug_completion(const struct debug *debug, const char *line, const char *word,
                             unsigned k)
{
    const struct symbols *symbols = debug_symbols(debug);
    const char *at = line + strspn(line, " ");
    bool first = !strcmp(at, word);

    for (unsigned i = 0; first && i < COMMANDS; i++)
        if (begins(commands[i].name, word) && !k--)
            return commands[i].name;
    for (int id = 0; !first && id < CSR_COUNT; id++)
        if (begins(csr_desc((enum csr_id)id)->name, word) && !k--)
            return csr_desc((enum csr_id)id)->name;
    for (size_t i = 0; !first && i < symbols->count; i++)
        if (begins(symbols->list[i].name, word) && !k--)
            return symbols->list[i].name;
    for (size_t i = 0; !first && i < symbols->data_count; i++)
        if (begins(symbols->data[i].name, word) && !k--)
            return symbols->data[i].name;
    return NULL;
}

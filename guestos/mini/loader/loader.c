/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader.c - mini PROGRAM [ARG...]: the program's start, and the way from its calls to
 * loader_call.c. All other signals are left to Linux, which ends the process, as mini does.
 */
#include "loader.h"

#include "user.h"

enum {
    SIGILL = 4,
    SIGPIPE = 13,
    SIGTTOU = 22,
    SIG_IGNORE = 1,
    SA_SIGINFO = 4,
    SA_ONSTACK = 0x08000000,
    CONTEXT_REGISTERS = 40, /* words before them in struct ucontext */
    SIGNAL_STACK = 16384,
};

struct program program;

_Noreturn void loader_enter(const uint32_t *registers); /* enter.S */

static void set_action(int signal, uint32_t handler, uint32_t flags)
{
    const uint32_t action[4] = {handler, flags, 0, 0};

    linux_call(NR_RT_SIGACTION, signal, action, 0, 8);
}

/* An illegal instruction of the program's own is met once more, when nobody handles it. */
static void on_illegal(int signal, void *info, uint32_t *context)
{
    uint32_t *registers = context + CONTEXT_REGISTERS;
    const uint32_t *at = (const uint32_t *)registers[REG_PC];

    (void)info;
    if (*at == CALL_INSTRUCTION)
        loader_call(registers);
    else
        set_action(signal, 0, 0);
}

static void catch_calls(void)
{
    static char stack[SIGNAL_STACK] __attribute__((aligned(16)));
    const struct {
        void *start;
        uint32_t flags, size;
    } where = {stack, 0, sizeof(stack)};

    linux_call(NR_SIGALTSTACK, &where, 0);
    set_action(SIGILL, (uint32_t)on_illegal, SA_SIGINFO | SA_ONSTACK);
    set_action(SIGPIPE, SIG_IGNORE, 0); /* mini's write gives -EPIPE */
    set_action(SIGTTOU, SIG_IGNORE, 0);
}

int main(int argc, char **argv)
{
    static struct exec_args args;
    uint32_t registers[REGISTERS];
    int error;

    if (argc < 2) {
        dprintf(2, "usage: mini PROGRAM [ARG...]\nRuns a program of mini, by its ELF file.\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        if (!exec_args_add(&args, argv[i])) {
            dprintf(2, "mini: more arguments than mini has: %d, of %d bytes together\n",
                    MAX_ARGS, ARGS_SIZE);
            return 2;
        }
    catch_calls();
    error = loader_exec(argv[1], &args, registers);
    if (error == 0)
        loader_enter(registers);
    dprintf(2, "mini: %s: %s\n", argv[1],
            error == -EPERM ? "its place is page 0, and Linux gives that to root alone "
                              "(vm.mmap_min_addr)"
                            : error_text(error));
    return error == -ENOENT ? 127 : 126;
}

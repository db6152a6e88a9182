/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.c - the current process's name: for each known kernel, an expression that finds it. */
#include "tools/debug/process.h"

#include <string.h>

#include "tools/base/base.h"
#include "tools/debug/memory.h"

/*
 * Linux keeps the task in tp, but while user code runs in sscratch, which is 0 otherwise (Linux,
 * arch/riscv/kernel/entry.S). For some twenty instructions after a trap it is in neither.
 */
#define LINUX_TASK "((sscratch != 0) * sscratch + (sscratch == 0) * tp)"

static const char *const kernels[] = {
    "cpus[cpu].proc->name", /* mini, which starts on hart 0; and kernels that do the same */
    "((struct task_struct *)" LINUX_TASK ")->comm",
};

enum pz_err debug_process_compile(struct debug_expr *expr, const struct debug_names *names,
                                  struct problem *problem)
{
    const struct types *types = names->types ? names->types(names->owner) : NULL;
    struct problem ignored;

    for (unsigned i = 0; i < sizeof kernels / sizeof kernels[0]; i++) {
        const char *text = kernels[i];

        if (debug_expr_compile(expr, names, &text, true, &ignored) || !expr->operand.place)
            continue;
        expr->count = expr->place_count;
        return PZ_OK;
    }
    return problem_set(problem, PZ_USAGE,
                       "process: %s; mini and Linux are known, with debug information (-g)",
                       types && types->missing ? types->missing
                                               : "where this kernel has its name is not known");
}

/* An address in the first page means that there is no process: the pointer to it is NULL. */
bool debug_process_is(const struct debug_expr *expr, const struct debug_scope *scope,
                      const char *name)
{
    char bytes[DEBUG_PROCESS] = "";
    struct phys eyes = scope->eyes;
    size_t len = strlen(name);
    uint64_t address;

    return len < sizeof bytes && debug_expr_value(expr, scope, &address) &&
           address >= PAGE_SIZE && address <= UINT32_MAX &&
           debug_look_gva(&eyes, scope->hart->satp, (uint32_t)address, bytes,
                          (uint32_t)len + 1) &&
           !memcmp(bytes, name, len + 1);
}

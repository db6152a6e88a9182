/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - a fault like that of a memory cell: it is written behind the guest's back, and stays.
 * All zeros are no instruction (Unprivileged ISA, section 1.5).
 */
#include "tools/run/fault.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "isa/sv32.h"
#include "tools/base/base.h"

#define NO_INSN_BYTES 2u

enum pz_err fault_open(struct fault *fault, const struct options *options,
                       struct problem *problem)
{
    const char *where = options->fault_in;
    char path[PATH_MAX];
    struct problem none;

    *fault = (struct fault){.at = options->fault_at, .user = where};
    if (!where || !strcmp(where, "user"))
        return PZ_OK;
    if (access(where, R_OK) && !guests_find(where, path, sizeof path, &none))
        where = path; /* of a bundled guest, as KERNEL may be one */
    return programs_file(&fault->programs, where, problem);
}

void fault_close(struct fault *fault)
{
    programs_free(fault->programs);
}

uint64_t fault_cut(const struct fault *fault, uint64_t retired)
{
    if (!fault->at || fault->done)
        return 0;
    return retired < fault->at ? fault->at - retired : 1;
}

/* Is it time, and would it be an instruction of those asked for? */
static bool is_here(const struct fault *fault, uint64_t retired, struct peek *peek)
{
    if (!fault->at || fault->done || retired < fault->at ||
        (peek->hart->mode == HART_USER) != fault->user)
        return false;
    return !fault->programs || programs_find(fault->programs, peek, peek->hart->pc);
}

void fault_try(struct fault *fault, uint64_t retired, struct peek peek, struct phys *phys)
{
    static const uint8_t no_insn[NO_INSN_BYTES];
    struct sv32_space space = sv32_space_of(peek.hart, phys);
    uint32_t pc = peek.hart->pc;
    struct sv32_walk walk;

    if (!is_here(fault, retired, &peek) ||
        sv32_probe(&space, pc, ACCESS_FETCH, &walk) != SV32_OK ||
        !phys_write(phys, walk.pa, no_insn, sizeof no_insn))
        return; /* what cannot be fetched traps anyway: then the next */
    fault->done = true;
    fault->retired = retired;
    fault->pc = pc;
}

static const char *whose(const struct fault *fault)
{
    return fault->user ? "a program" : "the kernel";
}

void fault_tell(const struct fault *fault)
{
    char count[TEXT_NUMBER];

    if (fault->done)
        fprintf(stderr, "fault: after %s instructions, that of %s at 0x%08" PRIx32 "\n",
                text_grouped(fault->retired, count), whose(fault), fault->pc);
}

void fault_put(const struct fault *fault, json_t *document)
{
    if (fault->done)
        json_put(document, "fault",
                 json_pack("{s:I,s:I,s:s}", "retired", (json_int_t)fault->retired, "pc",
                           (json_int_t)fault->pc, "mode", fault->user ? "user" : "supervisor"));
}

enum pz_err fault_check(const struct fault *fault, struct problem *problem)
{
    char count[TEXT_NUMBER];

    if (!fault->at || fault->done)
        return PZ_OK;
    return problem_set(problem, PZ_FAILED,
                       "--fault: no instruction of %s came after %s had retired", whose(fault),
                       text_grouped(fault->at, count));
}

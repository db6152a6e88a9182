/* SPDX-License-Identifier: GPL-2.0-or-later */
/* account.c - counting exits: the functions that account.h does not inline. */
#include "vmm/account.h"

#include "isa/decode.h"

struct trace_event account_event(const struct vm *vm, uint32_t cause, uint32_t tval)
{
    return (struct trace_event){
        .vm = vm->id,
        .mode = vm->cpu->hart.mode,
        .cpu = vm->board.harts.current,
        .retired = vm_retired(vm),
        .time = hart_time(&vm->cpu->hart),
        .pc = vm->cpu->hart.pc,
        .cause = cause,
        .tval = tval,
    };
}

#if PZ_HOSTED
void account_emulated(struct trace_counters *counters, uint32_t bits, uint64_t ns)
{
    struct insn insn = decode_insn(bits);

    if (insn.id == INSN_ILLEGAL)
        return;
    counters->insn[insn.id].ns += ns;
    if (insn.csr != CSR_NONE)
        counters->csr[insn.csr].ns += ns;
}
#endif

void account_keep(const struct vm *vm, const struct trace_event *event)
{
    struct trace_buffer *kept = vm->vmm->host.kept;

    kept->at[kept->count] = *event;
    kept->at[kept->count].tables = vm->shadow.tables;
    trace_keep(kept);
}

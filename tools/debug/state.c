/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state.c - the selected VM, its current instruction, and the prompt. */
#include "tools/debug/state.h"

#include "tools/base/base.h"
#include "tools/debug/memory.h"

struct vm *debug_vm(const struct debug *debug)
{
    return &debug->machine->vms[debug->vm];
}

const struct vcpu *debug_cpu(const struct debug *debug)
{
    const struct vm *vm = debug_vm(debug);

    return debug->cpu ? &vm->vcpus[debug->cpu - 1] : vm->cpu;
}

const struct hart *debug_hart(const struct debug *debug)
{
    const struct debug_record *record = &debug->record;

    if (debug->level)
        return &debug->levels.of[debug->level].hart;
    if (!debug->inside || record->steps[debug->inside - 1].vm != debug->vm + 1)
        return &debug_cpu(debug)->hart;
    return &record->steps[debug->inside - 1].after.hart;
}

struct debug_scope debug_scope(const struct debug *debug)
{
    return (struct debug_scope){debug_vm(debug), debug_hart(debug), debug_memory(debug)};
}

void debug_look_at_vm(struct debug *debug)
{
    debug->inside = debug->frame = debug->level = 0;
}

unsigned debug_self(const struct debug *debug)
{
    return debug->level ? debug->machine->count + debug->level : debug->vm;
}

struct phys debug_memory(const struct debug *debug)
{
    return debug->level ? debug->levels.of[debug->level].eyes : debug_eyes(debug_vm(debug));
}

bool debug_read(const struct debug *debug, uint32_t satp, uint32_t gva, void *buffer,
                uint32_t len)
{
    struct phys eyes = debug_memory(debug);

    return debug_look_gva(&eyes, satp, gva, buffer, len);
}

const struct symbols *debug_symbols(const struct debug *debug)
{
    return &machine_image(debug->machine, debug->vm)->symbols;
}

const char *debug_mode(unsigned mode)
{
    return mode == HART_SUPERVISOR ? "supervisor" : "user";
}

const char *debug_insn(const struct debug *debug, uint32_t raw, uint32_t pc,
                       char text[DISASM_TEXT])
{
    (void)disasm_text(&debug->disasm, raw, pc, text, DISASM_TEXT);
    for (char *at = text; *at; at++)
        if (*at == '\t')
            *at = ' ';
    return text;
}

bool debug_fetch(const struct debug *debug, uint32_t va, uint32_t *raw)
{
    uint32_t satp = debug_hart(debug)->satp;
    uint16_t low, high = 0;

    if (!debug_read(debug, satp, va, &low, sizeof low))
        return false;
    if (insn_is_wide(low) && !debug_read(debug, satp, va + 2, &high, sizeof high))
        return false;
    *raw = (uint32_t)high << 16 | low;
    return true;
}

void debug_prompt(const struct debug *debug, char text[DEBUG_PROMPT])
{
    const struct hart *hart = debug_hart(debug);
    const struct vm *vm = debug_vm(debug);
    uint64_t retired = debug->inside ? harts_retired(&vm->board.harts, hart) : vm_retired(vm);
    char number[TEXT_NUMBER], inside[32] = "", cpu[16] = "", level[20] = "";

    if (vm->board.harts.count > 1)
        (void)!snprintf(cpu, sizeof cpu, " cpu%u", vm_cpu_id(vm, debug_cpu(debug)));
    if (debug->inside)
        (void)!snprintf(inside, sizeof inside, " step %u/%u", debug->inside,
                        debug->record.count);
    if (debug->level)
        (void)!snprintf(level, sizeof level, " level%u", debug->level);
    (void)!snprintf(text, DEBUG_PROMPT, "(pz vm%u%s%s %s %s%s) ", debug->vm, cpu, level,
                    debug_mode(hart->mode), text_grouped(retired, number), inside);
}

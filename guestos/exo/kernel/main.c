/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - start-up, and the two ways a trap goes that entry.S does not end by itself: a call,
 * or the end of a slice.
 */
#include "cpu.h"
#include "fdt.h"
#include "kernel.h"
#include "sbi.h"
#include "string.h"

enum { ECALL_SIZE = 4, REG_A0 = 10, REG_A7 = 17 };

uint32_t phys_base;
struct cpu cpus[MAX_CPUS]; /* boot.S sets tp to it; nothing here has more than one hart */

_Noreturn void kernel_main(uint32_t hart, uint32_t dtb, uint32_t base); /* called by boot.S */
_Noreturn void smp_main(void);                                          /* the same */
_Noreturn void kernel_trap_panic(void);                                 /* called by entry.S */

typedef int32_t call_function(const uint32_t *a);

extern call_function *const calls[EXO_CALL_COUNT]; /* entry.S makes the short ones */

call_function *const calls[EXO_CALL_COUNT] = {
#define CALL(number, name) [number] = call_##name,
#include "exo/calls.def"
#undef CALL
};

void smp_main(void)
{
    panic("another hart");
}

void kernel_trap_panic(void)
{
    panic("trap %x in the kernel, address 0x%08x, pc 0x%08x", csr_read(scause), csr_read(stval),
          csr_read(sepc));
}

/* The caller may not be current afterwards, or not be at all: its result is entered before. */
static void do_call(void)
{
    struct env *caller = current;
    struct save *s = caller->save;
    uint32_t name = caller->name;
    call_function *function = calls[s->x[REG_A7] - EXO_CALLS];
    int32_t result;

    s->pc += ECALL_SIZE;
    result = function ? function(&s->x[REG_A0]) : -ENOSYS;
    if (caller->name == name && caller->state != ENV_CALLING && caller->state != ENV_SERVING)
        s->x[REG_A0] = (uint32_t)result;
}

struct save *trap(void)
{
    uint32_t cause = csr_read(scause);

    if ((int32_t)cause == CAUSE_TIMER_INTERRUPT)
        slice_over();
    else if (cause == CAUSE_ECALL && current->save->x[REG_A7] - EXO_CALLS < EXO_CALL_COUNT)
        do_call();
    else
        env_fault(cause);
    return slice_resume();
}

static const void *find_dtb(uint32_t dtb)
{
    if (dtb < phys_base || dtb - phys_base >= MAX_SUPERPAGES * (uint32_t)SUPERPAGE_SIZE)
        panic("device tree out of reach, at 0x%08x", dtb);
    return phys_to_virt(dtb);
}

static uint32_t usable_end(const struct machine *m)
{
    uint32_t window = MAX_SUPERPAGES * (uint32_t)SUPERPAGE_SIZE;
    uint32_t above = m->ram_size - (phys_base - m->ram_base);

    if (phys_base < m->ram_base || phys_base - m->ram_base >= m->ram_size)
        panic("the kernel is not in memory");
    return phys_base + (above < window ? above : window);
}

static void bind_all_to_first_group(void)
{
    struct group_info *g = &info->group[BOOT_GROUP];

    *g = (struct group_info){.alive = 1, .slices_limit = SLOTS, .pages_limit = info->pages};
}

void kernel_main(uint32_t hart, uint32_t dtb, uint32_t base)
{
    static struct machine machine;

    phys_base = base;
    sbi_init();
    fdt_read(find_dtb(dtb), &machine);
    page_init(usable_end(&machine));
    bind_all_to_first_group();
    space_init(usable_end(&machine));
    info->group[BOOT_GROUP].pages_limit = info->group[BOOT_GROUP].pages + info->free_pages;
    info->timebase = machine.timebase;
    memcpy(info->arguments, machine.bootargs, ARGUMENTS_SIZE);
    printk("exo: an exokernel: %u pages of memory, %u free, hart %u\n", info->pages,
           info->free_pages, hart);
    disk_init();
    env_init();
    slice_init(machine.timebase);
    env_make_first();
    slice_over(); /* the kernel's own: the first environment's begins */
    csr_clear(sstatus, SSTATUS_SPP);
    enter_user(slice_resume());
}

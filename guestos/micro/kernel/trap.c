/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.c - what each trap of a thread is: a call, an interrupt, or a fault that somebody else has
 * to judge. The kernel itself takes none.
 */
#include "kernel.h"
#include "panic.h"
#include "print.h"
#include "riscv.h"
#include "sbi.h"

struct thread *trap(struct thread *t, uint32_t cause); /* called by entry.S */
_Noreturn void kernel_bug(void);

enum { ECALL_SIZE = 4, CAUSE_EXTERNAL_INTERRUPT = CAUSE_INTERRUPT | 9 };

typedef int32_t function(const uint32_t *a, uint32_t *more);

static function *const functions[CALL_NUMBERS] = {
#define CALL(number, name) [number] = sys_##name,
#define IPC(number, name)
#include "micro/calls.def"
#undef CALL
};

static void other_call(struct thread *t, uint32_t call)
{
    function *f = call < CALL_NUMBERS ? functions[call] : NULL;
    uint32_t *x = t->x;
    uint32_t a[7] = {x[REG_A0], x[REG_A1], x[REG_A2], x[REG_A3],
                     x[REG_A4], x[REG_A5], x[REG_A6]};

    x[REG_A0] = (uint32_t)(f ? f(a, &x[REG_A1]) : -ENOSYS);
}

static void user_call(struct thread *t)
{
    uint32_t call = t->x[REG_A7];

    if (call >= CALL_call && call <= CALL_reply_recv)
        ipc_dispatch(call);
    else
        other_call(t, call);
}

static void tick(void)
{
    uint32_t none[1] = {0};

    irq_timer();
    if (current->state == READY)
        sys_yield(none, none);
}

struct thread *trap(struct thread *t, uint32_t cause)
{
    uint32_t call = t->x[REG_A7];

    current = t;
    if (cause == CAUSE_USER_ECALL) {
        t->x[0] += ECALL_SIZE;
        if ((call == CALL_call || call == CALL_reply_recv) && ipc_fast(t, call))
            return current;
        user_call(t);
    } else if ((int32_t)cause == CAUSE_TIMER_INTERRUPT) {
        tick();
    } else if ((int32_t)cause == CAUSE_EXTERNAL_INTERRUPT) {
        irq_external();
    } else {
        ipc_fault(cause, csr_read(stval));
    }
    return sched_next();
}

void kernel_bug(void)
{
    panic("trap in the kernel: cause %x, address 0x%08x, pc 0x%08x", csr_read(scause),
          csr_read(stval), csr_read(sepc));
}

/* a: capability, what, and of what is printed up to four words, ended by a zero byte. */
int32_t sys_control(const uint32_t *a, uint32_t *more)
{
    (void)more;
    if (!cap_find(current->space, a[0], CAP_CONTROL, RIGHT_MANAGE) || a[1] > CONTROL_PRINT)
        return -EINVAL;
    if (a[1] == CONTROL_PRINT)
        print_text((const char *)&a[2], 4 * sizeof(uint32_t));
    else
        sbi_shutdown(a[1] == CONTROL_FAIL);
    return 0;
}

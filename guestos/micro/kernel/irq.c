/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * irq.c - interrupts become signals: each at the endpoint that it is bound to. One that a device
 * raised is masked until its driver says that it has been dealt with. The PLIC is the kernel's,
 * mapped by space.c in the last superpage but one; all devices are the programs'.
 */
#include "kernel.h"
#include "riscv.h"
#include "sbi.h"

/* Registers of the PLIC for the first hart's supervisor mode, which is context 1. */
enum { PRIORITY = 0, ENABLE = 0x2080, THRESHOLD = 0x201000, CLAIM = 0x201004 };

enum { SIE_SEIE = 0x200 };

static struct cap bound[IRQS]; /* endpoints; none for those of no driver */
static uint32_t interval;
static uint64_t next_tick;

static volatile uint32_t *plic(uint32_t at)
{
    return (volatile uint32_t *)(KERNEL_BASE + (MAX_SUPERPAGES - 1) * SUPERPAGE_SIZE + at);
}

void irq_init(uint32_t ticks)
{
    interval = ticks;
    next_tick = read_time() + interval;
    sbi_set_timer(next_tick);
    *plic(ENABLE) = 0;
    *plic(THRESHOLD) = 0;
    csr_set(sie, SIE_STIE | SIE_SEIE);
}

static void raise(uint32_t irq)
{
    struct cap *c = &bound[irq];

    if (c->type == CAP_ENDPOINT && cap_is_live(c))
        ipc_signal((struct endpoint *)c->object, c->badge);
}

/* Those that we were too late for are left out: drivers read the time. */
void irq_timer(void)
{
    uint64_t now = read_time();

    while (next_tick <= now)
        next_tick += interval;
    sbi_set_timer(next_tick);
    raise(IRQ_TICK);
}

void irq_external(void)
{
    uint32_t irq;

    while ((irq = *plic(CLAIM)) != 0) {
        *plic(CLAIM) = irq; /* first: of one that is masked the PLIC takes no completion */
        *plic(ENABLE) &= ~(1u << irq % IRQS);
        raise(irq % IRQS);
    }
}

/* Does the capability in this slot stand for this interrupt? */
static bool may_use(uint32_t slot, uint32_t irq)
{
    struct cap *c = cap_find(current->space, slot, CAP_IRQ, RIGHT_MANAGE);

    return c && irq < IRQS && (c->object == IRQS || c->object == irq);
}

static void unmask(uint32_t irq)
{
    if (irq == IRQ_TICK)
        return;
    *plic(PRIORITY + 4 * irq) = 1;
    *plic(ENABLE) |= 1u << irq;
}

/* a: capability, which interrupt, endpoint; its badge is the bits that are signalled. */
int32_t sys_irq_bind(const uint32_t *a, uint32_t *more)
{
    struct cap *c = cap_find(current->space, a[2], CAP_ENDPOINT, RIGHT_SEND);

    (void)more;
    if (!may_use(a[0], a[1]) || !c)
        return -EINVAL;
    bound[a[1]] = *c;
    unmask(a[1]);
    return 0;
}

int32_t sys_irq_ack(const uint32_t *a, uint32_t *more)
{
    (void)more;
    if (!may_use(a[0], a[1]))
        return -EINVAL;
    unmask(a[1]);
    return 0;
}

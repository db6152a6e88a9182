/* SPDX-License-Identifier: GPL-2.0-or-later */
/* hypercalls.c - see hypercalls.h. */
#include "tests/support/hypercalls.h"

#include "tests/support/suite.h"

static bool load(void *owner, struct board *board, struct board_entry *entry)
{
    (void)owner, (void)board;
    *entry = (struct board_entry){BASE, 0};
    return true;
}

void hypercalls_init(struct hypercalls *h, enum vm_monitor monitor, enum shadow_policy policy,
                     unsigned cpus)
{
    const struct vmm_host host = {0};
    const struct vm_config config = {.ram_base = BASE,
                                     .ram_size = RAM,
                                     .shares = 1,
                                     .limit = UINT64_MAX,
                                     .policy = policy,
                                     .monitor = monitor,
                                     .cpus = cpus,
                                     .shadow_tables = 64,
                                     .host.images.load = load};

    stub_init(&h->stub, HYPERCALLS_MACHINE);
    ck_assert(vmm_init(&h->vmm, &h->stub.engine, &host));
    ck_assert(vmm_add(&h->vmm, &h->vm, &config));
    vmm_boot(&h->vm, BASE, 0);
    h->vm.cpu->hart.stvec = HANDLER;
}

void hypercalls_fini(struct hypercalls *h)
{
    stub_fini(&h->stub);
}

void hypercalls_start_other(struct hypercalls *h)
{
    hart_reset(&h->vm.vcpus[1].hart, BASE);
    h->vm.board.harts.of[1].state = HARTS_STARTED;
}

void hypercalls_exit(struct hypercalls *h, uint32_t cause, uint32_t tval)
{
    uint64_t exits = h->vm.counters.exits;

    h->stub.step_count = h->stub.next = 0;
    stub_then(&h->stub, 1, cause, tval);
    while (h->vm.counters.exits == exits && vm_alive(&h->vm))
        (void)vmm_step(&h->vmm, 1000, NULL);
}

int32_t hypercalls_ecall(struct hypercalls *h, uint32_t extension, uint32_t function,
                         const uint32_t args[3])
{
    struct hart *hart = &h->vm.cpu->hart;

    memcpy(&hart->x[A0], args, 3 * sizeof args[0]);
    hart->x[A6] = function;
    hart->x[A7] = extension;
    hypercalls_exit(h, CAUSE_ECALL_USER, 0);
    return (int32_t)hart->x[A0];
}

struct para_page hypercalls_page(struct hypercalls *h)
{
    struct para_page found;

    ck_assert(vm_read(&h->vm, (struct gpa){PAGE}, &found, sizeof found));
    return found;
}

void hypercalls_put(struct hypercalls *h, size_t offset, uint32_t value)
{
    ck_assert(vm_write(&h->vm, (struct gpa){PAGE + offset}, &value, sizeof value));
}

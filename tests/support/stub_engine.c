/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stub_engine.c - see stub_engine.h. */
#include "tests/support/stub_engine.h"

#include "tests/support/engines.h"

static struct stub *of(struct engine *engine)
{
    return (struct stub *)engine;
}

static void stub_run(struct engine *engine, struct hart *hart, uint64_t budget,
                     struct engine_exit *exit)
{
    struct stub *stub = of(engine);
    struct stub_step step = {.retire = UINT64_MAX};

    stub->runs++;
    if (stub->next < stub->step_count)
        step = stub->steps[stub->next];
    if (step.retire >= budget) {
        hart->retired += budget;
        *exit = (struct engine_exit){.stop = ENGINE_BUDGET};
        if (stub->next < stub->step_count)
            stub->steps[stub->next].retire -= budget;
        return;
    }
    stub->next++;
    hart->retired += step.retire;
    *exit = (struct engine_exit){.stop = ENGINE_TRAP, .trap = step.trap};
}

static void stub_set_space(struct engine *engine, const struct engine_space *space)
{
    (void)space;
    of(engine)->spaces++;
}

static void stub_drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    of(engine)->page_drops++;
    of(engine)->last_root = root;
    of(engine)->last_va = va;
}

static void stub_drop_root(struct engine *engine, uint32_t root)
{
    of(engine)->root_drops++;
    of(engine)->last_root = root;
}

static void stub_drop_all(struct engine *engine)
{
    of(engine)->all_drops++;
}

static void stub_code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    of(engine)->code_changes++;
    of(engine)->last_pa = pa;
    of(engine)->changed_bytes += len;
}

void stub_init(struct stub *stub, uint64_t size)
{
    memset(stub, 0, sizeof *stub);
    stub->ops = (struct engine_ops){
        .name = "stub",
        .run = stub_run,
        .set_space = stub_set_space,
        .drop_page = stub_drop_page,
        .drop_root = stub_drop_root,
        .drop_all = stub_drop_all,
        .code_changed = stub_code_changed,
    };
    stub->engine.ops = &stub->ops;
    stub->engine.phys = (struct phys){.ram = ram_new(size), .size = size};
}

void stub_fini(struct stub *stub)
{
    ram_free(stub->engine.phys.ram, stub->engine.phys.size);
}

void stub_forget(struct stub *stub)
{
    stub->spaces = stub->page_drops = stub->root_drops = stub->all_drops = 0;
    stub->code_changes = stub->runs = 0;
    stub->changed_bytes = 0;
}

void stub_then(struct stub *stub, uint64_t retire, uint32_t cause, uint32_t tval)
{
    stub->steps[stub->step_count++] =
        (struct stub_step){retire, {.cause = cause, .tval = tval}};
}

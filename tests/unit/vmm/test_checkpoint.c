/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_checkpoint.c - pages restored while an engine is not running: it is told of each, and to
 * drop its translations; and no engine goes on with code or mappings from after the checkpoint.
 */
#include "tests/support/encode.h"
#include "tests/support/engines.h"
#include "tests/support/loops.h"
#include "tests/support/stub_engine.h"
#include "vmm/checkpoint.h"

#define SIZE (8u << 20)
#define BASE 0x80000000u
#define GUEST_SIZE (1u << 20)

static struct vmm vmm;
static struct vm vm;

static void begin(struct engine *engine)
{
    const struct vmm_host host = {0};
    const struct vm_config config = {.ram_base = BASE,
                                     .ram_size = GUEST_SIZE,
                                     .shares = 1,
                                     .limit = UINT64_MAX,
                                     .policy = SHADOW_LAZY,
                                     .shadow_tables = 16};

    memset(&vmm, 0, sizeof vmm);
    ck_assert(vmm_init(&vmm, engine, &host));
    vmm.slice = 1000;
    ck_assert(vmm_add(&vmm, &vm, &config));
    vmm_boot(&vm, BASE, 0);
}

static void poke(uint32_t gpa, uint32_t word)
{
    ck_assert(vm_write(&vm, (struct gpa){gpa}, &word, sizeof word));
}

/* ---- A copy of all that checkpoint.h asks to be kept ---- */

struct copy {
    void *state;
    uint8_t *pages;
    bool *kept;
};

static const uint8_t *page_of(void *owner, uint32_t number)
{
    const struct copy *copy = owner;

    return copy->kept[number] ? copy->pages + (size_t)number * PAGE_SIZE : NULL;
}

static void copy_take(struct copy *copy)
{
    uint32_t count = checkpoint_pages(&vmm);

    copy->state = malloc(checkpoint_size(&vmm));
    copy->pages = calloc(count, PAGE_SIZE);
    copy->kept = calloc(count, sizeof *copy->kept);
    ck_assert(copy->state && copy->pages && copy->kept);
    checkpoint_save(&vmm, copy->state);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *page = checkpoint_page(&vmm, i);

        copy->kept[i] = page;
        if (page)
            memcpy(copy->pages + (size_t)i * PAGE_SIZE, page, PAGE_SIZE);
    }
}

static uint32_t copy_restore(struct copy *copy)
{
    const struct checkpoint_kept kept = {page_of, copy};

    return checkpoint_restore(&vmm, copy->state, &kept);
}

static void copy_free(struct copy *copy)
{
    free(copy->state);
    free(copy->pages);
    free(copy->kept);
}

/* ---- What an engine is told ---- */

static bool told[SIZE >> PAGE_SHIFT];

static void note_change(struct engine *engine, uint64_t pa, uint32_t len)
{
    (void)engine;
    ck_assert_uint_eq(len, PAGE_SIZE);
    told[pa >> PAGE_SHIFT] = true;
}

static uint32_t page_at(uint32_t gpa)
{
    struct mpa mpa = pmap_lookup(&vm.pmap, (struct gpa){gpa});

    return (uint32_t)(mpa.v >> PAGE_SHIFT);
}

static uint32_t take_page(void)
{
    struct mpa mpa;

    ck_assert(allocate_page(&vmm.allocator, vm.id, PAGE_GUEST, &mpa));
    return (uint32_t)(mpa.v >> PAGE_SHIFT);
}

/* A page that changed, one that did not, one that was free, one that was never given out. */
START_TEST(each_page_put_back_is_told)
{
    static struct stub stub;
    struct copy copy;
    uint32_t changed, same, freed, fresh, copied;

    stub_init(&stub, SIZE);
    begin(&stub.engine);
    poke(BASE, 1);
    poke(BASE + PAGE_SIZE, 1);
    freed = take_page();
    allocate_free(&vmm.allocator, (struct mpa){(uint64_t)freed << PAGE_SHIFT});
    copied = checkpoint_pages(&vmm);
    copy_take(&copy);
    ck_assert(!copy.kept[freed]);
    poke(BASE, 2);
    changed = page_at(BASE);
    same = page_at(BASE + PAGE_SIZE);
    ck_assert_uint_eq(take_page(), freed);
    fresh = take_page();
    ck_assert_uint_ge(fresh, copied);
    stub.ops.code_changed = note_change;
    stub_forget(&stub);
    memset(told, 0, sizeof told);
    ck_assert_uint_ge(copy_restore(&copy), 1);
    ck_assert(told[changed]);
    ck_assert(!told[same]);
    ck_assert(told[freed]);
    ck_assert(told[fresh]);
    ck_assert_uint_eq(stub.all_drops, 1);
    copy_free(&copy);
    stub_fini(&stub);
}
END_TEST

/* ---- What engines make of it ---- */

static struct engine *engine;
static uint8_t *ram;

static void begin_on(unsigned maker)
{
    ram = ram_new(SIZE);
    engine = engine_makers[maker].create(ram, SIZE);
    ck_assert(engine != NULL);
    begin(engine);
}

static void end_on(unsigned maker)
{
    engine_makers[maker].destroy(engine);
    ram_free(ram, SIZE);
}

static uint32_t a0_after_a_turn(void)
{
    ck_assert_int_eq(vmm_run(&vmm, NULL), VMM_RAN);
    ck_assert(vm_alive(&vm));
    return vm.cpu->hart.x[10];
}

/* a0 = `value`, for ever. The engine is told of it. */
static void write_loop(uint32_t value)
{
    poke(BASE, encode_i(INSN_addi, 10, 0, (int32_t)value));
    poke(BASE + 4, encode_jal(0, -4));
}

START_TEST(code_put_back_is_what_runs)
{
    struct copy copy;

    begin_on((unsigned)_i);
    write_loop(1);
    ck_assert_uint_eq(a0_after_a_turn(), 1);
    copy_take(&copy);
    write_loop(2);
    ck_assert_uint_eq(a0_after_a_turn(), 2);
    ck_assert_uint_ge(copy_restore(&copy), 1);
    ck_assert_uint_eq(a0_after_a_turn(), 1);
    copy_free(&copy);
    end_on((unsigned)_i);
}
END_TEST

#define ROOT (BASE + 0x4000)
#define LEAF (BASE + 0x5000)
#define FIRST (BASE + 0x6000)
#define SECOND (BASE + 0x7000)
#define WINDOW 0x40000000u
#define FENCE 0x40u
#define PTE_OF(pa, flags) ((pa) >> 2 | (flags) | PTE_V | PTE_A | PTE_D)

/* A loop that reads through a window, and at FENCE the same behind a fence. */
static void write_reader(void)
{
    poke(BASE, encode_i(INSN_lw, 10, 8, 0));
    poke(BASE + 4, encode_jal(0, -4));
    poke(BASE + FENCE, insn_desc(INSN_sfence_vma)->match);
    poke(BASE + FENCE + 4, encode_jal(0, -(int32_t)FENCE - 4));
    poke(ROOT + (BASE >> 22) * 4, PTE_OF(BASE, PTE_R | PTE_W | PTE_X));
    poke(ROOT + (WINDOW >> 22) * 4, LEAF >> 2 | PTE_V);
    poke(FIRST, 1);
    poke(SECOND, 2);
    vm.cpu->hart.x[8] = WINDOW;
    vm.cpu->hart.satp = 0x80000000u | ROOT >> PAGE_SHIFT;
    shadow_drop_all(&vm.shadow);
}

START_TEST(mappings_put_back_are_what_counts)
{
    struct copy copy;

    begin_on((unsigned)_i);
    write_reader();
    poke(LEAF, PTE_OF(FIRST, PTE_R | PTE_W));
    ck_assert_uint_eq(a0_after_a_turn(), 1);
    copy_take(&copy);
    poke(LEAF, PTE_OF(SECOND, PTE_R | PTE_W));
    vm.cpu->hart.pc = BASE + FENCE;
    ck_assert_uint_eq(a0_after_a_turn(), 2);
    ck_assert_uint_ge(copy_restore(&copy), 1);
    ck_assert_uint_eq(a0_after_a_turn(), 1);
    copy_free(&copy);
    end_on((unsigned)_i);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {each_page_put_back_is_told, 1},
        {code_put_back_is_what_runs, engine_maker_count},
        {mappings_put_back_are_what_counts, engine_maker_count},
    };

    return LOOPS_RUN("checkpoint", loops);
}

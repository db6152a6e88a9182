/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_para.c - a guest that makes valid and hostile hypercalls: on every engine, under every
 * shadow policy, in slices of any length and however it is cut, the run is the same to the last bit
 * of memory. And a guest that makes none runs as under the plain monitor, exit by exit.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "tools/travel/statehash.h"
#include "vmm/para.h"

static const uint64_t slices[] = {1000000, 1000, 7};
#define SLICES (sizeof slices / sizeof slices[0])

static struct twins one;
static char printed[256];

static void keep_output(void *owner, const uint8_t *bytes, uint32_t len)
{
    size_t used = strlen(printed);

    (void)owner;
    if (len < sizeof printed - used)
        memcpy(printed + used, bytes, len);
}

/* It is compared with other runs, and not with the bare machine's: that has no hypercalls. */
static void add(struct twins_machine *machine, const struct twins_record *record,
                const struct twins_how *how)
{
    twins_add(&one, machine, record, how);
    one.vm.board.host.observe = NULL;
    one.vm.board.host.console_out = keep_output;
    memset(printed, 0, sizeof printed);
}

/* How a run ended. */
struct ending {
    uint64_t hash, retired;
    struct trace_counters counters;
};

#define EXIT_BY_EXIT UINT64_MAX

/* To the end, in pieces of up to `cut` instructions; 0: uncut. */
static void run(struct twins_machine *machine, uint64_t cut)
{
    struct rng rng = rng_new(rng_seed(1));

    if (!cut)
        twins_run(machine, UINT64_MAX);
    while (cut == EXIT_BY_EXIT && vmm_step(&machine->vmm, UINT64_MAX, NULL) == VMM_RAN)
        ;
    while (vm_alive(&one.vm))
        (void)vmm_step(&machine->vmm, rng_below(&rng, (uint32_t)cut), NULL);
}

static struct ending end_of(int engine, const char *guest, const struct twins_how *how,
                            uint64_t slice, uint64_t cut)
{
    struct twins_record *record = twins_record(micro_guest(guest));
    struct twins_machine machine;
    struct ending ending;

    ck_assert(twins_machine_init(&machine, &engine_makers[engine], TWINS_MACHINE));
    machine.vmm.slice = slice;
    add(&machine, record, how);
    run(&machine, cut);
    ck_assert_msg(one.vm.end == VM_OFF, "%s on %s, policy %d, slices of %llu: %s: %s", guest,
                  engine_makers[engine].name, how->policy, (unsigned long long)slice,
                  vm_end_text((enum vm_end)one.vm.end), printed);
    ending = (struct ending){statehash_vm(&one.vm), vm_retired(&one.vm), one.vm.counters};
    twins_remove(&one);
    twins_machine_fini(&machine);
    twins_record_free(record);
    return ending;
}

static struct twins_how para_how(enum shadow_policy policy)
{
    return (struct twins_how){.policy = policy, .monitor = VM_PARA};
}

/* Every one of its functions has been called, with success or not. */
static void check_called(const struct trace_counters *counters)
{
    for (unsigned i = 0; i <= PARA_FUNCTIONS; i++)
        ck_assert_msg(counters->para[i].count > 0, "never: %s",
                      para_name((enum para_function)i));
}

/* _i: engine x policy. With the sanitizers on, every other slice: each engine meets each. */
START_TEST(it_is_one_run)
{
    struct twins_how how = para_how((enum shadow_policy)(_i % SHADOW_POLICIES)),
                     first_how = para_how(SHADOW_LAZY);
    struct ending first = end_of(0, "para_calls", &first_how, slices[0], 0);

    check_called(&first.counters);
    for (unsigned i = PZ_DEBUG ? (unsigned)_i % 2 : 0; i < SLICES; i += PZ_DEBUG ? 2 : 1) {
        struct ending ending =
            end_of(_i / SHADOW_POLICIES, "para_calls", &how, slices[i], i == 1 ? 50 : 0);

        ck_assert_uint_eq(ending.retired, first.retired);
        ck_assert_uint_eq(ending.hash, first.hash);
    }
}
END_TEST

/*
 * _i: engine x policy. The short ways of a stay count as the long ones do. With the sanitizers on,
 * each engine has one policy.
 */
START_TEST(it_has_one_bill)
{
    struct twins_how how = para_how((enum shadow_policy)(_i % SHADOW_POLICIES));
    int engine = _i / SHADOW_POLICIES;
    struct ending stays, leaves;

    if (PZ_DEBUG && engine % SHADOW_POLICIES != _i % SHADOW_POLICIES)
        return;
    stays = end_of(engine, "para_calls", &how, slices[0], 0);
    leaves = end_of(engine, "para_calls", &how, slices[0], EXIT_BY_EXIT);
    ck_assert_uint_eq(stays.hash, leaves.hash);
    ck_assert_uint_eq(stays.counters.exits, leaves.counters.exits);
    ck_assert_mem_eq(&stays.counters, &leaves.counters, sizeof stays.counters);
}
END_TEST

static void forget_times(struct trace_counters *counters)
{
    ck_assert_uint_eq(counters->action[TRACE_PARA].count, 0);
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        counters->action[i].ns = 0;
}

/* All that is counted is the same. */
START_TEST(who_does_not_ask_runs_as_under_plain)
{
    static const char *const guests[] = {"counts", "pt_write", "user_timer", "wfi_sweep"};

    for (unsigned i = 0; i < sizeof guests / sizeof guests[0]; i++) {
        struct twins_how how = para_how((enum shadow_policy)(i % SHADOW_POLICIES)),
                         plain_how = {.policy = how.policy};
        struct ending para = end_of(_i, guests[i], &how, 1000, 0);
        struct ending plain = end_of(_i, guests[i], &plain_how, 1000, 0);

        forget_times(&para.counters);
        ck_assert_uint_eq(para.hash, plain.hash);
        ck_assert_uint_eq(para.retired, plain.retired);
        ck_assert_mem_eq(&para.counters, &plain.counters, sizeof para.counters);
    }
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {it_is_one_run, engine_maker_count * SHADOW_POLICIES},
        {it_has_one_bill, engine_maker_count * SHADOW_POLICIES},
        {who_does_not_ask_runs_as_under_plain, engine_maker_count},
    };

    return LOOPS_RUN("para", loops);
}

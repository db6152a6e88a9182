/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ops.c - operations that an engine leaves out (isa/engine/ops.h): a more general
 * operation is used instead, or there is nothing to do.
 */
#include "isa/engine/engine.h"
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"

#define RAM (1u << 20)

static void tell_everything(struct stub *stub)
{
    const struct engine_space space = {.deprivileged = true, .root = 0x80000001};

    engine_set_space(&stub->engine, &space);
    engine_drop_page(&stub->engine, space.root, 0x1000);
    engine_drop_root(&stub->engine, space.root);
    engine_drop_all(&stub->engine);
    engine_code_changed(&stub->engine, 0, 4);
}

START_TEST(what_is_there_is_called)
{
    struct stub stub;

    stub_init(&stub, RAM);
    tell_everything(&stub);
    ck_assert_uint_eq(stub.page_drops, 1);
    ck_assert_uint_eq(stub.root_drops, 1);
    ck_assert_uint_eq(stub.all_drops, 1);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_page_goes_with_its_root)
{
    struct stub stub;

    stub_init(&stub, RAM);
    stub.ops.drop_page = NULL;
    tell_everything(&stub);
    ck_assert_uint_eq(stub.root_drops, 2);
    ck_assert_uint_eq(stub.last_root, 0x80000001);
    ck_assert_uint_eq(stub.all_drops, 1);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_root_goes_with_everything)
{
    struct stub stub;

    stub_init(&stub, RAM);
    stub.ops.drop_page = NULL;
    stub.ops.drop_root = NULL;
    tell_everything(&stub);
    ck_assert_uint_eq(stub.all_drops, 3);
    stub_fini(&stub);
}
END_TEST

/* It caches nothing. Its space is noted for it all the same. */
START_TEST(an_engine_that_only_runs)
{
    struct stub stub;

    stub_init(&stub, RAM);
    stub.ops = (struct engine_ops){.name = "runs", .run = stub.ops.run};
    tell_everything(&stub);
    ck_assert_uint_eq(stub.all_drops + stub.spaces + stub.code_changes, 0);
    ck_assert(stub.engine.space.deprivileged);
    ck_assert_uint_eq(stub.engine.space.root, 0x80000001);
    stub_fini(&stub);
}
END_TEST

SUITE_MAIN("ops", what_is_there_is_called, a_page_goes_with_its_root,
           a_root_goes_with_everything, an_engine_that_only_runs)

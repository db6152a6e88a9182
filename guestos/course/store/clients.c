/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clients.c - clients: processes that use the server `store`, of which each has a capability
 * with a badge of its own, and one that sends it whatever can be sent. Prints a line for each
 * property. The server has no console, and no other way to print one of these.
 */
#include "ipc.h"
#include "micro/proto.h"
#include "store.h"
#include "user.h"

enum { WRONG = 1, DIED = 2 }; /* what a client ends with */

static int found;

struct answer {
    int32_t status;
    uint32_t value;
};

/* A server that dies while it works for us is started again by its supervisor; we get an error. */
static struct answer ask(uint32_t label, uint32_t key, uint32_t value)
{
    struct message m = {.tag = label, .word = {key, value}};
    int32_t error = ipc_call(&m, P_NULL);

    if (error < 0)
        found |= DIED;
    return (struct answer){error < 0 ? error : (int32_t)m.word[0], m.word[1]};
}

static void expect(uint32_t label, uint32_t key, uint32_t value, int32_t status)
{
    if (ask(label, key, value).status != status)
        found |= WRONG;
}

static void gives(uint32_t key, uint32_t value)
{
    struct answer a = ask(STORE_GET, key, 0);

    if (a.status != 0 || a.value != value)
        found |= WRONG;
}

static void verdict(const char *property, int faults)
{
    printf("%s: %s\n", property, found & faults ? "wrong" : "ok");
    found &= ~WRONG;
}

/* Done by another process: the kernel gives it another badge. */
static void as_another(void (*what)(void))
{
    int status = 0, pid = fork();

    if (pid == 0) {
        what();
        exit(found);
    }
    if (pid < 0 || wait(&status, 0) != pid)
        found |= WRONG;
    found |= status & (WRONG | DIED);
}

static void keep(void)
{
    expect(STORE_PUT, 10, 100, 0);
    gives(10, 100);
    expect(STORE_PUT, 11, UINT32_MAX, 0);
    gives(11, UINT32_MAX);
    gives(10, 100);
    verdict("keeps values", WRONG | DIED);
}

static void replace(void)
{
    expect(STORE_PUT, 10, 0, 0);
    gives(10, 0);
    gives(11, UINT32_MAX);
    verdict("replaces values", WRONG | DIED);
}

static void miss(void)
{
    expect(STORE_GET, 12, 0, -ENOENT);
    expect(STORE_GET, 0, 0, -ENOENT);
    verdict("no such key", WRONG | DIED);
}

static void other_client(void)
{
    expect(STORE_GET, 10, 0, -ENOENT);
    expect(STORE_PUT, 12, 7, 0);
    gives(12, 7);
}

static void be_apart(void)
{
    as_another(other_client);
    expect(STORE_GET, 12, 0, -ENOENT);
    gives(10, 0);
    verdict("clients apart", WRONG | DIED);
}

static void ask_nonsense(void)
{
    expect(9, 10, 1, -ENOSYS);
    expect(0, 10, 1, -ENOSYS);
    expect(TAG_LABEL, 10, 1, -ENOSYS);
    gives(10, 0);
    verdict("unknown requests", WRONG | DIED);
}

/* Three entries are in use. */
static void fill_table(void)
{
    for (uint32_t key = 100; key < 97 + STORE_ENTRIES; key++)
        expect(STORE_PUT, key, key - 99, 0);
    expect(STORE_PUT, 200, 1, -ENOSPC);
    expect(STORE_PUT, 104, 55, 0);
    gives(104, 55);
    gives(100, 1);
    expect(STORE_GET, 200, 0, -ENOENT);
}

static void be_full(void)
{
    as_another(fill_table);
    expect(STORE_PUT, 201, 1, -ENOSPC);
    expect(STORE_PUT, 11, 5, 0);
    gives(11, 5);
    verdict("a full table", WRONG | DIED);
}

/*
 * Keys of all kinds; a message that wants no reply; items; a signal, which nobody has sent. What it
 * says to them is not the point here.
 */
static void be_hostile(void)
{
    struct message m = {.tag = STORE_PUT, .word = {11, 6}};

    ask(STORE_GET, INT32_MAX, 0);
    ask(STORE_GET, 0x80000000u, 0);
    ask(STORE_PUT, 0x10000000u, 3);
    ask(STORE_PUT, 0xfffff000u, 3);
    ipc_send(&m, P_NULL);
    gives(10, 0);
    m = (struct message){.tag = STORE_GET | TAG_CAP | TAG_MAP, .word = {11}, .item = P_PROC};
    if (ipc_call(&m, P_NULL) < 0)
        found |= DIED;
    kcall_signal(P_NULL);
    gives(10, 0);
    verdict("never dies", WRONG | DIED);
}

int main(void)
{
    keep();
    replace();
    miss();
    be_apart();
    ask_nonsense();
    be_full();
    be_hostile();
    return 0;
}

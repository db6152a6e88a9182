/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipc.c - ipc [N]: what a message costs, in instructions: N calls to a server that does nothing
 * (servers/null.c). The least of each part, from the ECALL to the first instruction on the other
 * side; and the mean of a round trip, with what caller and server do for themselves.
 */
#include "ipc.h"

#include "micro/proto.h"
#include "user.h"

enum { DEFAULT_CALLS = 1000 };

struct stamps {
    uint32_t start, arrived, left, end;
};

static void call_once(struct stamps *s)
{
    register uint32_t a0 asm("a0") = P_NULL;
    register uint32_t a1 asm("a1") = 0;
    register uint32_t a2 asm("a2") = 0;
    register uint32_t a3 asm("a3") = 0;
    register uint32_t a7 asm("a7") = CALL_call;
    uint32_t start, end;

    asm volatile("csrr %0, instret\n\tecall\n\tcsrr %1, instret"
                 : "=&r"(start), "=&r"(end), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3)
                 : "r"(a7)
                 : "a4", "a5", "a6", "t0", "t1", "memory");
    *s = (struct stamps){start, a2, a3, end};
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, DEFAULT_CALLS);
    uint32_t call = UINT32_MAX, reply = UINT32_MAX, total = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct stamps s;

        call_once(&s);
        call = least(call, s.arrived - s.start - 1);
        reply = least(reply, s.end - s.left - 1);
        total += s.end - s.start;
    }
    if (n > 0)
        printf("ipc: call %u instructions, reply %u; there and back %u on average\n", call,
               reply, total / n);
    return 0;
}

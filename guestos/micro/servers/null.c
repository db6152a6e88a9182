/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * null.c - a server that does nothing: it replies with what it was sent, but for two words, which
 * say how many instructions had been retired when the call arrived and when the reply left. What
 * is between those and the caller's own counts is the kernel's.
 */
#include "server.h"

void server_main(void);

void server_main(void)
{
    asm volatile("li t1, %0\n\t"
                 "li t5, 0\n\t"
                 "li a0, %1\n\t"
                 "li a7, %2\n\t"
                 "ecall\n"
                 "1:\n\t"
                 "csrr a2, instret\n\t"
                 "li t1, %0\n\t"
                 "li a0, %1\n\t"
                 "li a1, 0\n\t"
                 "li a7, %3\n\t"
                 "csrr a3, instret\n\t"
                 "ecall\n\t"
                 "j 1b"
                 :
                 : "i"(S_REPLY), "i"(S_OWN), "i"(CALL_recv), "i"(CALL_reply_recv)
                 : "a0", "a1", "a2", "a3", "a7", "t1", "t5", "memory");
}

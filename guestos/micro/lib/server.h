/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.h - what the servers share (server.c): calls to other servers, and letters.
 */
#ifndef MICRO_SERVER_H
#define MICRO_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "ipc.h"
#include "micro/proto.h"
#include "string.h"

/* Set up by the supervisor; the same in every server. */
static const struct first_info *const info = (const struct first_info *)FIRST_INFO;

/* A call with up to four words; word[0] of the reply, or an error if the server died. */
int32_t server_call(uint32_t slot, uint32_t label, uint32_t w0, uint32_t w1, uint32_t w2,
                    uint32_t w3);

static inline char *letter(uint32_t k)
{
    return (char *)(LETTERS + k * PAGE_BYTES);
}

/*
 * Serve for ever: handle() gets each message, and changes it into the reply; false: the reply comes
 * later, or there is none to give. The reply capability is in S_REPLY.
 */
_Noreturn void server_loop(bool (*handle)(struct message *m), uint32_t place);

#endif

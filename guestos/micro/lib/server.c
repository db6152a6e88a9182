/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server.c - the frame of a server: a loop of messages and replies.
 */
#include "server.h"

/* A server that died while it worked for us is started again: so ask again, once. */
int32_t server_call(uint32_t slot, uint32_t label, uint32_t w0, uint32_t w1, uint32_t w2,
                    uint32_t w3)
{
    struct message m = {.tag = label, .word = {w0, w1, w2, w3}};
    int32_t error = ipc_call(&m, slot);

    if (error == -EINTR) {
        m = (struct message){.tag = label, .word = {w0, w1, w2, w3}};
        error = ipc_call(&m, slot);
    }
    return error < 0 ? error : (int32_t)m.word[0];
}

void server_loop(bool (*handle)(struct message *m), uint32_t place)
{
    struct message m = {.place = place};

    ipc_recv(&m, S_OWN, S_REPLY);
    for (;;) {
        if (handle(&m))
            ipc_reply_recv(&m, S_OWN, S_REPLY);
        else
            ipc_recv(&m, S_OWN, S_REPLY);
    }
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A server that keeps values for its clients: what they may ask for is in
 * guestos/course/store/store.h, what a server is given and may call in guestos/micro/lib/server.h.
 */
#include "store.h"

#include "server.h"

void server_main(void);

/* m is a message, and becomes the reply; false: there is nobody to reply to. */
static bool handle(struct message *m)
{
    m->tag = 0;
    m->word[0] = (uint32_t)-ENOSYS;
    return true;
}

void server_main(void)
{
    server_loop(handle, 0);
}

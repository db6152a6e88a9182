/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * callers.h - who has connected to a pz that waits for a machine, until one of them has said what
 * machine it has. Nobody who connects, and is silent or goes away again, keeps others from it.
 */
#ifndef PZ_TOOLS_MIGRATE_CALLERS_H
#define PZ_TOOLS_MIGRATE_CALLERS_H

#include "tools/migrate/channel.h"

/*
 * The next connection at `listener` within `ms` (-1: for ever), whose messages may have `most`
 * bytes. False: there is none. Processes of other users are sent away.
 */
bool callers_accept(int listener, struct channel *channel, uint32_t most, int ms);

/*
 * Wait until a caller has sent its first message, after the magic, which may have `most` bytes: it
 * is to be freed (frame_free()), and `channel` is that caller's; the other callers are sent away.
 * CHANNEL_MESSAGE; or CHANNEL_BROKEN: what one sent is no migration, or of another version of pz.
 */
enum channel_news callers_await(int listener, uint32_t most, struct channel *channel,
                                struct frame *message);

#endif

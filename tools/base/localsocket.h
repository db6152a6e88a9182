/* SPDX-License-Identifier: GPL-2.0-or-later */
/* localsocket.h - sockets in the file system, which only their owner may use. */
#ifndef PZ_TOOLS_BASE_LOCALSOCKET_H
#define PZ_TOOLS_BASE_LOCALSOCKET_H

#include <stdbool.h>

#include "tools/base/problem.h"

/* Characters that the path of a socket may have at the most. */
#define LOCALSOCKET_PATH 107u

/*
 * Listen at a new socket; one that a server has left behind, at which nobody listens, gives way. Of
 * several processes that want the same path one gets it: they lock its directory meanwhile, and
 * without the lock nothing is removed. Its descriptor, or -1 with errno.
 */
int localsocket_listen(const char *path);

/* Remove a socket that a server has left behind. */
void localsocket_remove_dead(const char *path);

/* Is there something else? That is never removed. */
bool localsocket_is_none(const char *path);

/*
 * The problem of a failed localsocket_listen(), from errno. `taken` names the listener there, if
 * there is one.
 */
enum pz_err localsocket_refused(const char *path, const char *taken,
                                struct problem *problem) PZ_MUST_CHECK;

/* Connect to one. Its descriptor, or -1 with errno. */
int localsocket_connect(const char *path);

/* Is the other end of a connection this user's, or the super-user's? */
bool localsocket_is_owner(int fd);

#endif

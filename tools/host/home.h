/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home.h - the location of the files installed with pz: relative to the running program, so that an
 * installed tree, or a build, works wherever it is moved.
 *
 *   installed              in a build               what
 *   bin/pz                 bin/pz                   the program
 *   share/page-zero/       guests/                  guests.h
 *     guests/
 *   share/page-zero/       share/page-zero/         exercises, headers, the guests' sources:
 *     src/                   src, a link to the     laid out as in the source tree
 *                            source tree
 *   share/page-zero/       web/                     the lab's page
 *     web/
 */
#ifndef PZ_TOOLS_HOST_HOME_H
#define PZ_TOOLS_HOST_HOME_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Put together the path of `rest` below the folder that holds the program's bin/. False: it
 * cannot be told where the program is, or the path is longer than `room`.
 */
bool home_beside(const char *rest, char *path, size_t room);

/*
 * The tree with examples/, guestos/, tests/guest/ and the monitor's headers: the environment's
 * PZ_HOME, else share/page-zero/src beside the program. It may not be there.
 */
const char *home_directory(void);

/*
 * The path of a file of the lab's page, which can be read: in the environment's PZ_WEB, else where
 * the page is beside the program. False: it is not there.
 */
bool home_page(const char *name, char *path, size_t room);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filewall.h - which files a process may still open: Landlock (Linux 5.13 and later). It needs no
 * privilege, holds for everything that the process starts, and cannot be taken back. System calls
 * and resource limits are left to boxwall.h.
 */
#ifndef PZ_TOOLS_SANDBOX_FILEWALL_H
#define PZ_TOOLS_SANDBOX_FILEWALL_H

#include <stdbool.h>

/* The version of the kernel's Landlock; 0: it has none, or it is switched off. */
int filewall_version(void);

/*
 * Build a wall, open doors in it, go behind it. All that is not below a door is closed: reading,
 * writing, executing; with version 4 TCP too, with version 6 signals to processes outside. A path
 * that does not exist is no door.
 */
enum filewall_door { FILEWALL_READ, FILEWALL_RUN, FILEWALL_CHANGE };

int filewall_begin(void); /* a descriptor, to be closed; -1: the kernel refused */
bool filewall_open(int wall, const char *path, enum filewall_door door);
void filewall_open_matching(int wall, const char *folder, const char *pattern);
bool filewall_enter(int wall);

/* Doors for the host's programs and libraries, or for the libraries alone. */
void filewall_open_programs(int wall);
void filewall_open_libraries(int wall);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home.h - where pz's own files are that are not guests: exercises, headers, sources. */
#ifndef PZ_TOOLS_HOST_HOME_H
#define PZ_TOOLS_HOST_HOME_H

/* The source tree: the environment's PZ_HOME, else where pz was built from. */
const char *home_directory(void);

#endif

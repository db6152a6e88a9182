/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h - a verb of pz as a process of its own, for what it prints. */
#ifndef PZ_TOOLS_WEB_PROCESS_H
#define PZ_TOOLS_WEB_PROCESS_H

#include "tools/web/host.h"

/* For struct web_host: `folder`, where it runs, is the owner. It is killed when it takes long. */
enum pz_err process_verb(void *folder, int argc, char **argv, struct web_output *output,
                         struct problem *problem);

#endif

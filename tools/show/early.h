/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * early.h - why a guest failed: the first fault of one that ended without a word on its
 * console, and what it reached for, told as QEMU's virt machine would have it. Most such kernels
 * were made for that machine's firmware or its CPU.
 */
#ifndef PZ_TOOLS_SHOW_EARLY_H
#define PZ_TOOLS_SHOW_EARLY_H

#include <jansson.h>
#include <stdio.h>

#include "tools/host/host.h"

#define EARLY_TEXT 320u

/* The line, without its end, for a fault. */
const char *early_text(const struct session_fault *fault, char text[EARLY_TEXT]);

/*
 * To be called when the run is over: writes a line, if machine `vm` did not end well and had
 * nothing to say.
 */
void early_report(FILE *out, const struct session *session, unsigned vm, const char *name,
                  bool ended_well);

/* The same as "first_fault" of a document. */
void early_json(json_t *object, const struct session *session, unsigned vm, bool ended_well);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - a running pz, told what to do through a socket.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_CONTROL_CONTROL_H
#define PZ_TOOLS_CONTROL_CONTROL_H

#include "tools/control/bill.h"
#include "tools/control/meter.h"
#include "tools/control/server.h"

/* The verbs: clients of a run. */
enum pz_err command_list(const struct options *options, struct problem *problem);
enum pz_err command_pause(const struct options *options, struct problem *problem);
enum pz_err command_resume(const struct options *options, struct problem *problem);
enum pz_err command_migrate(const struct options *options, struct problem *problem);
enum pz_err command_save(const struct options *options, struct problem *problem);
enum pz_err command_set(const struct options *options, struct problem *problem);
enum pz_err command_console(const struct options *options, struct problem *problem);
enum pz_err command_stats(const struct options *options, struct problem *problem);
enum pz_err command_stop(const struct options *options, struct problem *problem);
enum pz_err command_kill(const struct options *options, struct problem *problem);

/*
 * Save the machine of a run to a file of its own, which the caller removes: its path, of
 * RUNTIME_PATH + RUNTIME_TEMPORARY bytes.
 */
enum pz_err control_save_temporary(const char *name, char *path,
                                   struct problem *problem) PZ_MUST_CHECK;

#endif

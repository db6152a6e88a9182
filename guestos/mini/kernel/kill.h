/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kill.h - have processes end.
 */
#ifndef MINI_KILL_H
#define MINI_KILL_H

/* It ends before it next runs user code. -ESRCH, or -EPERM for init. */
int kill_pid(int pid);

/* The same for all of a group but init. */
void kill_group(int group);

#endif

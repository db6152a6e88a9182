/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosted.h - PZ_HOSTED: does the monitor run inside a host program such as pz? Only a hosted
 * monitor has debugger stops, observers of single steps, replaceable parts, broken instruction
 * sets, techniques other than trap-and-emulate, and a choice of policies and schedulers. Type 1 is
 * compiled with PZ_HOSTED=0, and the compiler drops the code for these.
 */
#ifndef PZ_VMM_HOSTED_H
#define PZ_VMM_HOSTED_H

#ifndef PZ_HOSTED
#define PZ_HOSTED 1
#endif

#endif

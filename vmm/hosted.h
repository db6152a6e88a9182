/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hosted.h - is this the monitor of a host program, as pz is? Only that has a debugger's stops,
 * observers of single steps, parts that are replaced, broken instruction sets, techniques other
 * than trapping, policies and schedulers to choose from. Type 1 is compiled with PZ_HOSTED=0, and
 * the compiler leaves out what would serve these.
 */
#ifndef PZ_VMM_HOSTED_H
#define PZ_VMM_HOSTED_H

#ifndef PZ_HOSTED
#define PZ_HOSTED 1
#endif

#endif

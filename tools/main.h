/* SPDX-License-Identifier: GPL-2.0-or-later */
/* main.h - the whole program: it chooses a command, prints problems, and gives the exit code. */
#ifndef PZ_TOOLS_MAIN_H
#define PZ_TOOLS_MAIN_H

/* The revision and date of the source it was built from; "" if unknown. */
int pz_main(int argc, char **argv, const char *revision, const char *date);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mine.S - your work: a kernel whose exits you can explain. The questions in answers.txt are about
 * it, so no other student's answers are right for yours. It must shut down (`j pass`), and cause on
 * a plain monitor
 *
 *   1,000 to 5,000 exits, of which
 *   at least 300 emulate an instruction, at least 300 deliver a trap (inject), and at least 5 fill
 *   the shadow page table
 */
#include "guest.inc"

main:
    /* Your part. */

    j pass

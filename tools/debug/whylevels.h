/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whylevels.h - the part of `why` that is about machines inside each other: where a trap goes, from
 * level to level.
 */
#ifndef PZ_TOOLS_DEBUG_WHYLEVELS_H
#define PZ_TOOLS_DEBUG_WHYLEVELS_H

#include "tools/debug/state.h"

/* Of the last exit, which is recorded. Says nothing where the VM has no VMs. */
void whylevels_tell(struct debug *debug);

/* Has the firmware returned from the call by which type 1 had entered a guest? */
bool whylevels_by_firmware(const struct debug_record *record);

/* Has it exchanged the guest that type 1 had entered and that one's guest, and gone on? */
bool whylevels_relayed(const struct debug_record *record);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * travel.h - time travel: checkpoints, the timeline that goes back to any instruction, recordings,
 * and traces of exits.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_TRAVEL_TRAVEL_H
#define PZ_TOOLS_TRAVEL_TRAVEL_H

#include "tools/travel/recorder.h"
#include "tools/travel/recording.h"
#include "tools/travel/recording_file.h"
#include "tools/travel/statehash.h"
#include "tools/travel/tally.h"
#include "tools/travel/timeline.h"
#include "tools/travel/trace_binary.h"
#include "tools/travel/trace_chrome.h"
#include "tools/travel/tracefile.h"

#endif

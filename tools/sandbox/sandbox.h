/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox.h - a student's code: compiled, loaded, and run where it can do no harm.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_SANDBOX_SANDBOX_H
#define PZ_TOOLS_SANDBOX_SANDBOX_H

#include "tools/sandbox/box.h"
#include "tools/sandbox/boxwall.h"
#include "tools/sandbox/compile.h"
#include "tools/sandbox/filewall.h"
#include "tools/sandbox/partfile.h"
#include "tools/sandbox/partproc.h"
#include "tools/sandbox/recording_part.h"

#endif

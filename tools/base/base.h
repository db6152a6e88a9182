/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base.h - text, files, JSON, parsing and the terminal: what any hosted program needs. Nothing here
 * knows about guests or virtual machines.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_BASE_BASE_H
#define PZ_TOOLS_BASE_BASE_H

#include "tools/base/base64.h"
#include "tools/base/file.h"
#include "tools/base/json.h"
#include "tools/base/little.h"
#include "tools/base/localsocket.h"
#include "tools/base/markup.h"
#include "tools/base/nearest.h"
#include "tools/base/outfile.h"
#include "tools/base/output.h"
#include "tools/base/parse.h"
#include "tools/base/path.h"
#include "tools/base/problem.h"
#include "tools/base/progress.h"
#include "tools/base/samples.h"
#include "tools/base/search.h"
#include "tools/base/terminal.h"
#include "tools/base/text.h"

#endif

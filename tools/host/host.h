/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - a machine on this host: guest images, engines by name, consoles, and the options of the
 * command line that describe a run.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_HOST_HOST_H
#define PZ_TOOLS_HOST_HOST_H

#include "tools/host/consoles.h"
#include "tools/host/devices.h"
#include "tools/host/disk.h"
#include "tools/host/elf.h"
#include "tools/host/engines.h"
#include "tools/host/guests.h"
#include "tools/host/home.h"
#include "tools/host/image.h"
#include "tools/host/input.h"
#include "tools/host/itself.h"
#include "tools/host/keys.h"
#include "tools/host/machine.h"
#include "tools/host/net.h"
#include "tools/host/options.h"
#include "tools/host/options_check.h"
#include "tools/host/options_table.h"
#include "tools/host/session.h"
#include "tools/host/symbols.h"
#include "tools/host/variants.h"

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* port.h - between the parts of the port. */
#ifndef PORT_H
#define PORT_H

#include <stdint.h>

/* All of a run of CoreMark. */
void port_run(uint32_t iterations);

#endif

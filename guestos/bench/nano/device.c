/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * device.c - a device access: the UART's line status register, read.
 */
#include "nano.h"

enum { UART_LSR = 5, LSR_CAN_SEND = 0x20 };

void nano_setup(void)
{
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    const volatile uint8_t *status = (const volatile uint8_t *)(DEVICE_VA + UART_LSR);
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++)
        sum |= *status;
    return sum & LSR_CAN_SEND;
}

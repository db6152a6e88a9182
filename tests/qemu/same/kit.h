/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kit.h - for kernels whose output is to be the same here and on QEMU (cli/run/same.sh). Where
 * QEMU 7.2 does not do what the specification says, they do not look (docs/guests.md).
 */
#ifndef PZ_TESTS_QEMU_SAME_KIT_H
#define PZ_TESTS_QEMU_SAME_KIT_H

#include <stdbool.h>
#include <stdint.h>

struct trapped {
    volatile uint32_t cause, tval;
};
extern struct trapped trapped; /* by the last trap */
#define NO_TRAP 0xffffffffu

/* Run a statement: the cause of its trap, or NO_TRAP. */
#define CAUSE_OF(statement)                                                                    \
    ({                                                                                         \
        trapped.cause = NO_TRAP;                                                               \
        statement;                                                                             \
        trapped.cause;                                                                         \
    })

#define READ(csr)                                                                              \
    ({                                                                                         \
        uint32_t value_ = 0;                                                                   \
        __asm__ volatile("csrr %0, " #csr : "+r"(value_) : : "memory");                        \
        value_;                                                                                \
    })
#define WRITE(csr, value)                                                                      \
    __asm__ volatile("csrw " #csr ", %0" : : "r"((uint32_t)(value)) : "memory")
#define RUN(insn) __asm__ volatile(insn : : : "memory")

static inline volatile uint8_t *at8(uint32_t address)
{
    return (volatile uint8_t *)address;
}

static inline volatile uint16_t *at16(uint32_t address)
{
    return (volatile uint16_t *)address;
}

static inline volatile uint32_t *at32(uint32_t address)
{
    return (volatile uint32_t *)address;
}

/* Let some time go by: ticks of `time`, in the machine's own measure. */
void pass(uint32_t ticks);

/* A line for the console: printed by finish(), for the UART may be what is looked at. */
void line(const char *name, uint32_t value);

/* Print all lines, and switch the machine off. */
_Noreturn void finish(void);

#endif

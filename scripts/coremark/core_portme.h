/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core_portme.h - what CoreMark asks of a port, for the host and for PZ32: types, and how a run
 * gets its seeds, its memory and its number of iterations. The times that it prints mean nothing:
 * ../coremark.sh measures.
 */
#ifndef CORE_PORTME_H
#define CORE_PORTME_H

#include <stddef.h>
#include <stdint.h>

#define HAS_FLOAT 0
#define HAS_STDIO 0
#define HAS_PRINTF 0
#define SEED_METHOD SEED_VOLATILE
#define MEM_METHOD MEM_STATIC
#define MEM_LOCATION "static"
#define MULTITHREAD 1
#define MAIN_HAS_NOARGC 1
#define MAIN_HAS_NORETURN 0
#define COMPILER_VERSION __VERSION__
#ifndef COMPILER_FLAGS
#define COMPILER_FLAGS ""
#endif

typedef int8_t ee_s8;
typedef int16_t ee_s16;
typedef int32_t ee_s32;
typedef uint8_t ee_u8;
typedef uint16_t ee_u16;
typedef uint32_t ee_u32;
typedef uintptr_t ee_ptr_int;
typedef size_t ee_size_t;
typedef uint32_t CORE_TICKS;

/* Room for a pointer in the list's items: the same on every host, so that the lists are as long. */
#define POINTER_SPACE 8
#define align_mem(x) (void *)(((ee_ptr_int)(x) + 3) & ~(ee_ptr_int)3)

typedef struct {
    ee_u8 unused;
} core_portable;

extern ee_u32 default_num_contexts;

int ee_printf(const char *format, ...);
void portable_init(core_portable *port, int *argc, char *argv[]);
void portable_fini(core_portable *port);

/* What main() of CoreMark is here. */
#define main coremark_main
int coremark_main(void);

#endif

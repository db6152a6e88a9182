/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - what the parts of the benchmark kernel owe each other. It is a small honest kernel:
 * processes with address spaces of their own, fork, exec and wait, pipes, demand-zero memory, a
 * timer; one stack, since a call that must wait is made again when its process is woken.
 */
#ifndef BENCH_KERNEL_H
#define BENCH_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "calls.h"
#include "memlayout.h"
#include "riscv.h"
#include "sbi.h"
#include "trapframe.h"

#define MEMORY_SIZE (4u << 20) /* all that a guest uses: its first superpage */
#define PTE_SHARED 0x100u      /* ours (RSW): of the image, so neither copied nor freed */
#define USER_FLAGS (PTE_V | PTE_U | PTE_A | PTE_D)
#define PROCESSES 72
#define DEVICE_VA 0xffc00000u /* the UART's page, in every address space */

typedef uint32_t pte_t;

enum process_state { PROCESS_FREE, PROCESS_READY, PROCESS_WAITING, PROCESS_DEAD };

struct process {
    struct trapframe frame; /* first: a frame's address is its process's */
    pte_t *root;
    uint32_t satp;
    uint32_t state;      /* enum process_state */
    const void *channel; /* PROCESS_WAITING: for what */
    struct process *parent;
    uint32_t status;                   /* PROCESS_DEAD: what it exited with */
    uint32_t demand_start, demand_end; /* touched there, pages come into being */
};

/* boot.S, trap.S, bench.ld */
extern uint32_t bench_count;
extern pte_t kernel_root[];
extern char user_image[], user_text[], user_rodata[], user_data[], user_end[];
extern char bss_end[], trap_entry[], trap_entry_para[], skip_entry[], fast_entry[];
extern char TIMEBASE_HZ[];
_Noreturn void trap_return(struct trapframe *frame);
_Noreturn void trap_return_para(struct trapframe *frame);

/* main.c, by boot.S */
_Noreturn void kernel_main(uint32_t base);
/* What a guest does: run_user.c for processes, or a nanobenchmark in the kernel itself. */
void bench_start(uint32_t count);

/* memory.c */
void memory_init(void);
void *page_alloc(void);
void page_free(void *page);
pte_t *space_new(void);
void space_free(pte_t *root);
bool space_copy(pte_t *to, const pte_t *from);
bool space_image(pte_t *root);
bool space_map(pte_t *root, uint32_t va, const void *page, uint32_t flags);
pte_t *space_entry(pte_t *root, uint32_t va); /* NULL: no table there */
void space_unmap(pte_t *root, uint32_t va, uint32_t pages);

/* process.c */
extern struct process *current;
struct process *process_new(void);
void process_start(struct process *process, uint32_t argument);
struct trapframe *process_yield(void);
struct trapframe *process_wait_for(const void *channel);
void process_wake(const void *channel);
struct trapframe *process_fork(void);
struct trapframe *process_exec(uint32_t entry, uint32_t argument);
struct trapframe *process_exit(uint32_t status);
struct trapframe *process_wait(void);

/* para.c */
#define PARA_WRITES 2
void para_start(void); /* before the first process */
bool para_shares(void);
/* Write at most PARA_WRITES entries, and forget what was kept of the pages at va. */
void para_write(pte_t *const entry[], const pte_t value[], const uint32_t va[], uint32_t count);

/* pipe.c */
struct trapframe *pipe_write(uint32_t pipe, uint32_t from, uint32_t len);
struct trapframe *pipe_read(uint32_t pipe, uint32_t to, uint32_t len);

/* trap.c, called by trap.S */
struct trapframe *trap(struct trapframe *frame);

/* print.c */
void print(const char *text);
void print_hex(uint32_t value);
void print_mark(enum bench_mark mark);
void print_result(uint32_t result);
_Noreturn void panic(const char *why, uint32_t a, uint32_t b);
void memory_copy(void *to, const void *from, uint32_t len);

static inline void space_use(uint32_t satp)
{
    csr_write(satp, satp);
}

#endif

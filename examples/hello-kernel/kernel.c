/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.c - a minimal kernel for PZ32, or QEMU's virt machine: it prints, takes timer
 * interrupts, and turns paging on. docs/board.md describes the machine; kernel.ld says where
 * the kernel is linked.
 */
#include <stdint.h>

#define TICK 1000000u /* of `time`: 10 ms at PZ32's 100 MHz */
#define SIE_STIE (1u << 5)
#define SSTATUS_SIE (1u << 1)
#define SCAUSE_TIMER 0x80000005u

/* ---- Firmware: the SBI specification ---- */

enum { SBI_PUTCHAR = 1, SBI_TIMER = 0x54494d45, SBI_RESET = 0x53525354 };

static long sbi(long extension, long function, long first, long second)
{
    register long a0 __asm__("a0") = first;
    register long a1 __asm__("a1") = second;
    register long a6 __asm__("a6") = function;
    register long a7 __asm__("a7") = extension;

    __asm__ volatile("ecall" : "+r"(a0), "+r"(a1) : "r"(a6), "r"(a7) : "memory");
    return a0;
}

static void print(const char *text)
{
    while (*text)
        sbi(SBI_PUTCHAR, 0, *text++, 0);
}

static void print_hex(uint32_t value)
{
    print("0x");
    for (int shift = 28; shift >= 0; shift -= 4)
        sbi(SBI_PUTCHAR, 0, "0123456789abcdef"[value >> shift & 15], 0);
}

static void power_off(int failed)
{
    sbi(SBI_RESET, 0, 0, failed); /* type: shut down; reason: none, or system failure */
    for (;;)
        __asm__ volatile("wfi");
}

/* ---- Traps ---- */

static volatile unsigned ticks;

static uint32_t now(void)
{
    uint32_t low;

    __asm__ volatile("rdtime %0" : "=r"(low));
    return low;
}

/* The deadline has 64 bits, but this kernel ends long before the lower half wraps around. */
static void set_timer(void)
{
    sbi(SBI_TIMER, 0, (long)(now() + TICK), 0);
}

/*
 * The compiler saves registers and returns with sret. stvec requires an address that is a
 * multiple of 4.
 */
__attribute__((interrupt("supervisor"), aligned(4))) static void trap(void)
{
    uint32_t scause, sepc, stval;

    __asm__ volatile("csrr %0, scause" : "=r"(scause));
    if (scause == SCAUSE_TIMER) {
        ticks++;
        set_timer();
        return;
    }
    __asm__ volatile("csrr %0, sepc" : "=r"(sepc));
    __asm__ volatile("csrr %0, stval" : "=r"(stval));
    print("trap: scause "), print_hex(scause);
    print(", sepc "), print_hex(sepc);
    print(", stval "), print_hex(stval), print("\n");
    power_off(1);
}

static void take_ticks(unsigned wanted)
{
    __asm__ volatile("csrw stvec, %0" ::"r"(trap));
    __asm__ volatile("csrs sie, %0" ::"r"(SIE_STIE));
    set_timer();
    __asm__ volatile("csrs sstatus, %0" ::"r"(SSTATUS_SIE));
    while (ticks < wanted)
        __asm__ volatile("wfi");
    __asm__ volatile("csrc sstatus, %0" ::"r"(SSTATUS_SIE));
}

/* ---- Paging: Sv32, in pages of 4 MiB ---- */

#define PTE_ALL 0xcfu /* V, R, W, X, A, D */
#define ALIAS 0xc0000000u
static uint32_t root[1024] __attribute__((aligned(4096)));

/* Maps the kernel where it already is, so that the next instruction is mapped, and at ALIAS. */
static void turn_paging_on(uint32_t kernel)
{
    uint32_t page = kernel & ~0x3fffffu;

    root[page >> 22] = page >> 2 | PTE_ALL;
    root[ALIAS >> 22] = page >> 2 | PTE_ALL;
    __asm__ volatile("csrw satp, %0; sfence.vma" ::"r"(1u << 31 | (uint32_t)root >> 12)
                     : "memory");
}

/* ---- Entry ---- */

static volatile uint32_t mark = 0x600d600d;

void kernel_main(uint32_t hart, uint32_t device_tree);
void kernel_main(uint32_t hart, uint32_t device_tree)
{
    uint32_t at = (uint32_t)&mark;

    print("hello from hart "), print_hex(hart);
    print(", device tree at "), print_hex(device_tree), print("\n");
    take_ticks(3);
    print("3 timer interrupts\n");
    turn_paging_on(at);
    print("paging is on: "), print_hex(*(volatile uint32_t *)(ALIAS | (at & 0x3fffff)));
    print(mark == 0x600d600d ? " at both addresses\n" : "?\n");
    power_off(0);
}

/* Firmware enters here in supervisor mode: a0 is the hart ID, a1 the device tree's address. */
__attribute__((naked, section(".text.start"))) void _start(void);
void _start(void)
{
    __asm__ volatile("la sp, stack_top\n"
                     "call kernel_main");
}

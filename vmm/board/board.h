/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.h - the computer around the CPU: firmware (SBI), timer, power, and devices where QEMU's
 * `virt` machine has them, over memory provided by its owner. The bare machine and every VM use
 * this one implementation: that is what makes a VM functionally identical to the computer. Nothing
 * here knows whether a monitor is underneath. State is plain data; copying a struct board copies
 * the machine's.
 */
#ifndef PZ_VMM_BOARD_BOARD_H
#define PZ_VMM_BOARD_BOARD_H

#include "isa/exec.h"
#include "isa/phys.h"
#include "vmm/board/harts.h"
#include "vmm/board/limit.h"
#include "vmm/board/plic.h"
#include "vmm/board/rtc.h"
#include "vmm/board/virtio.h"

/* The memory map, and the PLIC's sources. RAM hides devices at the same addresses. */
#define BOARD_FINISHER_BASE 0x00100000u
#define BOARD_FINISHER_SIZE 0x1000u
#define BOARD_RTC_BASE 0x00101000u
#define BOARD_RTC_SIZE 0x1000u
#define BOARD_PLIC_BASE 0x0c000000u
#define BOARD_PLIC_SIZE 0x00600000u
#define BOARD_UART_BASE 0x10000000u
#define BOARD_UART_SIZE 8u
#define BOARD_VIRTIO_BASE 0x10001000u
#define BOARD_VIRTIO_STRIDE 0x1000u
#define BOARD_SLOTS 8u
enum board_source {
    BOARD_VIRTIO_SOURCE = 1, /* of slot 0; the others follow */
    BOARD_UART_SOURCE = 10,
    BOARD_RTC_SOURCE = 11,
};

#define BOARD_TIMEBASE_HZ 100000000u /* ticks of `time` in a guest's second */
#define BOARD_UART_HZ 3686400u       /* the UART's clock: 16 cycles per bit */
#define BOARD_LOOK_TICKS 100000u     /* the interval of polls for input */
#define BOARD_NEVER UINT64_MAX
#define BOARD_INPUT_ENDED (-2)

struct board;

/* What a guest asks of a disk. */
enum board_disk_op {
    BOARD_DISK_READ,
    BOARD_DISK_WRITE,
    BOARD_DISK_FLUSH,   /* make earlier writes durable */
    BOARD_DISK_DISCARD, /* drop the range: it reads as zero, so that runs stay identical */
    BOARD_DISK_ZERO,
};

struct board_disk_request {
    enum board_disk_op op;
    uint64_t offset, len; /* bytes, multiples of 512, within the disk */
    const struct virtq_buffer *buffers;
    unsigned count;
    bool through; /* write through: durable before this returns */
};

/* False: the operation failed; the guest gets an I/O error. */
struct board_disks {
    bool (*request)(void *owner, unsigned slot, const struct board_disk_request *request);
    void *owner;
};

#define BOARD_NET_ENDED UINT32_MAX
#define BOARD_FRAME_MOST 1518u /* bytes of an Ethernet frame, with a VLAN's tag */

struct board_net {
    void (*out)(void *owner, unsigned slot, const uint8_t *frame, uint32_t len);
    /*
     * Receive a frame of at most BOARD_FRAME_MOST bytes; 0: none now; BOARD_NET_ENDED: none now or
     * later.
     */
    uint32_t (*in)(void *owner, unsigned slot, uint8_t *frame);
    void *owner;
};

/* Where the boot hart enters its kernel, and the value of a1 there. */
struct board_entry {
    uint32_t pc, dtb;
};

/*
 * Reloads the images that a machine starts with: kernel, initial RAM disk, device tree. Each is
 * written to its place, zeros included; other memory is unchanged. False: that failed. NULL: the
 * machine cannot restart, and powers off instead.
 */
struct board_images {
    bool (*load)(void *owner, struct board *board, struct board_entry *entry);
    void *owner;
};

/* What the host does for a board. Called at points fixed by the guest's retired count. */
struct board_host {
    void (*console_out)(void *owner, const uint8_t *bytes, uint32_t len);
    /* The next byte typed; -1: none now; BOARD_INPUT_ENDED: none now or later. */
    int (*console_in)(void *owner);
    /* Called before each trap that the guest takes or the firmware serves. May be NULL. */
    void (*observe)(void *owner, const struct hart *hart, const struct trap *trap);
    void *owner;
    struct board_disks disks;
    struct board_net net;
    struct board_images images;
};

enum board_power {
    BOARD_ON,
    BOARD_OFF,     /* the guest shut down, and said that all was well */
    BOARD_FAILED,  /* the guest shut down, and said that it had failed */
    BOARD_IDLE,    /* it waits for an interrupt that can never arrive */
    BOARD_STUCK,   /* its trap handler traps forever without retiring an instruction */
    BOARD_RESTART, /* the guest asked for it; transient (restart.h) */
};

enum uart_register {
    UART_DATA, /* RBR, THR; DLL with DLAB */
    UART_IER,  /* DLM with DLAB */
    UART_FCR,  /* IIR when read */
    UART_LCR,
    UART_MCR,
    UART_LSR,
    UART_MSR,
    UART_SCR,
    UART_REGISTERS
};
#define UART_LCR_DLAB 0x80

/* The plain read/write registers of a 16550, and its receiver (uart.h). */
struct uart {
    uint8_t at[UART_REGISTERS]; /* by offset */
    uint8_t latch[2];           /* the divisor: DLL, DLM */
    uint8_t sent;               /* the transmitter has become empty; not acknowledged yet */
    uint8_t overrun;            /* a byte found the receiver full; not acknowledged yet */
    uint8_t count;              /* bytes in the receiver, sent by loop mode; oldest first */
    uint8_t looped[16];
    uint64_t silent; /* `time` at which the receiver has been silent for four characters */
};

struct console {
    int16_t ahead; /* a byte taken from the host but not yet by the guest, or -1 */
    uint8_t ended; /* the host will send no more */
    struct uart uart;
};

/* An SBI extension served by the board's owner; see sbi_call(). */
struct board_extra {
    uint32_t extension;
    void (*serve)(struct board *board, struct hart *hart); /* may be NULL */
};

struct board {
    struct phys *phys; /* the memory; not owned */
    struct board_extra extra;
    /*
     * A fence for all harts, provided by their owner: SFENCE.VMA, or FENCE.I if the fence is NULL.
     */
    void (*fence)(struct board *board, const struct exec_fence *fence);
    /* Zero `len` bytes of RAM at `pa`; provided by the owner of RAM. */
    void (*clear)(struct board *board, uint64_t pa, uint64_t len);
    /* The guest gives up a page of RAM, which becomes zero; provided by the owner of RAM. */
    void (*give_up)(struct board *board, uint64_t pa);
    uint64_t ram_base, ram_size; /* all of it */
    struct harts harts;
    struct board_host host;
    struct console console;
    struct plic plic;
    struct rtc rtc;
    struct virtio slots[BOARD_SLOTS];
    struct limit limits[LIMITS];
    uint8_t fitted;    /* number of slots that may hold a device */
    uint64_t deadline; /* `time` at which the current hart's timer interrupt becomes pending */
    uint64_t next;     /* `time` at which devices need attention; 0: at once */
    uint64_t now;      /* `time`, while a device is at work; else 0 */
    uint64_t look;     /* `time` of the next poll for input; 0: now */
    bool net_ended;    /* the host will send no more frames */
    uint8_t power;     /* enum board_power */
    bool cold;         /* a restart clears RAM */
    uint64_t restarts; /* for reports; invisible to guests */
    uint64_t traps;    /* taken by the guest or served by firmware, interrupts too */
    uint64_t trap_retired; /* retired count at the last trap... */
    uint32_t trap_run;     /* ...and traps since an instruction last retired */
};

void board_init(struct board *board, struct phys *phys, const struct board_host *host);

/* Put a device into a slot, before the guest boots. Other slots are empty. */
void board_fit(struct board *board, unsigned slot, const struct virtio_config *config);

/* Reset state of a hart about to enter a kernel: a0 = hart id 0, a1 = address of the tree. */
void board_boot(struct hart *hart, uint32_t entry, uint32_t dtb);

/*
 * Handle a page fault of a nested guest. True: the firmware has filled the shadow, and the guest
 * must retry (sbi_nested.c). Part of board_trap().
 */
bool board_fill(struct board *board, const struct hart *hart, const struct trap *trap);

/*
 * Ask the machine's balloon for `pages` pages on behalf of the host. Call between two instructions
 * of the guest; recordings do not contain it. False: the machine has no balloon.
 */
bool board_want(struct board *board, uint32_t pages);

/*
 * The target size of the balloon, and the size that its driver reports. False: there is no balloon.
 */
bool board_balloon(const struct board *board, uint32_t *wanted, uint32_t *given);

/*
 * Does the firmware serve the trap: an ECALL from supervisor mode, or an instruction that it
 * emulates (sstc.h)?
 */
bool board_serves(const struct hart *hart, const struct trap *trap);

/*
 * Deliver a trap: the firmware serves it, or it enters the guest's own handler. Afterwards
 * board->power may have changed.
 */
void board_trap(struct board *board, struct hart *hart, const struct trap *trap);

/*
 * The hart whose turn is next. HARTS_NOBODY: none can run for `*ticks`, or ever if that is
 * BOARD_NEVER; board->power then says so.
 */
unsigned board_next_hart(struct board *board, const struct hart *hart, uint64_t *ticks);

/*
 * Let devices do their work due by `now`. Call before board_interrupt(): only this call makes the
 * effect of device accesses on interrupts visible.
 */
void board_attend(struct board *board, uint64_t now);

static inline bool board_attention(const struct board *board, uint64_t now)
{
    return now >= board->next;
}

static inline void board_advance(struct board *board, uint64_t now)
{
    if (__builtin_expect(board_attention(board, now), 0))
        board_attend(board, now);
}

/* The value of sip at `time`, from timer and devices. */
uint32_t board_sip(const struct board *board, const struct hart *hart, uint64_t time);

/*
 * Update the pending bits from `time` and the devices. Returns the interrupt to take before the
 * next instruction, a scause value for board_trap(), or 0. Call before every entry to the CPU.
 */
uint32_t board_interrupt(const struct board *board, struct hart *hart);

/* Instructions that may retire before interrupts and turns must be checked again. */
uint64_t board_budget(const struct board *board, const struct hart *hart);

/* As board_budget(), for the devices alone. */
uint64_t board_device_budget(const struct board *board, const struct hart *hart);

/*
 * A WFI has retired: the ticks until the hart wakes, 0 for at once. BOARD_NEVER: no interrupt can
 * arrive, and board->power says so. With several harts the turn may be over instead: then the
 * result is 0, and harts_next() gives the next hart.
 */
uint64_t board_wait(struct board *board, const struct hart *hart);

/* Perform a device access at `now` for struct phys. False: there is no register of that width. */
bool board_io(struct board *board, uint64_t now, uint64_t pa, unsigned width, bool store,
              uint32_t *value);

/*
 * State by name: part `i` of the board; part 0 is the board itself. False: there are no more. After
 * restoring the parts, call board_restored().
 */
bool board_part(struct board *board, unsigned i, struct state_part *part);
void board_restored(struct board *board);

/* The console's status, as io.probe gives it (variant.h). `board` is a struct board. */
uint32_t board_status(void *board);

/* Change the address of the network card in a slot, and notify its driver. Call as board_want(). */
void board_readdress(struct board *board, unsigned slot, const uint8_t mac[6]);

/* A text for each way a machine can end. */
const char *board_power_text(enum board_power power);

#endif

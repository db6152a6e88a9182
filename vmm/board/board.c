/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.c - what holds the board together: boot, delivery of traps, interrupts, waiting, and
 * which device answers at which address. Each device is in a file of its own.
 */
#include "vmm/board/board.h"

#include "vmm/board/console.h"
#include "vmm/board/sbi.h"
#include "vmm/board/timer.h"

/*
 * Traps in a row without a retired instruction before the machine counts as stuck. `time` stands
 * still in such a loop, so no deadline or budget would ever end it.
 */
#define TRAP_RUN_MOST 100000u

void board_init(struct board *board, struct phys *phys, const struct board_host *host)
{
    memset(board, 0, sizeof *board);
    board->phys = phys;
    board->host = *host;
    board->power = BOARD_ON;
    console_init(&board->console);
    timer_init(board);
}

void board_boot(struct hart *hart, uint32_t entry, uint32_t dtb)
{
    enum { A0 = 10, A1 = 11 };

    hart_reset(hart, entry);
    hart->x[A0] = 0;
    hart->x[A1] = dtb;
}

static void count_trap(struct board *board, const struct hart *hart)
{
    if (board->trap_retired != hart->retired)
        board->trap_run = 0;
    board->trap_retired = hart->retired;
    board->traps++;
    if (++board->trap_run > TRAP_RUN_MOST)
        board->power = BOARD_STUCK;
}

void board_trap(struct board *board, struct hart *hart, const struct trap *trap)
{
    if (board->host.observe)
        board->host.observe(board->host.owner, hart, trap);
    if (trap->cause == CAUSE_ECALL_SUPERVISOR)
        sbi_call(board, hart);
    else
        hart_trap(hart, trap);
    count_trap(board, hart);
}

uint32_t board_interrupt(const struct board *board, struct hart *hart)
{
    timer_update(board, hart);
    return hart_interrupt(hart);
}

uint64_t board_budget(const struct board *board, const struct hart *hart)
{
    return timer_remaining(board, hart);
}

uint64_t board_wait(struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart);
    bool timer_wakes = board->deadline != BOARD_NEVER && (hart->sie & IRQ_BIT(IRQ_STIMER));

    if (hart_wakeup(hart))
        return 0;
    if (timer_wakes)
        return board->deadline > now ? board->deadline - now : 0;
    board->power = BOARD_IDLE;
    return BOARD_NEVER;
}

bool board_io(struct board *board, uint64_t pa, unsigned width, bool store, uint32_t *value)
{
    (void)width; /* any width reaches the byte-wide registers */
    if (pa < BOARD_UART_BASE || pa >= BOARD_UART_BASE + BOARD_UART_SIZE)
        return false;
    if (store)
        console_uart_store(board, (unsigned)(pa - BOARD_UART_BASE), (uint8_t)*value);
    else
        *value = console_uart_load(board, (unsigned)(pa - BOARD_UART_BASE));
    return true;
}

uint32_t board_status(void *owner)
{
    enum { MCR = 4, LSR = 5 };
    struct board *board = owner;

    return console_uart_load(board, LSR) | console_uart_load(board, MCR) << 8;
}

const char *board_power_text(enum board_power power)
{
    static const char *const text[] = {
        [BOARD_ON] = "running",
        [BOARD_OFF] = "shut down",
        [BOARD_FAILED] = "shut down, reporting a failure",
        [BOARD_IDLE] = "waits for an interrupt that can never come",
        [BOARD_STUCK] = "its trap handler traps without end",
    };

    return text[power];
}

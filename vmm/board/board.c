/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.c - the board as a whole: boot, delivery of traps, interrupts, waiting, and which
 * device is at which address. Each device has its own file.
 */
#include "vmm/board/board.h"

#include "vmm/board/console.h"
#include "vmm/board/finisher.h"
#include "vmm/board/sbi.h"
#include "vmm/board/sstc.h"
#include "vmm/board/timer.h"
#include "vmm/board/uart.h"

/*
 * The machine counts as stuck after this many traps in a row without a retired instruction. In such
 * a loop `time` stands still and no other hart gets a turn, so nothing could ever end it: few traps
 * prove as much as many.
 */
#define TRAP_RUN_MOST 1000u

void board_init(struct board *board, struct phys *phys, const struct board_host *host)
{
    memset(board, 0, sizeof *board);
    board->phys = phys;
    board->host = *host;
    board->power = BOARD_ON;
    console_init(&board->console);
    plic_reset(&board->plic);
    rtc_reset(&board->rtc);
    timer_init(board);
    harts_init(&board->harts);
    board->next = BOARD_NEVER;
    for (unsigned slot = 0; slot < BOARD_SLOTS; slot++)
        virtio_init(&board->slots[slot], slot, &(struct virtio_config){.legacy = true});
}

void board_fit(struct board *board, unsigned slot, const struct virtio_config *config)
{
    virtio_init(&board->slots[slot], slot, config);
    if (slot >= board->fitted)
        board->fitted = (uint8_t)(slot + 1);
}

bool board_want(struct board *board, uint32_t pages)
{
    bool found = false;

    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (board->slots[slot].config.device == VIRTIO_BALLOON) {
            virtio_want(&board->slots[slot], pages);
            found = true;
        }
    board->next = 0;
    return found;
}

bool board_balloon(const struct board *board, uint32_t *wanted, uint32_t *given)
{
    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (board->slots[slot].config.device == VIRTIO_BALLOON) {
            *wanted = board->slots[slot].target;
            *given = board->slots[slot].actual;
            return true;
        }
    return false;
}

void board_readdress(struct board *board, unsigned slot, const uint8_t mac[6])
{
    virtio_readdress(&board->slots[slot], mac);
    board->next = 0;
}

void board_boot(struct hart *hart, uint32_t entry, uint32_t dtb)
{
    enum { A0 = 10, A1 = 11 };

    hart->retired = hart->skipped = 0;
    harts_reset_registers(hart, entry);
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

bool board_fill(struct board *board, const struct hart *hart, const struct trap *trap)
{
    if (!sbi_nested_fill(board, hart, trap))
        return false;
    count_trap(board, hart);
    return true;
}

bool board_serves(const struct hart *hart, const struct trap *trap)
{
    return trap->cause == CAUSE_ECALL_SUPERVISOR || sstc_serves(hart, trap);
}

void board_trap(struct board *board, struct hart *hart, const struct trap *trap)
{
    if (trap->cause >= CAUSE_INSN_PAGE_FAULT && board_fill(board, hart, trap))
        return;
    if (board->host.observe)
        board->host.observe(board->host.owner, hart, trap);
    if (trap->cause == CAUSE_ECALL_SUPERVISOR)
        sbi_call(board, hart);
    else if (sstc_serves(hart, trap))
        sstc_serve(board, hart, trap);
    else if (!sbi_nested_end(board, hart, trap))
        hart_trap(hart, trap);
    count_trap(board, hart);
}

/* ---- Time and interrupts ---- */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Is any device waiting for input from the host? */
static bool listens(const struct board *board)
{
    if (uart_listens(board))
        return true;
    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (virtio_listens(board, &board->slots[slot]))
            return true;
    return false;
}

static void look(struct board *board)
{
    if (uart_listens(board))
        (void)console_peek(board);
    for (unsigned slot = 0; slot < board->fitted; slot++)
        if (virtio_listens(board, &board->slots[slot]))
            virtio_look(board, &board->slots[slot]);
}

/* Polls the host for input if a poll is due; returns when to poll again. */
static uint64_t look_if_due(struct board *board, uint64_t now)
{
    if (!listens(board))
        return BOARD_NEVER;
    if (now >= board->look) {
        look(board);
        board->look = now + BOARD_LOOK_TICKS;
    }
    return listens(board) ? board->look : BOARD_NEVER;
}

void board_attend(struct board *board, uint64_t now)
{
    uint64_t held = BOARD_NEVER;

    board->now = now;
    for (unsigned slot = 0; slot < board->fitted; slot++)
        held = earlier(held, virtio_resume(board, &board->slots[slot], now));
    board->next = earlier(look_if_due(board, now), rtc_advance(&board->rtc, now));
    board->next = earlier(board->next, held);
    board->next = earlier(board->next, uart_alarm(&board->console.uart, now));
    plic_set_level(&board->plic, BOARD_UART_SOURCE, uart_pending(board));
    plic_set_level(&board->plic, BOARD_RTC_SOURCE, rtc_pending(&board->rtc));
    for (unsigned slot = 0; slot < board->fitted; slot++)
        plic_set_level(&board->plic, BOARD_VIRTIO_SOURCE + slot,
                       virtio_pending(&board->slots[slot]));
    board->next = earlier(board->next, plic_advance(&board->plic, now));
    board->now = 0;
}

uint32_t board_sip(const struct board *board, const struct hart *hart, uint64_t time)
{
    uint32_t sip = hart->sip & ~(IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT));

    if (time >= board->deadline)
        sip |= IRQ_BIT(IRQ_STIMER);
    if (plic_pending(&board->plic, board->harts.current))
        sip |= IRQ_BIT(IRQ_SEXT);
    return sip;
}

unsigned board_next_hart(struct board *board, const struct hart *hart, uint64_t *ticks)
{
    uint64_t now = hart_time(hart), wake;
    unsigned next;

    board_advance(board, now);
    next = harts_next(board, now);
    if (next != HARTS_NOBODY)
        return next;
    wake = harts_wake(board);
    *ticks = wake == BOARD_NEVER ? BOARD_NEVER : wake - now;
    if (wake == BOARD_NEVER)
        board->power = BOARD_IDLE;
    return HARTS_NOBODY;
}

uint32_t board_interrupt(const struct board *board, struct hart *hart)
{
    hart->sip = board_sip(board, hart, hart_time(hart));
    return hart_interrupt(hart);
}

uint64_t board_device_budget(const struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart);

    return board->next > now && board->next != BOARD_NEVER ? board->next - now : BOARD_NEVER;
}

uint64_t board_budget(const struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart), event = BOARD_NEVER;

    /* Events that are already due have been made pending: only later ones count. */
    if (board->deadline > now)
        event = board->deadline;
    if (board->next > now)
        event = earlier(event, board->next);
    event = event == BOARD_NEVER ? BOARD_NEVER : event - now;
    return earlier(event, harts_left(&board->harts, hart));
}

/* The earliest time at which an interrupt that the hart has enabled may come. */
static uint64_t wakes_at(const struct board *board, const struct hart *hart)
{
    uint64_t timer = hart->sie & IRQ_BIT(IRQ_STIMER) ? board->deadline : BOARD_NEVER;
    uint64_t device = hart->sie & IRQ_BIT(IRQ_SEXT) ? board->next : BOARD_NEVER;

    return earlier(timer, device);
}

uint64_t board_wait(struct board *board, const struct hart *hart)
{
    uint64_t now = hart_time(hart), wake = wakes_at(board, hart);

    if (hart_wakeup(hart))
        return 0;
    if (board->harts.count > 1) {
        harts_wait(board, hart);
        return 0;
    }
    if (wake != BOARD_NEVER)
        return wake > now ? wake - now : 0;
    board->power = BOARD_IDLE;
    return BOARD_NEVER;
}

/* ---- Devices ---- */

static bool uart_io(struct board *board, uint32_t offset, bool store, uint32_t *value)
{
    if (store)
        uart_store(board, offset, (uint8_t)*value);
    else
        *value = uart_load(board, offset);
    return true;
}

static bool plic_io(struct board *board, uint64_t now, uint32_t offset, bool store,
                    uint32_t *value)
{
    if (store)
        plic_store(&board->plic, offset, *value, now);
    else
        *value = plic_load(&board->plic, offset);
    return true;
}

static bool rtc_io(struct board *board, uint64_t now, uint32_t offset, bool store,
                   uint32_t *value)
{
    if (store)
        rtc_store(&board->rtc, offset, *value, now);
    else
        *value = rtc_load(&board->rtc, offset, now);
    return true;
}

static bool finisher_io(struct board *board, uint32_t offset, bool store, uint32_t *value)
{
    if (store)
        finisher_store(board, offset, *value);
    else
        *value = 0;
    return true;
}

static bool virtio_io(struct board *board, uint32_t offset, unsigned width, bool store,
                      uint32_t *value)
{
    struct virtio *virtio = &board->slots[offset / BOARD_VIRTIO_STRIDE];

    offset %= BOARD_VIRTIO_STRIDE;
    if (store)
        virtio_store(board, virtio, offset, width, *value);
    else
        *value = virtio_load(virtio, offset, width);
    return true;
}

/*
 * Accesses of any width reach the UART's byte-wide registers; the finisher takes half-words, as in
 * QEMU.
 */
static bool device_io(struct board *board, uint64_t now, uint64_t pa, unsigned width,
                      bool store, uint32_t *value)
{
    if (pa - BOARD_UART_BASE < BOARD_UART_SIZE)
        return uart_io(board, (uint32_t)(pa - BOARD_UART_BASE), store, value);
    if (pa - BOARD_VIRTIO_BASE < BOARD_SLOTS * BOARD_VIRTIO_STRIDE)
        return virtio_io(board, (uint32_t)(pa - BOARD_VIRTIO_BASE), width, store, value);
    if (pa - BOARD_FINISHER_BASE < BOARD_FINISHER_SIZE && width > 1)
        return finisher_io(board, (uint32_t)(pa - BOARD_FINISHER_BASE), store, value);
    if (width != 4)
        return false;
    if (pa - BOARD_PLIC_BASE < BOARD_PLIC_SIZE)
        return plic_io(board, now, (uint32_t)(pa - BOARD_PLIC_BASE), store, value);
    if (pa - BOARD_RTC_BASE < BOARD_RTC_SIZE)
        return rtc_io(board, now, (uint32_t)(pa - BOARD_RTC_BASE), store, value);
    return false;
}

bool board_io(struct board *board, uint64_t now, uint64_t pa, unsigned width, bool store,
              uint32_t *value)
{
    bool there;

    board->now = now;
    there = device_io(board, now, pa, width, store, value);
    board->now = 0;
    if (there)
        board->next = 0;
    return there;
}

/* ---- State by name ---- */

static const struct state_field board_state[] = {
    STATE_FIELD(struct board, deadline),
    STATE_FIELD(struct board, next),
    STATE_FIELD(struct board, look),
    STATE_FIELD(struct board, power),
    STATE_FIELD(struct board, net_ended),
    STATE_FIELD(struct board, traps),
    STATE_FIELD(struct board, trap_retired),
    STATE_FIELD(struct board, trap_run),
    STATE_END,
};

bool board_part(struct board *board, unsigned i, struct state_part *part)
{
    const struct state_part parts[] = {
        {"board", 0, board_state, board},
        {"harts", 0, harts_state, &board->harts},
        {"uart", 0, console_state, &board->console},
        {"plic", 0, plic_state, &board->plic},
        {"rtc", 0, rtc_state, &board->rtc},
    };

    const unsigned own = sizeof parts / sizeof parts[0], harts = board->harts.count;

    if (i < own)
        *part = parts[i];
    else if ((i -= own) < harts)
        *part = (struct state_part){"hart", i, harts_hart_state, &board->harts.of[i]};
    else if ((i -= harts) < board->fitted)
        *part = (struct state_part){"virtio", i, virtio_state, &board->slots[i]};
    else if (board->fitted && (i -= board->fitted) < LIMITS)
        *part = (struct state_part){"limit", i, limit_state, &board->limits[i]};
    else if (harts > 1 && i == (board->fitted ? LIMITS : 0))
        *part = (struct state_part){"wanted", 0, harts_wanted_state, &board->harts};
    else
        return false;
    return true;
}

void board_restored(struct board *board)
{
    plic_restored(&board->plic);
    for (unsigned slot = 0; slot < board->fitted; slot++)
        virtio_restored(&board->slots[slot]);
}

uint32_t board_status(void *owner)
{
    struct board *board = owner;

    return uart_load(board, UART_LSR) | uart_load(board, UART_MCR) << 8;
}

const char *board_power_text(enum board_power power)
{
    static const char *const text[] = {
        [BOARD_ON] = "running",
        [BOARD_OFF] = "shut down",
        [BOARD_FAILED] = "shut down, reporting a failure",
        [BOARD_IDLE] = "waits for an interrupt that can never come",
        [BOARD_STUCK] = "its trap handler traps endlessly",
        [BOARD_RESTART] = "restarts",
    };

    return text[power];
}

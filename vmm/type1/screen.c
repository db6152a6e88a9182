/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.c - the firmware's console, shared.
 */
#include "vmm/type1/screen.h"

#include "isa/phys.h"
#include "vmm/type1/firmware.h"

void screen_init(struct screen *screen, unsigned count)
{
    memset(screen, 0, sizeof *screen);
    screen->count = count;
    screen->ahead = -1;
}

void screen_number(uint64_t number, unsigned base)
{
    char digits[24];
    uint32_t at = sizeof digits;

    do
        digits[--at] = "0123456789abcdef"[number % base];
    while (number /= base);
    firmware_write(digits + at, (uint32_t)sizeof digits - at);
}

static void end_line(struct screen *screen, unsigned vm)
{
    if (!screen->lens[vm])
        return;
    firmware_puts("[vm");
    screen_number(vm, 10);
    firmware_puts("] ");
    firmware_write(screen->lines[vm], screen->lens[vm]);
    if (screen->lines[vm][screen->lens[vm] - 1] != '\n')
        firmware_puts("\n");
    screen->lens[vm] = 0;
}

void screen_put(struct screen *screen, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    if (screen->count == 1) {
        firmware_write((const char *)bytes, len);
        return;
    }
    for (uint32_t i = 0; i < len; i++) {
        screen->lines[vm][screen->lens[vm]++] = (char)bytes[i];
        if (bytes[i] == '\n' || screen->lens[vm] == SCREEN_LINE)
            end_line(screen, vm);
    }
}

void screen_flush(struct screen *screen)
{
    for (unsigned vm = 0; vm < screen->count; vm++)
        end_line(screen, vm);
}

static void choose(struct screen *screen, unsigned vm)
{
    if (vm >= screen->count)
        return;
    end_line(screen, vm);
    screen->focus = vm;
}

static enum screen_key command(struct screen *screen, int key)
{
    screen->escaped = false;
    switch (key) {
    case SCREEN_ESCAPE: screen->ahead = key; return SCREEN_NOTHING;
    case 'x': return SCREEN_QUIT;
    case 's': return SCREEN_COUNTERS;
    case 'm': return SCREEN_MAP;
    default: break;
    }
    if (key >= '0' && key <= '9')
        choose(screen, (unsigned)(key - '0'));
    return SCREEN_NOTHING;
}

enum screen_key screen_look(struct screen *screen)
{
    int key;

    if (screen->ahead >= 0 || (key = firmware_read()) < 0)
        return SCREEN_NOTHING;
    if (screen->escaped)
        return command(screen, key);
    if (key == SCREEN_ESCAPE)
        screen->escaped = true;
    else
        screen->ahead = key;
    return SCREEN_NOTHING;
}

int screen_get(struct screen *screen, unsigned vm)
{
    int key = screen->ahead;

    if (vm != screen->focus)
        return -1;
    screen->ahead = -1;
    return key;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ram.c - sets of pages, and pages in messages. A message is looked at in full before it counts. */
#include "tools/migrate/ram.h"

#include <stdlib.h>
#include <string.h>

#include "vmm/memory.h"
#include "vmm/share.h"

#define ZERO (1u << 31)
#define HEAD 8u

/* ---- Sets ---- */

bool ram_open(struct ram_set *set, const struct machine *machine)
{
    *set = (struct ram_set){.vms = machine->count};
    set->bits = calloc(machine->count, sizeof *set->bits);
    set->words = calloc(machine->count, sizeof *set->words);
    if (!set->bits || !set->words)
        return false;
    for (unsigned k = 0; k < machine->count; k++) {
        set->words[k] = dirty_words(&machine->vms[k]);
        set->bits[k] = calloc(set->words[k], sizeof *set->bits[k]);
        if (!set->bits[k])
            return false;
    }
    return true;
}

void ram_close(struct ram_set *set)
{
    for (unsigned k = 0; set->bits && k < set->vms; k++)
        free(set->bits[k]);
    free(set->bits);
    free(set->words);
    *set = (struct ram_set){.vms = 0};
}

bool ram_has(const struct ram_set *set, unsigned vm, uint64_t page)
{
    return vm < set->vms && page / 64 < set->words[vm] &&
           set->bits[vm][page / 64] >> page % 64 & 1;
}

void ram_remove(struct ram_set *set, unsigned vm, uint64_t page)
{
    if (!ram_has(set, vm, page))
        return;
    set->bits[vm][page / 64] &= ~(1ull << page % 64);
    set->count--;
}

void ram_count(struct ram_set *set)
{
    set->count = set->vm = 0;
    set->word = 0;
    for (unsigned k = 0; k < set->vms; k++)
        for (uint64_t word = 0; word < set->words[k]; word++)
            set->count += (uint64_t)__builtin_popcountll(set->bits[k][word]);
}

/* The next page, from where the last was found. False: none of this VM's any more. */
static bool next_of_vm(struct ram_set *set, uint64_t *page)
{
    for (; set->word < set->words[set->vm]; set->word++) {
        uint64_t bits = set->bits[set->vm][set->word];

        if (bits) {
            *page = set->word * 64 + (unsigned)__builtin_ctzll(bits);
            return true;
        }
    }
    return false;
}

static bool next_vm(struct ram_set *set)
{
    uint64_t page;

    for (unsigned tried = 0; set->count && tried <= set->vms; tried++) {
        if (next_of_vm(set, &page))
            return true;
        set->vm = (set->vm + 1) % set->vms;
        set->word = 0;
    }
    return false;
}

/* ---- Pages ---- */

static struct gpa address_of(const struct vm *vm, uint64_t page)
{
    return (struct gpa){vm->pmap.base + page * PAGE_SIZE};
}

/* NULL: zeros. */
static const uint8_t *page_at(const struct machine *machine, unsigned vm, uint64_t page)
{
    struct vm *of = &machine->vms[vm];
    const uint8_t *bytes =
        machine_released(machine, vm) ? NULL : memory_look(of, address_of(of, page));

    return bytes && !phys_is_zero(bytes, PAGE_SIZE) ? bytes : NULL;
}

static size_t write_pages(const struct machine *machine, unsigned vm, const uint32_t *pages,
                          uint32_t count, uint8_t *message)
{
    uint8_t *to = message + HEAD + 4 * count;

    store_le32(message, vm);
    store_le32(message + 4, count);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *bytes = page_at(machine, vm, pages[i]);

        store_le32(message + HEAD + 4 * i, bytes ? pages[i] : pages[i] | ZERO);
        if (!bytes)
            continue;
        memcpy(to, bytes, PAGE_SIZE);
        to += PAGE_SIZE;
    }
    return (size_t)(to - message);
}

size_t ram_gather(struct ram_set *set, const struct machine *machine, uint8_t *message)
{
    uint32_t pages[RAM_GROUP], count = 0;
    uint64_t page;

    if (!next_vm(set))
        return 0;
    while (count < RAM_GROUP && next_of_vm(set, &page)) {
        pages[count++] = (uint32_t)page;
        ram_remove(set, set->vm, page);
    }
    return write_pages(machine, set->vm, pages, count, message);
}

size_t ram_gather_one(struct ram_set *set, const struct machine *machine, unsigned vm,
                      uint64_t page, uint8_t *message)
{
    const uint32_t one = (uint32_t)page;

    ram_remove(set, vm, page);
    return write_pages(machine, vm, &one, 1, message);
}

/* Pages that the VM has, and as many bytes as they need. */
static bool is_legal(const struct machine *machine, const uint8_t *message, size_t len)
{
    uint32_t vm, count, full = 0;

    if (len < HEAD)
        return false;
    vm = load_le32(message);
    count = load_le32(message + 4);
    if (vm >= machine->count || count > RAM_GROUP || len < HEAD + 4 * (size_t)count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t page = load_le32(message + HEAD + 4 * i);

        full += !(page & ZERO);
        if ((page & ~ZERO) >= machine->vms[vm].pmap.size / PAGE_SIZE)
            return false;
    }
    return len == HEAD + count * 4 + (size_t)full * PAGE_SIZE;
}

/* What was never attached is zero. */
static bool put_page(struct machine *machine, unsigned k, uint64_t page, const uint8_t *bytes)
{
    struct vm *vm = &machine->vms[k];
    struct gpa gpa = address_of(vm, page);

    if (bytes)
        return vm_write(vm, gpa, bytes, PAGE_SIZE);
    vm->board.clear(&vm->board, gpa.v, PAGE_SIZE);
    return true;
}

/*
 * Before the VMs run here: with --share, what others have already is found as it comes, while they
 * still run at the source.
 */
static void offer_page(struct machine *machine, unsigned k, uint64_t page)
{
    share_range(&machine->vms[k], address_of(&machine->vms[k], page), PAGE_SIZE);
}

bool ram_put(struct ram_set *missing, struct machine *machine, const uint8_t *message,
             size_t len)
{
    const uint8_t *from;
    uint32_t vm, count;

    if (!is_legal(machine, message, len))
        return false;
    vm = load_le32(message);
    count = load_le32(message + 4);
    from = message + HEAD + 4 * count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t page = load_le32(message + HEAD + 4 * i);
        const uint8_t *bytes = page & ZERO ? NULL : from;
        bool wanted = !missing || ram_has(missing, vm, page & ~ZERO);

        from += bytes ? PAGE_SIZE : 0;
        if (missing)
            ram_remove(missing, vm, page & ~ZERO);
        if (wanted && !put_page(machine, vm, page & ~ZERO, bytes))
            return false;
        if (!missing && bytes)
            offer_page(machine, vm, page & ~ZERO);
    }
    return true;
}

/* ---- A set as bytes ---- */

static size_t packed_size(const struct ram_set *set)
{
    size_t words = 0;

    for (unsigned k = 0; k < set->vms; k++)
        words += set->words[k];
    return words * 8;
}

uint8_t *ram_pack(const struct ram_set *set, size_t *len)
{
    uint8_t *bytes = malloc(packed_size(set) + 1), *to = bytes;

    *len = packed_size(set);
    for (unsigned k = 0; bytes && k < set->vms; k++)
        for (uint64_t word = 0; word < set->words[k]; word++, to += 8) {
            store_le32(to, (uint32_t)set->bits[k][word]);
            store_le32(to + 4, (uint32_t)(set->bits[k][word] >> 32));
        }
    return bytes;
}

/* Bits beyond the end of RAM are none. */
static bool fits(const struct ram_set *set, const struct machine *machine)
{
    for (unsigned k = 0; k < set->vms; k++) {
        uint64_t pages = machine->vms[k].pmap.size / PAGE_SIZE;

        if (pages % 64 && set->bits[k][pages / 64] >> pages % 64)
            return false;
    }
    return true;
}

bool ram_unpack(struct ram_set *set, const struct machine *machine, const uint8_t *bytes,
                size_t len)
{
    if (len != packed_size(set))
        return false;
    for (unsigned k = 0; k < set->vms; k++)
        for (uint64_t word = 0; word < set->words[k]; word++, bytes += 8)
            set->bits[k][word] = load_le32(bytes) | (uint64_t)load_le32(bytes + 4) << 32;
    ram_count(set);
    return fits(set, machine);
}

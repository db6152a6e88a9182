/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * archive.c - reads the archive. It is untrusted input: all of it is checked before use, except
 * whether a piece fits the VM's memory, which is checked at loading.
 */
#include "vmm/type1/archive.h"

#include <stddef.h>

#include "isa/phys.h"

static bool inside(uint32_t at, uint64_t len, uint32_t size)
{
    return at <= size && len <= size - at;
}

static bool ends(const char *name)
{
    for (uint32_t i = 0; i < ARCHIVE_NAME; i++)
        if (!name[i])
            return true;
    return false;
}

static bool good_memory(const struct archive_vm *vm)
{
    return vm->ram_size && vm->ram_size <= 1ull << 32 && vm->ram_base < 1ull << 34 &&
           !((vm->ram_base | vm->ram_size) & PAGE_MASK);
}

static bool good_pieces(const void *bytes, const struct archive_vm *vm, uint32_t size)
{
    const struct archive_piece *pieces;

    if (vm->pieces > ARCHIVE_PIECES || vm->pieces_at % 8 ||
        !inside(vm->pieces_at, (uint64_t)vm->pieces * sizeof *pieces, size))
        return false;
    pieces = archive_pieces(bytes, vm);
    for (uint32_t i = 0; i < vm->pieces; i++)
        if (pieces[i].at && !inside(pieces[i].at, pieces[i].len, size))
            return false;
    return true;
}

static const char *check_vm(const void *bytes, const struct archive_vm *vm, uint32_t size)
{
    if (!ends(vm->name))
        return "a VM's name has no end";
    if (!good_memory(vm))
        return "a VM's memory is not whole pages below 4 GiB";
    if (!vm->cpus || vm->cpus > 8 || !vm->shares || vm->shares > 10000)
        return "a VM's CPUs or shares are out of range";
    return good_pieces(bytes, vm, size) ? NULL : "a piece lies outside of it";
}

const char *archive_check(const void *bytes, uint32_t size)
{
    const struct archive_head *head = bytes;
    const char *wrong = NULL;

    if (size < sizeof *head || head->magic != ARCHIVE_MAGIC)
        return "it is not made by pz image";
    if (head->version != ARCHIVE_VERSION)
        return "it is made by another version of pz image";
    if (head->size > size || head->size < sizeof *head)
        return "it is cut short";
    if (!head->vms || head->vms > ARCHIVE_VMS)
        return "it names no VM, or too many";
    if (!inside(sizeof *head, head->vms * sizeof(struct archive_vm), head->size))
        return "it is cut short";
    for (uint32_t k = 0; !wrong && k < head->vms; k++)
        wrong = check_vm(bytes, archive_vm(bytes, k), head->size);
    return wrong;
}

const struct archive_vm *archive_vm(const void *bytes, uint32_t number)
{
    const struct archive_head *head = bytes;

    return (const struct archive_vm *)(const void *)(head + 1) + number;
}

const struct archive_piece *archive_pieces(const void *bytes, const struct archive_vm *vm)
{
    return (const struct archive_piece *)(const void *)((const uint8_t *)bytes + vm->pieces_at);
}

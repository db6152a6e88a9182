/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.c - memory as gdb asks for it: guest-virtual, in the current address space of its
 * thread, ignoring page rights; or guest-physical, by the same command as for QEMU. Reading has
 * no side effects; devices are not memory.
 */
#include "tools/debug/debug.h"
#include "tools/gdb/commands.h"

/* Where an address is. False: not in RAM. `*left`: bytes up to the end of the page. */
static bool locate(struct gdb *gdb, uint64_t address, uint64_t *gpa, uint32_t *left)
{
    struct vm *vm = gdb_vm(gdb);
    struct sv32_walk walk;

    *left = PAGE_SIZE - (uint32_t)(address & PAGE_MASK);
    *gpa = address;
    if (!gdb->physical) {
        if (address > UINT32_MAX ||
            debug_walk(vm, gdb_hart(gdb)->satp, (uint32_t)address, &walk) != SV32_OK)
            return false;
        *gpa = walk.pa;
    }
    return *gpa - vm->pmap.base < vm->pmap.size;
}

/* As much as there is, up to `len`. */
static uint32_t look(struct gdb *gdb, uint64_t address, uint8_t *bytes, uint32_t len)
{
    uint32_t done = 0, left;
    uint64_t gpa;

    while (done < len && locate(gdb, address + done, &gpa, &left)) {
        uint32_t part = left < len - done ? left : len - done;

        if (!debug_read_gpa(gdb_vm(gdb), gpa, bytes + done, part))
            break;
        done += part;
    }
    return done;
}

/* "ADDRESS,LENGTH" */
static bool read_range(const char **text, uint64_t *address, uint64_t *len)
{
    return gdb_packet_number(text, address) && gdb_packet_char(text, ',') &&
           gdb_packet_number(text, len) && *address <= UINT64_MAX - *len;
}

void gdb_read_memory(struct gdb *gdb, const char *text, size_t text_len)
{
    uint8_t bytes[GDB_PACKET_MOST / 2];
    uint64_t address, len;
    uint32_t got;

    (void)text_len;
    if (!read_range(&text, &address, &len) || *text) {
        gdb_malformed(gdb);
        return;
    }
    got = look(gdb, address, bytes, len < sizeof bytes ? (uint32_t)len : sizeof bytes);
    if (len && !got)
        gdb_malformed(gdb);
    else
        gdb_reply_hex(&gdb->reply, bytes, got);
}

/* All of it or nothing. */
static void write_bytes(struct gdb *gdb, uint64_t address, const uint8_t *bytes, uint32_t len)
{
    uint32_t left;
    uint64_t gpa;

    if (len && !gdb_may_edit(gdb))
        return;
    for (uint32_t at = 0; at < len; at += left)
        if (!locate(gdb, address + at, &gpa, &left)) {
            gdb_refuse(gdb, "0x%llx is not mapped to RAM", (unsigned long long)address + at);
            return;
        }
    for (uint32_t at = 0; at < len; at += left) {
        uint32_t part;

        (void)!locate(gdb, address + at, &gpa, &left);
        part = left < len - at ? left : len - at;
        gdb->edited = true;
        if (!vm_write(gdb_vm(gdb), (struct gpa){gpa}, bytes + at, part)) {
            gdb_refuse(gdb, "the machine has no memory left");
            return;
        }
    }
    gdb_ok(gdb);
}

void gdb_write_memory(struct gdb *gdb, const char *text, size_t text_len)
{
    uint8_t bytes[GDB_PACKET_MOST / 2];
    uint64_t address, len;

    (void)text_len;
    if (!read_range(&text, &address, &len) || !gdb_packet_char(&text, ':') ||
        len > sizeof bytes || !gdb_packet_hex(&text, bytes, len) || *text)
        gdb_malformed(gdb);
    else
        write_bytes(gdb, address, bytes, (uint32_t)len);
}

void gdb_write_binary(struct gdb *gdb, const char *text, size_t text_len)
{
    const char *at = text;
    uint64_t address, len;

    if (!read_range(&at, &address, &len) || !gdb_packet_char(&at, ':') ||
        len != text_len - (size_t)(at - text))
        gdb_malformed(gdb);
    else
        write_bytes(gdb, address, (const uint8_t *)at, (uint32_t)len);
}

void gdb_ask_physical(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "%d", gdb->physical);
}

void gdb_set_physical(struct gdb *gdb, const char *text, size_t len)
{
    if (len != 1 || (*text != '0' && *text != '1')) {
        gdb_malformed(gdb);
        return;
    }
    gdb->physical = *text == '1';
    gdb_ok(gdb);
}

void gdb_ask_qemu(struct gdb *gdb, const char *text, size_t len)
{
    (void)text, (void)len;
    gdb_reply_format(&gdb->reply, "PhyMemMode");
}

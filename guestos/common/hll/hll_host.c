/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_host.c - what modules import of their system: of WASI's first preview, the calls for
 * standard input and output, arguments and the end. A module that uses only these runs in other
 * engines too. All pointers are the module's, into its memory, and checked.
 */
#include <stddef.h>
#include <string.h>

#include "hll_module.h"

enum { WASI_OK = 0, WASI_EBADF = 8, WASI_EFAULT = 21, WASI_EIO = 29, STDERR = 2 };

static uint32_t load_word(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool store_word(struct hll *m, uint32_t at, uint32_t value)
{
    uint8_t *p = hll_memory(m, at, sizeof(value));

    for (uint32_t i = 0; p && i < sizeof(value); i++)
        p[i] = (uint8_t)(value >> 8 * i);
    return p != NULL;
}

/* One piece of a scattered buffer: how many bytes were moved, or minus one of WASI's errors. */
static int32_t transfer(struct hll *m, uint32_t vector, int fd, bool write)
{
    const uint8_t *entry = hll_memory(m, vector, 8);
    uint32_t n = entry ? load_word(entry + 4) : 0;
    uint8_t *data = entry ? hll_memory(m, load_word(entry), n) : NULL;
    int32_t done;

    if (!data)
        return -WASI_EFAULT;
    done = write ? m->system->write(fd, data, n) : m->system->read(fd, data, n);
    return done < 0 || (uint32_t)done > n ? -WASI_EIO : done;
}

/* Ends where less is moved than was asked for. */
static uint32_t transfer_all(struct hll *m, const uint32_t *w, bool write)
{
    uint32_t all = 0;

    if (w[0] > STDERR || (w[0] == 0) == write)
        return WASI_EBADF;
    for (uint32_t i = 0; i < w[2]; i++) {
        uint32_t vector = w[1] + 8 * i;
        int32_t done = vector < w[1] ? -WASI_EFAULT : transfer(m, vector, (int)w[0], write);

        if (done < 0 && all == 0)
            return (uint32_t)-done;
        if (done <= 0)
            break;
        all += (uint32_t)done;
    }
    return store_word(m, w[3], all) ? WASI_OK : WASI_EFAULT;
}

static bool fd_write(struct hll *m, uint32_t *w)
{
    w[0] = transfer_all(m, w, true);
    return true;
}

static bool fd_read(struct hll *m, uint32_t *w)
{
    w[0] = transfer_all(m, w, false);
    return true;
}

static bool proc_exit(struct hll *m, uint32_t *w)
{
    return hll_exit(m, (int)w[0]);
}

static bool args_sizes_get(struct hll *m, uint32_t *w)
{
    uint32_t bytes = 0;
    bool good;

    for (int i = 0; i < m->system->argc; i++)
        bytes += (uint32_t)strlen(m->system->argv[i]) + 1;
    good = store_word(m, w[0], (uint32_t)m->system->argc) && store_word(m, w[1], bytes);
    w[0] = good ? WASI_OK : WASI_EFAULT;
    return true;
}

static bool args_get(struct hll *m, uint32_t *w)
{
    uint32_t pointers = w[0], text = w[1];

    w[0] = WASI_EFAULT;
    for (int i = 0; i < m->system->argc; i++) {
        uint32_t n = (uint32_t)strlen(m->system->argv[i]) + 1;
        uint8_t *to = hll_memory(m, text, n);

        if (!to || !store_word(m, pointers, text))
            return true;
        memcpy(to, m->system->argv[i], n);
        pointers += sizeof(uint32_t);
        text += n;
    }
    w[0] = WASI_OK;
    return true;
}

const struct hll_import hll_host_imports[] = {
    {"wasi_snapshot_preview1", "fd_write", "iiii:i", fd_write},
    {"wasi_snapshot_preview1", "fd_read", "iiii:i", fd_read},
    {"wasi_snapshot_preview1", "proc_exit", "i:", proc_exit},
    {"wasi_snapshot_preview1", "args_sizes_get", "ii:i", args_sizes_get},
    {"wasi_snapshot_preview1", "args_get", "ii:i", args_get},
    {NULL, NULL, NULL, NULL},
};

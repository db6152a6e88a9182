/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * code.c - searches pages for sensitive instructions that the CPU would not trap. Instructions may
 * begin at any even address, and data may look like an instruction. A false match only costs time:
 * the page is interpreted.
 */
#include "vmm/code.h"

static bool matches(const struct engine_ops *ops, uint32_t bits, uint32_t known)
{
    for (unsigned i = 0; i < ops->untrapped_count; i++) {
        const struct engine_pattern *pattern = &ops->untrapped[i];

        if ((bits & pattern->mask & known) == (pattern->match & known))
            return true;
    }
    return false;
}

/*
 * Those that begin in [from, to), offsets in the page; `from` is even. Of an instruction that
 * continues in the next page, only the first half is visible.
 */
static bool search(const struct shadow *shadow, struct mpa page, uint32_t from, uint32_t to)
{
    const struct engine_ops *ops = shadow->engine->ops;
    const uint8_t *host = allocate_host(shadow->allocator, page);
    uint16_t half;

    for (uint32_t at = from; at < to && at + 4 <= PAGE_SIZE; at += 2)
        if (matches(ops, load_le32(host + at), UINT32_MAX))
            return true;
    if (to <= PAGE_SIZE - 2)
        return false;
    memcpy(&half, host + PAGE_SIZE - 2, sizeof half);
    return matches(ops, half, 0xffff);
}

bool code_execute(struct shadow *shadow, struct mpa page)
{
    struct page *info = allocate_info(shadow->allocator, page);

    if (info->code == CODE_CLEAN)
        return true;
    if (search(shadow, page, 0, PAGE_SIZE)) {
        info->code = CODE_SENSITIVE;
        return false;
    }
    info->code = CODE_CLEAN;
    shadow_narrow(shadow, page, PTE_W);
    return true;
}

/*
 * A page that alternates between executable and writable within a few fills holds both code and
 * data. A page that is reused by another program alternates rarely, and its count is reset.
 */
static bool flips_too_often(struct shadow *shadow, struct page *info)
{
    uint32_t since = (uint32_t)shadow->fills - info->flipped;

    info->flipped = (uint32_t)shadow->fills;
    info->flips = since < CODE_FLIPS_NEAR ? info->flips + 1 : 0;
    return info->flips > CODE_FLIPS_MOST;
}

bool code_store(struct shadow *shadow, struct mpa page)
{
    struct page *info = allocate_info(shadow->allocator, page);

    if (info->code != CODE_CLEAN)
        return true;
    if (flips_too_often(shadow, info)) {
        info->flips = CODE_FLIPS_MOST;
        return false;
    }
    info->code = CODE_UNKNOWN;
    shadow_narrow(shadow, page, PTE_X);
    /*
     * The engine need not notice stores, so tell it that its translations of this code are about to
     * become stale.
     */
    engine_code_changed(shadow->engine, page.v, PAGE_SIZE);
    return true;
}

/* The rest of a clean page still is: only what overlaps the written bytes can have changed. */
void code_wrote(struct shadow *shadow, struct mpa at, uint32_t len)
{
    struct mpa page = {at.v & ~PAGE_MASK};
    struct page *info = allocate_info(shadow->allocator, page);
    uint32_t offset = at.v & PAGE_MASK;
    uint32_t from = offset < 2 ? 0 : (offset - 2) & ~1u;

    if (info->code != CODE_CLEAN || !search(shadow, page, from, offset + len))
        return;
    info->code = CODE_SENSITIVE;
    shadow_narrow(shadow, page, PTE_X);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * imports.c - the host's compiler as JavaScript gives it to a pz that is WebAssembly: regions.mjs.
 * Not part of other builds.
 */
#include "isa/engine/wasm/wasm.h"

#define IMPORT(name) __attribute__((import_module("pz"), import_name(name)))

IMPORT("region_compile") uint32_t region_compile(const uint8_t *bytes, uint32_t len);
IMPORT("region_release") void region_release(uint32_t index);

static uint32_t compile(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner;
    return region_compile(bytes, len);
}

static void release(void *owner, uint32_t index)
{
    (void)owner;
    region_release(index);
}

const struct wasm_host wasm_imports = {.compile = compile, .release = release};

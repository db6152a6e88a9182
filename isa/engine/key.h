/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key.h - the key of an address space: all that determines the meaning of virtual addresses, as one
 * number. Engines that keep translations of several address spaces find them by it.
 */
#ifndef PZ_ISA_ENGINE_KEY_H
#define PZ_ISA_ENGINE_KEY_H

#include "isa/exec_env.h"

/*
 * A satp value in the low half, the rest above. In non-root mode it includes the root of the second
 * stage, in units of its size.
 */
#define KEY_SUPERVISOR (1ull << 32)
#define KEY_SUM (1ull << 33)
#define KEY_MXR (1ull << 34)
#define KEY_DEPRIVILEGED (1ull << 35)
#define KEY_NON_ROOT (1ull << 36)
#define KEY_SECOND(hgatp)                                                                      \
    ((hgatp) ? KEY_NON_ROOT | (uint64_t)((hgatp)&SATP_PPN) / SV32X4_ROOT_PAGES << 37 : 0)
#define KEY_WHOSE (~0ull << 35)   /* identifies the owner of the roots */
#define KEY_IN_PLACE (1ull << 60) /* a virtual supervisor's instructions run in place */
#define KEY_SATP(key) ((uint32_t)(key))
#define KEY_NONE UINT64_MAX

/* The key of a hart in its own mode. */
static inline uint64_t key_native(const struct hart *hart)
{
    uint64_t rights = hart->sstatus & SSTATUS_MXR ? KEY_MXR : 0;

    if (!(hart->satp & SATP_SV32))
        return KEY_SUPERVISOR;
    if (hart->mode == HART_SUPERVISOR)
        rights |= KEY_SUPERVISOR | (hart->sstatus & SSTATUS_SUM ? KEY_SUM : 0);
    return rights | hart->satp;
}

/* Are privileged instructions run in place, too? */
static inline bool key_in_place(const struct exec_env *env)
{
    return exec_is_in_place(env) && !env->asked;
}

/* The key of an execution environment. */
static inline uint64_t key_of(const struct exec_env *env)
{
    if (env->deprivileged)
        return KEY_DEPRIVILEGED | (key_in_place(env) ? KEY_IN_PLACE : 0) | env->root;
    return key_native(env->hart) | KEY_SECOND(env->hgatp);
}

#endif

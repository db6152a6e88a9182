/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * technique.c - the list of techniques, made from vmm/monitors.def. Which of them an engine
 * supports is found out when they are run.
 */
#include "tools/compare/technique.h"

#include <stdio.h>

static struct technique bare(const char *name, const char *about, const char *asks,
                             const struct engines_kind *kind)
{
    struct technique technique = {.about = about, .asks = asks, .kind = kind, .bare = true};

    snprintf(technique.name, sizeof technique.name, "%s", name);
    return technique;
}

static struct technique virtual(const struct engines_kind *kind, enum vm_monitor monitor,
                                enum shadow_policy policy, bool name_policy)
{
    const struct monitor_desc *desc = monitor_desc(monitor);
    struct technique technique = {.about = desc->about,
                                  .asks = desc->asks,
                                  .kind = kind,
                                  .monitor = monitor,
                                  .policy = policy};

    snprintf(technique.name, sizeof technique.name, "%s%s%s", desc->name,
             name_policy ? ", " : "", name_policy ? options_shadow_name(policy) : "");
    return technique;
}

static const struct engines_kind *interpreter(void)
{
    const struct engines_kind *kind;
    struct problem unheard;

    return engines_choose("spec", true, &kind, &unheard) ? NULL : kind;
}

unsigned technique_list(struct technique list[TECHNIQUES_MOST], const struct engines_kind *kind)
{
    const struct engines_kind *native =
        kind->abilities & ENGINE_NATIVE ? kind : engines_best(true);
    unsigned count = 0;

    list[count++] = bare("bare", "the guest alone, on the engine's own supervisor mode",
                         "the guest's own instruction set", native);
    list[count++] = bare("interpreted", "simulation: every instruction is interpreted",
                         "nothing: no guest code runs on it", interpreter());
    for (unsigned monitor = 0; monitor < VM_MONITORS; monitor++) {
        unsigned policies = monitor == VM_PLAIN ? SHADOW_POLICIES : 1;

        for (unsigned policy = 0; policy < policies; policy++)
            list[count++] = virtual(kind, (enum vm_monitor)monitor, (enum shadow_policy)policy,
                                    policies > 1);
    }
    return count;
}

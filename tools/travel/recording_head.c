/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_head.c - the head of a recording: the machine's options, what identifies its kernels,
 * and what is on its disks. Reading it back is left to recording_read.c.
 */
#include "tools/travel/recording.h"
#include "tools/travel/statehash.h"

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *vm_fields(const struct options *options, const struct machine *machine,
                         unsigned k)
{
    const struct image *image = machine_image(machine, k);
    uint64_t hash = statehash_bytes(image->file.bytes, image->file.len);

    return json_pack("{s:o,s:o,s:I,s:I}", "kernel",
                     text_or_null(options_word(&options->kernels, k, NULL)), "append",
                     text_or_null(options_word(&options->appends, k, NULL)), "kernel_hash",
                     (json_int_t)hash, "share", (json_int_t)machine->vms[k].config.shares);
}

/* The words of the command line. */
static json_t *words_fields(const struct words *words)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < words->count; i++)
        json_array_append_new(array, json_string(words->at[i]));
    return array;
}

/* What is on them now, VM by VM. */
static json_t *disk_hashes(struct machine *machine)
{
    json_t *array = json_array();
    uint64_t hash;

    for (unsigned k = 0; k < machine->count; k++) {
        struct devices *devices = &machine->devices[k];

        for (unsigned i = 0; i < devices->disk_count; i++) {
            if (!disk_hash(&devices->disks[i], &hash)) {
                json_decref(array);
                return NULL;
            }
            json_array_append_new(array, json_integer((json_int_t)hash));
        }
    }
    return array;
}

static bool add_disks(const struct options *options, struct machine *machine, json_t *head)
{
    if (!options->disks.count)
        return true;
    json_object_set_new(head, "disks", words_fields(&options->disks));
    return !json_object_set_new(head, "disk_hashes", disk_hashes(machine));
}

static json_t *rates_fields(const struct options *options)
{
    json_t *lists = json_array();

    for (unsigned rate = 0; rate < RATES; rate++) {
        json_t *list = json_array();

        for (unsigned i = 0; i < options->rates[rate].count; i++)
            json_array_append_new(list, json_integer(options->rates[rate].at[i]));
        json_array_append_new(lists, list);
    }
    return lists;
}

static bool are_limited(const struct options *options)
{
    for (unsigned rate = 0; rate < RATES; rate++)
        if (options->rates[rate].count)
            return true;
    return false;
}

/* Written only if there are devices, so that other recordings remain the same. */
static void add_files_and_devices(const struct options *options, json_t *head)
{
    if (options->has_load)
        json_object_set_new(head, "load", json_integer((json_int_t)options->load));
    if (options->no_reboot)
        json_object_set_new(head, "no_reboot", json_true());
    if (options->share)
        json_object_set_new(head, "share_pages", json_true());
    if (options->initrds.count)
        json_object_set_new(head, "initrds", words_fields(&options->initrds));
    if (options->dtb)
        json_object_set_new(head, "dtb", json_pack("[s]", options->dtb));
    if (options->initrds.count || options->dtb)
        json_object_set_new(head, "files_hash",
                            json_integer((json_int_t)recording_files_hash(options)));
    if (options->nets.count)
        json_object_set_new(head, "nets", words_fields(&options->nets));
    if (options->console)
        json_object_set_new(head, "console", json_integer((json_int_t)options->console));
    if (options->rng_seed)
        json_object_set_new(head, "rng_seed", json_integer((json_int_t)options->rng_seed));
    if (options->has_balloon)
        json_object_set_new(head, "balloon", json_integer((json_int_t)options->balloon));
    if (are_limited(options))
        json_object_set_new(head, "rates", rates_fields(options));
    if (options->virtio)
        json_object_set_new(head, "virtio", json_integer((json_int_t)options->virtio));
}

static json_t *head_fields(const struct options *options, const struct machine *machine)
{
    bool limited = options->max_insns <= INT64_MAX;
    char variants[VARIANTS_TEXT];
    json_t *vms = json_array();

    for (unsigned k = 0; k < machine->count; k++)
        json_array_append_new(vms, vm_fields(options, machine, k));
    return json_pack(
        "{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o}", "engine", machine->engine.kind->name,
        "variants", variants_text(options->variants, variants), "monitor",
        (json_int_t)options->monitor, "shadow", (json_int_t)options->shadow, "slice",
        (json_int_t)machine->vmm.slice, "cpus", (json_int_t)machine->vms[0].config.cpus,
        "quantum", (json_int_t)machine->vms[0].config.quantum, "mem", (json_int_t)options->mem,
        "ram_base", (json_int_t)options->ram_base, "max_insns",
        (json_int_t)(limited ? options->max_insns : 0), "vms", vms);
}

json_t *recording_head(const struct options *options, struct machine *machine)
{
    json_t *head = head_fields(options, machine);

    add_files_and_devices(options, head);
    if (add_disks(options, machine, head))
        return head;
    json_decref(head);
    return NULL;
}

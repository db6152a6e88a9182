/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dtb_file.c - libfdt checks the whole of the file before anything is looked up in it. */
#include "tools/host/dtb_file.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#define TREE_MOST (1u << 20)
#define CHOSEN_REST 512u /* more than the node and its names take */

static enum pz_err check(const struct file *file, struct problem *problem)
{
    int error = file->len < sizeof(struct fdt_header) ? -FDT_ERR_TRUNCATED
                                                      : fdt_check_full(file->bytes, file->len);

    if (!error)
        return PZ_OK;
    return problem_set(
        problem, PZ_USAGE,
        "is not a device tree: libfdt: %s: make one with dtc, or with --dtb dump",
        fdt_strerror(error));
}

static int set_seed(void *tree, int chosen, uint64_t seed)
{
    uint8_t bytes[DTB_SEED];

    dtb_seed(seed, bytes);
    return fdt_setprop(tree, chosen, "rng-seed", bytes, sizeof bytes);
}

static int set_chosen(void *tree, const struct dtb_config *config)
{
    int chosen = fdt_path_offset(tree, "/chosen"), error = 0;

    if (chosen == -FDT_ERR_NOTFOUND)
        chosen = fdt_add_subnode(tree, 0, "chosen");
    if (chosen < 0)
        return chosen;
    if (config->bootargs[0])
        error = fdt_setprop_string(tree, chosen, "bootargs", config->bootargs);
    if (!error && config->seed)
        error = set_seed(tree, chosen, config->seed);
    if (config->initrd_start == config->initrd_end)
        return error;
    if (!error)
        error =
            fdt_setprop_u32(tree, chosen, "linux,initrd-start", (uint32_t)config->initrd_start);
    return error ? error
                 : fdt_setprop_u32(tree, chosen, "linux,initrd-end",
                                   (uint32_t)config->initrd_end);
}

static enum pz_err complete(const struct file *file, const struct dtb_config *config,
                            uint8_t **tree, size_t *len, struct problem *problem)
{
    size_t room = file->len + strlen(config->bootargs) + CHOSEN_REST;
    int error;

    *tree = calloc(1, room);
    if (!*tree)
        return problem_memory(problem, "the device tree");
    error = fdt_open_into(file->bytes, *tree, (int)room);
    if (!error)
        error = set_chosen(*tree, config);
    if (!error)
        error = fdt_pack(*tree);
    *len = fdt_totalsize(*tree);
    if (!error)
        return PZ_OK;
    free(*tree);
    *tree = NULL;
    return problem_set(problem, PZ_USAGE, "cannot be completed: libfdt: %s: make it again",
                       fdt_strerror(error));
}

enum pz_err dtb_file(const char *path, const struct dtb_config *config, uint8_t **tree,
                     size_t *len, struct problem *problem)
{
    struct file file;
    enum pz_err err = file_read(path, TREE_MOST, &file, problem);

    *tree = NULL;
    if (!err)
        err = check(&file, problem);
    if (!err)
        err = complete(&file, config, tree, len, problem);
    if (err) {
        problem_prefix(problem, path);
        problem_prefix(problem, "--dtb");
    }
    file_free(&file);
    return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* image.c - makes a disk image of the size that guestos/bench/nano/disk.c expects. */
#include "tools/bench/image.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IMAGE_SIZE (64u << 20)

static bool fill(int fd)
{
    uint8_t bytes[65536];

    memset(bytes, 0x5a, sizeof bytes);
    for (uint32_t done = 0; done < IMAGE_SIZE; done += sizeof bytes)
        if (write(fd, bytes, sizeof bytes) != sizeof bytes)
            return false;
    return true;
}

enum pz_err bench_image_make(struct bench_image *image, const struct bench_workload *workload,
                             struct problem *problem)
{
    enum pz_err err = PZ_OK;
    int fd;

    image->path[0] = '\0';
    if (strncmp(workload->name, "disk_", 5))
        return PZ_OK;
    strcpy(image->path, "/tmp/pz-bench-XXXXXX");
    fd = mkstemp(image->path);
    if (fd < 0)
        image->path[0] = '\0';
    if (fd < 0 || !fill(fd))
        err = problem_set(problem, PZ_HOST, "a disk of 64 MiB in /tmp: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return err;
}

void bench_image_remove(struct bench_image *image)
{
    if (image->path[0])
        unlink(image->path);
    image->path[0] = '\0';
}

const char *bench_image_path(const struct bench_image *image)
{
    return image->path[0] ? image->path : NULL;
}

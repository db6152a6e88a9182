/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu.c - a run on qemu-system-riscv32's virt machine, with the project's own firmware
 * (guestos/shim). Its console is a pipe, read byte for byte as QEMU writes it.
 */
#define _GNU_SOURCE
#include "tools/bench/qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "tools/host/host.h"

bool bench_qemu_present(void)
{
    const char *path = getenv("PATH");
    char copy[4096], file[PATH_MAX], *rest = copy;

    snprintf(copy, sizeof copy, "%s", path ? path : "");
    for (char *part; (part = strsep(&rest, ":"));) {
        snprintf(file, sizeof file, "%s/%s", part, BENCH_QEMU_PROGRAM);
        if (!access(file, X_OK))
            return true;
    }
    return false;
}

/* In the child: never returns. QEMU must not outlive this process. */
static void become_qemu(const char *shim, const char *loader, const char *disk, int output)
{
    int nothing = open("/dev/null", O_RDWR);
    char drive[PATH_MAX + 64];
    /* Without a disk the list ends before it. */
    const char *device = disk ? "-device" : NULL;

    snprintf(drive, sizeof drive, "file=%s,format=raw,if=none,id=disk,cache=writeback",
             disk ? disk : "");

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execlp(BENCH_QEMU_PROGRAM, BENCH_QEMU_PROGRAM, "-M", "virt", "-m", "64M", "-display",
           "none", "-monitor", "none", "-serial", "stdio", "-bios", shim, "-device", loader,
           device, "virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0", "-drive", drive,
           (char *)NULL);
    _exit(127);
}

static enum pz_err start(const struct bench_order *order, pid_t *child, int *output,
                         struct problem *problem)
{
    char shim[PATH_MAX], loader[64];
    int ends[2];
    enum pz_err err = guests_find("shim.bin", shim, sizeof shim, problem);

    if (err)
        return err;
    snprintf(loader, sizeof loader, "loader,file=%s", order->guest->path);
    if (pipe2(ends, O_CLOEXEC))
        return problem_set(problem, PZ_HOST, "a pipe: %s", strerror(errno));
    fflush(NULL);
    *child = fork();
    if (*child == 0)
        become_qemu(shim, loader, order->disk, ends[1]);
    close(ends[1]);
    *output = ends[0];
    if (*child < 0) {
        close(ends[0]);
        return problem_set(problem, PZ_HOST, "a process for QEMU: %s", strerror(errno));
    }
    return PZ_OK;
}

/* Until it closes its end. */
static enum pz_err listen_to(int output, uint64_t started, struct bench_run *run,
                             struct problem *problem)
{
    struct pollfd wait = {.fd = output, .events = POLLIN};
    char bytes[4096];

    for (;;) {
        int ready = poll(&wait, 1, (int)(BENCH_RUN_MOST_NS / 1000000));
        ssize_t got = ready > 0 ? read(output, bytes, sizeof bytes) : -1;
        uint64_t now = machine_clock(NULL);

        if (got < 0 && errno == EINTR && ready)
            continue;
        if (got < 0)
            return problem_set(problem, PZ_FAILED, "QEMU did not end in time");
        if (got == 0)
            return PZ_OK;
        if (!run->first_byte_ns)
            run->first_byte_ns = now - started;
        bench_marks_put(&run->marks, bytes, (size_t)got, now);
    }
}

enum pz_err bench_qemu_run(const struct bench_order *order, struct bench_run *run,
                           struct problem *problem)
{
    uint64_t started = machine_clock(NULL);
    pid_t child;
    int output, status = 0;
    enum pz_err err = start(order, &child, &output, problem);

    if (err)
        return err;
    err = listen_to(output, started, run, problem);
    close(output);
    if (err)
        kill(child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (!err && status)
        err = problem_set(problem, PZ_FAILED, "QEMU ended with status %d", WEXITSTATUS(status));
    return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - the library's start, its lock, and its calls: what mini's kernel does with a system
 * call, the process does here to itself.
 */
#include "posix.h"
#include "string.h"

enum { NUMBER_FORK = 2, ECALL_SIZE = 4, STACK_ALIGN = 16, TICKS_PER_SECOND = 1000 / TICK_MS };
enum { CAUSE_FETCH = 12, CAUSE_LOAD = 13, CAUSE_STORE = 15, CAUSE_MAX = 16 };

void posix_upcall(struct frame *f, uint32_t cause, uint32_t value);    /* called by start.S */
_Noreturn void flat_main(const char *arguments, uint32_t image_table); /* by crt0.S */
void flat_zero_pages(uint32_t start, uint32_t end);

/* Whoever died with the lock does not have it any more. */
void lock(void)
{
    uint32_t self = me ? me->env : NONE;

    for (;;) {
        uint32_t other = 0;

        if (__atomic_compare_exchange_n(&shared->lock, &other, self, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED))
            return;
        if (exo_yield(other) == -ESRCH)
            __atomic_compare_exchange_n(&shared->lock, &other, 0, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED);
    }
}

void unlock(void)
{
    __atomic_store_n(&shared->lock, 0, __ATOMIC_RELEASE);
}

static struct file *get_file(uint32_t fd)
{
    return fd < MAX_FDS ? me->files[fd] : NULL;
}

static int32_t lowest_free(void)
{
    for (int fd = 0; fd < MAX_FDS; fd++)
        if (!me->files[fd])
            return fd;
    return -EMFILE;
}

static int32_t install(struct file *f)
{
    int32_t fd = lowest_free();

    if (fd >= 0)
        me->files[fd] = f;
    else
        file_close(f);
    return fd;
}

static int32_t do_exit(const uint32_t *a)
{
    proc_end(me, (int)(a[0] & STATUS_EXIT_MASK));
    return 0;
}

static int32_t do_exec(const uint32_t *a)
{
    struct args *args = &shared->args;
    char path[NAME_SIZE];
    int32_t n = copy_string_from_user(path, a[0], sizeof(path));

    args->count = args->used = 0;
    for (uint32_t argv = a[1], va = 1; n >= 0; argv += sizeof(va)) {
        n = copy_from_user(&va, argv, sizeof(va));
        if (n < 0 || va == 0)
            break;
        if (args->count == MAX_ARGS || args->used == ARGS_SIZE)
            return -E2BIG;
        n = copy_string_from_user(args->text + args->used, va, ARGS_SIZE - args->used);
        args->used += (uint32_t)n + 1;
        args->count++;
    }
    if (n == -ENAMETOOLONG && args->count)
        return -E2BIG;
    return n < 0 ? n : exec_program(me, path);
}

static int32_t do_wait(const uint32_t *a)
{
    return a[1] & ~(uint32_t)WAIT_NOHANG ? -EINVAL : proc_wait(a[0], a[1]);
}

static int32_t do_kill(const uint32_t *a)
{
    return proc_kill((int)a[0]);
}

static int32_t do_getpid(const uint32_t *a)
{
    (void)a;
    return me->pid;
}

static int32_t do_sleep(const uint32_t *a)
{
    return proc_sleep_ms(a[0]);
}

static int32_t do_uptime(const uint32_t *a)
{
    (void)a;
    proc_tick();
    return (int32_t)(shared->ticks * TICK_MS & INT32_MAX);
}

static int32_t do_procinfo(const uint32_t *a)
{
    return proc_info(a[0], a[1]);
}

static int32_t do_newgroup(const uint32_t *a)
{
    (void)a;
    return me->group = me->pid;
}

static int32_t do_foreground(const uint32_t *a)
{
    if ((int)a[0] < 0)
        return -EINVAL;
    shared->foreground = (int)a[0];
    console_set_foreground((int)a[0]);
    return 0;
}

/* The end of the group, not of the machine: that is the first library's to switch off. */
static int32_t do_poweroff(const uint32_t *a)
{
    if (a[0] > 1)
        return -EINVAL;
    exo_group_end(a[0]);
    return 0;
}

static int32_t do_sbrk(const uint32_t *a)
{
    return vm_sbrk((int32_t)a[0]);
}

static int32_t do_meminfo(const uint32_t *a)
{
    struct meminfo m = {.total_pages = info->group[shared->group].pages_limit,
                        .free_pages = vm_free_pages()};

    return copy_to_user(a[0], &m, sizeof(m));
}

static int32_t do_hold(const uint32_t *a)
{
    if (a[0] > vm_free_pages() + me->held)
        return -ENOMEM;
    shared->held += a[0] - me->held;
    me->held = a[0];
    return 0;
}

static int32_t do_open(const uint32_t *a)
{
    char name[NAME_SIZE];
    struct file *f;
    int32_t error = copy_string_from_user(name, a[0], sizeof(name));

    if (error >= 0)
        error = lowest_free();
    if (error >= 0)
        error = file_open(name, a[1], &f);
    return error < 0 ? error : install(f);
}

static int32_t do_close(const uint32_t *a)
{
    struct file *f = get_file(a[0]);

    if (!f)
        return -EBADF;
    me->files[a[0]] = NULL;
    file_close(f);
    return 0;
}

static int32_t do_read(const uint32_t *a)
{
    struct file *f = get_file(a[0]);

    return f ? file_read(f, a[1], a[2]) : -EBADF;
}

static int32_t do_write(const uint32_t *a)
{
    struct file *f = get_file(a[0]);

    return f ? file_write(f, a[1], a[2]) : -EBADF;
}

static int32_t do_dup(const uint32_t *a)
{
    struct file *f = get_file(a[0]);

    if (!f)
        return -EBADF;
    return install(file_share(f));
}

/* Either both ends get a descriptor that the program knows of, or nothing remains. */
static int32_t do_pipe(const uint32_t *a)
{
    struct file *ends[2];
    int32_t fds[2] = {-1, -1};
    int32_t error = file_open_pipe(&ends[0], &ends[1]);

    if (error < 0)
        return error;
    fds[0] = install(ends[0]);
    fds[1] = install(ends[1]);
    error = fds[0] < 0 || fds[1] < 0 ? -EMFILE : copy_to_user(a[0], fds, sizeof(fds));
    for (int i = 0; error < 0 && i < 2; i++)
        if (fds[i] >= 0)
            do_close((const uint32_t *)&fds[i]);
    return error;
}

static int32_t do_unlink(const uint32_t *a)
{
    char name[NAME_SIZE];
    int32_t error = copy_string_from_user(name, a[0], sizeof(name));

    return error < 0 ? error : ramfs_unlink(name);
}

static int32_t do_readdir(const uint32_t *a)
{
    struct fileinfo entry;
    int32_t error = ramfs_entry(a[0], &entry);

    return error < 0 ? error : copy_to_user(a[1], &entry, sizeof(entry));
}

static int32_t do_stat(const uint32_t *a)
{
    struct file *f = get_file(a[0]);
    struct fileinfo entry;

    if (!f)
        return -EBADF;
    file_stat(f, &entry);
    return copy_to_user(a[1], &entry, sizeof(entry));
}

static int32_t do_clock(const uint32_t *a)
{
    struct clockinfo c = {.now = exo_time(), .per_second = info->timebase};

    return copy_to_user(a[0], &c, sizeof(c));
}

static int32_t do_protect(const uint32_t *a)
{
    return vm_protect(a[0], a[1], a[2]);
}

static int32_t do_on_fault(const uint32_t *a)
{
    me->fault_handler = a[0];
    return 0;
}

/* The library is in every process: it has no parts of its own to kill. */
static int32_t do_crash(const uint32_t *a)
{
    (void)a;
    return -ENOSYS;
}

static int32_t do_part(const uint32_t *a)
{
    return do_crash(a);
}

typedef int32_t call_function(const uint32_t *a);

/* fork is not among them: it wants the whole frame. */
static int32_t do_fork(const uint32_t *a)
{
    (void)a;
    return -ENOSYS;
}

static call_function *const calls[] = {
#define SYSCALL(number, name) [number] = do_##name,
#include "calls.def"
#undef SYSCALL
};

/* f is NULL if the program has called and not trapped. */
int32_t posix_call(const uint32_t *a, uint32_t number, struct frame *f)
{
    call_function *function = number < sizeof(calls) / sizeof(calls[0]) ? calls[number] : NULL;
    int32_t result;

    if (!function)
        return -ENOSYS;
    lock();
    result = number == NUMBER_FORK && f ? proc_fork(f) : function(a);
    unlock();
    return result;
}

static const char *const cause_names[CAUSE_MAX] = {
    "misaligned fetch",
    "fetch access fault",
    "illegal instruction",
    "breakpoint",
    "misaligned load",
    "load access fault",
    "misaligned store",
    "store access fault",
    [CAUSE_FETCH] = "fetch page fault",
    [CAUSE_LOAD] = "load page fault",
    [CAUSE_STORE] = "store page fault",
};

static void end_for(const struct frame *f, uint32_t cause, uint32_t value, bool memory)
{
    const char *name = cause < CAUSE_MAX ? cause_names[cause] : NULL;

    lock();
    if (cause >= CAUSE_FETCH)
        printk("pid %d (%s): %s at 0x%08x pc 0x%08x: killed\n", me->pid, me->name,
               memory ? "out of memory" : name, value, f->x[0]);
    else
        printk("pid %d (%s): %s pc 0x%08x: killed\n", me->pid, me->name,
               name ? name : "unknown trap", f->x[0]);
    proc_end(me, STATUS_KILLED);
}

/* The frame goes to the program's stack: its handler may call the library, and the like. */
static void run_handler(const struct frame *f, uint32_t address)
{
    uint32_t at = (f->x[REG_SP] - sizeof(*f)) & ~(uint32_t)(STACK_ALIGN - 1);

    if (copy_to_user(at, f, sizeof(*f)) == 0)
        posix_run_handler(at, me->fault_handler, address);
}

void posix_upcall(struct frame *f, uint32_t cause, uint32_t value)
{
    int32_t error = -EFAULT;

    switch (cause) {
    case CAUSE_ECALL:
        f->x[0] += ECALL_SIZE;
        f->x[REG_A0] = (uint32_t)posix_call(&f->x[REG_A0], f->x[REG_A7], f);
        return;
    case CAUSE_FETCH: error = vm_touch(value, MAP_X); break;
    case CAUSE_LOAD: error = vm_touch(value, MAP_R); break;
    case CAUSE_STORE: error = vm_touch(value, MAP_W); break;
    }
    if (error == -EACCES && me->fault_handler)
        run_handler(f, value);
    if (error < 0)
        end_for(f, cause, value, error == -ENOMEM);
}

extern const char shared_image[], shared_image_size[]; /* posix.ld */

/* The library's variables, once for all processes; called by crt0.S. */
void flat_zero_pages(uint32_t start, uint32_t end)
{
    for (uint32_t va = start; va < end; va += PAGE)
        exo_map(SELF, va, NONE, MAP_R | MAP_W);
    memcpy((void *)start, shared_image, (uint32_t)shared_image_size);
}

/* What all processes are to see, in the table that the image is in already. */
static void map_library(void)
{
    const struct exo_info *boot = (const struct exo_info *)BOOT_INFO;
    uint32_t state_pages = (sizeof(struct state) + PAGE - 1) / PAGE;

    for (uint32_t i = 0; i < boot->archive_pages; i++)
        exo_map(SELF, LIB_ARCHIVE + i * PAGE, boot->archive_page + i, MAP_R);
    for (uint32_t i = 0; i < boot->owner_pages; i++)
        exo_map(SELF, LIB_OWNERS + i * PAGE, boot->owner_page + i, MAP_R);
    exo_map(SELF, LIB_INFO, boot->info_page, MAP_R);
    for (uint32_t i = 0; i < state_pages; i++)
        exo_map(SELF, LIB_STATE + i * PAGE, NONE, MAP_R | MAP_W);
}

static void make_private_table(void)
{
    uint32_t table = (uint32_t)exo_page_alloc(NONE, 0);

    exo_map_table(SELF, PRIVATE, table);
    exo_map(SELF, PRIVATE + PRIVATE / SUPERPAGE * PAGE, table, MAP_R);
    exo_map(SELF, SAVE_VA, NONE, MAP_R | MAP_W); /* only for `me`: it stays NULL */
    shared->cache_table = (uint32_t)exo_page_alloc(NONE, 0);
    exo_map_table(SELF, CACHE, shared->cache_table);
}

static void start_clock(void)
{
    shared->tick_length = info->timebase / TICKS_PER_SECOND;
    shared->next_tick = exo_time() + shared->tick_length;
}

/* The first environment makes the first process, and is no process itself. */
void flat_main(const char *arguments, uint32_t image_table)
{
    struct proc *p;

    map_library();
    shared->lib_table = image_table;
    make_private_table();
    lock();
    shared->group = owner(image_table)->group;
    start_clock();
    shared->next_pid = INIT_PID;
    port_init();
    shared->args.count = 2;
    memcpy(shared->args.text, "init", 5);
    copy_name(shared->args.text + 5, arguments, ARGUMENTS_SIZE);
    shared->args.used = 5 + (uint32_t)strlen(arguments) + 1;
    p = proc_new();
    for (int fd = 0; fd < 3; fd++)
        p->files[fd] = file_open_console();
    if (exec_program(p, "init") < 0)
        exo_group_end(1);
    unlock();
    exo_env_destroy(SELF);
    for (;;)
        ;
}

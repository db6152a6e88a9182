/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - the table of settings: each new value is looked at before any is taken. */
#include "tools/control/settings.h"

#include <string.h>

enum { SHARES, CAP, RESERVE, CPUS, MEM, DISK_RATE, DISK_OPS, NET_RATE, NET_OPS, SETTINGS };

static const struct setting {
    const char *name;
    int64_t least, most;
    const char *wrong; /* what is said of a value out of range */
} settings[SETTINGS] = {
    [SHARES] = {"shares", 1, VM_SHARES_MOST, "'shares' must be from 1 to 10000"},
    [CAP] = {"cap", 0, 100, "'cap' must be a percentage, from 1 to 100, or 0 for no cap"},
    [RESERVE] = {"reserve", 0, 100, "'reserve' must be a percentage, from 0 to 100"},
    [CPUS] = {"cpus", 1, HARTS_MOST,
              "'cpus' must be from 1 to the number of CPUs that the VM has: pz run --cpus "
              "says how many"},
    [MEM] = {"mem", PAGE_SIZE, OPTIONS_RAM_END,
             "'mem' must be from 4K to the VM's RAM: pz run --mem says how much"},
    [DISK_RATE] = {"disk-rate", 0, LIMIT_MOST, "'disk-rate' must be below 4G; 0: no limit"},
    [DISK_OPS] = {"disk-ops", 0, LIMIT_MOST, "'disk-ops' must be below 4G; 0: no limit"},
    [NET_RATE] = {"net-rate", 0, LIMIT_MOST, "'net-rate' must be below 4G; 0: no limit"},
    [NET_OPS] = {"net-ops", 0, LIMIT_MOST, "'net-ops' must be below 4G; 0: no limit"},
};

/* What the guest is to make do with. */
static int64_t memory_of(const struct vm *vm)
{
    uint32_t wanted, given;

    if (!board_balloon(&vm->board, &wanted, &given))
        return (int64_t)vm->config.ram_size;
    if ((uint64_t)wanted << PAGE_SHIFT > vm->config.ram_size)
        return 0;
    return (int64_t)vm->config.ram_size - ((int64_t)wanted << PAGE_SHIFT);
}

static int64_t value_of(const struct vm *vm, unsigned setting)
{
    const struct limit *disk = &vm->board.limits[LIMIT_DISK];
    const struct limit *net = &vm->board.limits[LIMIT_NET];
    const int64_t values[SETTINGS] = {
        [SHARES] = vm->config.shares,    [CAP] = vm->config.cap,
        [RESERVE] = vm->config.reserve,  [CPUS] = vm->board.harts.wanted,
        [MEM] = memory_of(vm),           [DISK_RATE] = (int64_t)disk->bytes,
        [DISK_OPS] = (int64_t)disk->ops, [NET_RATE] = (int64_t)net->bytes,
        [NET_OPS] = (int64_t)net->ops,
    };

    return values[setting];
}

/* As the request has it; or as it is. */
static int64_t wanted(const struct vm *vm, unsigned setting, const json_t *fields)
{
    const json_t *field = json_object_get(fields, settings[setting].name);

    return field ? json_integer_value(field) : value_of(vm, setting);
}

static bool is_meant(const struct machine *machine, bool all, unsigned k, unsigned vm)
{
    return (all || k == vm) && vm_alive(&machine->vms[vm]);
}

static int64_t most_of(const struct vm *vm, unsigned setting)
{
    if (setting == CPUS)
        return vm->board.harts.count;
    return setting == MEM ? (int64_t)vm->config.ram_size : settings[setting].most;
}

static const char *check_one(const struct vm *vm, const json_t *fields)
{
    uint32_t pages, given;

    for (unsigned i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];
        const json_t *field = json_object_get(fields, setting->name);
        int64_t value = wanted(vm, i, fields);

        if (field &&
            (!json_is_integer(field) || value < setting->least || value > most_of(vm, i)))
            return setting->wrong;
    }
    if (wanted(vm, MEM, fields) != memory_of(vm) && !board_balloon(&vm->board, &pages, &given))
        return "'mem': this VM has no balloon to give memory to: pz run --balloon 0 gives it "
               "one";
    if (wanted(vm, MEM, fields) != memory_of(vm) && vm->vmm->paging.store.write)
        return "'mem' cannot be set with --machine-memory: the monitor sets it itself";
    if (wanted(vm, CAP, fields) && wanted(vm, RESERVE, fields) > wanted(vm, CAP, fields))
        return "'reserve' is more than 'cap'";
    return NULL;
}

/* A VM that has ended reserves nothing. */
static const char *check(const struct machine *machine, bool all, unsigned k,
                         const json_t *fields)
{
    int64_t reserved = 0;
    bool any = false;

    for (unsigned i = 0; i < SETTINGS; i++)
        any = any || json_object_get(fields, settings[i].name);
    if (!any)
        return "what? shares, cap, reserve, cpus, mem, disk-rate, disk-ops, net-rate or "
               "net-ops";
    for (unsigned vm = 0; vm < machine->count; vm++) {
        bool meant = is_meant(machine, all, k, vm);
        const char *wrong = meant ? check_one(&machine->vms[vm], fields) : NULL;

        if (wrong)
            return wrong;
        if (vm_alive(&machine->vms[vm]))
            reserved += meant ? wanted(&machine->vms[vm], RESERVE, fields)
                              : value_of(&machine->vms[vm], RESERVE);
    }
    return reserved > 100 ? "'reserve': more than 100 per cent in all" : NULL;
}

/* What is not asked for stays as it is: a limit keeps what has to be paid for yet. */
static void set_limit(struct vm *vm, enum limit_kind kind, int64_t bytes, int64_t ops)
{
    struct limit *limit = &vm->board.limits[kind];

    if ((int64_t)limit->bytes != bytes || (int64_t)limit->ops != ops)
        limit_set(limit, (uint64_t)bytes, (uint64_t)ops);
}

/* What the guest can see of it, it is to see now: one that waits looks up. */
static void change_board(struct vm *vm, const json_t *fields)
{
    int64_t given = (int64_t)vm->config.ram_size - wanted(vm, MEM, fields);
    uint64_t now = hart_time(&vm->cpu->hart);

    vm->board.harts.wanted = (uint8_t)wanted(vm, CPUS, fields);
    if (wanted(vm, MEM, fields) != memory_of(vm))
        (void)board_want(&vm->board, (uint32_t)(given >> PAGE_SHIFT));
    set_limit(vm, LIMIT_DISK, wanted(vm, DISK_RATE, fields), wanted(vm, DISK_OPS, fields));
    set_limit(vm, LIMIT_NET, wanted(vm, NET_RATE, fields), wanted(vm, NET_OPS, fields));
    vm->board.next = 0;
    if (now < vm->vmm->horizon)
        now = vm->vmm->horizon;
    if (vm->wake > now)
        vm->wake = now;
}

const char *settings_change(struct machine *machine, bool all, unsigned k, const json_t *fields)
{
    const char *wrong = check(machine, all, k, fields);

    for (unsigned i = 0; !wrong && i < machine->count; i++) {
        struct vm *vm = &machine->vms[i];

        if (!is_meant(machine, all, k, i))
            continue;
        vm->config.shares = (uint32_t)wanted(vm, SHARES, fields);
        vm->config.cap = (uint32_t)wanted(vm, CAP, fields);
        vm->config.reserve = (uint32_t)wanted(vm, RESERVE, fields);
        change_board(vm, fields);
    }
    return wrong;
}

void settings_put(const struct vm *vm, json_t *object)
{
    uint32_t wanted_pages, given;

    for (unsigned i = 0; i < SETTINGS; i++)
        json_put_number(object, settings[i].name, (uint64_t)value_of(vm, i));
    if (board_balloon(&vm->board, &wanted_pages, &given))
        json_put_number(object, "balloon", (uint64_t)given << PAGE_SHIFT);
}

/* ---- The command line ---- */

static enum pz_err read_word(const char *word, json_t *request, struct problem *problem)
{
    const struct parse_range any = {0, INT64_MAX};
    const char *value = strchr(word, '=');
    char number[32];
    uint64_t read;
    enum pz_err err;
    unsigned i = 0;

    while (i < SETTINGS && (!value || strncmp(word, settings[i].name, (size_t)(value - word)) ||
                            settings[i].name[value - word]))
        i++;
    if (i == SETTINGS)
        return problem_set(problem, PZ_USAGE,
                           "'%.60s': say shares=N, cap=P, reserve=P, cpus=N, mem=SIZE, "
                           "disk-rate=SIZE, disk-ops=N, net-rate=SIZE or net-ops=N",
                           word);
    (void)!snprintf(number, sizeof number, "%.30s", value + 1);
    if ((i == CAP || i == RESERVE) && strlen(number) > 1 && number[strlen(number) - 1] == '%')
        number[strlen(number) - 1] = 0;
    err = i == MEM || i == DISK_RATE || i == NET_RATE
              ? parse_size(settings[i].name, number, any, &read, problem)
              : parse_count(settings[i].name, number, any, &read, problem);
    if (!err)
        json_put_number(request, settings[i].name, read);
    return err;
}

enum pz_err settings_read(const struct words *words, unsigned first, json_t *request,
                          struct problem *problem)
{
    enum pz_err err = PZ_OK;

    for (unsigned i = first; !err && i < words->count; i++)
        err = read_word(words->at[i], request, problem);
    return err;
}

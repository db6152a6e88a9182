/* SPDX-License-Identifier: GPL-2.0-or-later */
/* settings.c - the table of settings: each new value is looked at before any is taken. */
#include "tools/control/settings.h"

#include <string.h>

enum { SHARES, CAP, RESERVE, CPUS, MEM, SETTINGS };

static const struct setting {
    const char *name;
    int64_t least, most;
    const char
        *wrong; /* for another value than it has, where it cannot be changed; or out of range */
} settings[SETTINGS] = {
    [SHARES] = {"shares", 1, VM_SHARES_MOST, "'shares' has to be from 1 to 10000"},
    [CAP] = {"cap", 0, 100,
             "'cap' has to be a per cent number, from 1 to 100, or 0 for no cap"},
    [RESERVE] = {"reserve", 0, 100, "'reserve' has to be a per cent number, from 0 to 100"},
    [CPUS] =
        {"cpus", 0, 0,
         "'cpus' cannot be changed while a guest runs: it has the CPUs that its device tree "
         "names, and starts and stops them itself (SBI HSM); pz run --cpus says how many"},
    [MEM] =
        {"mem", 0, 0,
         "'mem' cannot be changed while a guest runs: pz run --mem says how much, and --balloon "
         "how much a guest is asked to give back"},
};

static int64_t value_of(const struct vm *vm, unsigned setting)
{
    const int64_t values[SETTINGS] = {
        [SHARES] = vm->config.shares,         [CAP] = vm->config.cap,
        [RESERVE] = vm->config.reserve,       [CPUS] = vm->board.harts.count,
        [MEM] = (int64_t)vm->config.ram_size,
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

static const char *check_one(const struct vm *vm, const json_t *fields)
{
    for (unsigned i = 0; i < SETTINGS; i++) {
        const struct setting *setting = &settings[i];
        const json_t *field = json_object_get(fields, setting->name);
        int64_t value = wanted(vm, i, fields);
        bool fixed = setting->most == 0;

        if (field && (!json_is_integer(field) ||
                      (fixed ? value != value_of(vm, i)
                             : value < setting->least || value > setting->most)))
            return setting->wrong;
    }
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
        return "what? shares, cap, reserve, cpus or mem";
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

const char *settings_change(struct machine *machine, bool all, unsigned k, const json_t *fields)
{
    const char *wrong = check(machine, all, k, fields);

    for (unsigned vm = 0; !wrong && vm < machine->count; vm++) {
        struct vm_config *config = &machine->vms[vm].config;

        if (!is_meant(machine, all, k, vm))
            continue;
        config->shares = (uint32_t)wanted(&machine->vms[vm], SHARES, fields);
        config->cap = (uint32_t)wanted(&machine->vms[vm], CAP, fields);
        config->reserve = (uint32_t)wanted(&machine->vms[vm], RESERVE, fields);
    }
    return wrong;
}

void settings_put(const struct vm *vm, json_t *object)
{
    for (unsigned i = 0; i < SETTINGS; i++)
        json_put_number(object, settings[i].name, (uint64_t)value_of(vm, i));
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
                           "'%.60s': say shares=N, cap=P, reserve=P, cpus=N or mem=SIZE", word);
    (void)!snprintf(number, sizeof number, "%.30s", value + 1);
    if ((i == CAP || i == RESERVE) && strlen(number) > 1 && number[strlen(number) - 1] == '%')
        number[strlen(number) - 1] = 0;
    err = i == MEM ? parse_size(settings[i].name, number, any, &read, problem)
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

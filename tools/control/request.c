/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - the table of requests. Each is looked at in full before anything is done. It comes
 * between two turns, so at an exact instruction of every VM: the answer says which.
 */
#include "tools/control/request.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/show/show.h"
#include "tools/snapshot/snapshot.h"

#define METER_NS 100000000u

/* What a request is about. */
struct request {
    struct requests *requests;
    const json_t *fields;
    json_t *answer;
    bool all;    /* it names no VM */
    unsigned vm; /* the one that it names */
};

static json_t *refusal(const char *text)
{
    return json_pack("{s:b,s:s}", "ok", 0, "error", text);
}

/* ---- Meters ---- */

void request_meter_all(struct requests *requests, uint64_t now)
{
    const struct machine *machine = requests->host.machine;
    uint64_t passed = now - requests->metered;

    if (passed < METER_NS)
        return;
    requests->metered = now;
    for (unsigned k = 0; k < machine->count; k++)
        if (!machine_released(machine, k))
            requests->meters[k].page_ns += passed * machine_pages(machine, k, PAGE_KINDS);
}

static uint64_t monitor_ns(const struct vm *vm)
{
    uint64_t sum = 0;

    for (unsigned action = 0; action < TRACE_ACTIONS; action++)
        sum += vm->counters.action[action].ns;
    return sum;
}

static const char *state_of(const struct vm *vm)
{
    return vm_alive(vm) ? vm->paused ? "paused" : "running" : outcome_end((enum vm_end)vm->end);
}

/* What is metered, in one table: for JSON, and for Prometheus. */
struct figure {
    const char *name, *type, *help;
    double scale;
};
enum { INSNS, EXITS, MONITOR, PAGES, PAGE_SECONDS, FIGURES };
static const struct figure figures[FIGURES] = {
    [INSNS] = {"instructions", "counter", "Instructions retired.", 1},
    [EXITS] = {"exits", "counter", "Times that the monitor was entered.", 1},
    [MONITOR] = {"monitor_seconds", "counter", "Host time of the monitor's work.", 1e-9},
    [PAGES] = {"pages", "gauge", "Machine pages in use, of 4 KiB.", 1},
    [PAGE_SECONDS] = {"page_seconds", "counter", "Pages, times the seconds of use.", 1e-9},
};

static uint64_t figure_of(const struct requests *all, unsigned k, unsigned figure)
{
    const struct machine *machine = all->host.machine;
    const struct vm *vm = &machine->vms[k];

    switch (figure) {
    case INSNS: return vm_retired(vm);
    case EXITS: return vm->counters.exits;
    case MONITOR: return monitor_ns(vm);
    case PAGES: return machine_released(machine, k) ? 0 : machine_pages(machine, k, PAGE_KINDS);
    default: return all->meters[k].page_ns;
    }
}

static json_t *figures_of(const struct requests *all, unsigned k)
{
    json_t *object = json_object();

    json_put_number(object, "vm", k);
    json_put_text(object, "state", state_of(&all->host.machine->vms[k]));
    for (unsigned i = 0; i < FIGURES; i++) {
        uint64_t value = figure_of(all, k, i);

        json_put(object, figures[i].name,
                 figures[i].scale == 1 ? json_integer((json_int_t)value)
                                       : json_real((double)value * figures[i].scale));
    }
    return object;
}

/* ---- What can be asked for ---- */

static json_t *place_of(const struct requests *all, unsigned k)
{
    const struct vm *vm = &all->host.machine->vms[k];

    return json_pack("{s:i,s:s,s:I}", "vm", (int)k, "state", state_of(vm), "instructions",
                     (json_int_t)vm_retired(vm));
}

static json_t *list_of(const struct request *request,
                       json_t *(*one)(const struct requests *all, unsigned k))
{
    const struct requests *all = request->requests;
    json_t *list = json_array();

    for (unsigned k = 0; k < all->host.machine->count; k++)
        if (request->all || k == request->vm)
            json_array_append_new(list, one(all, k));
    return list;
}

static const char *do_status(struct request *request)
{
    json_put(request->answer, "vms", list_of(request, place_of));
    return NULL;
}

static const char *do_stats(struct request *request)
{
    json_put(request->answer, "vms", list_of(request, figures_of));
    return NULL;
}

static const char *set_paused(struct request *request, bool paused)
{
    const struct request_host *host = &request->requests->host;

    for (unsigned k = 0; k < host->machine->count; k++) {
        struct vm *vm = &host->machine->vms[k];

        if ((!request->all && k != request->vm) || !vm_alive(vm) || vm->paused == paused)
            continue;
        vm->paused = paused;
        host->paused(host->owner, k);
    }
    return do_status(request);
}

static const char *do_pause(struct request *request)
{
    return set_paused(request, true);
}

static const char *do_resume(struct request *request)
{
    return set_paused(request, false);
}

static const char *do_kill(struct request *request)
{
    const struct request_host *host = &request->requests->host;

    if (host->options->record)
        return "kill: not with --record";
    for (unsigned k = 0; k < host->machine->count; k++)
        if ((request->all || k == request->vm) && vm_alive(&host->machine->vms[k])) {
            vm_kill(&host->machine->vms[k], VM_KILLED);
            host->ended(host->owner, k);
        }
    return do_status(request);
}

static const char *do_stop(struct request *request)
{
    request->requests->host.session->quit = true;
    return do_status(request);
}

static const char *do_save(struct request *request)
{
    static struct problem problem;
    const struct request_host *host = &request->requests->host;
    const char *path = json_string_value(json_object_get(request->fields, "file"));
    struct snapshot_figures saved;

    if (!path || *path != '/')
        return "save: 'file' has to be a path from / on";
    if (host->options->record || host->options->profile)
        return "save: not with --record or --profile";
    if (snapshot_save(path, host->options, host->machine, host->session, &saved, &problem))
        return problem.text;
    json_put_number(request->answer, "pages", saved.pages);
    json_put_number(request->answer, "stored", saved.stored);
    json_put_number(request->answer, "bytes", saved.bytes);
    if (json_is_true(json_object_get(request->fields, "stop")))
        host->session->quit = true;
    return do_status(request);
}

/* Prometheus' text format 0.0.4. */
static void write_metrics(const struct request *request, FILE *out)
{
    const struct requests *all = request->requests;

    for (unsigned i = 0; i < FIGURES; i++) {
        const struct figure *figure = &figures[i];
        const char *total = *figure->type == 'c' ? "_total" : "";

        fprintf(out, "# HELP pz_%s%s %s\n# TYPE pz_%s%s %s\n", figure->name, total,
                figure->help, figure->name, total, figure->type);
        for (unsigned k = 0; k < all->host.machine->count; k++)
            if (request->all || k == request->vm)
                fprintf(out, "pz_%s%s{vm=\"%u\"} %.17g\n", figure->name, total, k,
                        (double)figure_of(all, k, i) * figure->scale);
    }
}

static const char *do_metrics(struct request *request)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (!out)
        return "no memory";
    write_metrics(request, out);
    if (fclose(out)) {
        free(text);
        return "no memory";
    }
    json_put_text(request->answer, "text", text);
    free(text);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*act)(struct request *request); /* what is wrong; NULL: nothing */
} requests[] = {
    {"status", do_status}, {"pause", do_pause}, {"resume", do_resume}, {"kill", do_kill},
    {"stop", do_stop},     {"save", do_save},   {"stats", do_stats},   {"metrics", do_metrics},
};

/* ---- Lines ---- */

/* One VM, or all. */
static bool get_vm(struct request *request)
{
    const json_t *vm = json_object_get(request->fields, "vm");
    json_int_t k = json_integer_value(vm);

    request->all = !vm;
    request->vm = (unsigned)k;
    return !vm || (json_is_integer(vm) && k >= 0 &&
                   (uint64_t)k < request->requests->host.machine->count);
}

static json_t *act(struct request *request, unsigned row)
{
    const char *wrong;

    request->answer = json_pack("{s:b,s:s}", "ok", 1, "do", requests[row].name);
    wrong = requests[row].act(request);
    if (!wrong)
        return request->answer;
    json_decref(request->answer);
    return refusal(wrong);
}

static json_t *answer_fields(struct requests *all, const json_t *fields)
{
    struct request request = {.requests = all, .fields = fields};
    const char *name = json_string_value(json_object_get(fields, "do"));
    const json_t *version = json_object_get(fields, "pz-control");

    if (!json_is_object(fields))
        return refusal("a request is an object");
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return refusal("'pz-control' has to be 1, the version of the protocol");
    if (!get_vm(&request))
        return refusal("'vm': there is no such VM");
    for (unsigned i = 0; name && i < sizeof requests / sizeof requests[0]; i++)
        if (!strcmp(name, requests[i].name))
            return act(&request, i);
    return refusal("'do' has to be status, pause, resume, kill, stop, save, stats or metrics");
}

json_t *request_answer(struct requests *all, const char *line, size_t len)
{
    json_t *fields = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *id = json_object_get(fields, "id");
    json_t *answer = fields ? answer_fields(all, fields) : refusal("a line is not JSON");

    if (json_is_integer(id) || json_is_string(id))
        json_object_set(answer, "id", (json_t *)(uintptr_t)id);
    json_put_number(answer, "pz-control", 1);
    json_decref(fields);
    return answer;
}

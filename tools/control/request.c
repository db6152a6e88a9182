/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * request.c - the table of requests. Each is looked at in full before anything is done. It comes
 * between two turns, so at an exact instruction of every VM: the answer says which.
 */
#include "tools/control/request.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tools/control/settings.h"
#include "tools/control/spawn.h"
#include "tools/show/show.h"
#include "tools/snapshot/snapshot.h"

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

static const char *state_of(const struct vm *vm)
{
    return vm_alive(vm) ? vm->paused ? "paused" : "running" : outcome_end((enum vm_end)vm->end);
}

static json_t *figures_of(const struct requests *all, unsigned k)
{
    json_t *object = json_object(), *bill = bill_json(all->host.bill, all->host.meters, k);

    json_put_number(object, "vm", k);
    json_put_text(object, "state", state_of(&all->host.machine->vms[k]));
    meters_put(all->host.meters, k, object);
    if (bill)
        json_put(object, "bill", bill);
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

static json_t *settings_of(const struct requests *all, unsigned k)
{
    json_t *object = place_of(all, k);

    settings_put(&all->host.machine->vms[k], object);
    return object;
}

static const char *do_status(struct request *request)
{
    const struct source *source = request->requests->host.source;

    json_put(request->answer, "vms", list_of(request, place_of));
    if (source->state != SOURCE_AT_HOME)
        json_put(request->answer, "migration", source_status(source));
    return NULL;
}

static const char *do_stats(struct request *request)
{
    json_put(request->answer, "vms", list_of(request, figures_of));
    return NULL;
}

/* VMs that may be another process's already, or are about to be. */
static bool are_leaving(const struct request *request)
{
    return source_holds(request->requests->host.source);
}

static const char leaving[] = "the VMs are on their way to another process";

static const char *set_paused(struct request *request, bool paused)
{
    const struct request_host *host = &request->requests->host;

    if (are_leaving(request))
        return leaving;
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

/* In doubt, it is for people to say who has them. */
static const char *do_resume(struct request *request)
{
    if (source_take_back(request->requests->host.source))
        return do_status(request);
    return set_paused(request, false);
}

static const char *do_kill(struct request *request)
{
    const struct request_host *host = &request->requests->host;

    if (host->options->record)
        return "kill: not with --record";
    if (are_leaving(request) && host->source->state != SOURCE_DOUBT)
        return leaving;
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

/* Why the machine cannot be written to a file now; NULL: it can. */
static const char *cannot_save(const struct request_host *host)
{
    if (host->source->state != SOURCE_AT_HOME ||
        (host->target && target_is_incomplete(host->target)))
        return "the machine cannot be saved while a migration is under way";
    if (host->options->profile)
        return "a machine with --profile cannot be saved";
    return NULL;
}

static const char *do_save(struct request *request)
{
    static struct problem problem;
    const struct request_host *host = &request->requests->host;
    const char *path = json_string_value(json_object_get(request->fields, "file"));
    const json_t *since = json_object_get(request->fields, "since");
    const char *wrong = cannot_save(host);
    struct options options = *host->options;
    struct snapshot_figures saved;

    if (!path || *path != '/')
        return "save: 'file' must be a path from / on";
    options.since = json_string_value(since);
    if (since && (!options.since || *options.since != '/'))
        return "save: 'since' must be a path from / on";
    if (wrong)
        return wrong;
    if (snapshot_save(path, &options, host->machine, host->session, host->recorder, &saved,
                      &problem))
        return problem.text;
    request->requests->saved = true;
    json_put_number(request->answer, "pages", saved.pages);
    json_put_number(request->answer, "stored", saved.stored);
    json_put_number(request->answer, "bytes", saved.bytes);
    if (json_is_true(json_object_get(request->fields, "stop")))
        host->session->quit = true;
    return do_status(request);
}

/* The clones are another process, which comes to its socket by itself. */
static const char *do_clone(struct request *request)
{
    const struct request_host *host = &request->requests->host;
    const json_t *count = json_object_get(request->fields, "count");
    struct spawn_order order = {
        .options = host->options,
        .machine = host->machine,
        .session = host->session,
        .recorder = host->recorder,
        .name = json_string_value(json_object_get(request->fields, "name")),
        .count = count ? (uint64_t)json_integer_value(count) : 1,
        .identity = json_is_true(json_object_get(request->fields, "identity")),
        .share = json_is_true(json_object_get(request->fields, "share")),
    };
    const char *wrong = cannot_save(host);
    int process = 0;

    if (wrong)
        return wrong;
    if (host->machine->count > 1)
        return "clone: there are several VMs: only one that runs alone can be cloned";
    if (count && (!json_is_integer(count) || !order.count || order.count > VMM_VMS))
        return "clone: 'count' must be a number of VMs, from 1 to 1024";
    wrong = spawn_clones(&order, &process);
    if (wrong)
        return wrong;
    json_put_text(request->answer, "name", order.name);
    json_put_number(request->answer, "process", (uint64_t)process);
    return do_status(request);
}

/* Its answer comes when it is over. */
static const char *do_migrate(struct request *request)
{
    const json_t *bandwidth = json_object_get(request->fields, "bandwidth");
    struct source_order order = {
        .to = json_string_value(json_object_get(request->fields, "to")),
        .bandwidth = (uint64_t)json_integer_value(bandwidth),
        .post_copy = json_is_true(json_object_get(request->fields, "post-copy")),
    };
    const char *wrong;

    if (!order.to || *order.to != '/')
        return "migrate: 'to' must be a path from / on";
    if (bandwidth && (!json_is_integer(bandwidth) || json_integer_value(bandwidth) < 1))
        return "migrate: 'bandwidth' must be a number of bytes a second";
    if (!request->all)
        return "migrate: all VMs of a run move together: leave out 'vm'";
    if (request->requests->host.target && target_is_incomplete(request->requests->host.target))
        return "migrate: not while memory is still arriving";
    wrong = source_start(request->requests->host.source, &order);
    request->requests->deferred = !wrong;
    return wrong;
}

static void write_owed(const struct request *request, FILE *out)
{
    const struct request_host *host = &request->requests->host;

    fputs("# HELP pz_owed What is owed so far, by the run's prices.\n"
          "# TYPE pz_owed gauge\n",
          out);
    for (unsigned k = 0; k < host->machine->count; k++)
        for (unsigned part = 0; part < 2 && (request->all || k == request->vm); part++)
            fprintf(out, "pz_owed{vm=\"%u\",part=\"%s\"} %.17g\n", k, part ? "host" : "guest",
                    bill_sum(host->bill, host->meters, k, part));
}

/* Prometheus' text format 0.0.4. */
static void write_metrics(const struct request *request, FILE *out)
{
    const struct request_host *host = &request->requests->host;

    for (unsigned i = 0; i < METER_FIGURES; i++) {
        const struct meter_row *row = &meter_rows[i];
        const char *total = row->gauge ? "" : "_total";

        fprintf(out, "# HELP pz_%s%s %s\n# TYPE pz_%s%s %s\n", row->name, total, row->help,
                row->name, total, row->gauge ? "gauge" : "counter");
        for (unsigned k = 0; k < host->machine->count; k++)
            if (request->all || k == request->vm)
                fprintf(out, "pz_%s%s{vm=\"%u\"} %.17g\n", row->name, total, k,
                        meters_value(host->meters, k, (enum meter_figure)i));
    }
    if (host->bill->has)
        write_owed(request, out);
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

/* From now on the connection is the console; see server.c. */
static const char *do_console(struct request *request)
{
    struct requests *all = request->requests;
    unsigned k = request->all ? 0 : request->vm;

    if (request->all && all->host.machine->count > 1)
        return "console: there are several VMs: name one";
    if (!vm_alive(&all->host.machine->vms[k]))
        return "console: this VM has ended";
    all->console = (int)k;
    json_put(request->answer, "typed",
             json_boolean(!all->host.session->ports[k].input.no_keys));
    return do_status(request);
}

static const char *do_set(struct request *request)
{
    const struct request_host *host = &request->requests->host;
    const char *wrong;

    if (host->options->record)
        return "set: not with --record";
    if (host->source->state != SOURCE_AT_HOME)
        return "set: not while a migration is under way";
    wrong = settings_change(host->machine, request->all, request->vm, request->fields);
    if (!wrong)
        json_put(request->answer, "vms", list_of(request, settings_of));
    return wrong;
}

static const struct {
    const char *name;
    const char *(*act)(struct request *request); /* what is wrong; NULL: nothing */
} requests[] = {
    {"status", do_status},   {"pause", do_pause},     {"resume", do_resume},
    {"kill", do_kill},       {"stop", do_stop},       {"save", do_save},
    {"stats", do_stats},     {"metrics", do_metrics}, {"set", do_set},
    {"console", do_console}, {"migrate", do_migrate}, {"clone", do_clone},
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

/* What is true or false. 'stop': "yes" must not be taken for false. NULL: nothing is wrong. */
static const char *wrong_flag(const json_t *fields)
{
    static const struct {
        const char *name, *wrong;
    } flags[] = {
        {"stop", "'stop' must be true or false"},
        {"identity", "'identity' must be true or false"},
        {"share", "'share' must be true or false"},
        {"post-copy", "'post-copy' must be true or false"},
    };

    for (unsigned i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        const json_t *value = json_object_get(fields, flags[i].name);

        if (value && !json_is_boolean(value))
            return flags[i].wrong;
    }
    return NULL;
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
        return refusal("'pz-control' must be 1, the version of the protocol");
    if (!get_vm(&request))
        return refusal("'vm': there is no such VM");
    if (wrong_flag(fields))
        return refusal(wrong_flag(fields));
    for (unsigned i = 0; name && i < sizeof requests / sizeof requests[0]; i++)
        if (!strcmp(name, requests[i].name))
            return act(&request, i);
    return refusal("'do' must be status, pause, resume, kill, stop, save, stats, metrics, set, "
                   "console, migrate or clone");
}

static json_t *sign(json_t *answer, const json_t *id)
{
    if (json_is_integer(id) || json_is_string(id))
        json_object_set(answer, "id", (json_t *)(uintptr_t)id);
    json_put_number(answer, "pz-control", 1);
    return answer;
}

json_t *request_refusal(const char *text)
{
    return sign(refusal(text), NULL);
}

json_t *request_answer(struct requests *all, const char *line, size_t len)
{
    json_t *fields = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
    const json_t *id = json_object_get(fields, "id");
    json_t *answer;

    all->console = REQUESTS_NO_CONSOLE;
    answer = fields ? answer_fields(all, fields) : refusal("a line is not JSON");

    if (all->deferred) {
        json_decref(answer);
        all->id = json_deep_copy(id);
        answer = NULL;
    } else {
        answer = sign(answer, id);
    }
    json_decref(fields);
    return answer;
}

json_t *request_late(struct requests *all)
{
    json_t *result = all->host.source ? source_result(all->host.source) : NULL;

    if (!result)
        return NULL;
    result = sign(result, all->id);
    json_decref(all->id);
    all->id = NULL;
    return result;
}

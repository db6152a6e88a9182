/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.c - figures of a run by name, conditions on them, and the student's file of lines
 * "key: value". Words are compared without regard to case and space.
 */
#define _GNU_SOURCE
#include "tools/grade/answer.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/base/base.h"

#define ANSWERS_MOST (1u << 20)

/* ---- Figures ---- */

/* How often an instruction was emulated, by its name or that of the CSR it accesses. */
static bool emulated_figure(const struct trace_counters *counters, const char *name,
                            uint64_t *value)
{
    for (unsigned id = 0; id < INSN_COUNT; id++)
        if (!strcmp(insn_desc((enum insn_id)id)->name, name)) {
            *value = counters->insn[id].count;
            return true;
        }
    for (unsigned id = 0; id < CSR_COUNT; id++)
        if (!strcmp(csr_desc((enum csr_id)id)->name, name)) {
            *value = counters->csr[id].count;
            return true;
        }
    return false;
}

bool grade_answer_counted(const struct trace_counters *counters, const char *name,
                          uint64_t *value)
{
    const struct {
        const char *name;
        uint64_t value;
    } figures[] = {
        {"exits", counters->exits},
        {"emulated", counters->emulated},
        {"interpreted", counters->interpreted},
        {"translated", counters->translated},
    };

    for (unsigned i = 0; i < sizeof figures / sizeof figures[0]; i++)
        if (!strcmp(figures[i].name, name)) {
            *value = figures[i].value;
            return true;
        }
    for (unsigned action = 0; action < TRACE_ACTIONS; action++)
        if (!strcmp(trace_action_name((enum trace_action)action), name)) {
            *value = counters->action[action].count;
            return true;
        }
    return emulated_figure(counters, name, value);
}

/*
 * A figure of VM 0: "retired", "foreign" (shadow entries that lead to pages of others), "pages" (of
 * the machine that are its RAM), or what is counted.
 */
static bool figure(const struct lockstep *lockstep, const char *name, uint64_t *value)
{
    struct vm *vm = (struct vm *)&lockstep->machine.vms[0];
    unsigned stale;
    const struct {
        const char *name;
        uint64_t value;
    } figures[] = {
        {"retired", vm_retired(vm)},
        {"pages", allocate_count(&lockstep->machine.vmm.allocator, vm->id, PAGE_GUEST)},
        {"foreign", strcmp(name, "foreign") ? 0 : vm_shadow_check(vm, &stale)},
    };

    for (unsigned i = 0; i < sizeof figures / sizeof figures[0]; i++)
        if (!strcmp(figures[i].name, name)) {
            *value = figures[i].value;
            return true;
        }
    return grade_answer_counted(&vm->counters, name, value);
}

/* ---- What a run should come to ---- */

static bool expected_end(const json_t *expect, const struct lockstep *lockstep, char *message,
                         char *expected, char *got, size_t room)
{
    const char *wanted = json_string_value(json_object_get(expect, "end"));
    const char *end = outcome_end((enum vm_end)lockstep->machine.vms[0].end);

    if (!wanted)
        wanted = outcome_end(VM_OFF);
    if (!strcmp(wanted, end) || !strcmp(wanted, "any"))
        return true;
    (void)!snprintf(message, room,
                    "the guest did not end as expected, after %" PRIu64 " instructions",
                    vm_retired(&lockstep->machine.vms[0]));
    (void)!snprintf(expected, room, "%s", wanted);
    (void)!snprintf(got, room, "%s", end);
    return false;
}

static bool expected_console(const json_t *expect, const struct lockstep *lockstep,
                             char *message, char *expected, char *got, size_t room)
{
    const char *wanted = json_string_value(json_object_get(expect, "console"));
    const struct console_text *printed = &lockstep->vm_ports[0].printed;

    if (!wanted ||
        memmem(printed->bytes ? printed->bytes : "", printed->len, wanted, strlen(wanted)))
        return true;
    (void)!snprintf(message, room, "the guest did not print the expected text");
    (void)!snprintf(expected, room, "%s", wanted);
    (void)!snprintf(got, room, "%.*s", (int)printed->len, printed->bytes ? printed->bytes : "");
    return false;
}

static bool expected_figures(const json_t *expect, const struct lockstep *lockstep,
                             char *message, char *expected, char *got, size_t room)
{
    const char *name;
    json_t *range;

    json_object_foreach(json_object_get((json_t *)expect, "figures"), name, range)
    {
        uint64_t least = (uint64_t)json_integer_value(json_array_get(range, 0));
        uint64_t most = (uint64_t)json_integer_value(json_array_get(range, 1)), value = 0;

        if (figure(lockstep, name, &value) && value >= least && value <= most)
            continue;
        (void)!snprintf(message, room, "the run's count of %s is not the expected one", name);
        (void)!snprintf(expected, room, "%" PRIu64 " to %" PRIu64, least, most);
        (void)!snprintf(got, room, "%" PRIu64, value);
        return false;
    }
    return true;
}

bool grade_answer_expected(const json_t *expect, const struct lockstep *lockstep, char *message,
                           char *expected, char *got, size_t room)
{
    return expected_end(expect, lockstep, message, expected, got, room) &&
           expected_console(expect, lockstep, message, expected, got, room) &&
           expected_figures(expect, lockstep, message, expected, got, room);
}

/* ---- Answers ---- */

/* The value of a key, white space at both ends cut off. False: there is none. */
static bool find_answer(const struct file *file, const char *key, char value[ANSWER_VALUE])
{
    const char *at = (const char *)file->bytes, *end = at + file->len;

    while (at && at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop ? stop : end;
        const char *colon = memchr(at, ':', (size_t)(line_end - at));
        size_t len = strlen(key);

        while (at < line_end && isspace((unsigned char)*at))
            at++;
        if (colon && (size_t)(colon - at) >= len && !strncasecmp(at, key, len) &&
            strspn(at + len, " \t") == (size_t)(colon - at) - len) {
            for (colon++; colon < line_end && isspace((unsigned char)*colon); colon++)
                ;
            while (line_end > colon && isspace((unsigned char)line_end[-1]))
                line_end--;
            (void)!snprintf(value, ANSWER_VALUE, "%.*s", (int)(line_end - colon), colon);
            return true;
        }
        at = stop ? stop + 1 : end;
    }
    return false;
}

bool grade_answer_near(const char *said, uint64_t value, uint64_t percent)
{
    char *end;
    unsigned long long number = strtoull(said, &end, 0);
    uint64_t slack = value / 100 * percent + value % 100 * percent / 100;

    return end != said && !*end && number + slack >= value && number <= value + slack;
}

/* One word, or one of several. */
static bool word_is_right(const char *said, const json_t *value)
{
    if (json_is_integer(value))
        return grade_answer_near(said, (uint64_t)json_integer_value(value), 0);
    if (json_is_string(value))
        return !strcasecmp(said, json_string_value(value));
    for (size_t i = 0; i < json_array_size(value); i++)
        if (word_is_right(said, json_array_get(value, i)))
            return true;
    return false;
}

static bool compare(const json_t *answer, const struct lockstep *lockstep, const char *said,
                    char *message, char *expected, size_t room)
{
    const char *name = json_string_value(json_object_get(answer, "figure"));
    uint64_t percent = (uint64_t)json_integer_value(json_object_get(answer, "percent")), value;

    if (!name)
        return word_is_right(said, json_object_get(answer, "value"));
    if (!lockstep || !figure(lockstep, name, &value)) {
        (void)!snprintf(message, room, "the exercise names an unknown figure: %s", name);
        return false;
    }
    (void)!snprintf(expected, room, "%" PRIu64, value);
    return grade_answer_near(said, value, percent);
}

bool grade_answer_said(const struct grade_run *run, char said[ANSWER_VALUE], char *message,
                       size_t room)
{
    const char *key = json_string_value(json_object_get(run->check->answer, "key"));
    struct file file = {0};
    struct problem problem;
    bool found;

    if (!run->answers || file_read(run->answers, ANSWERS_MOST, &file, &problem)) {
        (void)!snprintf(message, room, "there is no answers file");
        return false;
    }
    found = find_answer(&file, key, said) && said[0];
    if (!found)
        (void)!snprintf(message, room, "there is no answer to '%s'", key);
    file_free(&file);
    return found;
}

/*
 * A measured figure may be shown, because it helps to find the mistake in the reasoning. A word may
 * not.
 */
bool grade_answer_right(const struct grade_run *run, const struct lockstep *lockstep,
                        char *message, char *expected, char *got, size_t room)
{
    const json_t *answer = run->check->answer;
    char said[ANSWER_VALUE] = "";
    bool right = false;

    if (grade_answer_said(run, said, message, room)) {
        (void)!snprintf(message, room, "the answer to '%s' is wrong",
                        json_string_value(json_object_get(answer, "key")));
        right = compare(answer, lockstep, said, message, expected, room);
    }
    (void)!snprintf(got, room, "%s", said);
    return right;
}

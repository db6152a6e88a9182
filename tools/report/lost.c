/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lost.c - each check without full points: what it says, what was expected, and its recording,
 * which is in the link, or in a file beside the report.
 */
#include "tools/report/lost.h"

#include <inttypes.h>
#include <string.h>

#include "tools/report/page.h"
#include "tools/travel/travel.h"

#define RECORDING_MOST (1u << 30)

/* ---- The recording ---- */

/* The folder that the result is in, with its "/"; "" for the current one. */
static int folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (int)(slash - path) + 1 : 0;
}

/*
 * Where it is: as pz grade named it, from here or from the result's folder; or beside the result.
 * False: in none of these places.
 */
static bool find_recording(const struct result *result, const char *replay,
                           char path[PATH_ROOM])
{
    int folder = folder_of(result->path);
    const char *name = strrchr(replay, '/');

    path_format(path, PATH_ROOM, "%s", replay);
    if (recording_is(path))
        return true;
    path_format(path, PATH_ROOM, "%.*s%s", folder, result->path, replay);
    if (recording_is(path))
        return true;
    path_format(path, PATH_ROOM, "%.*s%s", folder, result->path, name ? name + 1 : replay);
    return recording_is(path);
}

/* One that is too long for a link is put beside the report. `name`: what it is called there. */
static enum pz_err put_beside(const struct lost *lost, const char *path, const char *student,
                              char name[LINK_NAME], struct problem *problem)
{
    char copy[PATH_ROOM], both[PATH_ROOM + 256];
    struct file file;
    FILE *out;
    enum pz_err err;

    snprintf(both, sizeof both, "%s.%.60s.%s", lost->output + folder_of(lost->output), student,
             path + folder_of(path));
    for (char *c = both; *c; c++)
        *c = *c == '/' ? '-' : *c;
    link_name(name, both);
    if (strcmp(name, both)) { /* another's may have come to the same */
        char end[LINK_NAME];

        snprintf(end, sizeof end, "%s", name + (strlen(name) > 60 ? strlen(name) - 60 : 0));
        snprintf(name, LINK_NAME, "%016" PRIx64 ".%.60s", statehash_bytes(both, strlen(both)),
                 end);
    }
    path_format(copy, sizeof copy, "%.*s%s", folder_of(lost->output), lost->output, name);
    err = file_read(path, RECORDING_MOST, &file, problem);
    if (err) {
        problem_prefix(problem, path);
        return err;
    }
    err = outfile_open(&out, "-o", copy, problem);
    if (!err) {
        (void)fwrite(file.bytes, 1, file.len, out);
        err = outfile_close(out, 0, "-o", copy, problem);
    }
    file_free(&file);
    return err;
}

static bool fits_link(const char *path)
{
    struct problem problem;
    struct file file;
    bool fits = !file_read(path, LINK_RECORDING, &file, &problem);

    if (fits)
        file_free(&file);
    return fits;
}

static void write_place(FILE *out, const struct link *link, const char *path, uint64_t retired)
{
    char text[96], number[TEXT_NUMBER];

    fputs("<p>", out);
    snprintf(text, sizeof text, "vm0 at instruction %s", text_grouped(retired, number));
    link_text(out, link, &(struct link_place){0, retired, "trap", true}, text);
    fputs(", or: <code>pz debug ", out);
    markup_text(out, path);
    fprintf(out, "</code>, then <code>goto %" PRIu64 "</code></p>\n", retired);
}

static enum pz_err write_recording(const struct lost *lost, FILE *out,
                                   const struct result *result, const json_t *check,
                                   struct problem *problem)
{
    const char *replay = results_text(check, "replay");
    char path[PATH_ROOM], name[LINK_NAME];
    struct link link;
    bool beside;
    enum pz_err err = PZ_OK;

    if (!*replay)
        return PZ_OK;
    if (!find_recording(result, replay, path)) {
        page_note(out, "Its recording, %s, is not where pz grade has put it.", replay);
        return PZ_OK;
    }
    beside = lost->output && !fits_link(path);
    link_name(name, path);
    if (beside)
        err = put_beside(lost, path, result->student, name, problem);
    if (err)
        return err;
    if (!link_recording(&link, lost->page, path, name))
        err = problem_memory(problem, "the report");
    else
        write_place(out, &link, beside ? name : path, results_number(check, "retired"));
    if (!err && link.begin && !link.recording)
        page_note(out,
                  "The recording is too long for a link: when the page asks for it, drop %s "
                  "onto it.",
                  beside ? name : path);
    link_free(&link);
    return err;
}

/* ---- What was lost ---- */

static void write_lines(FILE *out, const char *name, const char *text)
{
    if (!*text)
        return;
    fputs("<p class=\"note\">", out);
    markup_text(out, name);
    fputs("</p>\n<pre>\n", out);
    markup_text(out, text);
    fputs("</pre>\n", out);
}

static void write_fact(FILE *out, const char *name, const char *text)
{
    if (!*text)
        return;
    fprintf(out, "<dt>%s</dt><dd>", name);
    markup_text(out, text);
    fputs("</dd>\n", out);
}

static enum pz_err write_check(struct lost *lost, FILE *out, const struct result *result,
                               const json_t *check, struct problem *problem)
{
    uint64_t points = results_number(check, "points"), of = results_number(check, "of");

    if (points >= of)
        return PZ_OK;
    lost->points += of - points;
    fputs("<h5>", out);
    markup_text(out, results_text(check, "name"));
    fputs(": ", out);
    markup_text(out, results_text(check, "outcome"));
    fprintf(out, ", <span class=\"bad\">%" PRIu64 " of %" PRIu64 "</span></h5>\n", points, of);
    fputs("<p>", out);
    markup_text(out, results_text(check, "message"));
    fputs("</p>\n<dl>\n", out);
    write_fact(out, "expected", results_text(check, "expected"));
    write_fact(out, "got", results_text(check, "got"));
    write_fact(out, "hint", results_text(check, "hint"));
    fputs("</dl>\n", out);
    write_lines(out, "It printed:", results_text(check, "printed"));
    return write_recording(lost, out, result, check, problem);
}

static enum pz_err write_result(struct lost *lost, FILE *out, const struct result *result,
                                struct problem *problem)
{
    const json_t *checks = json_object_get(result->document, "checks");
    const json_t *files = json_object_get(result->document, "files");
    enum pz_err err = PZ_OK;

    fputs("<h4>", out);
    markup_text(out, result->exercise);
    fprintf(out, ": %" PRIu64 " of %" PRIu64 " points</h4>\n", result->points, result->of);
    for (size_t i = 0; i < json_array_size(files); i++)
        write_lines(out,
                    "The compiler says:", results_text(json_array_get(files, i), "compiler"));
    for (size_t i = 0; !err && i < json_array_size(checks); i++)
        err = write_check(lost, out, result, json_array_get(checks, i), problem);
    return err;
}

enum pz_err lost_write(struct lost *lost, FILE *out, const struct results *results,
                       unsigned student, struct problem *problem)
{
    enum pz_err err = PZ_OK;
    bool begun = false;

    for (unsigned e = 0; !err && e < results->exercise_count; e++) {
        const struct result *result =
            results_find(results, results->students[student], results->exercises[e]);

        if (!result || result->points >= result->of)
            continue;
        if (!begun) {
            fprintf(out, "<h3 id=\"s%u\">", student);
            markup_text(out, result->student);
            fputs("</h3>\n", out);
            begun = true;
        }
        err = write_result(lost, out, result, problem);
    }
    return err;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.c - files that a page stores for its session: kernels, recordings, disks. They are all in
 * one folder, under names that cannot lead out of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/web/state.h"

#define NAME_MOST 100u

bool web_file_name(const char *name)
{
    size_t len = strlen(name);

    if (!len || len > NAME_MOST || name[0] == '.' || name[0] == '-')
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)name[i] < ' ' || strchr("/\\,:=", name[i]))
            return false;
    return true;
}

enum pz_err web_file_put(struct web_session *session, const char *name, const void *bytes,
                         size_t len, struct problem *problem)
{
    char path[PATH_ROOM];
    FILE *file;
    bool good;

    if (!web_file_name(name))
        return problem_set(
            problem, PZ_USAGE,
            "'%.40s' is not a valid file name: at most %u characters, without a folder", name,
            NAME_MOST);
    path_format(path, sizeof path, "%s/%s", session->host->folder, name);
    file = fopen(path, "wb");
    if (!file)
        return problem_set(problem, PZ_HOST, "%.40s: %s", name, strerror(errno));
    good = fwrite(bytes, 1, len, file) == len;
    good = !fclose(file) && good;
    if (!good)
        return problem_set(problem, PZ_HOST, "%.40s: %s", name, strerror(errno));
    return PZ_OK;
}

enum pz_err web_file(struct web_session *session, const json_t *request, json_t *answer,
                     struct problem *problem)
{
    const char *name = web_text(request, "name", problem);
    const char *text = name ? web_text(request, "base64", problem) : NULL;
    uint8_t *bytes;
    size_t len;
    enum pz_err err;

    if (!text)
        return PZ_USAGE;
    bytes = base64_decode(text, &len);
    if (!bytes)
        return problem_set(problem, PZ_USAGE, "'base64' is not base64");
    err = len > WEB_FILE_MOST ? problem_set(problem, PZ_USAGE, "%.40s: more than %u MiB", name,
                                            WEB_FILE_MOST >> 20)
                              : web_file_put(session, name, bytes, len, problem);
    free(bytes);
    json_put_number(answer, "bytes", len);
    return err;
}

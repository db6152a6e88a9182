/* SPDX-License-Identifier: GPL-2.0-or-later */
/* view.c - the views of a machine by name. They look, and move nothing that a guest could see. */
#include <string.h>

#include "tools/web/state.h"

static const struct {
    const char *name;
    web_viewer *look;
} views[] = {
    {"regs", web_view_regs},     {"csrs", web_view_csrs},         {"dis", web_view_dis},
    {"memory", web_view_memory}, {"source", web_view_source},     {"pages", web_view_pages},
    {"tables", web_view_tables}, {"walk", web_view_walk},         {"exit", web_view_exit},
    {"why", web_view_why},       {"timeline", web_view_timeline},
};
#define VIEWS (sizeof views / sizeof views[0])

enum pz_err web_view(struct web_session *session, const json_t *request, json_t *answer,
                     struct problem *problem)
{
    struct web_machine *machine = web_machine(session, problem);
    const char *what = machine ? web_text(request, "what", problem) : NULL;
    json_t *view;
    enum pz_err err;

    if (!what)
        return PZ_USAGE;
    for (unsigned i = 0; i < VIEWS; i++)
        if (!strcmp(views[i].name, what)) {
            view = json_object();
            err = views[i].look(session, request, view, problem);
            json_put_text(answer, "what", what);
            json_put(answer, "view", view);
            return err;
        }
    return nearest_refuse("view", what, &views[0].name, VIEWS, sizeof views[0], "docs/web.md",
                          problem);
}

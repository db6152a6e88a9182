/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - the session of one page: requests in, answers out, both JSON (docs/web.md). It is the
 * same where pz serves a page and where it runs inside one, so it knows of no sockets, processes,
 * threads or signals; what it needs of the place where it runs is in host.h.
 */
#ifndef PZ_TOOLS_WEB_SESSION_H
#define PZ_TOOLS_WEB_SESSION_H

#include "tools/web/host.h"

struct web_session;

/* NULL: no memory. The host has to stay. */
struct web_session *web_session_new(const struct web_host *host);
void web_session_free(struct web_session *session);

/* The answer to a request, to be freed; NULL: no memory. The request can be anything. */
char *web_request(struct web_session *session, const char *request);

/* From a signal handler: guests that a request runs stop soon. */
void web_interrupt(struct web_session *session);

#endif

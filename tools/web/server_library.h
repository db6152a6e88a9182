/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server_library.h - libwebsockets, loaded when a server starts: it and the libraries that it needs
 * would lengthen the start of every pz by half.
 */
#ifndef PZ_TOOLS_WEB_SERVER_LIBRARY_H
#define PZ_TOOLS_WEB_SERVER_LIBRARY_H

#include <libwebsockets.h>

#include "tools/base/base.h"

/* What the server calls, without the prefix lws_. */
#define SERVER_LIBRARY(X)                                                                      \
    X(adopt_descriptor_vhost_via_info)                                                         \
    X(callback_http_dummy)                                                                     \
    X(callback_on_writable)                                                                    \
    X(cancel_service)                                                                          \
    X(close_reason)                                                                            \
    X(context_destroy)                                                                         \
    X(context_user)                                                                            \
    X(create_context)                                                                          \
    X(create_vhost)                                                                            \
    X(frame_is_binary)                                                                         \
    X(get_context)                                                                             \
    X(get_opaque_user_data)                                                                    \
    X(get_socket_fd)                                                                           \
    X(get_urlarg_by_name)                                                                      \
    X(get_vhost_listen_port)                                                                   \
    X(hdr_copy)                                                                                \
    X(hdr_total_length)                                                                        \
    X(http_cookie_get)                                                                         \
    X(http_transaction_completed)                                                              \
    X(is_final_fragment)                                                                       \
    X(is_first_fragment)                                                                       \
    X(remaining_packet_payload)                                                                \
    X(serve_http_file)                                                                         \
    X(service)                                                                                 \
    X(set_log_level)                                                                           \
    X(set_opaque_user_data)                                                                    \
    X(set_timeout)                                                                             \
    X(write)

struct server_library {
#define SERVER_LIBRARY_FIELD(name) __typeof__(&lws_##name) name;
    SERVER_LIBRARY(SERVER_LIBRARY_FIELD)
#undef SERVER_LIBRARY_FIELD
};

/* Set by server_library_load(); nothing of it may be called before. */
extern struct server_library ws;

/* PZ_HOST: it is not there, or another version than pz was built for. */
enum pz_err server_library_load(struct problem *problem) PZ_MUST_CHECK;

#endif

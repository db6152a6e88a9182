/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * server_page.c - who may have what: the page's files, and a session. A request has to name this
 * host by a loopback name, which keeps out names that were made to lead here; it has to bring the
 * token of the printed address, once, and from then on the cookie that is given for it; and a
 * session may be asked for only by a page from here.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/web/server.h"

#define HEADER_MOST 512

/* ---- Checks ---- */

static bool header_of(struct lws *wsi, enum lws_token_indexes token, char text[HEADER_MOST])
{
    int len = ws.hdr_copy(wsi, text, HEADER_MOST, token);

    text[len < 0 ? 0 : len] = '\0';
    return len > 0;
}

static bool is_here(const struct server *server, const char *scheme, const char *text)
{
    static const char *const names[] = {"127.0.0.1", "localhost"};
    char name[64];

    for (unsigned i = 0; i < 2; i++) {
        (void)!snprintf(name, sizeof name, "%s%s:%u", scheme, names[i], server->port);
        if (!strcmp(name, text))
            return true;
    }
    return false;
}

/* In a time that does not depend on where they differ. */
static bool same_secret(const char *a, const char *b)
{
    unsigned different = 0;

    if (strlen(a) != SERVER_SECRET - 1 || strlen(b) != SERVER_SECRET - 1)
        return false;
    for (unsigned i = 0; i < SERVER_SECRET - 1; i++)
        different |= (unsigned)(a[i] ^ b[i]);
    return !different;
}

static bool has_cookie(const struct server *server, struct lws *wsi)
{
    char name[16], value[64];
    size_t room = sizeof value;

    (void)!snprintf(name, sizeof name, "pz%u", server->port);
    return !ws.http_cookie_get(wsi, name, value, &room) && same_secret(value, server->cookie);
}

static bool is_host(const struct server *server, struct lws *wsi)
{
    char host[HEADER_MOST];

    return header_of(wsi, WSI_TOKEN_HOST, host) && is_here(server, "", host);
}

/* ---- Answers ---- */

void server_page_headers(struct server *server)
{
    (void)!snprintf(
        server->headers, sizeof server->headers,
        "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "worker-src 'self' blob:; connect-src 'self' ws://127.0.0.1:%u ws://localhost:%u; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "X-Frame-Options: DENY\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n"
        "Cache-Control: no-store\r\n",
        server->port, server->port);
}

/* A short answer as it goes over the wire; the connection then ends. */
static int answer(const struct server *server, struct lws *wsi, const char *status,
                  const char *header, const char *text)
{
    unsigned char bytes[LWS_PRE + 2048];
    int len = snprintf((char *)bytes + LWS_PRE, sizeof bytes - LWS_PRE,
                       "HTTP/1.1 %s\r\n%s%sContent-Type: text/plain; charset=utf-8\r\n"
                       "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                       status, server->headers, header, strlen(text), text);

    if (len > 0 && (size_t)len < sizeof bytes - LWS_PRE)
        (void)ws.write(wsi, bytes + LWS_PRE, (size_t)len, LWS_WRITE_HTTP_HEADERS);
    return -1;
}

static int refuse(const struct server *server, struct lws *wsi)
{
    return answer(
        server, wsi, "403 Forbidden", "",
        "This is Page Zero's lab. Open it by the address that pz web has printed last; each "
        "works once.\n");
}

/* The token has been shown: from here on this browser has the cookie, and the next a new token. */
static int welcome(struct server *server, struct lws *wsi)
{
    char header[160];

    (void)!snprintf(header, sizeof header,
                    "Location: /\r\nSet-Cookie: pz%u=%s; Path=/; HttpOnly; SameSite=Strict\r\n",
                    server->port, server->cookie);
    if (!server_invite(server))
        server->token[0] = '\0';
    return answer(server, wsi, "303 See Other", header, "");
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".mjs", "text/javascript; charset=utf-8"},
        {".json", "application/json"},
        {".wasm", "application/wasm"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
    };
    const char *dot = strrchr(name, '.');

    for (unsigned i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (!strcmp(types[i][0], dot))
            return types[i][1];
    return "application/octet-stream";
}

/* A name of one file in the folder of the page: letters, digits, and what is between them. */
static bool is_name(const char *name)
{
    return name[0] && name[0] != '.' &&
           !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                              "0123456789._-")];
}

static int answer_file(const struct server *server, struct lws *wsi, const char *path)
{
    const char *name = strcmp(path, "/") ? path + (path[0] == '/') : "index.html";
    char file[PATH_ROOM];

    path_format(file, sizeof file, "%s/%s", server->folder, name);
    if (!server->folder[0] || !is_name(name) || access(file, R_OK))
        return answer(server, wsi, "404 Not Found", "", "There is no such file.\n");
    return ws.serve_http_file(wsi, file, type_of(name), server->headers,
                              (int)strlen(server->headers)) < 0
               ? -1
               : 0;
}

int server_page_answer(struct server *server, struct lws *wsi, const char *path)
{
    char token[64];
    const char *given = ws.get_urlarg_by_name(wsi, "token=", token, sizeof token);

    if (!is_host(server, wsi) || !ws.hdr_total_length(wsi, WSI_TOKEN_GET_URI))
        return refuse(server, wsi);
    if (given && same_secret(given, server->token))
        return welcome(server, wsi);
    if (!has_cookie(server, wsi))
        return refuse(server, wsi);
    return answer_file(server, wsi, path);
}

bool server_page_admits(const struct server *server, struct lws *wsi)
{
    char origin[HEADER_MOST], path[HEADER_MOST];

    if (is_host(server, wsi) && header_of(wsi, WSI_TOKEN_ORIGIN, origin) &&
        is_here(server, "http://", origin) && has_cookie(server, wsi) &&
        header_of(wsi, WSI_TOKEN_GET_URI, path) && !strcmp(path, "/session"))
        return true;
    (void)refuse(server, wsi);
    return false;
}

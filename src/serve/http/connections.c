#include "serve/http/connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "serve/api.h"
#include "serve/http/microhttpd.h"

enum {
    CONNECTIONS_MAX = 160,
    HEADERS_MAX = 16 * 1024, /* bytes of a request's head, and of a buffer for its body */
    IDLE_SECONDS = 20,       /* a silent connection is closed after these */
    BODY_SECONDS = 900,      /* and one that takes longer to send a body */
    STACK_BYTES = 1 << 20,   /* of a connection's thread */
    BLOCK_BYTES = 32 * 1024, /* of an answer that is made while it is sent */
    ANSWER_TEXT = 512
};

struct nst_http {
    nst_site site;
    struct MHD_Daemon *daemon;
    int is_loopback;
    char origin_port[16]; /* ":8188" */
};

/* A request as it comes in. */
typedef struct {
    nst_body *body;
    struct timespec begun;
    int refused; /* status of HTTP, when the request is refused */
    char message[ANSWER_TEXT];
} exchange;

/* ---- who may ask ----------------------------------------------------------------------------- */

/* Takes the same time wherever the two differ, so that time tells nothing of the secret. */
static int is_same_secret(const char *given, const char *secret)
{
    size_t length = strlen(secret), n = strlen(given);
    unsigned difference = (unsigned)(n ^ length) != 0;
    for (size_t i = 0; i < length; i++)
        difference |= (unsigned char)secret[i] ^ (unsigned char)(i < n ? given[i] : 0);
    return difference == 0;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return nst_microhttpd.lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static int shows_token(struct MHD_Connection *connection, const char *secret)
{
    const char *bearer = header(connection, "Authorization");
    const char *query =
        nst_microhttpd.lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token");
    if (bearer && strncasecmp(bearer, "Bearer ", 7) == 0)
        return is_same_secret(bearer + 7, secret);
    return query && is_same_secret(query, secret);
}

/* On the loopback address the Host header must be a name of this machine, so that another site's
 * name cannot be pointed at the server (DNS rebinding). On other addresses the token decides. */
static int is_own_host(const nst_http *http, const char *host)
{
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    if (!host)
        return 0;
    if (!http->is_loopback)
        return 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(host, names[i], length) == 0 &&
            (host[length] == '\0' || strcmp(host + length, http->origin_port) == 0))
            return 1;
    }
    return 0;
}

/* A page of another site must not send requests from its visitor's browser. */
static int is_own_origin(struct MHD_Connection *connection, const char *host)
{
    const char *origin = header(connection, "Origin"), *site = header(connection, "Sec-Fetch-Site");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return 0;
    if (!origin)
        return 1;
    const char *name = strstr(origin, "://");
    return name && strcasecmp(name + 3, host) == 0;
}

static void refuse(exchange *e, int status, const char *message)
{
    e->refused = status;
    snprintf(e->message, sizeof e->message, "%s", message);
}

static void check_sender(const nst_http *http, struct MHD_Connection *connection, const char *path,
                         exchange *e)
{
    const char *host = header(connection, "Host"), *token = http->site.options->token;
    if (!is_own_host(http, host))
        refuse(e, MHD_HTTP_MISDIRECTED_REQUEST, "the Host header names another machine");
    else if (!is_own_origin(connection, host))
        refuse(e, MHD_HTTP_FORBIDDEN, "requests of other sites are not answered");
    else if (token && !nst_api_is_public(path) && !shows_token(connection, token))
        refuse(e, MHD_HTTP_UNAUTHORIZED, "expected the server's token");
}

/* ---- taking a request ------------------------------------------------------------------------ */

static void begin_body(const nst_http *http, struct MHD_Connection *connection, const char *path,
                       const char *method, exchange *e)
{
    const char *type = header(connection, "Content-Type");
    const char *length = header(connection, "Content-Length");
    size_t most = (size_t)http->site.options->max_upload << 20;
    nst_body_kind kind = NST_BODY_TEXT;
    nst_error error = {0};
    int takes = nst_api_body(method, path, type ? type : "", &kind);
    if (takes < 0)
        refuse(e, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "this path does not take that Content-Type");
    else if (length && strtoull(length, NULL, 10) > (takes ? most : 0))
        refuse(e, MHD_HTTP_CONTENT_TOO_LARGE,
               takes ? "the request is too large" : "this path takes no body");
    else if (takes &&
             nst_body_create(kind, connection, http->site.store, most, &e->body, &error) != NST_OK)
        refuse(e, MHD_HTTP_SERVICE_UNAVAILABLE, error.message);
}

static int body_status(nst_status status)
{
    return status == NST_ERR_MEMORY     ? MHD_HTTP_CONTENT_TOO_LARGE
           : status == NST_ERR_FORMAT   ? MHD_HTTP_UNSUPPORTED_MEDIA_TYPE
           : status == NST_ERR_ARGUMENT ? MHD_HTTP_BAD_REQUEST
                                        : MHD_HTTP_INSUFFICIENT_STORAGE;
}

/* ---- answering ------------------------------------------------------------------------------- */

static ssize_t read_stream(void *user, uint64_t at, char *bytes, size_t size)
{
    const nst_answer *answer = user;
    (void)at;
    ssize_t read = answer->next(answer->stream, bytes, size);
    return read > 0 ? read : MHD_CONTENT_READER_END_OF_STREAM;
}

static void end_stream(void *user)
{
    nst_answer *answer = user;
    answer->end(answer->stream);
    free(answer);
}

static struct MHD_Response *make_stream(const nst_answer *answer)
{
    nst_answer *copy = malloc(sizeof *copy);
    if (!copy) {
        answer->end(answer->stream);
        return NULL;
    }
    *copy = *answer;
    return nst_microhttpd.create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_stream,
                                                        copy, end_stream);
}

static struct MHD_Response *make_file(const char *path)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    if (fstat(file, &facts) != 0) {
        close(file);
        return NULL;
    }
    return nst_microhttpd.create_response_from_fd64((uint64_t)facts.st_size, file);
}

static struct MHD_Response *make_response(nst_answer *answer)
{
    if (answer->next)
        return make_stream(answer);
    if (answer->file[0])
        return make_file(answer->file);
    return nst_microhttpd.create_response_from_buffer(answer->size, answer->bytes,
                                                      answer->is_static ? MHD_RESPMEM_PERSISTENT
                                                                        : MHD_RESPMEM_MUST_FREE);
}

static void add_headers(struct MHD_Response *response, const nst_answer *answer)
{
    static const char *const always[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; "
         "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    char text[ANSWER_TEXT];
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        nst_microhttpd.add_response_header(response, always[i][0], always[i][1]);
    if (answer->type)
        nst_microhttpd.add_response_header(response, "Content-Type", answer->type);
    if (answer->name[0]) {
        snprintf(text, sizeof text, "inline; filename=\"%s\"", answer->name);
        nst_microhttpd.add_response_header(response, "Content-Disposition", text);
    }
    if (answer->status == MHD_HTTP_UNAUTHORIZED)
        nst_microhttpd.add_response_header(response, "WWW-Authenticate", "Bearer");
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, nst_answer *answer)
{
    struct MHD_Response *response = make_response(answer);
    if (!response && !answer->next) {
        nst_answer_refuse(answer, MHD_HTTP_INTERNAL_SERVER_ERROR, "the answer could not be made");
        response = make_response(answer);
    }
    if (!response)
        return MHD_NO;
    add_headers(response, answer);
    enum MHD_Result result = nst_microhttpd.queue_response(
        connection, answer->status ? (unsigned)answer->status : MHD_HTTP_NO_CONTENT, response);
    nst_microhttpd.destroy_response(response);
    return result;
}

static enum MHD_Result answer_whole(const nst_http *http, struct MHD_Connection *connection,
                                    const char *path, const char *method, exchange *e)
{
    char client[INET6_ADDRSTRLEN] = "";
    nst_answer answer = {0};
    nst_error error = {0};
    const union MHD_ConnectionInfo *info =
        nst_microhttpd.get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const char *format =
        nst_microhttpd.lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "format");
    if (info && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                  client, sizeof client);
    else if (info && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6,
                  &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr,
                  client, sizeof client);
    if (e->body && !e->refused && nst_body_finish(e->body, &error) != NST_OK)
        refuse(e, body_status(error.status), error.message);
    const nst_request request = {method, path, format ? format : "", client, e->body};
    if (e->refused)
        nst_answer_refuse(&answer, e->refused, e->message);
    else
        nst_api_answer(&http->site, &request, &answer);
    return send_answer(connection, &answer);
}

/* MHD calls this once with the head, then with each piece of the body, then with no bytes. */
static enum MHD_Result handle(void *user, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes,
                              size_t *size, void **state)
{
    const nst_http *http = user;
    exchange *e = *state;
    (void)version;
    if (!e) {
        e = calloc(1, sizeof *e);
        if (!e)
            return MHD_NO;
        *state = e;
        clock_gettime(CLOCK_MONOTONIC, &e->begun);
        check_sender(http, connection, path, e);
        if (!e->refused)
            begin_body(http, connection, path, method, e);
        /* A refusal is sent at once, without waiting for a large body. */
        return e->refused ? answer_whole(http, connection, path, method, e) : MHD_YES;
    }
    if (*size > 0) {
        if (nst_seconds_since(&e->begun) > BODY_SECONDS)
            return MHD_NO;
        if (e->body)
            nst_body_take(e->body, bytes, *size);
        else if (!e->refused)
            refuse(e, MHD_HTTP_CONTENT_TOO_LARGE, "this path takes no body");
        *size = 0;
        return MHD_YES;
    }
    return answer_whole(http, connection, path, method, e);
}

static void completed(void *user, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why)
{
    exchange *e = *state;
    (void)user, (void)connection, (void)why;
    if (!e)
        return;
    nst_body_destroy(e->body);
    free(e);
    *state = NULL;
}

/* ---- listening ------------------------------------------------------------------------------- */

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} address;

static nst_status read_address(const nst_serve_options *options, address *out, int *is_loopback,
                               nst_error *error)
{
    const char *text = options->listen ? options->listen : "127.0.0.1";
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)options->port);
        *is_loopback = ntohl(out->v4.sin_addr.s_addr) >> 24 == 127;
    } else if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)options->port);
        *is_loopback = IN6_IS_ADDR_LOOPBACK(&out->v6.sin6_addr);
    } else
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--listen: expected an address such as 127.0.0.1 or ::1, got %s", text);
    if (!*is_loopback && !options->token)
        return nst_fail(
            error, NST_ERR_ARGUMENT,
            "--listen %s: other machines can reach that address: expected a --token-file", text);
    return NST_OK;
}

nst_status nst_http_start(const nst_site *site, nst_http **out, int *port, nst_error *error)
{
    address listen;
    nst_status status = nst_microhttpd_load(error);
    if (status != NST_OK)
        return status;
    nst_http *http = calloc(1, sizeof *http);
    if (!http)
        return nst_fail_memory(error);
    http->site = *site;
    status = read_address(site->options, &listen, &http->is_loopback, error);
    if (status != NST_OK)
        goto failed;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_POLL | (listen.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    http->daemon = nst_microhttpd.start_daemon(
        flags, 0, NULL, NULL, handle, http, MHD_OPTION_SOCK_ADDR, &listen.any,
        MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_END);
    if (!http->daemon) {
        status = nst_fail(error, NST_ERR_IO, "cannot listen on %s, port %d: %s",
                          site->options->listen ? site->options->listen : "127.0.0.1",
                          site->options->port, strerror(errno));
        goto failed;
    }
    const union MHD_DaemonInfo *info =
        nst_microhttpd.get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    *port = info ? info->port : site->options->port;
    snprintf(http->origin_port, sizeof http->origin_port, ":%d", *port);
    *out = http;
    return NST_OK;
failed:
    free(http);
    return status;
}

nst_status nst_http_start_still(const nst_site *site, nst_http **out, nst_error *error)
{
    nst_status status = nst_microhttpd_load(error);
    if (status != NST_OK)
        return status;
    nst_http *http = calloc(1, sizeof *http);
    if (http) {
        *http = (nst_http){.site = *site, .is_loopback = 1};
        http->daemon = nst_microhttpd.start_daemon(MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, handle,
                                                   http, MHD_OPTION_NOTIFY_COMPLETED, completed,
                                                   NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                                   (size_t)HEADERS_MAX, MHD_OPTION_END);
    }
    if (!http || !http->daemon) {
        free(http);
        return nst_fail(error, NST_ERR_MEMORY, "no server can be started");
    }
    *out = http;
    return NST_OK;
}

int nst_http_take(nst_http *http, int socket)
{
    const struct sockaddr_in from = {.sin_family = AF_INET,
                                     .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    return nst_microhttpd.add_connection(http->daemon, socket,
                                         (const struct sockaddr *)(const void *)&from,
                                         sizeof from) == MHD_YES;
}

void nst_http_turn(nst_http *http)
{
    nst_microhttpd.run(http->daemon);
}

void nst_http_stop(nst_http *http)
{
    if (!http)
        return;
    nst_microhttpd.stop_daemon(http->daemon);
    free(http);
}

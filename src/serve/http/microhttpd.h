/* libmicrohttpd, loaded when a server starts: MHD_run is nst_microhttpd.run. */
#ifndef NST_SERVE_HTTP_MICROHTTPD_H
#define NST_SERVE_HTTP_MICROHTTPD_H

#include <microhttpd.h>

#include "nst.h"

/* clang-format off */
#define NST_MICROHTTPD_FUNCTIONS(X)                                                                \
    X(create_post_processor) X(post_process) X(destroy_post_processor)                             \
    X(lookup_connection_value) X(create_response_from_callback) X(create_response_from_fd64)       \
    X(create_response_from_buffer) X(add_response_header) X(queue_response)                        \
    X(destroy_response) X(get_connection_info) X(start_daemon) X(get_daemon_info)                  \
    X(add_connection) X(run) X(stop_daemon)
/* clang-format on */
#define NST_MICROHTTPD_MEMBER(name) __typeof__(MHD_##name) *name;
typedef struct nst_microhttpd_table {
    NST_MICROHTTPD_FUNCTIONS(NST_MICROHTTPD_MEMBER)
} nst_microhttpd_table;

extern nst_microhttpd_table nst_microhttpd;

/* Load it; to be called before the first use. */
nst_status nst_microhttpd_load(nst_error *error);

#endif

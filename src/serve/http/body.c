#include "serve/http/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "serve/http/microhttpd.h"

enum { FORM_BUFFER = 16 * 1024 };

struct nst_body {
    nst_body_kind kind;
    nst_store *store;
    size_t taken, most, stored; /* bytes so far, the limit, bytes in files */
    struct MHD_PostProcessor *form;
    nst_part parts[NST_PARTS_MAX];
    int count;
    int file; /* of the picture that is coming in, else -1 */
    char *text;
    size_t text_size;
    int finished;
    nst_error error;
};

static nst_status add_part(nst_body *body, const char *name, nst_part **out)
{
    if (body->count == NST_PARTS_MAX)
        return nst_fail(&body->error, NST_ERR_ARGUMENT, "expected at most %d parts in the form",
                        NST_PARTS_MAX);
    nst_part *part = &body->parts[body->count];
    if (strlen(name) >= sizeof part->name)
        return nst_fail(&body->error, NST_ERR_ARGUMENT, "%.40s: unknown part of the form", name);
    *part = (nst_part){.text = body->text_size};
    memcpy(part->name, name, strlen(name) + 1);
    body->count++;
    *out = part;
    return NST_OK;
}

static void end_file(nst_body *body)
{
    if (body->file >= 0 && close(body->file) != 0)
        nst_fail(&body->error, NST_ERR_IO, "cannot be kept: %s", strerror(errno));
    body->file = -1;
}

static nst_status begin_file(nst_body *body, const char *name)
{
    char path[NST_SERVE_PATH];
    nst_part *part = NULL;
    nst_status status = add_part(body, name, &part);
    if (status == NST_OK)
        status = nst_id_make(part->id, &body->error);
    if (status != NST_OK)
        return status;
    nst_store_part(body->store, part->id, path);
    body->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (body->file < 0)
        return nst_fail(&body->error, NST_ERR_IO, "cannot be kept: %s", strerror(errno));
    return NST_OK;
}

static nst_status add_bytes(nst_body *body, const char *bytes, size_t size)
{
    if (!nst_store_reserve(body->store, size))
        return nst_fail(&body->error, NST_ERR_IO, "too much is being uploaded, ask again later");
    body->stored += size;
    while (size > 0) {
        ssize_t written = write(body->file, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return nst_fail(&body->error, NST_ERR_IO, "cannot be kept: %s", strerror(errno));
        bytes += written;
        size -= (size_t)written;
    }
    return NST_OK;
}

/* Append text; a 0 always follows it, which the part's length does not count. */
static nst_status add_text(nst_body *body, const char *bytes, size_t size)
{
    if (size > NST_TEXT_MAX - 1 - body->text_size)
        return nst_fail(&body->error, NST_ERR_MEMORY, "expected at most %d bytes of text",
                        NST_TEXT_MAX);
    memcpy(body->text + body->text_size, bytes, size);
    body->text_size += size;
    body->text[body->text_size] = '\0';
    return NST_OK;
}

/* Take a piece of a form, as MHD_PostDataIterator. The client's file names are not used. When a
 * part's first piece is empty, the next piece has offset 0 too; so a part begins with its first
 * byte, and an empty part is ignored. */
static enum MHD_Result take_piece(void *user, enum MHD_ValueKind kind, const char *key,
                                  const char *filename, const char *type, const char *encoding,
                                  const char *data, uint64_t offset, size_t size)
{
    nst_body *body = user;
    nst_part *part = body->count > 0 ? &body->parts[body->count - 1] : NULL;
    nst_status status = body->error.status;
    (void)kind, (void)type, (void)encoding;
    if (size == 0)
        return status == NST_OK ? MHD_YES : MHD_NO;
    if (status == NST_OK && (!key || (!part && offset > 0)))
        status = nst_fail(&body->error, NST_ERR_ARGUMENT, "a part of the form has no name");
    if (status == NST_OK && offset == 0) {
        end_file(body);
        if (part && !part->id[0])
            status = add_text(body, "", 1); /* the 0 that ends the part before */
        if (status == NST_OK)
            status = filename ? begin_file(body, key) : add_part(body, key, &part);
    }
    if (status == NST_OK)
        status = body->file >= 0 ? add_bytes(body, data, size) : add_text(body, data, size);
    if (status == NST_OK && body->file < 0)
        body->parts[body->count - 1].length += size;
    return status == NST_OK ? MHD_YES : MHD_NO;
}

nst_status nst_body_create(nst_body_kind kind, struct MHD_Connection *connection, nst_store *store,
                           size_t max_bytes, nst_body **out, nst_error *error)
{
    nst_body *body = calloc(1, sizeof *body);
    char *text = calloc(1, NST_TEXT_MAX);
    if (!body || !text) {
        free(body);
        free(text);
        return nst_fail_memory(error);
    }
    *body = (nst_body){.kind = kind, .store = store, .most = max_bytes, .file = -1, .text = text};
    if (kind == NST_BODY_FORM) {
        body->form =
            nst_microhttpd.create_post_processor(connection, FORM_BUFFER, take_piece, body);
        if (!body->form)
            nst_fail(&body->error, NST_ERR_ARGUMENT, "expected a form with a boundary");
    } else if (kind == NST_BODY_PICTURE)
        begin_file(body, "");
    *out = body;
    return NST_OK;
}

void nst_body_take(nst_body *body, const char *bytes, size_t size)
{
    if (body->error.status != NST_OK)
        return;
    if (size > body->most - body->taken) {
        nst_fail(&body->error, NST_ERR_MEMORY, "expected at most %zu MiB", body->most >> 20);
        return;
    }
    body->taken += size;
    if (body->kind == NST_BODY_TEXT)
        add_text(body, bytes, size);
    else if (body->kind == NST_BODY_PICTURE)
        add_bytes(body, bytes, size);
    else if (nst_microhttpd.post_process(body->form, bytes, size) != MHD_YES)
        nst_fail(&body->error, NST_ERR_ARGUMENT, "not a form as its type says");
}

/* Texts are read as C strings, so none may contain a 0. */
static int is_text(const nst_body *body)
{
    if (body->count == 0)
        return strlen(body->text) == body->text_size;
    for (int i = 0; i < body->count; i++) {
        const nst_part *part = &body->parts[i];
        if (!part->id[0] && strlen(body->text + part->text) != part->length)
            return 0;
    }
    return 1;
}

nst_status nst_body_finish(nst_body *body, nst_error *error)
{
    nst_stored facts;
    end_file(body);
    if (body->form && nst_microhttpd.destroy_post_processor(body->form) != MHD_YES)
        nst_fail(&body->error, NST_ERR_ARGUMENT, "the form ends too early");
    body->form = NULL;
    end_file(body);
    if (!is_text(body))
        nst_fail(&body->error, NST_ERR_ARGUMENT, "expected text without zeros");
    for (int i = 0; i < body->count && body->error.status == NST_OK; i++) {
        nst_part *part = &body->parts[i];
        nst_error cause = {0};
        if (!part->id[0])
            continue;
        nst_status status = nst_store_keep(body->store, part->id, &facts, &cause);
        if (status != NST_OK)
            nst_fail(&body->error, status, "%s%s%s", part->name, part->name[0] ? ": " : "",
                     cause.message);
    }
    body->finished = body->error.status == NST_OK;
    return body->finished ? NST_OK : nst_fail(error, body->error.status, "%s", body->error.message);
}

void nst_body_destroy(nst_body *body)
{
    char path[NST_SERVE_PATH];
    if (!body)
        return;
    if (body->form)
        nst_microhttpd.destroy_post_processor(body->form);
    end_file(body);
    nst_store_unreserve(body->store, body->stored);
    for (int i = 0; !body->finished && i < body->count; i++)
        if (body->parts[i].id[0]) {
            nst_store_part(body->store, body->parts[i].id, path);
            unlink(path);
        }
    free(body->text);
    free(body);
}

const char *nst_body_text(const nst_body *body)
{
    return body->text;
}

const nst_part *nst_body_parts(const nst_body *body, int *count)
{
    *count = body->count;
    return body->parts;
}

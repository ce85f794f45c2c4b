/* Fuzzing what the server makes of a request: its head, its path and query, forms and JSON. Any
 * bytes are answered by another status than 500 or by a closed connection, and leave nothing
 * behind. mutate.c says how to run it.
 *
 * The first three bytes of an input say how the rest is sent: some of it at once, then a few short
 * pieces, then what is left. Within the rest, 32 times "0" stands for the id of a picture that
 * there is, and 32 times "1" for a run's. The queue has ended, so that no run is painted. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "serve/http/connections.h"

enum { TURNS = 64, PIECES = 6, LOOK_EVERY = 1000, HOW = 3, ID = NST_ID_SIZE - 1 };

static const char picture[] = "P6 2 2 255\nabcdefghijkl";
static const nst_serve_options options = {.max_pixels = 1,
                                          .max_upload = 1,
                                          .run_memory = 64 << 20,
                                          .picture_memory = 16 << 20,
                                          .threads = 1};
static nst_site site;
static nst_http *http;
static char photo_id[NST_ID_SIZE], run_id[NST_ID_SIZE];

static void require(int condition)
{
    if (!condition)
        abort();
}

static void stop(void)
{
    nst_http_stop(http);
    nst_queue_destroy(site.queue);
    nst_store_destroy(site.store);
}

static void start(void)
{
    site.options = &options;
    require(nst_store_create(&options, &site.store, NULL) == NST_OK);
    require(nst_queue_create(&options, site.store, &site.queue, NULL) == NST_OK);
    nst_queue_stop(site.queue);
    require(nst_http_start_still(&site, &http, NULL) == NST_OK);
    atexit(stop);
}

static void keep_picture(void)
{
    char path[NST_SERVE_PATH];
    nst_stored facts;
    require(nst_id_make(photo_id, NULL) == NST_OK);
    nst_store_part(site.store, photo_id, path);
    FILE *file = fopen(path, "wb");
    require(file && fwrite(picture, 1, sizeof picture - 1, file) == sizeof picture - 1);
    require(fclose(file) == 0);
    require(nst_store_keep(site.store, photo_id, &facts, NULL) == NST_OK);
}

static void remove_runs(void)
{
    cJSON *list = nst_queue_describe(site.queue, NULL);
    const cJSON *run;
    cJSON_ArrayForEach(run, cJSON_GetObjectItem(list, "runs"))
    {
        const char *id = cJSON_GetObjectItem(run, "id")->valuestring;
        require(nst_queue_cancel(site.queue, id) == 1);
        require(nst_queue_remove(site.queue, id) == 1);
    }
    cJSON_Delete(list);
}

static void add_run(void)
{
    char text[256];
    snprintf(text, sizeof text, "{\"photo\":\"%s\",\"styles\":[{\"picture\":\"%s\"}]}", photo_id,
             photo_id);
    cJSON *json = cJSON_Parse(text);
    require(nst_queue_add(site.queue, json, "", run_id, NULL) == NST_OK);
    cJSON_Delete(json);
}

/* Two runs at the most, and both things that ids stand for. */
static void prepare(void)
{
    nst_stored facts;
    int waiting, running;
    if (!nst_store_find(site.store, photo_id, &facts))
        keep_picture();
    nst_queue_count(site.queue, &waiting, &running);
    if (waiting != 1) {
        remove_runs();
        add_run();
    }
}

static void put_id(uint8_t *bytes, size_t size, char digit, const char id[NST_ID_SIZE])
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count = bytes[i] == (uint8_t)digit ? count + 1 : 0;
        if (count == ID) {
            memcpy(bytes + i + 1 - ID, id, ID);
            count = 0;
        }
    }
}

/* Read what there is; the first bytes go to head. 0: the server has closed. */
static int read_answer(int from, char head[16], size_t *have)
{
    char bytes[8192];
    ssize_t count;
    while ((count = recv(from, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
        for (ssize_t i = 0; i < count && *have < 15; i++)
            head[(*have)++] = bytes[i];
    return count != 0;
}

/* how: the place of the first short piece in two bytes, and the size of those; 0 is all at once.
 * Each piece costs some calls of the system, which take longer than all else. */
static void converse(const uint8_t how[HOW], const uint8_t *bytes, size_t size)
{
    size_t begin = (size_t)how[0] << 8 | how[1], end = begin + (size_t)how[2] * PIECES;
    char head[16] = "";
    size_t have = 0, sent = 0;
    int ends[2], is_open = 1;
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    require(nst_http_take(http, ends[1]));
    while (sent < size && is_open) {
        size_t to = sent < begin ? begin : sent < end ? sent + how[2] : size;
        size_t count = (to < size && how[2] > 0 ? to : size) - sent;
        ssize_t taken = send(ends[0], bytes + sent, count, MSG_DONTWAIT | MSG_NOSIGNAL);
        nst_http_turn(http);
        is_open = read_answer(ends[0], head, &have);
        if (taken > 0)
            sent += (size_t)taken;
    }
    shutdown(ends[0], SHUT_WR);
    for (int i = 0; i < TURNS && is_open; i++) {
        nst_http_turn(http);
        is_open = read_answer(ends[0], head, &have);
    }
    close(ends[0]);
    nst_http_turn(http);
    nst_http_turn(http);
    if (have >= 12 && strncmp(head, "HTTP/1.", 7) == 0)
        require(strncmp(head + 8, " 500", 4) != 0);
}

/* No half upload is left. */
static void look_for_parts(void)
{
    char path[NST_SERVE_PATH];
    snprintf(path, sizeof path, "%.4000s/pictures", nst_store_folder(site.store));
    DIR *folder = opendir(path);
    require(folder != NULL);
    for (const struct dirent *file; (file = readdir(folder));)
        require(!strstr(file->d_name, ".part"));
    closedir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static long count;
    if (!http)
        start();
    if (size <= HOW)
        return 0;
    prepare();
    uint8_t *bytes = malloc(size - HOW);
    require(bytes != NULL);
    memcpy(bytes, data + HOW, size - HOW);
    put_id(bytes, size - HOW, '0', photo_id);
    put_id(bytes, size - HOW, '1', run_id);
    converse(data, bytes, size - HOW);
    free(bytes);
    if (++count % LOOK_EVERY == 0)
        look_for_parts();
    return 0;
}

/* ---- seeds ----------------------------------------------------------------------------------- */

#define ID_OF_PICTURE    "00000000000000000000000000000000"
#define ID_OF_RUN        "11111111111111111111111111111111"
#define PART(name, more) "--bb\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n"

size_t fuzz_seed(int number, uint8_t out[FUZZ_SEED_MAX])
{
    /* Body NULL: there is none. */
    static const struct {
        uint8_t piece;
        const char *line, *headers, *body;
    } seeds[] = {
        {0, "GET /", "", NULL},
        {0, "GET /api/health", "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", NULL},
        {1, "GET /api/runs/" ID_OF_RUN "/result?format=jpg&token=x%20y", "", NULL},
        {0, "GET /api/runs/" ID_OF_RUN "/events", "Connection: close\r\n", NULL},
        {0, "POST /api/runs/" ID_OF_RUN "/cancel", "Content-Length: 0\r\n", NULL},
        {0, "DELETE /api/pictures/" ID_OF_PICTURE, "", NULL},
        {0, "GET /api/pictures/" ID_OF_PICTURE, "", NULL},
        {0, "GET /api/styles/oil", "", NULL},
        {7, "POST /api/pictures", "Content-Type: image/png\r\n", "P5 3 2 255\nabcdef"},
        {0, "POST /api/runs", "Content-Type: application/json\r\n",
         "{\"photo\":\"" ID_OF_PICTURE "\",\"styles\":[{\"name\":\"oil\",\"weight\":0.5},"
         "{\"picture\":\"" ID_OF_PICTURE "\",\"region\":2}],\"mask\":\"" ID_OF_PICTURE
         "\",\"options\":{\"size\":64,\"style-scale\":1.5,\"color\":\"luma\",\"seed\":\"7\"}}"},
        {1, "POST /api/runs", "Content-Type: application/json; charset=utf-8\r\n",
         "{\"photo\":\"" ID_OF_PICTURE "\",\"styles\":[{\"name\":\"ink\"}]}"},
        {0, "POST /api/runs", "Content-Type: multipart/form-data; boundary=bb\r\n",
         PART("photo", "; filename=\"x.ppm\"") "P6 1 1 255\nabc\r\n" PART(
             "style", "") "oil\r\n" PART("style", "") ID_OF_PICTURE
         "\r\n" PART("options", "") "{\"size\": 64}\r\n--bb--\r\n"},
        {1, "POST /api/runs", "Content-Type: multipart/form-data; boundary=\"bb\"\r\n",
         PART("photo", "") ID_OF_PICTURE "\r\n" PART("mask", "; filename=\"\"") "\r\n" PART(
             "style", "; filename=\"../y\"\r\nContent-Type: image/x-portable-pixmap") "P6 1 1 "
                                                                                      "255\nabc\r\n"
                                                                                      "--bb--\r\n"},
        {0, "POST /api/runs", "Content-Type: multipart/form-data; boundary=bb\r\n",
         "--bb\r\nContent-Disposition: form-data\r\n\r\nx\r\n--bb--\r\n"}, /* has no name */
        {3, "POST /api/runs",
         "Content-Type: multipart/form-data; boundary=bb\r\nTransfer-Encoding: chunked\r\n",
         "43\r\n" PART("style", "") "oil\r\n--bb--\r\n\r\n0\r\n\r\n"},
    };
    if (number >= (int)(sizeof seeds / sizeof *seeds))
        return 0;
    const char *body = seeds[number].body;
    char length[64] = "";
    if (body && !strstr(seeds[number].headers, "chunked"))
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", strlen(body));
    out[0] = 0;
    out[1] = seeds[number].piece ? (uint8_t)(16 * number) : 0;
    out[2] = seeds[number].piece;
    return HOW + (size_t)snprintf((char *)out + HOW, FUZZ_SEED_MAX - HOW,
                                  "%s HTTP/1.1\r\nHost: localhost\r\n%s%s\r\n%s",
                                  seeds[number].line, seeds[number].headers, length,
                                  body ? body : "");
}

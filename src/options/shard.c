/* A part of a list of jobs. */
#include "options/shard.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "values/number.h"

static bool parse_count(const char *text, int low, int *out)
{
    long value;
    if (!nst_number_int(text, &value) || value < low || value > INT_MAX)
        return false;
    *out = (int)value;
    return true;
}

bool nst_shard_parse(const char *text, nst_shard *out)
{
    static const struct {
        const char *word;
        unsigned from;
    } words[] = {{"slurm", NST_SHARD_SLURM},
                 {"mpi", NST_SHARD_MPI},
                 {"slurm+mpi", NST_SHARD_SLURM | NST_SHARD_MPI}};
    char number[16];
    const char *slash = strchr(text, '/');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *out = (nst_shard){.from = words[i].from};
            return true;
        }
    if (!slash || slash - text >= (int)sizeof number)
        return false;
    snprintf(number, sizeof number, "%.*s", (int)(slash - text), text);
    nst_shard shard = {.source = "--shard"};
    if (!parse_count(number, 1, &shard.number) || !parse_count(slash + 1, 1, &shard.count) ||
        shard.number > shard.count)
        return false;
    *out = shard;
    return true;
}

/* A variable that holds a number; false when it is not set. */
static bool read_variable(const char *name, int *out, nst_error *error)
{
    const char *text = getenv(name);
    if (!text || !*text)
        return false;
    if (!parse_count(text, 0, out))
        nst_fail(error, NST_ERR_ARGUMENT, "%s is %s: expected a whole number", name, text);
    return true;
}

/* SLURM_ARRAY_TASK_ID runs from MIN to MAX in steps; COUNT tells whether any are left out. */
static nst_status read_slurm(nst_shard *out, nst_error *error)
{
    int id = 0, min = 0, max = 0, step = 1, count = 0;
    if (!read_variable("SLURM_ARRAY_TASK_ID", &id, error))
        return nst_fail(error, NST_ERR_ARGUMENT, "--shard slurm: SLURM_ARRAY_TASK_ID is not set");
    bool complete = read_variable("SLURM_ARRAY_TASK_MIN", &min, error);
    complete = read_variable("SLURM_ARRAY_TASK_MAX", &max, error) && complete;
    (void)read_variable("SLURM_ARRAY_TASK_STEP", &step, error);
    if (error->status != NST_OK)
        return error->status;
    if (!complete || step < 1 || min > max || id < min || id > max)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "SLURM_ARRAY_TASK_ID is %d: expected SLURM_ARRAY_TASK_MIN and _MAX around "
                        "it",
                        id);
    int places = (max - min) / step + 1;
    if (read_variable("SLURM_ARRAY_TASK_COUNT", &count, error) && count != places)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "SLURM_ARRAY_TASK_COUNT is %d: expected %d, an array without gaps", count,
                        places);
    *out = (nst_shard){(id - min) / step + 1, places, 0, "SLURM_ARRAY_TASK_ID"};
    return error->status;
}

static nst_status read_mpi(nst_shard *out, nst_error *error)
{
    int rank = 0, size = 0;
    if (!read_variable("OMPI_COMM_WORLD_RANK", &rank, error) ||
        !read_variable("OMPI_COMM_WORLD_SIZE", &size, error))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "--shard mpi: OMPI_COMM_WORLD_RANK and OMPI_COMM_WORLD_SIZE are not set");
    if (error->status == NST_OK && (size < 1 || rank >= size))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "OMPI_COMM_WORLD_RANK is %d: expected less than OMPI_COMM_WORLD_SIZE, %d",
                        rank, size);
    *out = (nst_shard){rank + 1, size, 0, "OMPI_COMM_WORLD_RANK"};
    return error->status;
}

nst_status nst_shard_resolve(nst_shard *shard, nst_error *error)
{
    nst_shard slurm = {1, 1, 0, ""}, mpi = {1, 1, 0, ""};
    nst_status status = NST_OK;
    unsigned from = shard->from;
    if (from == 0)
        return NST_OK;
    if ((from & NST_SHARD_SLURM && (status = read_slurm(&slurm, error)) != NST_OK) ||
        (from & NST_SHARD_MPI && (status = read_mpi(&mpi, error)) != NST_OK))
        return status;
    if (slurm.count > INT_MAX / mpi.count)
        return nst_fail(error, NST_ERR_ARGUMENT, "%d array tasks of %d processes: too many",
                        slurm.count, mpi.count);
    *shard = (nst_shard){
        .number = (slurm.number - 1) * mpi.count + mpi.number,
        .count = slurm.count * mpi.count,
        .from = from,
    };
    snprintf(shard->source, sizeof shard->source, "%s%s%s", slurm.source,
             slurm.source[0] && mpi.source[0] ? " and " : "", mpi.source);
    return NST_OK;
}

const char *nst_shard_offer(const nst_shard *shard)
{
    const char *text = getenv("SLURM_ARRAY_TASK_ID");
    return shard->count == 0 && text && *text ? "SLURM_ARRAY_TASK_ID" : NULL;
}

bool nst_shard_has(const nst_shard *shard, int index)
{
    return shard->count == 0 || index % shard->count == shard->number - 1;
}

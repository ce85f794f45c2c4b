/* A part of a list of jobs. */
#include "options/shard.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "util/number.h"

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
    char number[16];
    const char *slash = strchr(text, '/');
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
        nst_fail(error, NST_ERR_ARGUMENT, "%s is %s: expected a whole number; --shard says it anew",
                 name, text);
    return true;
}

/* SLURM_ARRAY_TASK_ID runs from MIN to MAX in steps; COUNT tells whether any are left out. */
static nst_status read_slurm(nst_shard *out, nst_error *error)
{
    int id = 0, min = 0, max = 0, step = 1, count = 0;
    if (!read_variable("SLURM_ARRAY_TASK_ID", &id, error))
        return NST_OK;
    bool complete = read_variable("SLURM_ARRAY_TASK_MIN", &min, error);
    complete = read_variable("SLURM_ARRAY_TASK_MAX", &max, error) && complete;
    (void)read_variable("SLURM_ARRAY_TASK_STEP", &step, error);
    if (error->status != NST_OK)
        return error->status;
    if (!complete || step < 1 || min > max || id < min || id > max)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "SLURM_ARRAY_TASK_ID is %d: expected SLURM_ARRAY_TASK_MIN and _MAX around "
                        "it; --shard says it anew",
                        id);
    int places = (max - min) / step + 1;
    if (read_variable("SLURM_ARRAY_TASK_COUNT", &count, error) && count != places)
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "SLURM_ARRAY_TASK_COUNT is %d: expected %d, an array without gaps; --shard "
                        "says it anew",
                        count, places);
    *out = (nst_shard){(id - min) / step + 1, places, "SLURM_ARRAY_TASK_ID"};
    return error->status;
}

static nst_status read_mpi(nst_shard *out, nst_error *error)
{
    int rank = 0, size = 0;
    if (!read_variable("OMPI_COMM_WORLD_RANK", &rank, error) ||
        !read_variable("OMPI_COMM_WORLD_SIZE", &size, error))
        return error->status;
    if (error->status == NST_OK && (size < 1 || rank >= size))
        return nst_fail(error, NST_ERR_ARGUMENT,
                        "OMPI_COMM_WORLD_RANK is %d: expected less than OMPI_COMM_WORLD_SIZE, %d",
                        rank, size);
    *out = (nst_shard){rank + 1, size, "OMPI_COMM_WORLD_RANK"};
    return error->status;
}

nst_status nst_shard_from_environment(nst_shard *out, nst_error *error)
{
    nst_shard slurm = {0}, mpi = {0};
    nst_status status;
    *out = (nst_shard){0};
    if ((status = read_slurm(&slurm, error)) != NST_OK ||
        (status = read_mpi(&mpi, error)) != NST_OK)
        return status;
    if (slurm.count == 0 || mpi.count == 0) {
        *out = slurm.count > 0 ? slurm : mpi;
        return NST_OK;
    }
    if (slurm.count > INT_MAX / mpi.count)
        return nst_fail(error, NST_ERR_ARGUMENT, "%d array tasks of %d processes: too many",
                        slurm.count, mpi.count);
    *out = (nst_shard){(slurm.number - 1) * mpi.count + mpi.number, slurm.count * mpi.count,
                       "SLURM_ARRAY_TASK_ID and OMPI_COMM_WORLD_RANK"};
    return NST_OK;
}

bool nst_shard_has(const nst_shard *shard, int index)
{
    return shard->count == 0 || index % shard->count == shard->number - 1;
}

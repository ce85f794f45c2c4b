/* nst_stylize: an optimizer at each level of the pyramid, from coarse to fine. */
#include "style/stylize.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/image.h"
#include "base/parallel.h"
#include "image/check.h"
#include "image/color.h"
#include "image/resize.h"
#include "kernels/resample.h"
#include "optim/optim.h"
#include "style/plan.h"
#include "style/sources.h"
#include "values/option_table.h"

typedef struct {
    const nst_model *model;
    const nst_inputs *inputs;
    const nst_options *options;
    nst_progress_fn hook;
    void *user;
    int threads;
    nst_team *team;
    nst_workspace *workspace;

    nst_level levels[NST_SCALES_MAX];
    nst_progress progress;      /* of the present iteration */
    nst_losses losses;          /* of `image`, at the last level that was worked at */
    double work_done, work_all; /* in pixel iterations */
    struct timespec start;

    nst_sources *sources;
    size_t planes;          /* of the point: 3 of color, or 1 of luminance */
    nst_image image;        /* the point, at the size of the level, in its first planes */
    nst_image photo, view;  /* with one plane: the content at that size; the point in its colors */
    float *adam_m, *adam_v; /* moments at that size, with Adam */
    long adam_step;
    nst_objective *objective; /* of the level */
    nst_memory memory;        /* of the finest level */
} run;

static size_t pixels_of(const nst_level *level)
{
    return (size_t)level->width * (size_t)level->height;
}

/* ---- the start image ------------------------------------------------------------------------- */

/* A hash of a counter (Steele, Lea and Flood 2014, SplitMix64): pixel i of a seed does not depend
 * on the order in which pixels are made. */
static float uniform(uint64_t seed, uint64_t i)
{
    uint64_t z = seed + (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return (float)(z >> 40) * 0x1p-24f;
}

static nst_status first_image(run *r, const nst_level *level, nst_error *error)
{
    /* Without iterations a run only decodes, resizes and encodes, which keep the colors. */
    bool recolor = r->work_all > 0.0;
    if (r->options->init != NST_INIT_NOISE)
        return nst_sources_start(r->sources, recolor, level->width, level->height, &r->image,
                                 error);
    nst_status status = nst_image_create(level->width, level->height, 0, &r->image, error);
    for (size_t i = 0; status == NST_OK && i < 3 * pixels_of(level) && !nst_parallel_stops_at(i);
         i++)
        r->image.rgb[i] = uniform(r->options->seed, i);
    return status;
}

/* ---- between levels -------------------------------------------------------------------------- */

static nst_status resample_planes(float **planes, size_t count, const nst_image *from,
                                  const nst_level *to, int threads, nst_error *error)
{
    size_t in = nst_pixel_count(from), out = pixels_of(to);
    float *larger = malloc(count * out * sizeof *larger);
    if (!larger)
        return nst_fail_memory(error);
    for (size_t c = 0; c < count; c++) {
        nst_status status = nst_resample(*planes + c * in, from->height, from->width,
                                         larger + c * out, to->height, to->width, threads, error);
        if (status != NST_OK) {
            free(larger);
            return status;
        }
    }
    free(*planes);
    *planes = larger;
    return NST_OK;
}

static nst_status grow(run *r, const nst_level *to, nst_error *error)
{
    nst_image larger = {0};
    nst_status status = NST_OK;
    if (r->adam_m) {
        status = resample_planes(&r->adam_m, r->planes, &r->image, to, r->threads, error);
        if (status == NST_OK)
            status = resample_planes(&r->adam_v, r->planes, &r->image, to, r->threads, error);
        for (size_t i = 0;
             status == NST_OK && i < r->planes * pixels_of(to) && !nst_parallel_stops_at(i); i++)
            r->adam_v[i] = fmaxf(r->adam_v[i], 0.0f); /* a cubic overshoots; a variance cannot */
    }
    if (status == NST_OK)
        status =
            nst_image_resize_here(&r->image, to->width, to->height, r->threads, &larger, error);
    if (status != NST_OK) {
        nst_image_destroy(&larger);
        return status;
    }
    nst_image_destroy(&r->image);
    r->image = larger;
    return NST_OK;
}

/* ---- one level ------------------------------------------------------------------------------- */

/* The hook runs outside of the crew: it may run loops of its own, which a cancelled run does not
 * stop. */
static nst_status report(run *r)
{
    if (!r->hook)
        return NST_OK;
    nst_crew crew = nst_crew_enter((nst_crew){0});
    int stop = r->hook(r->user, &r->progress);
    nst_crew_enter(crew);
    return stop ? NST_STOPPED : NST_OK;
}

static nst_status tell_phase(void *context, nst_phase phase, int step, int steps)
{
    run *r = context;
    const nst_phase_info info = {.phase = phase,
                                 .scale = r->progress.scale,
                                 .scales = r->progress.scales,
                                 .step = step,
                                 .steps = steps,
                                 .seconds = nst_seconds_since(&r->start)};
    if (!r->inputs->on_phase)
        return NST_OK;
    nst_crew crew = nst_crew_enter((nst_crew){0});
    int stop = r->inputs->on_phase(r->inputs->phase_user, &info);
    nst_crew_enter(crew);
    return stop ? NST_STOPPED : NST_OK;
}

static nst_status evaluate(void *context, const float *x, double *value, float *gradient,
                           nst_error *error)
{
    run *r = context;
    nst_progress *p = &r->progress;
    nst_status status = nst_objective_evaluate(r->objective, x, &p->losses, gradient, error);
    if (status != NST_OK)
        return status;
    *value = p->losses.total;

    p->iteration++;
    p->iterations_done++;
    r->work_done += (double)p->width * p->height;
    p->fraction = fmin(r->work_done / r->work_all, 1.0);
    p->seconds = nst_seconds_since(&r->start);
    p->seconds_left =
        p->iterations_done < 3 ? -1.0 : p->seconds * (1.0 - p->fraction) / p->fraction;
    p->rgb = x;
    if (r->hook && r->planes == 1) {
        nst_color_add_chroma(x, &r->photo, r->view.rgb);
        p->rgb = r->view.rgb;
    }
    return report(r);
}

/* L-BFGS has moved to the point that was evaluated last. */
static void accepted(void *context)
{
    run *r = context;
    r->losses = r->progress.losses;
}

/* With one plane of luminance: the images that show the point in color. */
static nst_status open_view(run *r, const nst_level *level, nst_error *error)
{
    nst_image_destroy(&r->photo);
    nst_image_destroy(&r->view);
    nst_status status = nst_image_resize_here(r->inputs->content, level->width, level->height,
                                              r->threads, &r->photo, error);
    if (status == NST_OK)
        status = nst_image_create(level->width, level->height, 0, &r->view, error);
    return status;
}

/* The optimizer's memory for a level: count times n floats, not set to zero. */
static nst_status take_vectors(run *r, size_t n, size_t count, float **out, nst_error *error)
{
    nst_arena *arena = &r->workspace->optimizer;
    arena->raw = true;
    nst_arena_rewind(arena);
    nst_arena_take(arena, n, count * sizeof **out);
    nst_status status = nst_arena_reserve(arena, "the optimizer", r->threads, error);
    if (status == NST_OK)
        *out = nst_arena_take(arena, n, count * sizeof **out);
    return status;
}

static void clear(void *floats, size_t first, size_t count)
{
    memset((float *)floats + first, 0, count * sizeof(float));
}

static nst_status run_adam(run *r, const nst_problem *problem, int iterations, nst_error *error)
{
    size_t n = problem->n;
    float *scratch, *average;
    nst_status status = take_vectors(r, n, 2, &scratch, error);
    if (status != NST_OK)
        return status;
    average = scratch + n;
    nst_parallel_spans(n, r->threads, clear, average);
    if (!r->adam_m)
        r->adam_m = calloc(n, sizeof *r->adam_m);
    if (!r->adam_v)
        r->adam_v = calloc(n, sizeof *r->adam_v);
    if (!r->adam_m || !r->adam_v)
        return nst_fail_memory_for(error, "Adam");
    nst_adam adam = {
        .learning_rate = r->options->learning_rate > 0.0f ? r->options->learning_rate : 0.02f,
        .beta1 = 0.9f,
        .beta2 = 0.99f,
        .epsilon = 1e-8f,
        .low = 0.0f,
        .high = 1.0f,
        .average_decay = nst_adam_decay(iterations),
        .step = r->adam_step,
        .m = r->adam_m,
        .v = r->adam_v,
        .average = average,
    };
    status = nst_adam_minimize(&adam, problem, iterations, r->image.rgb, scratch, error);
    if (status != NST_OK && status != NST_STOPPED)
        return status;
    r->adam_step = adam.step;
    r->losses = r->progress.losses; /* of the image; of the mean once it is evaluated */
    if (adam.averaged == 0)
        return status;
    nst_adam_average(&adam, problem, r->image.rgb, scratch);
    memcpy(r->image.rgb, scratch, n * sizeof *scratch);
    if (!nst_parallel_cancelled()) {
        nst_status looked =
            nst_objective_evaluate(r->objective, r->image.rgb, &r->losses, NULL, error);
        status = looked == NST_OK ? status : looked;
    }
    return status;
}

/* Of a pixel from 0 to 1; tests/bench/PICTURES.md has the figures. */
static const float FIRST_MOVE = 0.03f;

static nst_status run_lbfgs(run *r, const nst_problem *problem, int iterations, nst_error *error)
{
    nst_lbfgs lbfgs = {
        .history = r->options->history,
        .first_step = r->options->learning_rate > 0.0f ? r->options->learning_rate : 1.0f,
        .first_move = FIRST_MOVE,
        .low = 0.0f,
        .high = 1.0f,
    };
    float *vectors;
    nst_status status =
        take_vectors(r, nst_lbfgs_workspace(problem->n, lbfgs.history), 1, &vectors, error);
    if (status == NST_OK)
        status = nst_lbfgs_minimize(&lbfgs, problem, iterations, r->image.rgb, vectors, error);
    return status;
}

static nst_status run_level(run *r, int index, nst_error *error)
{
    const nst_level *level = &r->levels[index];
    nst_progress *p = &r->progress;
    p->scale = index;
    p->width = level->width;
    p->height = level->height;
    p->iteration = 0;
    p->iterations = level->iterations;

    const nst_watcher watcher = {tell_phase, r};
    nst_plan plan = {.recompute = r->memory.recompute,
                     .workspace = r->workspace,
                     .watcher = &watcher,
                     .starts_at_content =
                         index == 0 && r->planes == 3 && nst_starts_at_content(r->options)};
    size_t kept = r->workspace->optimizer.capacity;
    size_t needed = nst_level_bytes(r->model, r->inputs, r->options, level->width, level->height,
                                    plan.recompute);
    /* A coarse level may fit without recomputing even if the finest does not. */
    if (plan.recompute)
        plan.recompute = nst_level_bytes(r->model, r->inputs, r->options, level->width,
                                         level->height, false) > r->memory.limit;
    /* In the plan, the optimizer's vectors use the memory that making the objective leaves; so
     * vectors that an earlier level left must go when there is no room beside it. */
    if (needed > r->memory.limit || kept > r->memory.limit - needed)
        nst_arena_release(&r->workspace->optimizer);
    nst_status status = nst_sources_objective(r->sources, r->model, plan, level->width,
                                              level->height, &r->objective, error);
    if (status == NST_OK && r->planes == 1)
        status = open_view(r, level, error);
    if (status == NST_OK)
        status = tell_phase(r, NST_PHASE_ITERATIONS, 1, 1);
    if (status != NST_OK)
        goto cleanup;
    nst_problem problem = {.n = r->planes * pixels_of(level),
                           .function = evaluate,
                           .context = r,
                           .threads = r->threads,
                           .accepted = accepted};
    status = r->options->optimizer == NST_OPTIMIZER_ADAM
                 ? run_adam(r, &problem, level->iterations, error)
                 : run_lbfgs(r, &problem, level->iterations, error);
cleanup:
    nst_objective_destroy(r->objective);
    r->objective = NULL;
    /* An optimizer that ends early counts as having done all iterations. */
    r->work_done += (double)pixels_of(level) * (level->iterations - p->iteration);
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* *result = the point at full size, in color. */
static nst_status finish(run *r, int width, int height, nst_image *result, nst_error *error)
{
    nst_image full = {0}, photo = {0};
    nst_status status = NST_OK;
    if (r->image.width == width && r->image.height == height) {
        full = r->image;
        r->image = (nst_image){0};
    } else {
        status = nst_image_resize_here(&r->image, width, height, r->threads, &full, error);
    }
    if (status == NST_OK && r->planes == 1) {
        status =
            nst_image_resize_here(r->inputs->content, width, height, r->threads, &photo, error);
        if (status == NST_OK)
            nst_color_add_chroma(full.rgb, &photo, full.rgb);
    }
    nst_image_destroy(&photo);
    if (status != NST_OK) {
        nst_image_destroy(&full);
        return status;
    }
    *result = full;
    return NST_OK;
}

/* Called with the crew entered. *result is as nst_stylize says. */
static nst_status paint(run *r, nst_image *result, nst_error *error)
{
    const nst_image *content = r->inputs->content;
    int width, height, count;
    uint64_t kept = nst_workspace_bytes(r->workspace);
    nst_status status;
    if ((status = tell_phase(r, NST_PHASE_PICTURES, 1, 1)) != NST_OK ||
        (status = nst_given_check(r->inputs, r->options, error)) != NST_OK ||
        (status = nst_sources_create(r->inputs, r->options, r->threads, &r->sources, error)) !=
            NST_OK ||
        (status = nst_plan_choose(r->model, r->inputs, r->options, kept, &r->memory, error)) !=
            NST_OK)
        return status;
    if (kept > r->memory.needed)
        nst_workspace_release(r->workspace);
    count = nst_result_levels(r->options, r->model, content->width, content->height, r->levels);
    width = r->levels[count - 1].width;
    height = r->levels[count - 1].height;
    r->progress.scales = count;
    for (int i = 0; i < count; i++)
        r->work_all += (double)pixels_of(&r->levels[i]) * r->levels[i].iterations;

    status = first_image(r, &r->levels[0], error);
    for (int i = 0; i < count && status == NST_OK; i++) {
        if (i > 0)
            status = grow(r, &r->levels[i], error);
        if (status == NST_OK && r->levels[i].iterations > 0)
            status = run_level(r, i, error);
    }
    bool stopped = status == NST_STOPPED || nst_parallel_cancelled();
    if (stopped && r->progress.iterations_done == 0)
        return NST_STOPPED;
    if (!stopped && status != NST_OK)
        return status;
    /* The picture so far is finished even after a cancel. */
    nst_crew crew = nst_crew_uninterrupted();
    (void)tell_phase(r, NST_PHASE_RESULT, 1, 1);
    status = finish(r, width, height, result, error);
    nst_crew_enter(crew);
    return status == NST_OK && stopped ? NST_STOPPED : status;
}

const char *nst_phase_name(nst_phase phase)
{
    static const char *const names[] = {"looking at the pictures",
                                        "preparing the weights",
                                        "measuring the styles",
                                        "measuring the photo",
                                        "iterating",
                                        "making the result"};
    return (unsigned)phase < sizeof names / sizeof names[0] ? names[phase] : NULL;
}

size_t nst_workspace_bytes(const nst_workspace *workspace)
{
    return workspace->styles.capacity + workspace->pass.capacity + workspace->optimizer.capacity;
}

void nst_workspace_release(nst_workspace *workspace)
{
    nst_arena_release(&workspace->styles);
    nst_arena_release(&workspace->pass);
    nst_arena_release(&workspace->optimizer);
}

/* Called when everything but the pictures is checked. */
static nst_status run_all(run *r, nst_image *result, nst_losses *final, nst_error *error)
{
    nst_error cause = {0};
    nst_status status = nst_team_create(r->threads, &r->team, error);
    if (status != NST_OK)
        return status;
    nst_crew before = nst_crew_enter((nst_crew){r->team, r->inputs->cancel});
    status = paint(r, result, &cause);
    if (status != NST_OK && nst_parallel_cancelled())
        status = NST_STOPPED; /* cancelled loops leave numbers that may look like an error */
    else if (status != NST_OK && cause.message[0])
        nst_fail(error, status, "%s", cause.message);
    nst_crew_enter(before);
    nst_team_destroy(r->team);
    if (final && (status == NST_OK || status == NST_STOPPED))
        *final = r->losses;
    nst_sources_destroy(r->sources);
    nst_image_destroy(&r->image);
    nst_image_destroy(&r->photo);
    nst_image_destroy(&r->view);
    free(r->adam_m);
    free(r->adam_v);
    return status;
}

nst_status nst_stylize_in(nst_workspace *workspace, const nst_model *model,
                          const nst_inputs *inputs, const nst_options *options,
                          nst_progress_fn hook, void *user, nst_image *result, nst_losses *final,
                          nst_error *error)
{
    nst_options full;
    nst_given given = {.styles = NULL};
    nst_status status;
    run r = {.model = model, .options = &full, .hook = hook, .user = user, .workspace = workspace};
    clock_gettime(CLOCK_MONOTONIC, &r.start);
    if ((status = nst_check_given("the model", model, error)) != NST_OK ||
        (status = nst_check_given("a place for the result", result, error)) != NST_OK ||
        (status = nst_given_read(inputs, &given, error)) != NST_OK ||
        (status = nst_options_check(options, model, error)) != NST_OK ||
        (status = nst_options_read(options, &full, error)) != NST_OK)
        goto cleanup;
    nst_options_resolve(&full, model);
    r.inputs = &given.inputs;
    r.threads = full.threads ? full.threads : nst_parallel_cores();
    r.planes = (size_t)nst_objective_planes(&full);
    status = run_all(&r, result, final, error);
cleanup:
    nst_given_destroy(&given);
    return status;
}

nst_status nst_stylize(const nst_model *model, const nst_inputs *inputs, const nst_options *options,
                       nst_progress_fn hook, void *user, nst_image *result, nst_losses *final,
                       nst_error *error)
{
    nst_workspace workspace = {.styles = {.block = NULL}};
    nst_status status =
        nst_stylize_in(&workspace, model, inputs, options, hook, user, result, final, error);
    nst_workspace_release(&workspace);
    return status;
}

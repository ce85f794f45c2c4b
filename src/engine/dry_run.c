/* --dry-run. */
#include "engine/dry_run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "engine/estimate.h"
#include "util/budget.h"
#include "util/exit_status.h"
#include "util/say.h"

typedef struct {
    const nst_journals *journals;
    nst_shared *shared;
    int slots;
    uint64_t memory;        /* that jobs may use together */
    const nst_model *paced; /* the model that pace is of */
    double pace;            /* seconds per pixel and iteration; negative: unknown */
    int to_do, done, kept, failing;
    double seconds, bytes; /* of all; of the largest */
    nst_key_settings part;
} plan;

static void print_paths(const nst_job *job)
{
    nst_text_print(stdout, job->output);
    printf(": ");
    nst_text_print(stdout, job->content);
    for (int i = 0; i < job->style_count; i++) {
        printf(i == 0 ? " in the style of " : " and ");
        nst_text_print(stdout, job->styles[i].path);
    }
}

/* ---- one job --------------------------------------------------------------------------------- */

static nst_target_state target_of(plan *p, const nst_job_row *row, const nst_args *args)
{
    nst_job_key key;
    const char *name;
    nst_journal_entry entry;
    nst_journal *journal = nst_journals_find(p->journals, &args->job, &name);
    if (!journal)
        return NST_TARGET_OURS;
    bool known = nst_journal_find(journal, name, &entry);
    if (nst_key_settings_make(row->settings, row->variant, args, &p->part, NULL) != NST_OK ||
        nst_job_key_make(args, &p->part, nst_shared_memo(p->shared), known ? &entry : NULL, &key,
                         NULL) != NST_OK)
        return NST_TARGET_OURS; /* what is wrong is said when the job is planned */
    return nst_journals_look(journal, name, args->job.output, key.key, args->overwrite,
                             known ? &entry : NULL);
}

static void measure_pace(plan *p, const nst_model *model, const nst_options *options)
{
    int threads = options->threads ? options->threads : nst_parallel_cores();
    if (p->paced == model)
        return;
    p->pace = nst_estimate_pace(model, options, threads / p->slots > 0 ? threads / p->slots : 1);
    p->paced = model;
}

static nst_status plan_job(plan *p, const nst_args *args, nst_error *error)
{
    const nst_job *job = &args->job;
    const nst_model *model;
    nst_job_files files;
    nst_job_needs needs;
    nst_status status;
    char memory[NST_MEMORY_TEXT_MAX], time[NST_TIME_TEXT_MAX];
    int width, height;
    if ((status = nst_estimate_files(job, &files, error)) != NST_OK ||
        (status = nst_shared_model(p->shared, job->weights_path, &model, error)) != NST_OK)
        return status;
    if (files.content.width == 0) {
        print_paths(job);
        puts(", of a size that is known when it is read");
        p->to_do++;
        return NST_OK;
    }
    if ((status = nst_estimate_needs(model, job, &files, NULL, p->memory / (uint64_t)p->slots,
                                     p->memory, &needs, error)) != NST_OK)
        return status;
    double bytes = (double)(needs.reading > needs.painting ? needs.reading : needs.painting) +
                   (double)nst_memory_resident();
    measure_pace(p, model, &job->options);
    double seconds = p->pace * nst_estimate_work(model, &job->options, &files.content);
    nst_result_size(&job->options, files.content.width, files.content.height, &width, &height);
    print_paths(job);
    printf(", %dx%d to %dx%d, about %s", files.content.width, files.content.height, width, height,
           nst_memory_text(bytes, memory));
    if (p->pace >= 0.0)
        printf(", %s", nst_time_text(seconds, time));
    putchar('\n');
    p->to_do++;
    p->seconds += seconds / p->slots;
    p->bytes = bytes > p->bytes ? bytes : p->bytes;
    return NST_OK;
}

static void plan_or_skip(plan *p, const nst_job_row *row, const nst_args *args)
{
    nst_error error = {0};
    nst_target_state target = target_of(p, row, args);
    if (target == NST_TARGET_DONE || target == NST_TARGET_FOREIGN) {
        bool done = target == NST_TARGET_DONE;
        print_paths(&args->job);
        puts(done ? ", done before" : ", kept: the file there is not as nst wrote it");
        p->done += done;
        p->kept += !done;
        return;
    }
    if (plan_job(p, args, &error) == NST_OK)
        return;
    p->failing++;
    fflush(stdout);
    const char *content = args->job.content;
    bool named = strncmp(error.message, content, strlen(content)) == 0;
    nst_say("nst: %s%s%s", named ? "" : content, named ? "" : ": ", error.message);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void print_sum(const plan *p)
{
    char memory[NST_MEMORY_TEXT_MAX], time[NST_TIME_TEXT_MAX];
    printf("%d to do, %d done before, ", p->to_do, p->done);
    if (p->kept > 0)
        printf("%d kept, ", p->kept);
    printf("%d cannot be done", p->failing);
    if (p->to_do > 0 && p->pace >= 0.0)
        printf("; about %s, %d at a time, %s", nst_time_text(p->seconds, time), p->slots,
               nst_memory_text(p->bytes * p->slots, memory));
    putchar('\n');
}

int nst_dry_run(const nst_job_list *jobs, const nst_journals *journals, nst_shared *shared,
                int slots)
{
    plan p = {.journals = journals, .shared = shared, .slots = slots, .pace = -1.0};
    nst_budget budget;
    nst_budget_open(&budget, jobs->args->job.options.max_memory);
    p.memory = budget.total;
    nst_budget_close(&budget);
    for (int i = 0; i < jobs->problems.count; i++)
        nst_say("nst: %s", jobs->problems.list[i]);
    p.failing = jobs->problems.count;
    for (int i = 0; i < jobs->count; i++) {
        nst_args args;
        nst_error error = {0};
        if (nst_jobs_get(jobs, i, &args, &error) != NST_OK) {
            nst_say("nst: %s", error.message);
            return NST_EXIT_FAILED;
        }
        plan_or_skip(&p, &jobs->rows[i], &args);
        nst_job_destroy(&args.job);
    }
    print_sum(&p);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        nst_say("nst: standard output: %s", strerror(errno));
        return NST_EXIT_FAILED;
    }
    return p.failing > 0 ? NST_EXIT_FAILED : NST_EXIT_DONE;
}

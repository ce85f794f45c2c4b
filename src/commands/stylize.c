/* nst without a subcommand: make the list of jobs, do it, and report. */
#include <stdlib.h>

#include "arguments/help.h"
#include "arguments/parse.h"
#include "base/clock.h"
#include "base/error.h"
#include "commands/command.h"
#include "commands/contact_sheet.h"
#include "engine/dry_run.h"
#include "engine/slots.h"
#include "engine/workers.h"
#include "hub/chosen.h"
#include "list/expand.h"
#include "list/output_check.h"
#include "observers/log.h"
#include "observers/log_json.h"
#include "observers/recorder.h"
#include "observers/snapshot.h"
#include "report/report.h"
#include "util/exit_status.h"
#include "util/interrupt.h"
#include "util/progress.h"
#include "util/say.h"

typedef struct {
    const nst_args *args;
    char *const *words; /* of the command line */
    int word_count;
    nst_job_list jobs;
    nst_result_states states;
    nst_shared *shared;
    nst_journals journals;
    int all;         /* jobs before the part was taken */
    nst_shard shard; /* the part of the list that this process does; {0, 0}: all */
    char *report;    /* path of the report or NULL; owned */
    nst_collection collection;
    nst_log log;
} run;

/* ---- before ---------------------------------------------------------------------------------- */

/* Keep the jobs of this process's part of the list. */
static nst_status take_shard(run *r, nst_error *error)
{
    nst_shard shard = r->args->shard;
    nst_status status = nst_shard_resolve(&shard, error);
    r->all = r->jobs.count;
    if (status != NST_OK || shard.count == 0)
        return status;
    r->shard = shard;
    nst_jobs_keep(&r->jobs, &shard);
    return NST_OK;
}

/* What makes the list shorter, and settings others, than one may think. */
static void say_what_is_not_obvious(const run *r)
{
    const char *offer = nst_shard_offer(&r->args->shard);
    char others[NST_KINDS_TEXT_MAX];
    if (r->args->verbosity < 0 || r->args->log != NST_LOG_TEXT)
        return;
    if (r->args->verbosity > 0 && r->args->config)
        nst_say("config: %s", r->args->config);
    if (r->shard.count > 0)
        nst_say("part %d of %d by %s: %d of %d pictures", r->shard.number, r->shard.count,
                r->shard.source, r->jobs.count, r->all);
    else if (offer && r->jobs.many)
        nst_say("%s is set: this task works on the whole list with the others; --shard slurm "
                "gives each a part of its own",
                offer);
    if (r->jobs.others.total > 0)
        nst_say("%s", nst_kinds_text(&r->jobs.others, others));
    if (r->jobs.folders > 0)
        nst_say("%d folder%s inside not looked into; -r does", r->jobs.folders,
                r->jobs.folders == 1 ? "" : "s");
}

static nst_status make_states(run *r, nst_error *error)
{
    r->states.list = calloc((size_t)r->jobs.count + 1, 1);
    if (!r->states.list) /* + 1: a shard may be empty */
        return nst_fail_memory_for(error, "the list of pictures");
    r->states.count = r->jobs.count;
    return nst_shared_create(&r->shared, error);
}

/* A run without its cache only takes longer. */
static void open_cache(const run *r)
{
    nst_error error = {0};
    if (r->args->cache == 0 || r->args->dry_run ||
        nst_shared_keep_styles(r->shared, r->args->cache, &error) == NST_OK)
        return;
    if (r->args->verbosity >= 0 && r->args->log == NST_LOG_TEXT)
        nst_say("nst: warning: --cache: %s; styles are measured and not kept", error.message);
}

static void say_what_the_cache_had(const run *r)
{
    int found, missed;
    nst_cache *cache = nst_shared_cache(r->shared);
    if (!cache || r->args->verbosity < 1 || r->args->log != NST_LOG_TEXT)
        return;
    nst_cache_count(cache, &found, &missed);
    nst_say("cache: %d of %d styles and sizes were measured before", found, found + missed);
}

/* A bad weights file is one error, not one per picture. */
static nst_status check_model(const run *r, nst_error *error)
{
    const nst_model *model;
    return r->jobs.many && r->args->entry_count == 0
               ? nst_shared_model(r->shared, r->args->job.weights_path, &model, error)
               : NST_OK;
}

static nst_status prepare(run *r, nst_error *error)
{
    nst_status status;
    if ((status = nst_jobs_make(r->args, &r->jobs, error)) != NST_OK ||
        (status = nst_check_outputs(&r->jobs, error)) != NST_OK ||
        (status = nst_contact_sheet_check(&r->jobs, error)) != NST_OK ||
        (status = take_shard(r, error)) != NST_OK ||
        (status = nst_report_name(r->args->report, &r->shard, &r->report, error)) != NST_OK ||
        (status = make_states(r, error)) != NST_OK || (status = check_model(r, error)) != NST_OK ||
        (status = nst_journals_open(&r->jobs, r->args->dry_run, &r->journals, error)) != NST_OK ||
        (status = nst_report_check(r->report, &r->jobs, error)) != NST_OK || !r->report)
        return status;
    return nst_collection_create(r->jobs.count, nst_report_side(r->report, r->jobs.count),
                                 r->shared, &r->collection, error);
}

/* ---- doing ----------------------------------------------------------------------------------- */

static void write_report(run *r)
{
    const nst_report report = {
        r->report, &r->jobs,     &r->states, &r->collection, nst_seconds_since(&r->log.start),
        r->words,  r->word_count};
    nst_error error = {0};
    nst_interrupt_hold();
    nst_status status = nst_report_write(&report, &error);
    nst_interrupt_release();
    if (status != NST_OK)
        nst_log_problem(&r->log, error.message);
}

/* Not by one of several parts, nor after Ctrl-C. */
static void write_contact_sheet(run *r)
{
    char text[NST_CONTACT_SHEET_TEXT_MAX];
    nst_error error = {0};
    if (!nst_contact_sheet_is_due(&r->jobs) || r->shard.count > 1 || nst_interrupt_requested())
        return;
    if (nst_contact_sheet_write(&r->jobs, &r->journals, text, &error) != NST_OK)
        nst_log_problem(&r->log, error.message);
    else if (r->args->verbosity >= 0 && r->args->log == NST_LOG_TEXT)
        nst_say("%s", text);
}

static int exit_status(const run *r)
{
    bool failed = r->log.failed + r->log.kept + r->log.problems > 0, waiting = false;
    for (int i = 0; i < r->states.count; i++) {
        if (r->states.list[i] == NST_RESULT_INTERRUPTED)
            return NST_EXIT_INTERRUPTED;
        waiting = waiting || r->states.list[i] == NST_RESULT_WAITING;
    }
    if (waiting && nst_interrupt_requested())
        return NST_EXIT_INTERRUPTED;
    return failed ? NST_EXIT_FAILED : NST_EXIT_DONE;
}

/* The default is the same on every machine, and small. */
static void say_size(const run *r)
{
    const nst_args *args = r->args;
    nst_options standard;
    nst_options_default(&standard);
    if (r->log.smaller && !args->size_given && args->job.options.size == standard.size &&
        args->verbosity >= 0 && args->log == NST_LOG_TEXT && nst_progress_has_line())
        nst_say(
            "%d pixels on the longest side, fewer than the photo%s; for more: -S %d, or -S full",
            standard.size, r->jobs.count == 1 ? " has" : "s have", 2 * standard.size);
}

/* What the terminal shows at once after Ctrl-C. */
static void announce_interrupts(const run *r)
{
    if (r->args->verbosity < 0 || r->args->log != NST_LOG_TEXT || !nst_progress_has_line())
        return;
    nst_interrupt_announce(
        r->jobs.many
            ? "\r\033[Jnst: stopping; what is finished stays, and the same command goes on "
              "later (Ctrl-C again: at once)\n"
            : "\r\033[Jnst: stopping; the picture so far is being written (Ctrl-C again: "
              "stop without it)\n",
        "\r\033[Jnst: stopped at once\n");
}

/* Printed once, after a user's first picture, on a terminal. */
static void offer_better_network(const run *r)
{
    const nst_args *args = r->args;
    if (r->log.done > 0 && args->verbosity >= 0 && args->log == NST_LOG_TEXT &&
        nst_progress_has_line() && !args->job.weights_path && nst_chosen_offer())
        nst_say("The full VGG19 paints better and takes several times as long: nst weights fetch "
                "vgg19, then -w vgg19 or nst weights use vgg19");
}

/* Images come first: what is not on the disk is not shown. */
static void add_observers(run *r, nst_observers *observers)
{
    nst_observers_add(observers, nst_snapshot_observer());
    nst_observers_add(observers, nst_recorder_observer());
    if (r->report)
        nst_observers_add(observers, nst_collection_observer(&r->collection));
    nst_observers_add(observers, nst_log_observer(&r->log));
}

static int do_jobs(run *r, int slots, nst_error *error)
{
    nst_observers observers = {0};
    const nst_batch batch = {.args = r->args,
                             .jobs = &r->jobs,
                             .states = &r->states,
                             .journals = &r->journals,
                             .shared = r->shared,
                             .observers = &observers,
                             .slots = slots};
    add_observers(r, &observers);
    const nst_log_list list = {r->jobs.count, r->all, &r->shard, &r->jobs.others};
    nst_log_open(&r->log, r->args, &list, r->jobs.many);
    announce_interrupts(r);
    for (int i = 0; i < r->jobs.problems.count; i++)
        nst_log_problem(&r->log, r->jobs.problems.list[i]);
    nst_status status = nst_workers_run(&batch, error);
    if (r->report)
        write_report(r);
    write_contact_sheet(r);
    nst_log_close(&r->log, nst_interrupt_requested());
    say_what_the_cache_had(r);
    say_size(r);
    offer_better_network(r);
    return status == NST_OK ? exit_status(r) : NST_EXIT_FAILED;
}

static void destroy(run *r)
{
    nst_collection_destroy(&r->collection);
    nst_journals_close(&r->journals);
    nst_shared_destroy(r->shared);
    nst_jobs_destroy(&r->jobs);
    free(r->states.list);
    free(r->report);
}

static int run_jobs(const nst_args *args, int argc, char *const *argv)
{
    run r = {.args = args, .words = argv, .word_count = argc};
    nst_error error = {0};
    int result;
    if (prepare(&r, &error) != NST_OK) {
        result = error.status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
    } else {
        say_what_is_not_obvious(&r);
        open_cache(&r);
        int slots = nst_slots_choose(args, &r.jobs, r.shared);
        result = args->dry_run ? nst_dry_run(&r.jobs, &r.journals, r.shared, slots)
                               : do_jobs(&r, slots, &error);
    }
    if (error.message[0] && args->log == NST_LOG_JSON)
        nst_log_json_error(error.message);
    else if (error.message[0])
        nst_say("nst: %s", error.message);
    destroy(&r);
    return result;
}

/* ---- the command ----------------------------------------------------------------------------- */

static int print_help(const nst_args *args, nst_error *error)
{
    nst_status status = args->action == NST_ACTION_HELP ? nst_help_print(nst_command_table, error)
                                                        : nst_help_version(error);
    return status == NST_OK ? NST_EXIT_DONE : NST_EXIT_FAILED;
}

int nst_command_stylize(int argc, char **argv)
{
    nst_args args = {0};
    nst_error error = {0};
    int result;
    nst_status status = nst_args_parse(argc, argv, &args, &error);
    /* Where nothing is painted, signals do what they do to others: a reader that has read enough of
     * a list ends the process. */
    if (status == NST_OK && args.action == NST_ACTION_RUN && !args.dry_run)
        nst_interrupt_install();
    if (status != NST_OK)
        result = status == NST_ERR_ARGUMENT ? NST_EXIT_USAGE : NST_EXIT_FAILED;
    else if (args.action == NST_ACTION_RUN)
        result = run_jobs(&args, argc, argv);
    else
        result = print_help(&args, &error);
    if (error.message[0])
        nst_say("nst: %s", error.message);
    if (status == NST_ERR_ARGUMENT)
        nst_say("Try 'nst --help'.");
    nst_args_destroy(&args);
    return result;
}

/* The report as one page that needs nothing else: no script but its own, no network. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "files/path.h"
#include "options/value.h"
#include "report/html.h"
#include "report/parts.h"
#include "util/say.h"

/* In the order of the page: what needs attention comes first. */
static const struct {
    nst_result_state state;
    const char *title, *count;
} groups[] = {{NST_RESULT_FAILED, "Failed", "failed"},
              {NST_RESULT_INTERRUPTED, "Interrupted", "interrupted"},
              {NST_RESULT_KEPT, "Kept: not as nst wrote it", "kept"},
              {NST_RESULT_DONE, "Done", "done"},
              {NST_RESULT_SKIPPED, "Done before", "done before"},
              {NST_RESULT_WAITING, "Not begun", "not begun"}};
enum { GROUPS = sizeof groups / sizeof *groups };

/* ---- head ------------------------------------------------------------------------------------ */

/* Pictures are in the page; an enlarged one is read from the result's own file. */
static void print_policy(FILE *page)
{
    const nst_report_asset css = nst_report_css(), js = nst_report_js();
    fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "img-src data: file: 'self'; style-src ",
          page);
    nst_html_policy(page, css.text, css.size);
    fputs("; script-src ", page);
    nst_html_policy(page, js.text, js.size);
    fputs("\">\n", page);
}

static void print_counts(FILE *page, const nst_report *report, const char *between)
{
    const char *before = "";
    for (int g = 0; g < GROUPS; g++) {
        int count = nst_report_count(report, groups[g].state);
        if (count == 0)
            continue;
        fputs(before, page);
        if (report->states->count > 1)
            fprintf(page, "%d ", count);
        fputs(groups[g].count, page);
        before = between;
    }
}

static void print_head(FILE *page, const nst_report *report)
{
    const nst_report_asset css = nst_report_css();
    int count = report->states->count;
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", page);
    print_policy(page);
    fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<meta name=\"generator\" content=\"nst " NST_VERSION "\">\n",
          page);
    fputs("<title>", page);
    char *output = count == 1 ? nst_jobs_output(report->jobs, 0) : NULL;
    if (output)
        nst_html_text(page, nst_path_output_name(output));
    else
        fprintf(page, "%d pictures", count);
    free(output);
    fputs(count > 0 ? ": " : "", page);
    print_counts(page, report, ", ");
    fputs("</title>\n<style>", page);
    fwrite(css.text, 1, css.size, page);
    fputs("</style>\n</head>\n", page);
}

/* ---- settings -------------------------------------------------------------------------------- */

/* Which options have one value in all jobs. */
static void find_shared(const nst_report *report, const nst_args *first,
                        bool shared[NST_OPTIONS_MAX])
{
    char one[NST_VALUE_TEXT_MAX], other[NST_VALUE_TEXT_MAX];
    for (int row = 0; row < nst_option_count; row++)
        shared[row] = true;
    for (int i = 1; i < report->jobs->count; i++) {
        nst_args args;
        if (nst_jobs_get(report->jobs, i, &args, NULL) != NST_OK)
            continue;
        for (int row = 0; row < nst_option_count; row++) {
            const nst_option *option = &nst_option_table[row];
            shared[row] = shared[row] && nst_text_same(nst_value_text(option, first, one),
                                                       nst_value_text(option, &args, other));
        }
        nst_job_destroy(&args.job);
    }
}

/* Rows of a table; what is not by default stands out. */
static void print_settings(FILE *page, const nst_args *args, const bool *shared)
{
    char buffer[NST_VALUE_TEXT_MAX], standard_buffer[NST_VALUE_TEXT_MAX];
    nst_args defaults;
    bool known = nst_args_default(&defaults, NULL) == NST_OK;
    for (int row = 0; row < nst_option_count; row++) {
        const nst_option *o = &nst_option_table[row];
        const char *text =
            o->place == NST_PLACE_OPTIONS && shared[row] ? nst_value_text(o, args, buffer) : NULL;
        if (!text)
            continue;
        bool set = known && !nst_text_same(text, nst_value_text(o, &defaults, standard_buffer));
        fprintf(page, "<tr%s><th scope=\"row\">%s</th><td>", set ? " class=\"set\"" : "", o->name);
        nst_html_text(page, text);
        fputs("</td></tr>\n", page);
    }
    nst_args_destroy(&defaults);
}

/* ---- top ------------------------------------------------------------------------------------- */

/* For programs in full, for people to the minute. */
static void print_date(FILE *page)
{
    char date[NST_REPORT_TIME_MAX];
    nst_report_time(date);
    fprintf(page, "<time datetime=\"%s\">%.10s %.5s</time>", date, date, date + 11);
}

static void print_states(FILE *page, const nst_report *report)
{
    fputs("<ul class=\"counts\">\n", page);
    for (int g = 0; g < GROUPS; g++) {
        const char *name = nst_result_state_name(groups[g].state);
        int count = nst_report_count(report, groups[g].state);
        if (count > 0)
            fprintf(page, "<li class=\"%s\"><a href=\"#%s\">%d %s</a></li>\n", name, name, count,
                    groups[g].count);
    }
    fputs("</ul>\n<p class=\"facts\">", page);
}

/* So that a shell reads the words again. */
static void print_command(FILE *page, const nst_report *report)
{
    if (report->word_count == 0)
        return;
    fputs("<h4>Command</h4><pre tabindex=\"0\" aria-label=\"Command line\"><code>nst", page);
    for (int i = 1; i < report->word_count; i++) {
        const char *word = report->words[i];
        bool plain = *word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                           "0123456789-_./:,=@%+") == strlen(word);
        fputs(plain ? " " : " '", page);
        for (const char *rest = word; *rest;) {
            size_t length = strcspn(rest, "'");
            char *part = strndup(rest, length);
            nst_html_text(page, part ? part : "?");
            free(part);
            rest += length;
            if (*rest) {
                fputs("&#39;\\&#39;&#39;", page);
                rest++;
            }
        }
        fputs(plain ? "" : "'", page);
    }
    fputs("</code></pre>\n", page);
}

/* Of the first job; others name their own. */
static void print_model(FILE *page, const nst_report *report, const nst_job *job)
{
    const char *digest = "";
    for (int i = 0; i < report->collection->count && !*digest; i++)
        if (report->collection->list[i].result)
            digest = report->collection->list[i].result->digests.weights;
    fputs("<h4>Model</h4><p class=\"facts\"><bdi>", page);
    nst_html_text(page, job->weights_path ? job->weights_path : "bundled");
    fputs(job->weights_path ? "" : ", which comes with nst " NST_VERSION, page);
    fprintf(page, "</bdi>%s%s</p>\n", *digest ? " &#183; SHA-256 " : "", digest);
}

/* Shown where there is a script. */
static void print_tools(FILE *page, const nst_report *report)
{
    fputs("<form class=\"tools\" role=\"search\" hidden>\n"
          "<label>Find <input type=\"search\" placeholder=\"photo, painting, file\"></label>\n"
          "<label>Show <select><option value=\"\">all</option>",
          page);
    for (int g = 0; g < GROUPS; g++)
        if (nst_report_count(report, groups[g].state) > 0)
            fprintf(page, "<option value=\"%s\">%s</option>",
                    nst_result_state_name(groups[g].state), groups[g].count);
    fputs(
        "</select></label>\n<span role=\"group\" aria-label=\"View\">"
        "<button type=\"button\" data-view=\"cards\" aria-pressed=\"true\">Pictures</button>"
        "<button type=\"button\" data-view=\"table\" aria-pressed=\"false\">Table</button></span>\n"
        "<output aria-live=\"polite\"></output>\n</form>\n",
        page);
}

/* Where pictures are enlarged and compared. */
static void print_viewer(FILE *page)
{
    fputs("<dialog class=\"viewer\" aria-label=\"Enlarged picture\">\n"
          "<p class=\"bar\"><b class=\"title\"></b> <span class=\"place\" "
          "aria-live=\"polite\"></span>"
          "<button type=\"button\" data-do=\"close\">Close</button></p>\n"
          "<div class=\"compare\"><img alt=\"\"><img alt=\"\">"
          "<input type=\"range\" min=\"0\" max=\"100\" value=\"0\" aria-label=\"Photo\"></div>\n"
          "<p class=\"bar\"><button type=\"button\" data-do=\"previous\">&#8592; Previous</button>"
          "<button type=\"button\" data-do=\"next\">Next &#8594;</button>"
          "<button type=\"button\" data-do=\"photo\">Photo (P)</button>"
          "<button type=\"button\" data-do=\"choose\">Compare with another</button></p>\n"
          "</dialog>\n<p class=\"chosen\" role=\"status\" hidden><span></span> "
          "<button type=\"button\" data-do=\"forget\">Cancel</button></p>\n",
          page);
}

static void print_top(FILE *page, const nst_report *report, const nst_args *first,
                      const bool *shared)
{
    char time[NST_TIME_TEXT_MAX];
    int count = report->states->count;
    const nst_names *problems = &report->jobs->problems;
    fputs("<header>\n", page);
    if (count == 1) {
        nst_report_heading(page, &first->job, 1);
        fputs("<p class=\"facts\">", page);
        print_counts(page, report, "");
        fputs(" &#183; ", page);
    } else {
        fprintf(page, "<h1>%d pictures</h1>\n", count);
        print_states(page, report);
    }
    fprintf(page, "%s &#183; nst " NST_VERSION " &#183; ", nst_time_text(report->seconds, time));
    print_date(page);
    fputs("</p>\n", page);
    for (int i = 0; i < problems->count; i++) {
        fputs("<p class=\"reason\">", page);
        nst_html_text(page, problems->list[i]);
        fputs("</p>\n", page);
    }
    if (count > 0) {
        fprintf(page,
                "<details><summary>Settings%s, model, command</summary>\n<table "
                "class=\"settings\"><tbody>\n",
                count > 1 ? " of all pictures" : "");
        print_settings(page, first, shared);
        fputs("</tbody></table>\n", page);
        print_model(page, report, &first->job);
        print_command(page, report);
        fputs("</details>\n", page);
    }
    if (count > 1)
        print_tools(page, report);
    fputs("</header>\n", page);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void print_group(FILE *page, const nst_report *report, int group, const bool *shared,
                        const nst_report_paintings *paintings)
{
    const char *name = nst_result_state_name(groups[group].state);
    if (nst_report_count(report, groups[group].state) == 0)
        return;
    fprintf(page, "<section id=\"%s\">\n<h2>%s</h2>\n<div class=\"sheet\">\n", name,
            groups[group].title);
    for (int i = 0; i < report->states->count; i++)
        if (report->states->list[i] == groups[group].state)
            nst_report_card(page, report, i, shared, paintings);
    fputs("</div>\n</section>\n", page);
}

/* All of them, painting-0 and so on: cards refer to these. */
static void print_paintings(FILE *page, const nst_report *report,
                            const nst_report_paintings *paintings)
{
    if (paintings->count == 0)
        return;
    fputs("<div class=\"paintings\">\n<h2>Paintings</h2>\n<ul>\n", page);
    for (int i = 0; i < paintings->count; i++) {
        const nst_report_painting *painting = &paintings->list[i];
        nst_report_row row;
        if (!nst_report_row_open(report, painting->job, &row))
            continue;
        const char *name = nst_report_short_name(row.args.job.styles[painting->style].path);
        fprintf(page, "<li id=\"painting-%d\"><figure>", i);
        nst_html_picture(page, painting->picture, "painting", name);
        fputs("<figcaption><bdi>", page);
        nst_html_text(page, name);
        fputs("</bdi></figcaption></figure></li>\n", page);
        nst_report_row_close(&row);
    }
    fputs("</ul>\n</div>\n", page);
}

void nst_report_html(FILE *page, const nst_report *report)
{
    const nst_report_asset js = nst_report_js();
    bool shared[NST_OPTIONS_MAX];
    nst_args first = {0};
    if (report->jobs->count > 0 && nst_jobs_get(report->jobs, 0, &first, NULL) != NST_OK)
        return;
    find_shared(report, &first, shared);
    print_head(page, report);
    fprintf(page, "<body%s>\n", report->states->count == 1 ? " class=\"single\"" : "");
    print_top(page, report, &first, shared);
    nst_job_destroy(&first.job);
    fputs("<main class=\"cards\">\n<div class=\"wide\" tabindex=\"0\" role=\"region\" "
          "aria-label=\"Photos by paintings\"><table class=\"matrix\"></table></div>\n",
          page);
    nst_report_paintings paintings;
    nst_report_paintings_find(report, &paintings);
    for (int g = 0; g < GROUPS; g++)
        print_group(page, report, g, shared, &paintings);
    print_paintings(page, report, &paintings);
    nst_report_paintings_destroy(&paintings);
    fputs("</main>\n", page);
    print_viewer(page);
    fputs("<script>", page);
    fwrite(js.text, 1, js.size, page);
    fputs("</script>\n</body>\n</html>\n", page);
}

/* One job on the report's page. */
#include <stdlib.h>
#include <string.h>

#include "files/path.h"
#include "options/style_spec.h"
#include "options/value.h"
#include "report/html.h"
#include "report/parts.h"
#include "util/say.h"

const char *nst_report_short_name(const char *path)
{
    const char *base = nst_path_base(path);
    return *base ? nst_path_input_name(base) : path;
}

static void print_name(FILE *page, const char *name)
{
    fputs("<bdi>", page);
    nst_html_text(page, name);
    fputs("</bdi>", page);
}

void nst_report_heading(FILE *page, const nst_job *job, int level)
{
    fprintf(page, "<h%d>", level);
    print_name(page, nst_report_short_name(job->content));
    fprintf(page, "</h%d>\n<p class=\"by\">in the style of ", level);
    for (int i = 0; i < job->style_count; i++) {
        fputs(i == 0 ? "" : i + 1 < job->style_count ? ", " : " and ", page);
        print_name(page, nst_report_short_name(job->styles[i].path));
    }
    fputs("</p>\n", page);
}

/* ---- pictures -------------------------------------------------------------------------------- */

/* Photo and result. Where there is a script the result is shown whole, and the photo comes over it
 * from the left edge; they stand side by side where there is none. The script takes the pictures
 * out of <noscript> when the card comes near: a browser reads all others at once, hundreds too. */
static void print_compare(FILE *page, const nst_report_row *row)
{
    const nst_job *job = &row->args.job;
    const nst_gallery *g = row->gallery;
    bool both = g->content.jpeg && g->result.jpeg;
    if (!g->content.jpeg && !g->result.jpeg)
        return;
    fprintf(page, "<div class=\"%s\"><noscript>", both ? "compare" : "alone");
    nst_html_picture(page, &g->result, "result", job->output);
    nst_html_picture(page, &g->content, "photo", job->content);
    fputs("</noscript>", page);
    if (both) {
        fputs("<input type=\"range\" min=\"0\" max=\"100\" value=\"0\" "
              "aria-label=\"How much of the photo is shown: ",
              page);
        nst_html_text(page, nst_report_short_name(job->content));
        fputs("\">", page);
    }
    fputs("</div>\n", page);
}

/* The script shows the pictures: the photo's is on the card already, a painting's on the page. */
static void print_source(FILE *page, int painting, const char *what, const char *name)
{
    fputs("<li", page);
    if (painting >= 0)
        fprintf(page, " data-picture=\"painting-%d\"", painting);
    fprintf(page, "><figure><figcaption>%s ", what);
    print_name(page, nst_report_short_name(name));
    fputs("</figcaption></figure></li>\n", page);
}

static void print_sources(FILE *page, const nst_report_row *row,
                          const nst_report_paintings *paintings)
{
    const nst_job *job = &row->args.job;
    if (!row->gallery->content.jpeg)
        return;
    fputs("<ul class=\"sources\">\n", page);
    print_source(page, -1, "photo", job->content);
    for (int i = 0; i < job->style_count; i++)
        print_source(page, nst_report_painting_number(paintings, &row->gallery->styles[i]),
                     "painting", job->styles[i].path);
    fputs("</ul>\n", page);
}

static void print_frames(FILE *page, const nst_gallery *g)
{
    if (g->frame_count == 0)
        return;
    fputs("<h4>On the way</h4><ol class=\"frames\" tabindex=\"0\" aria-label=\"Intermediate "
          "images\">\n",
          page);
    for (int i = 0; i < g->frame_count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", g->frames[i].iterations_done);
        fputs("<li><figure>", page);
        fputs("<noscript>", page);
        nst_html_picture(page, &g->frames[i].picture, "after iteration", number);
        fprintf(page, "</noscript><figcaption>%s</figcaption></figure></li>\n", number);
    }
    fputs("</ol>\n", page);
}

/* ---- facts ----------------------------------------------------------------------------------- */

/* What sets this picture apart from the others of the list. */
static void print_own_settings(FILE *page, const nst_args *args, const bool *shared)
{
    char buffer[NST_VALUE_TEXT_MAX];
    bool any = false;
    for (int i = 0; i < nst_option_count; i++) {
        const nst_option *o = &nst_option_table[i];
        /* Threads never change the picture, and go by how many jobs are left. */
        const char *text =
            o->place == NST_PLACE_OPTIONS && !shared[i] && strcmp(o->name, "threads") != 0
                ? nst_value_text(o, args, buffer)
                : NULL;
        if (!text)
            continue;
        fprintf(page, "%s%s <b>", any ? " &#183; " : "<p class=\"facts\">", o->name);
        nst_html_text(page, text);
        fputs("</b>", page);
        any = true;
    }
    fputs(any ? "</p>\n" : "", page);
}

static void print_facts(FILE *page, const nst_report *report, const nst_report_row *row)
{
    const char *output = row->args.job.output;
    char time[NST_TIME_TEXT_MAX];
    if (row->result->message[0]) {
        fputs("<p class=\"reason\">", page);
        nst_html_text(page, row->result->message);
        fputs("</p>\n", page);
    }
    if (row->result->state == NST_RESULT_FAILED || row->result->iterations == 0)
        return;
    fputs("<p class=\"facts\">", page);
    nst_html_link(page, report->path, output,
                  nst_path_is_standard(output) ? "standard output" : nst_report_short_name(output));
    fprintf(page, " &#183; %d&#215;%d &#183; %s%d iteration%s &#183; %s</p>\n", row->result->width,
            row->result->height,
            row->result->state == NST_RESULT_INTERRUPTED ? "interrupted after " : "",
            row->result->iterations, row->result->iterations == 1 ? "" : "s",
            nst_time_text(row->result->seconds, time));
}

static void print_term(FILE *page, const char *term)
{
    fprintf(page, "<dt>%s</dt><dd>", term);
}

static void print_time(FILE *page, const char *term, double seconds)
{
    char time[NST_TIME_TEXT_MAX];
    print_term(page, term);
    fprintf(page, "%s</dd>\n", nst_time_text(seconds, time));
}

static void print_file(FILE *page, const char *term, const char *path, int width, int height)
{
    print_term(page, term);
    print_name(page, nst_path_input_name(path));
    if (width > 0)
        fprintf(page, ", %d&#215;%d", width, height);
    fputs("</dd>\n", page);
}

static void print_files(FILE *page, const nst_report_row *row)
{
    const nst_job *job = &row->args.job;
    fputs("<h4>Files</h4><dl>\n", page);
    print_file(page, "Photo", job->content, row->result->content_width,
               row->result->content_height);
    for (int i = 0; i < job->style_count; i++) {
        char *text = nst_style_print(&job->styles[i]);
        print_file(page, "Painting", text ? text : job->styles[i].path, 0, 0);
        free(text);
    }
    if (job->content_mask)
        print_file(page, "Content mask", job->content_mask, 0, 0);
    for (int i = 0; i < job->style_mask_count; i++)
        print_file(page, "Style mask", job->style_masks[i] ? job->style_masks[i] : "none", 0, 0);
    print_file(page, "Result", nst_path_output_name(job->output), 0, 0);
    print_file(page, "Model", job->weights_path ? job->weights_path : "bundled", 0, 0);
    fputs("</dl>\n", page);
}

static void print_times(FILE *page, const nst_report_row *row)
{
    if (row->result->style_seconds <= 0.0)
        return;
    fputs("<h4>Times</h4><dl>\n", page);
    print_time(page, "Reading", row->result->read_seconds);
    print_time(page, "Painting", row->result->style_seconds);
    print_time(page, "Writing", row->result->write_seconds);
    print_time(page, "All", row->result->seconds);
    fputs("</dl>\n", page);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* With the names by which the page's table and search know it. */
static void print_article(FILE *page, int index, const nst_report_row *row)
{
    const nst_job *job = &row->args.job;
    fprintf(page, "<article id=\"job-%d\" class=\"%s\"%s data-photo=\"", index + 1,
            nst_result_state_name(row->result->state),
            row->gallery->result.jpeg ? " data-result" : "");
    nst_html_text(page, nst_report_short_name(job->content));
    fputs("\" data-style=\"", page);
    for (int i = 0; i < job->style_count; i++) {
        char *text = nst_style_print(&job->styles[i]);
        fputs(i > 0 ? ", " : "", page);
        nst_html_text(page, nst_report_short_name(text ? text : job->styles[i].path));
        free(text);
    }
    fputs("\">\n", page);
}

void nst_report_card(FILE *page, const nst_report *report, int index, const bool *shared,
                     const nst_report_paintings *paintings)
{
    nst_report_row row;
    if (!nst_report_row_open(report, index, &row))
        return;
    const bool alone = report->states->count == 1;
    print_article(page, index, &row);
    print_compare(page, &row);
    fputs("<div class=\"text\">\n", page);
    if (!alone) /* else it is the page's */
        nst_report_heading(page, &row.args.job, 3);
    print_facts(page, report, &row);
    if (row.result->state != NST_RESULT_FAILED)
        print_own_settings(page, &row.args, shared);
    print_sources(page, &row, paintings);
    fprintf(page, "<details%s><summary>%s</summary>\n", alone ? " open" : "",
            row.curve->count > 0 ? "Losses, times, files" : "More");
    print_frames(page, row.gallery);
    nst_report_charts(page, row.curve);
    print_times(page, &row);
    print_files(page, &row);
    fputs("</details>\n</div>\n</article>\n", page);
    nst_report_row_close(&row);
}

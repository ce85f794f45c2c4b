/* The progress line, and the lines of -v. Escape codes go to terminals only. */
#include "util/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "util/say.h"

#define REDRAW_SECONDS 0.1

bool nst_progress_has_line(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

void nst_meter_clear(nst_meter *meter)
{
    if (meter->lines > 0)
        fputs(meter->lines > 1 ? "\r\033[J" : "\r\033[K", stderr);
    meter->lines = 0;
}

/* As many of the pieces, most wanted first, as fit on the line behind the columns used. */
static void draw_pieces(const nst_progress *p, size_t used)
{
    enum { PIECES = 5 };
    char pieces[PIECES][64] = {{0}}, left[NST_TIME_TEXT_MAX];
    size_t width = terminal_width();
    snprintf(pieces[0], sizeof pieces[0], "%3.0f%%", 100.0 * p->fraction);
    if (p->seconds_left >= 0.0)
        snprintf(pieces[1], sizeof pieces[1], "%s left", nst_time_text(p->seconds_left, left));
    snprintf(pieces[2], sizeof pieces[2], "scale %d/%d", p->scale + 1, p->scales);
    snprintf(pieces[3], sizeof pieces[3], "iteration %d/%d", p->iteration, p->iterations);
    snprintf(pieces[4], sizeof pieces[4], "content %.3g  style %.3g", p->losses.content,
             p->losses.style);
    for (int i = 0; i < PIECES; i++) {
        size_t length = strlen(pieces[i]);
        /* The last column stays free: some terminals would wrap. */
        if (length > 0 && used + 2 + length < width)
            used += (size_t)fprintf(stderr, "%s%s", used > 0 ? "  " : "", pieces[i]);
    }
    fputs("\033[K", stderr);
}

static void draw(const nst_progress *p)
{
    fputc('\r', stderr);
    draw_pieces(p, 0);
    fflush(stderr);
}

/* The end of a name matters most. Control characters become '?'; bytes count as columns. */
static size_t draw_name(const char *name, size_t columns)
{
    size_t length = strlen(name);
    if (length > columns) {
        name += length - columns;
        while (((unsigned char)*name & 0xc0) == 0x80) /* not amid a character */
            name++;
    }
    return nst_text_print(stderr, name);
}

void nst_meter_show(nst_meter *meter, const char *all, const char *name,
                    const nst_progress *progress)
{
    double now = nst_seconds_since(&meter->start);
    size_t width = terminal_width();
    if (!meter->line || (meter->lines > 0 && now - meter->drawn < REDRAW_SECONDS))
        return;
    fprintf(stderr, "\r%.*s\033[K\n", (int)width - 1, all);
    draw_pieces(progress, draw_name(name, width / 2));
    fputs("\r\033[A", stderr); /* back to the first line, from where it is cleared */
    fflush(stderr);
    meter->lines = 2;
    meter->drawn = now;
}

void nst_meter_note(nst_meter *meter, const char *what, const char *name)
{
    size_t width = terminal_width();
    if (!meter->line || meter->lines > 1 || strlen(what) + 2 > width)
        return;
    fprintf(stderr, "\r%s", what);
    draw_name(name, width - strlen(what) - 1);
    fputs("\033[K", stderr);
    fflush(stderr);
    meter->lines = 1;
}

static void say_scale(nst_meter *meter)
{
    const nst_progress *p = &meter->last;
    char time[NST_TIME_TEXT_MAX];
    nst_meter_clear(meter);
    nst_say("scale %d/%d: %dx%d, %d iteration%s, content %.3g, style %.3g, tv %.3g, %s",
            p->scale + 1, p->scales, p->width, p->height, p->iteration,
            p->iteration == 1 ? "" : "s", p->losses.content, p->losses.style, p->losses.tv,
            nst_time_text(p->seconds - meter->scale_began, time));
}

void nst_meter_start(nst_meter *meter, int verbosity)
{
    *meter = (nst_meter){
        .line = verbosity >= 0 && nst_progress_has_line(), .scales = verbosity > 0, .drawn = -1.0};
    clock_gettime(CLOCK_MONOTONIC, &meter->start);
}

void nst_meter_update(nst_meter *meter, const nst_progress *progress)
{
    bool next_scale = meter->last.iterations_done > 0 && progress->scale != meter->last.scale;
    if (next_scale) {
        if (meter->scales)
            say_scale(meter);
        meter->scale_began = meter->last.seconds;
    }
    meter->last = *progress;
    meter->last.rgb = NULL; /* valid during the call only */
    if (meter->line && (meter->drawn < 0.0 || progress->seconds - meter->drawn >= REDRAW_SECONDS)) {
        draw(progress);
        meter->lines = 1;
        meter->drawn = progress->seconds;
    }
}

void nst_meter_phase(nst_meter *meter, const nst_phase_info *info)
{
    char step[32] = "";
    if (!meter->line || info->phase == NST_PHASE_ITERATIONS)
        return;
    if (info->steps > 1)
        snprintf(step, sizeof step, ", %d of %d", info->step, info->steps);
    fprintf(stderr, "\r%.*s%s\033[K", (int)terminal_width() - (int)sizeof step,
            nst_phase_name(info->phase), step);
    fflush(stderr);
    meter->lines = 1;
}

void nst_meter_end(nst_meter *meter)
{
    if (meter->scales && meter->last.iterations_done > 0)
        say_scale(meter);
    nst_meter_clear(meter);
}

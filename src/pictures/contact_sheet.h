/* The results of several values of options side by side on one picture. */
#ifndef NST_PICTURES_CONTACT_SHEET_H
#define NST_PICTURES_CONTACT_SHEET_H

#include "list/expand.h"

/* How many of the jobs' results there is room for: whole groups of a photo in a style. */
int nst_contact_sheet_room(const nst_job_list *jobs);

/* Draw the results of the first nst_contact_sheet_room jobs of a list with several values: for each
 * photo and style a grid in which the values of the last option go from left to right. Results that
 * are not there leave a gap. */
nst_status nst_contact_sheet_draw(const nst_job_list *jobs, int threads, nst_image *out,
                                  nst_error *error);

#endif

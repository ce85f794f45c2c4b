/* The contact sheet of a run with several values of options. */
#ifndef NST_COMMANDS_CONTACT_SHEET_H
#define NST_COMMANDS_CONTACT_SHEET_H

#include "results/journals.h"

#define NST_CONTACT_SHEET_NAME "contact-sheet.png"

/* Whether the run makes one: options have several values, and all results go to one folder. */
bool nst_contact_sheet_is_due(const nst_job_list *jobs);

/* Before the work: fail when it would replace a picture that is read. */
nst_status nst_contact_sheet_check(const nst_job_list *jobs, nst_error *error);

/* Write it beside the results, unless a file stands there that is not nst's. text becomes a line to
 * say, or empty. */
enum { NST_CONTACT_SHEET_TEXT_MAX = 4400 };
nst_status nst_contact_sheet_write(const nst_job_list *jobs, const nst_journals *journals,
                                   char text[NST_CONTACT_SHEET_TEXT_MAX], nst_error *error);

#endif

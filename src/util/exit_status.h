/* The exit statuses of all commands. */
#ifndef NST_UTIL_EXIT_STATUS_H
#define NST_UTIL_EXIT_STATUS_H

enum { NST_EXIT_DONE = 0, NST_EXIT_FAILED = 1, NST_EXIT_USAGE = 2, NST_EXIT_INTERRUPTED = 130 };

#endif

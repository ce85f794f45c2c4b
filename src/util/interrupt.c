/* Ctrl-C and termination. A signal handler can reach nothing but static variables: these are
 * the only ones in the program that change. */
#include "util/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130 };

static atomic_int signals;
static atomic_int held;
static nst_cancel *cancel;
static const char *_Atomic at_first, *_Atomic at_second;

static void say(const char *text)
{
    /* There is nobody to tell that it cannot be told. */
    if (text && write(STDERR_FILENO, text, strlen(text)) < 0)
        return;
}

static void leave(void)
{
    say(atomic_load(&at_second));
    _exit(EXIT_INTERRUPTED);
}

static void on_signal(int number)
{
    const int error = errno;
    (void)number;
    int before = atomic_fetch_add(&signals, 1);
    if (before >= 1 && !atomic_load(&held))
        leave();
    if (before == 0)
        say(atomic_load(&at_first));
    nst_cancel_request(cancel);
    errno = error;
}

static void install(int number)
{
    struct sigaction before, action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    /* Who started us in the background, or under nohup, wants the signal ignored. */
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, &action, NULL);
}

void nst_interrupt_install(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
    if (!cancel)
        (void)nst_cancel_create(&cancel, NULL); /* without one, the progress hook stops a run */
    install(SIGINT);
    install(SIGTERM);
    install(SIGHUP);
}

void nst_interrupt_announce(const char *first, const char *second)
{
    atomic_store(&at_first, first);
    atomic_store(&at_second, second);
}

const nst_cancel *nst_interrupt_cancel(void)
{
    return cancel;
}

bool nst_interrupt_requested(void)
{
    return atomic_load(&signals) > 0;
}

void nst_interrupt_hold(void)
{
    atomic_fetch_add(&held, 1);
}

void nst_interrupt_release(void)
{
    if (atomic_fetch_sub(&held, 1) == 1 && atomic_load(&signals) >= 2)
        leave();
}

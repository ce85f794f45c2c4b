/* Ctrl-C and termination. A signal handler can reach nothing but static variables: these are
 * the only ones in the program that change. */
#include "util/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130 };

static atomic_int signals;
static atomic_int held;
static nst_cancel *cancel;

static void on_signal(int number)
{
    (void)number;
    if (atomic_fetch_add(&signals, 1) >= 1 && !atomic_load(&held))
        _exit(EXIT_INTERRUPTED);
    nst_cancel_request(cancel);
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
        _exit(EXIT_INTERRUPTED);
}

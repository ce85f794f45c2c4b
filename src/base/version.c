#include "nst.h"

const char *nst_version(void)
{
    return NST_VERSION;
}

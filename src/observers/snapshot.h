/* Intermediate images: out.0050.png beside out.png, numbered by iteration. */
#ifndef NST_OBSERVERS_SNAPSHOT_H
#define NST_OBSERVERS_SNAPSHOT_H

#include "engine/observer.h"

/* Writes each frame. A failure does not stop the run: the result is worth more than its
 * intermediate images. */
nst_observer nst_snapshot_observer(void);

#endif

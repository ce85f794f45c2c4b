/* --record: writes the record when the result is written. */
#ifndef NST_OBSERVERS_RECORDER_H
#define NST_OBSERVERS_RECORDER_H

#include "engine/observer.h"

nst_observer nst_recorder_observer(void);

#endif

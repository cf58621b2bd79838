/*
 * script - dialogues read from JSON lines (design 4.3).
 */
#ifndef MP_PREDICT_SCRIPT_H
#define MP_PREDICT_SCRIPT_H

#include "base/err.h"
#include "predict/dialogue.h"

struct mp_script {
	struct mp_dialogue *dialogues;
	size_t n;
};

/* Reads one dialogue per line; empty lines are passed over. Every line is checked before this
 * returns: the error (MP_ERR_INPUT) names file, line and member. name is for messages. All in the
 * arena. */
int mp_script_read(const char *name, struct mp_slice text, struct mp_arena *arena,
	struct mp_script *out, struct mp_err *err);

#endif

/*
 * message - the one test message that is delivered where the user allows it.
 */
#ifndef MP_SCENARIO_MESSAGE_H
#define MP_SCENARIO_MESSAGE_H

#include "scenario/names.h"

/* The message, in the arena, its lines parted by LF: from names->sender (postmaster at our own name
 * where that is the null sender) to names->deliver_to, marked as generated (RFC 3834), with a text
 * that says what it is. "" without deliver_to. */
const char *mp_message_make(const struct mp_names *names, struct mp_arena *arena);

#endif

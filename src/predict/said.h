/*
 * said - a simulated reply as the plain data that reports show (result/prediction.h).
 */
#ifndef MP_PREDICT_SAID_H
#define MP_PREDICT_SAID_H

#include "result/prediction.h"
#include "server/server.h"

/* What was sent ("" before the greeting) and how the server answered. Borrows from both. */
struct mp_said mp_said_of(const char *sent, const struct mp_sim_reply *reply);

#endif

/* said - a simulated reply as the plain data that reports show. */
#include "predict/said.h"

static enum mp_said_kind kind_of(enum mp_sim_kind kind)
{
	switch (kind) {
	case MP_SIM_REPLY:
		return MP_SAID_REPLY;
	case MP_SIM_ANY:
		return MP_SAID_ANY;
	case MP_SIM_UNKNOWN:
		return MP_SAID_UNKNOWN;
	case MP_SIM_CLOSED:
		return MP_SAID_CLOSED;
	case MP_SIM_REFUSED:
		return MP_SAID_REFUSED;
	case MP_SIM_TIMEOUT:
		return MP_SAID_TIMEOUT;
	}
	return MP_SAID_UNKNOWN;
}

struct mp_said mp_said_of(const char *sent, const struct mp_sim_reply *reply)
{
	return (struct mp_said){.sent = sent,
		.kind = kind_of(reply->kind),
		.code = reply->code,
		.lines = reply->lines,
		.line_count = reply->kind == MP_SIM_REPLY ? reply->line_count : 0,
		.any = reply->kind == MP_SIM_ANY ? reply->any : "",
		.note = reply->note != NULL ? reply->note : "",
		.because = reply->because,
		.trace = reply->trace};
}

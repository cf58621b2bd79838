/*
 * surface - who may have mail carried where: every opening of a server (design 4.4).
 *
 * Computed, not sampled: the server tells the values that its configuration tells apart
 * (mp_server_ops.distinctions), which cut the space of clients into cells, and in each cell that an
 * answer was looked up by (mp_server_ops.consulted) one dialogue is played. Within a cell every
 * client gets the same answers.
 */
#ifndef MP_PREDICT_SURFACE_H
#define MP_PREDICT_SURFACE_H

#include "predict/client.h"
#include "result/prediction.h"
#include "scenario/names.h"

/* names: filled (foreign, helo, sender, local.domain). All of the result is in the arena. */
struct mp_surface mp_surface_find(const struct mp_server *server, const struct mp_server_view *view,
	const struct mp_facts *facts, const struct mp_names *names, struct mp_arena *arena);

#endif

/* simulation_json - the simulated replies as mtaproof.simulation/1. */
#include "cli/simulation.h"
#include "predict/said.h"
#include "report/said.h"

static void put_assumptions(struct mp_json_writer *w, struct mp_assumptions when)
{
	mp_json_begin_array(w);
	for (size_t i = 0; i < when.n; i++) {
		mp_json_begin_object(w);
		mp_json_string_member(w, "question", when.v[i].question);
		mp_json_string_member(w, "answer", when.v[i].answer);
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

/* The case with the fewest assumptions speaks for the world; the others are its alternatives. */
static void put_cases(struct mp_json_writer *w, const struct mp_world_result *world)
{
	size_t shortest = 0;

	for (size_t i = 1; i < world->case_count; i++) {
		if (world->cases[i].n < world->cases[shortest].n) {
			shortest = i;
		}
	}
	mp_json_key(w, "assumptions");
	put_assumptions(w,
		world->case_count > 0 ? world->cases[shortest] : (struct mp_assumptions){NULL, 0});
	if (world->case_count < 2) {
		return;
	}
	mp_json_key(w, "alternatives");
	mp_json_begin_array(w);
	size_t shown = 1;
	for (size_t i = 0; i < world->case_count && shown < MP_SHOWN_CASES; i++) {
		if (i != shortest) {
			put_assumptions(w, world->cases[i]);
			shown++;
		}
	}
	mp_json_end_array(w);
	if (world->case_count > shown) {
		mp_json_integer_member(
			w, "alternatives_left_out", (long long)(world->case_count - shown));
	}
}

static void put_world(struct mp_json_writer *w, const struct mp_world_result *world)
{
	const struct mp_played *played = world->value;

	mp_json_begin_object(w);
	put_cases(w, world);
	mp_json_key(w, "replies");
	mp_json_begin_array(w);
	for (size_t i = 0; i < played->n; i++) {
		struct mp_said said = mp_said_of("", &played->replies[i]);
		mp_said_json(w, &said, false);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

void mp_simulation_json(struct mp_json_writer *w, const struct mp_dialogue *dialogue,
	const struct mp_exploration *worlds)
{
	char client[MP_IP_TEXT];

	mp_json_begin_object(w);
	mp_json_string_member(w, "schema", "mtaproof.simulation/1");
	mp_json_string_member(w, "listener", dialogue->listener != NULL ? dialogue->listener : "");
	mp_json_string_member(w, "client", mp_ip_format(&dialogue->client, client));
	mp_json_key(w, "worlds");
	mp_json_begin_array(w);
	for (size_t i = 0; i < worlds->n; i++) {
		put_world(w, &worlds->v[i]);
	}
	mp_json_end_array(w);
	if (worlds->truncated) {
		mp_json_bool_member(w, "truncated", true);
	}
	mp_json_end_object(w);
	mp_json_newline(w);
}

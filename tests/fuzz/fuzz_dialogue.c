/*
 * fuzz_dialogue - what a client may say to the simulated Postfix of fixtures/demo
 *
 * Each line of the input is one command; a line that begins with '+' goes out in the same write as
 * the one before it. The dialogue is followed in every world.
 */
#include "postfix/server.h"
#include "predict/dialogue.h"
#include "world/facts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINES = 24 };

static struct {
	struct mp_arena arena;
	struct mp_input *input;
	struct mp_findings findings;
	struct mp_facts *facts;
	struct mp_server *server;
} simulated;

static void build(void)
{
	static const struct mp_input_options options = {.type = "postfix", .isolated = true};
	struct mp_err err = {MP_ERR_NONE, ""};
	static const char facts[] =
		"{\"hostname\": \"mail.example.org\", \"addresses\": [\"192.0.2.10/24\"], "
		"\"version\": \"3.7.11\", \"local_users\": [\"alice\"], \"sasl\": {\"mechanisms\": "
		"[\"PLAIN\", \"LOGIN\"], \"users\": {\"alice@mail.example.org\": \"secret\"}}}";

	simulated.input = mp_input_open("fixtures/demo/postfix", &options, &err);
	if (simulated.input == NULL) {
		MP_BUG(err.text);
	}
	mp_input_set_complete(simulated.input, true);
	simulated.facts = mp_facts_new();
	if (mp_facts_read(simulated.facts, "facts", mp_slice_str(facts), &err) != 0) {
		MP_BUG(err.text);
	}
	mp_findings_init(&simulated.findings, &simulated.arena);
	simulated.server = pf_server_new(
		&simulated.arena, simulated.input, &simulated.findings, simulated.facts, &err);
	if (simulated.server == NULL) {
		MP_BUG(err.text);
	}
}

static void check(const struct mp_played *played, size_t lines)
{
	if (played->n == 0 || played->n > lines + 1) {
		MP_BUG("not one reply for each line");
	}
	for (size_t i = 0; i < played->n; i++) {
		const struct mp_sim_reply *r = &played->replies[i];

		if (r->kind == MP_SIM_REPLY &&
			(r->line_count == 0 || r->code < 200 || r->code > 599)) {
			MP_BUG("a reply without lines or code");
		}
		for (size_t k = 0; k < r->because.n; k++) {
			mp_loc_position(r->because.v[k].loc);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_slice rest = {(const char *)data, size};
	struct mp_slice lines[LINES];
	struct mp_send_group groups[LINES];
	struct mp_dialogue dialogue = {.groups = groups};
	struct mp_arena keep = {0};
	size_t n = 0;

	if (simulated.server == NULL) {
		build();
	}
	/* The first byte chooses the listener and the kind of client. */
	dialogue.listener = size > 0 && (data[0] & 1) ? "submission" : "smtp";
	mp_ip_parse(mp_slice_str(size > 0 && (data[0] & 2) ? "192.0.2.3" : "203.0.113.5"),
		&dialogue.client);
	dialogue.tls = size > 0 && (data[0] & 4);
	rest = mp_slice_from(rest, 1);
	while (n < LINES && rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\n');

		lines[n] = mp_slice_sub(rest, 0, end);
		if (n > 0 && lines[n].n > 0 && lines[n].p[0] == '+') {
			lines[n] = mp_slice_from(lines[n], 1);
			groups[dialogue.group_count - 1].n++;
		} else {
			groups[dialogue.group_count++] = (struct mp_send_group){&lines[n], 1};
		}
		n++;
		rest = mp_slice_from(rest, end == MP_NOT_FOUND ? rest.n : end + 1);
	}
	struct mp_exploration worlds =
		mp_dialogue_play(simulated.server, simulated.facts, &dialogue, &keep);
	for (size_t i = 0; i < worlds.n; i++) {
		check(worlds.v[i].value, n);
	}
	mp_arena_release(&keep);
	return 0;
}

/* plan_play - a session plan played to a simulated server, in every world. */
#include "predict/plan_play.h"

#include "base/vec.h"

/* One play: the two sides, and what the simulated one has said. */
struct table {
	const struct mp_plan_playing *context;
	struct mp_arena *keep;
	struct mp_session *client;
	struct mp_sim_session *server;
	MP_VEC(struct mp_sim_reply) said; /* answers in order */
	const char *unknown; /* why the simulation cannot follow; NULL: it can */
};

/* A reply as the client's machine takes it. Where an outside party words it, a stand-in with the
 * first possible digit: the machine only looks at the class. */
static bool to_reply(struct table *t, const struct mp_sim_reply *sim, struct mp_reply *out)
{
	size_t n = sim->kind == MP_SIM_ANY ? 1 : sim->line_count;
	struct mp_slice *lines = mp_arena_array(t->keep, n, sizeof *lines);

	for (size_t i = 0; i < n; i++) {
		const char *text = sim->kind == MP_SIM_ANY
			? mp_arena_printf(t->keep, "%c50 any", sim->any[0])
			: sim->lines[i];
		lines[i] = mp_slice_str(text);
	}
	return mp_reply_from_lines(out, lines, n);
}

/* Tells the client's machine what the simulated server said. */
static struct mp_action hear(struct table *t, const struct mp_sim_reply *sim)
{
	struct mp_event event = {.kind = MP_EVENT_REPLY, .text = ""};
	struct mp_reply reply;

	if (sim->kind == MP_SIM_REPLY || sim->kind == MP_SIM_ANY) {
		if (!to_reply(t, sim, &reply)) {
			MP_BUG("the simulated server does not speak SMTP");
		}
		mp_vec_push(&t->said, *sim);
		event.reply = &reply;
		return mp_session_step(t->client, &event, 0);
	}
	if (sim->kind == MP_SIM_UNKNOWN && t->unknown == NULL) {
		t->unknown = sim->note != NULL ? sim->note : "";
	}
	event.kind = sim->kind == MP_SIM_TIMEOUT ? MP_EVENT_TIMEOUT : MP_EVENT_EOF;
	return mp_session_step(t->client, &event, 0);
}

static size_t count_lines(struct mp_slice bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		n += bytes.p[i] == '\n';
	}
	return n;
}

/* The lines of one write, without CR LF; message content stays one element. */
static size_t split_lines(struct mp_arena *keep, struct mp_slice bytes, struct mp_slice **out)
{
	if (mp_slice_ends(bytes, "\r\n.\r\n") || mp_slice_eq_str(bytes, ".\r\n")) {
		*out = mp_arena_array(keep, 1, sizeof **out);
		(*out)[0] = mp_slice(mp_arena_slicedup(keep, bytes), bytes.n - 2);
		return 1;
	}
	size_t n = count_lines(bytes);
	*out = mp_arena_array(keep, n, sizeof **out);
	for (size_t i = 0; i < n; i++) {
		size_t end = mp_slice_chr(bytes, '\n');
		struct mp_slice line = mp_slice_sub(bytes, 0, end);
		if (line.n > 0 && line.p[line.n - 1] == '\r') {
			line.n--;
		}
		(*out)[i] = mp_slice(mp_arena_slicedup(keep, line), line.n);
		bytes = mp_slice_from(bytes, end + 1);
	}
	return n;
}

/* Says what the client sends and tells it the answers, until it wants something else. */
static struct mp_action exchange(struct table *t, struct mp_action action)
{
	struct mp_slice *lines;
	size_t n = split_lines(t->keep, action.send, &lines);
	struct mp_sim_reply *replies = mp_arena_array(t->keep, n, sizeof *replies);

	t->context->server->ops->say(t->server, lines, n, replies);
	for (size_t i = 0; i < n; i++) {
		action = hear(t, &replies[i]);
		if (action.kind != MP_ACTION_WAIT || action.send.n > 0) {
			return action;
		}
	}
	return action;
}

static void converse(struct table *t, struct mp_action action)
{
	while (action.kind != MP_ACTION_DONE) {
		if (action.kind == MP_ACTION_START_TLS) {
			struct mp_event up = {.kind = MP_EVENT_TLS_UP, .text = ""};
			action = mp_session_step(t->client, &up, 0);
		} else if (action.send.n > 0) {
			action = exchange(t, action);
		} else {
			/* It waits for what will not come: the simulated server has nothing to say.
			 */
			struct mp_event timeout = {.kind = MP_EVENT_TIMEOUT, .text = ""};
			action = mp_session_step(t->client, &timeout, 0);
		}
	}
}

/* Connects, and brings the client to the point where it has read the greeting. */
static struct mp_action open_session(
	struct table *t, struct mp_world *world, struct mp_plan_played *out)
{
	struct mp_connect connect = t->context->connect;
	struct mp_sim_reply greeting;
	struct mp_event connected = {.kind = MP_EVENT_CONNECTED, .text = ""};

	connect.tls = t->context->plan->implicit_tls;
	if (!t->context->plan->certificate) {
		connect.certificate = NULL;
	}
	t->server = t->context->server->ops->open(
		t->context->server, world, t->keep, &connect, &greeting);
	out->opening = greeting.kind == MP_SIM_ANY ? MP_SIM_REPLY : greeting.kind;
	out->opening_because = greeting.because;
	if (greeting.kind == MP_SIM_REFUSED) {
		mp_session_abort(t->client, MP_FAIL_CONNECT, "connection refused");
		return (struct mp_action){.kind = MP_ACTION_DONE};
	}
	struct mp_action action = mp_session_step(t->client, &connected, 0);
	if (action.kind == MP_ACTION_START_TLS) {
		struct mp_event up = {.kind = MP_EVENT_TLS_UP, .text = ""};
		action = mp_session_step(t->client, &up, 0);
	}
	return action.kind == MP_ACTION_DONE ? action : hear(t, &greeting);
}

/* The simulated replies in the order of the report's exchanges. */
static void align_replies(struct table *t, struct mp_plan_played *out)
{
	const struct mp_session_report *report = out->report;
	struct mp_sim_reply *replies =
		mp_arena_array(t->keep, report->exchange_count, sizeof *replies);
	size_t at = 0;

	for (size_t i = 0; i < report->exchange_count; i++) {
		if (report->exchanges[i].answered && at < t->said.n) {
			replies[i] = t->said.v[at++];
		} else {
			replies[i] = mp_sim_closed();
			if (t->unknown != NULL) {
				replies[i].kind = MP_SIM_UNKNOWN;
				replies[i].note = t->unknown;
			}
		}
	}
	out->replies = replies;
}

void *mp_plan_play_world(void *playing, struct mp_world *world, struct mp_arena *keep)
{
	const struct mp_plan_playing *c = playing;
	struct table t = {.context = c, .keep = keep};
	struct mp_plan_played *out = MP_ARENA_NEW(keep, struct mp_plan_played);

	t.client = mp_session_new(c->plan, c->options, keep, 0);
	mp_session_begin(t.client);
	struct mp_action action = open_session(&t, world, out);
	if (t.server != NULL) {
		converse(&t, action);
	} else if (action.kind != MP_ACTION_DONE) {
		struct mp_event end = {.kind = MP_EVENT_EOF, .text = ""};
		mp_session_step(t.client, &end, 0);
	}
	out->report = mp_session_report(t.client);
	out->unknown = t.unknown != NULL;
	out->note = t.unknown != NULL ? t.unknown : "";
	align_replies(&t, out);
	mp_session_free(t.client);
	mp_vec_release(&t.said);
	return out;
}

static bool equal(const void *left, const void *right)
{
	const struct mp_plan_played *a = left;
	const struct mp_plan_played *b = right;

	if (a->opening != b->opening || a->report->exchange_count != b->report->exchange_count) {
		return false;
	}
	for (size_t i = 0; i < a->report->exchange_count; i++) {
		if (!mp_str_eq(a->report->exchanges[i].sent, b->report->exchanges[i].sent) ||
			!mp_sim_reply_equal(&a->replies[i], &b->replies[i])) {
			return false;
		}
	}
	return true;
}

struct mp_exploration mp_plan_play(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_plan *plan, const struct mp_session_options *options,
	const struct mp_connect *connect, struct mp_arena *keep)
{
	struct mp_plan_playing playing = {server, plan, options, *connect};

	return mp_plan_play_some(&playing, facts, 0, keep);
}

struct mp_exploration mp_plan_play_some(const struct mp_plan_playing *playing,
	const struct mp_facts *facts, size_t most_plays, struct mp_arena *keep)
{
	struct mp_explore_ops ops = {
		.play = mp_plan_play_world, .equal = equal, .most_plays = most_plays};
	struct mp_plan_playing own = *playing;

	return mp_explore(facts, &ops, &own, keep);
}

const struct mp_sim_reply *mp_plan_reply(const struct mp_plan_played *played, int step)
{
	if (step < 0) {
		return NULL;
	}
	const struct mp_step_result *result = &played->report->results[step];
	if (result->status != MP_STEP_PLAYED || result->exchange < 0) {
		return NULL;
	}
	return &played->replies[result->exchange];
}

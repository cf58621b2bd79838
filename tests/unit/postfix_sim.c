/* postfix_sim - writes a configuration to a folder of its own, and plays one dialogue to it. */
#include "unit/postfix_sim.h"

#include "base/buf.h"
#include "diag/finding.h"
#include "folder.h"
#include "input/input.h"
#include "postfix/server.h"
#include "predict/dialogue.h"
#include "world/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char usual_facts[] =
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\","
	" \"addresses\": [\"192.0.2.10/24\", \"127.0.0.1/8\", \"::1/128\"],"
	" \"local_users\": [\"root\", \"alice\", \"bob\"], \"dns_complete\": true,"
	" \"config_complete\": true, \"distribution\": \"debian\","
	" \"sasl\": {\"mechanisms\": [\"PLAIN\", \"LOGIN\"], \"users\": {\"bob\": \"secret\"}}}";

/* ---- a dialogue ---- */

/* The line with CR LF for each "\\r\\n" that is written out in it. */
static struct mp_slice unescape(struct mp_arena *arena, struct mp_slice line)
{
	char *out = mp_arena_alloc(arena, line.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		bool escaped = mp_slice_starts(mp_slice_from(line, i), "\\r\\n");
		out[n++] = escaped ? '\r' : line.p[i];
		if (escaped) {
			out[n++] = '\n';
			i += 3;
		}
	}
	return mp_slice(out, n);
}

/* Makes groups of lines of the text; everything in the arena. */
static void parse_lines(struct mp_arena *arena, const char *text, struct mp_dialogue *d)
{
	size_t max = 1;

	for (const char *p = text; *p != '\0'; p++) {
		max += *p == '\n';
	}
	struct mp_slice *lines = mp_arena_array(arena, max, sizeof *lines);
	struct mp_send_group *groups = mp_arena_array(arena, max, sizeof *groups);
	d->groups = groups;
	for (size_t n = 0; *text != '\0'; n++) {
		size_t length = strcspn(text, "\n");
		bool joined = text[0] == '+' && d->group_count > 0;
		lines[n] = unescape(arena, mp_slice(text + joined, length - joined));
		if (joined) {
			groups[d->group_count - 1].n++;
		} else {
			groups[d->group_count++] = (struct mp_send_group){&lines[n], 1};
		}
		text += length;
		text += *text == '\n';
	}
}

struct sim {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_facts *facts;
	struct mp_input *input;
	struct mp_server *server;
	char folder[FOLDER_PATH];
};

static void sim_open(struct sim *sim, const struct sim_case *c)
{
	struct mp_err err = {0};
	const struct mp_input_options options = {.type = "postfix", .isolated = true};
	const char *facts = c->facts != NULL ? c->facts : usual_facts;

	*sim = (struct sim){0};
	folder_make(sim->folder);
	folder_put(sim->folder, "main.cf", c->main_cf);
	for (const struct sim_file *f = c->files; f != NULL && f->name != NULL; f++) {
		folder_put(sim->folder, f->name, f->text);
	}
	mp_findings_init(&sim->findings, &sim->arena);
	sim->facts = mp_facts_new();
	if (mp_facts_read(sim->facts, "facts", mp_slice_str(facts), &err) < 0) {
		fail_msg("%s", err.text);
	}
	sim->input = mp_input_open(sim->folder, &options, &err);
	if (sim->input == NULL) {
		fail_msg("%s", err.text);
	}
	mp_input_set_complete(sim->input, sim->facts->config_complete == 1);
	sim->server = pf_server_new(&sim->arena, sim->input, &sim->findings, sim->facts, &err);
	if (sim->server == NULL) {
		fail_msg("%s", err.text);
	}
}

static void sim_close(struct sim *sim)
{
	pf_server_free(sim->server);
	mp_findings_release(&sim->findings);
	mp_input_free(sim->input);
	mp_facts_free(sim->facts);
	mp_arena_release(&sim->arena);
	folder_remove(sim->folder);
}

struct sim *sim_start(const struct sim_case *c)
{
	struct sim *sim = malloc(sizeof *sim);

	assert_non_null(sim);
	sim_open(sim, c);
	return sim;
}

const struct mp_server *sim_server(const struct sim *sim)
{
	return sim->server;
}

const struct mp_facts *sim_facts(const struct sim *sim)
{
	return sim->facts;
}

void sim_stop(struct sim *sim)
{
	sim_close(sim);
	free(sim);
}

static struct mp_exploration sim_play(
	struct sim *sim, const struct sim_case *c, struct mp_arena *keep)
{
	struct mp_dialogue d = {.listener = c->listener};
	struct mp_client_certificate *certificate =
		MP_ARENA_NEW(keep, struct mp_client_certificate);
	const char *client = c->client != NULL ? c->client : "203.0.113.5";

	assert_true(mp_ip_parse(mp_slice_str(client), &d.client));
	if (c->fingerprint != NULL) {
		certificate->fingerprint = c->fingerprint;
		certificate->subject = c->subject;
		d.certificate = certificate;
	}
	parse_lines(keep, c->say, &d);
	return mp_dialogue_play(sim->server, sim->facts, &d, keep);
}

/* ---- what was answered ---- */

static void put_reply(struct mp_buf *out, const struct mp_sim_reply *reply)
{
	switch (reply->kind) {
	case MP_SIM_REPLY:
		for (size_t i = 0; i < reply->line_count; i++) {
			mp_buf_printf(out, "%s%s", i > 0 ? "\n" : "", reply->lines[i]);
		}
		break;
	case MP_SIM_ANY:
		mp_buf_printf(out, "(any %s)", reply->any);
		break;
	case MP_SIM_UNKNOWN:
		mp_buf_puts(out, "(unknown)");
		break;
	case MP_SIM_CLOSED:
		mp_buf_puts(out, "(closed)");
		break;
	case MP_SIM_REFUSED:
		mp_buf_puts(out, "(refused)");
		break;
	case MP_SIM_TIMEOUT:
		mp_buf_puts(out, "(timeout)");
		break;
	}
}

static const char *taken_name(enum mp_taken taken)
{
	switch (taken) {
	case MP_TAKEN_NOT:
		return "not";
	case MP_TAKEN_LOCAL:
		return "local";
	case MP_TAKEN_RELAY:
		return "relay";
	case MP_TAKEN_DISCARDED:
		return "discarded";
	}
	return "?";
}

/* The text alone, on the heap. */
static char *take(struct mp_buf *buf)
{
	char *text = mp_buf_detach(buf);

	mp_buf_release(buf);
	return text;
}

static char *run(const struct sim_case *c, bool all)
{
	struct sim sim;
	struct mp_arena keep = {0};
	struct mp_buf out;

	sim_open(&sim, c);
	struct mp_exploration worlds = sim_play(&sim, c, &keep);
	mp_buf_init(&out, 1024 * 1024);
	for (size_t i = 0; i < worlds.n; i++) {
		const struct mp_played *played = worlds.v[i].value;
		mp_buf_puts(&out, i > 0 ? " | " : "");
		for (size_t j = all ? 0 : played->n - 1; j < played->n; j++) {
			mp_buf_puts(&out, all && j > 0 ? " / " : "");
			put_reply(&out, &played->replies[j]);
		}
	}
	mp_arena_release(&keep);
	sim_close(&sim);
	return take(&out);
}

char *sim_run(const struct sim_case *c)
{
	return run(c, false);
}

char *sim_run_all(const struct sim_case *c)
{
	return run(c, true);
}

char *sim_taken(const struct sim_case *c)
{
	struct sim sim;
	struct mp_arena keep = {0};
	struct mp_buf out;

	sim_open(&sim, c);
	struct mp_exploration worlds = sim_play(&sim, c, &keep);
	mp_buf_init(&out, 1024);
	for (size_t i = 0; i < worlds.n; i++) {
		const struct mp_played *played = worlds.v[i].value;
		mp_buf_puts(&out, i > 0 ? " | " : "");
		mp_buf_puts(&out, taken_name(played->replies[played->n - 1].taken));
	}
	mp_arena_release(&keep);
	sim_close(&sim);
	return take(&out);
}

char *sim_because(const struct sim_case *c)
{
	struct sim sim;
	struct mp_arena keep = {0};
	struct mp_buf out;

	sim_open(&sim, c);
	struct mp_exploration worlds = sim_play(&sim, c, &keep);
	mp_buf_init(&out, 1024 * 1024);
	const struct mp_played *played = worlds.v[0].value;
	struct mp_reasons because = played->replies[played->n - 1].because;
	for (size_t i = 0; i < because.n; i++) {
		struct mp_position at = mp_loc_position(because.v[i].loc);
		mp_buf_printf(&out, "%s%s:%u:%u: %s", i > 0 ? "\n" : "", at.file, at.line,
			at.column, because.v[i].text);
	}
	mp_arena_release(&keep);
	sim_close(&sim);
	return take(&out);
}

static const char *const aspect_names[] = {
	"address", "name", "helo", "sender", "recipient", "login", "certificate", "tls"};

static void put_distinction(struct mp_buf *out, const struct mp_distinction *d)
{
	const char *name = "";
	char net[MP_IP_TEXT];

	for (unsigned i = 0; i < 8; i++) {
		name = d->aspect == 1u << i ? aspect_names[i] : name;
	}
	mp_buf_printf(out, "%s%s ", out->n > 0 ? "\n" : "", name);
	if (d->net.ip.family != 0) {
		mp_buf_printf(out, "%s/%u", mp_ip_format(&d->net.ip, net), d->net.length);
	} else {
		mp_buf_printf(out, "%s", d->example == NULL ? "-" : d->example);
	}
	mp_buf_printf(out, " [%s]", d->pattern);
	if (d->aspect != MP_ASPECT_ADDRESS && d->example != NULL) {
		mp_buf_printf(out, " %s", d->like);
	}
	struct mp_position at = mp_loc_position(d->because.loc);
	mp_buf_printf(out, " (%s:%u)", at.file, at.line);
}

struct distinguishing {
	const struct mp_server *server;
	const char *listener;
	unsigned aspects;
	struct mp_buf out;
};

static void *distinguish(void *context, struct mp_world *world, struct mp_arena *keep)
{
	struct distinguishing *d = context;
	const struct mp_distinction *v;
	size_t n = d->server->ops->distinctions(d->server, world, keep, d->listener, &v);

	mp_buf_reset(&d->out);
	for (size_t i = 0; i < n; i++) {
		if ((v[i].aspect & d->aspects) != 0) {
			put_distinction(&d->out, &v[i]);
		}
	}
	return d;
}

static bool same_distinctions(const void *a, const void *b)
{
	(void)a, (void)b;
	return true;
}

char *sim_distinctions(const struct sim_case *c, unsigned aspects)
{
	const struct mp_explore_ops ops = {.play = distinguish, .equal = same_distinctions};
	struct sim sim;
	struct mp_arena keep = {0};

	sim_open(&sim, c);
	struct distinguishing d = {
		.server = sim.server, .listener = c->listener, .aspects = aspects};
	mp_buf_init(&d.out, 1024 * 1024);
	mp_explore(sim.facts, &ops, &d, &keep);
	mp_arena_release(&keep);
	sim_close(&sim);
	return take(&d.out);
}

char *sim_findings(const struct sim_case *c)
{
	struct sim sim;
	struct mp_arena keep = {0};
	struct mp_buf out;

	sim_open(&sim, c);
	sim_play(&sim, c, &keep);
	mp_findings_sort(&sim.findings);
	mp_buf_init(&out, 1024 * 1024);
	for (size_t i = 0; i < sim.findings.list.n; i++) {
		const struct mp_finding *f = &sim.findings.list.v[i];
		struct mp_position at = mp_loc_position(f->loc);
		mp_buf_printf(&out, "%s%s:%u:%u: %s: %s", i > 0 ? "\n" : "", at.file, at.line,
			at.column, mp_severity_name(f->severity), f->rule);
	}
	mp_arena_release(&keep);
	sim_close(&sim);
	return take(&out);
}

static void wants(const struct sim_case *c, char *got)
{
	assert_string_equal(got, c->want);
	free(got);
}

void sim_test(void **state)
{
	wants(*state, sim_run(*state));
}

static void test_all(void **state)
{
	wants(*state, sim_run_all(*state));
}

static int run_each(const char *group, CMUnitTestFunction test, struct sim_case *cases, size_t n)
{
	struct CMUnitTest *tests = calloc(n, sizeof *tests);

	if (tests == NULL) {
		return 1;
	}
	for (size_t i = 0; i < n; i++) {
		tests[i] = (struct CMUnitTest){cases[i].name, test, NULL, NULL, &cases[i]};
	}
	int failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	free(tests);
	return failed != 0;
}

int sim_main(const char *group, struct sim_case *cases, size_t n)
{
	return run_each(group, sim_test, cases, n);
}

int sim_main_all(const char *group, struct sim_case *cases, size_t n)
{
	return run_each(group, test_all, cases, n);
}

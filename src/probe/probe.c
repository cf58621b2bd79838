/*
 * probe - plays session plans to live servers.
 *
 * DESCRIPTION
 *	A run is one target being probed: it plays its plans one after the other, each over a
 *	connection of its own. What a session left undone because of the reject budget is played
 *	over another one. When a run ends, the next target begins whose host is not being probed.
 */
#include "probe/probe.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "dns/addresses.h"
#include "net/conn.h"
#include "net/loop.h"
#include "tls/tls.h"

#include <stdlib.h>
#include <sys/resource.h>

enum { DEFAULT_CONCURRENCY = 1000, DEFAULT_RESOLVE_MS = 10000, OTHER_DESCRIPTORS = 64 };

struct probe {
	const struct mp_probe_options *options;
	const struct mp_probe_target *targets;
	struct run *runs; /* one per target */
	size_t n, running, most; /* of those running at once */
	bool starting, start_again;
	struct mp_arena *arena;
	struct mp_loop *loop;
	struct mp_tls_context *tls;
};

enum run_state { RUN_WAITING, RUN_PLAYING, RUN_OVER };

struct run {
	struct probe *probe;
	const struct mp_probe_target *target;
	enum run_state state;
	size_t next_plan, next_address;
	const struct mp_plan *plan; /* being played */
	struct mp_session *session;
	struct mp_conn *conn;
	struct mp_tls *tls;
	MP_VEC(struct mp_session_seen *) sessions;
	struct mp_check_seen *checks;
	size_t check_count;
	struct mp_target_seen seen;
};

static void start_session(struct run *r);
static void start_runs(struct probe *p);

static void keep_addresses(const struct mp_probe_options *options, struct mp_probe_target *t,
	const struct mp_dns_addresses *found, struct mp_arena *arena)
{
	struct mp_ip *v = mp_arena_array(arena, found->n, sizeof *v);

	t->address_count = 0;
	for (size_t i = 0; i < found->n; i++) {
		if (options->source.family == 0 || options->source.family == found->v[i].family) {
			v[t->address_count++] = found->v[i];
		}
	}
	t->addresses = v;
	t->problem = t->address_count > 0 ? ""
		: found->n > 0            ? "it has no address of the family of --source"
					  : found->problem;
	if (options->source.family != 0) {
		t->source = options->source;
	} else if (t->address_count > 0) {
		struct mp_endpoint to = {t->addresses[0], t->port};
		t->source = mp_net_source_for(&to);
	}
}

int mp_probe_resolve(const struct mp_probe_options *options, struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_err *err)
{
	struct mp_dns_addresses *found = mp_alloc(n * sizeof *found);
	unsigned ms = options->resolve_ms > 0 ? options->resolve_ms : DEFAULT_RESOLVE_MS;

	for (size_t i = 0; i < n; i++) {
		found[i].name = targets[i].host;
	}
	int bad = mp_dns_resolve(found, n, ms, err);
	for (size_t i = 0; bad == 0 && i < n; i++) {
		keep_addresses(options, &targets[i], &found[i], arena);
	}
	free(found);
	return bad;
}

/* Reads "[192.0.2.1]" or "[IPv6:...]" out of the first line of a reply to EHLO, which is how
 * sendmail and others greet: "250-mail.example.org Hello name [192.0.2.1], pleased to meet you". */
static bool address_in(struct mp_slice line, struct mp_ip *ip)
{
	size_t open = mp_slice_rchr(line, '[');
	struct mp_slice rest = mp_slice_from(line, open == MP_NOT_FOUND ? line.n : open + 1);
	size_t close = mp_slice_chr(rest, ']');

	if (close == MP_NOT_FOUND) {
		return false;
	}
	struct mp_slice text = mp_slice_sub(rest, 0, close);
	if (mp_slice_istarts(text, "IPv6:")) {
		text = mp_slice_from(text, 5);
	}
	return mp_ip_parse(text, ip);
}

static void learn_address(struct run *r, const struct mp_session_report *report)
{
	struct mp_ip ip;

	for (size_t i = 0; i < r->plan->step_count && r->seen.seen_as.family == 0; i++) {
		const struct mp_step_result *result = &report->results[i];
		if (r->plan->steps[i].verb == MP_VERB_EHLO && result->success &&
			address_in(report->exchanges[result->exchange].reply.lines[0], &ip)) {
			r->seen.seen_as = ip;
		}
	}
}

static struct mp_check_seen *find_check(struct run *r, size_t origin)
{
	for (size_t i = 0; i < r->check_count; i++) {
		if (r->checks[i].check->origin == origin) {
			return &r->checks[i];
		}
	}
	MP_BUG("a check that no plan has");
}

/* Takes what the session saw over into the target's checks. */
static struct mp_session_seen *keep_session(struct run *r)
{
	struct mp_session_seen *s = MP_ARENA_NEW(r->probe->arena, struct mp_session_seen);

	*s = (struct mp_session_seen){.plan = r->plan, .report = mp_session_report(r->session)};
	if (r->tls != NULL) {
		s->tls = mp_tls_facts_take(r->tls, r->probe->arena);
	}
	for (size_t i = 0; i < r->plan->check_count; i++) {
		struct mp_check_seen *c = find_check(r, r->plan->checks[i].origin);
		c->check = &r->plan->checks[i];
		c->seen = mp_seen_read(r->plan, i, s->report);
		c->session = s;
	}
	mp_vec_push(&r->sessions, s);
	learn_address(r, s->report);
	return s;
}

static void close_session(struct run *r)
{
	mp_conn_free(r->conn);
	mp_tls_free(r->tls);
	mp_session_free(r->session);
	r->conn = NULL;
	r->tls = NULL;
	r->session = NULL;
}

/* The first greeting that was read, or NULL. */
static const struct mp_reply *first_greeting(const struct run *r)
{
	for (size_t i = 0; i < r->sessions.n; i++) {
		const struct mp_session_report *report = r->sessions.v[i]->report;
		if (report->exchange_count > 0 && report->exchanges[0].answered) {
			return &report->exchanges[0].reply;
		}
	}
	return NULL;
}

/* Checks that no session was held for share the fate of the last one. A server that has greeted
 * before is there, even where a later connection fails. */
static void end_run(struct run *r)
{
	struct mp_target_seen *seen = &r->seen;
	seen->greeting = first_greeting(r);
	bool greeted = seen->greeting != NULL;
	bool none =
		!greeted && (seen->failure == MP_FAIL_CONNECT || seen->failure == MP_FAIL_TIMEOUT);

	for (size_t i = 0; i < r->check_count; i++) {
		struct mp_check_seen *c = &r->checks[i];
		if (c->session == NULL) {
			c->seen = (struct mp_seen){
				.outcome = none ? MP_OUTCOME_NO_SERVICE : MP_OUTCOME_NOT_REACHED,
				.why = none && seen->reach != MP_REACH_CONNECTED
					? MP_WHY_UNREACHABLE
					: mp_why_of_failure(seen->failure),
				.control_ok = c->check->control < 0};
		} else if (greeted && c->seen.outcome == MP_OUTCOME_NO_SERVICE) {
			c->seen.outcome = MP_OUTCOME_NOT_REACHED;
		}
	}
	struct mp_session_seen *sessions =
		mp_arena_array(r->probe->arena, r->sessions.n, sizeof *sessions);
	for (size_t i = 0; i < r->sessions.n; i++) {
		sessions[i] = *r->sessions.v[i];
	}
	seen->sessions = sessions;
	seen->session_count = r->sessions.n;
	seen->checks = r->checks;
	seen->check_count = r->check_count;
	mp_vec_release(&r->sessions);
	r->state = RUN_OVER;
	r->probe->running--;
	start_runs(r->probe);
}

/* Whether another connection makes sense after this failure. */
static bool goes_on(enum mp_failure failure)
{
	switch (failure) {
	case MP_FAIL_NONE:
	case MP_FAIL_TLS:
	case MP_FAIL_CUT_OFF:
		return true;
	case MP_FAIL_RESOLVE:
	case MP_FAIL_CONNECT:
	case MP_FAIL_TIMEOUT:
	case MP_FAIL_PROTOCOL:
	case MP_FAIL_CLOSING:
	case MP_FAIL_INTERNAL:
		break;
	}
	return false;
}

/* The connection could not be made: try the next address. */
static bool next_address(struct run *r, const struct mp_session_report *report)
{
	bool unconnected = report->results[0].status != MP_STEP_PLAYED &&
		report->exchange_count == 0 &&
		(report->failure == MP_FAIL_CONNECT || report->failure == MP_FAIL_TIMEOUT);

	if (!unconnected || r->next_address + 1 >= r->target->address_count) {
		return false;
	}
	r->next_address++;
	return true;
}

static void session_done(struct run *r)
{
	const struct mp_session_report *report = mp_session_report(r->session);
	const struct mp_plan *rest = NULL;

	r->seen.address = r->target->addresses[r->next_address];
	if (next_address(r, report)) {
		close_session(r);
		start_session(r);
		return;
	}
	struct mp_session_seen *s = keep_session(r);
	if (r->seen.failure == MP_FAIL_NONE) {
		r->seen.failure = report->failure;
		r->seen.failure_text = report->failure_text;
	}
	close_session(r);
	if (goes_on(report->failure)) {
		rest = mp_plan_rest(r->plan, s->report->results, r->probe->arena);
	}
	/* A session that brought nothing will bring nothing again. */
	if (rest != NULL && rest->check_count < r->plan->check_count) {
		r->plan = rest;
		start_session(r);
	} else if (goes_on(report->failure) && r->next_plan < r->target->plan_count) {
		r->plan = r->target->plans[r->next_plan++];
		start_session(r);
	} else {
		end_run(r);
	}
}

static void perform(struct run *r, struct mp_action action)
{
	switch (action.kind) {
	case MP_ACTION_WAIT:
		mp_conn_send(r->conn, action.send, action.deadline);
		break;
	case MP_ACTION_START_TLS:
		r->tls = mp_tls_new(r->probe->tls, mp_conn_fd(r->conn), r->target->host,
			r->plan->certificate ? r->probe->options->identity : NULL);
		mp_conn_upgrade(r->conn, mp_tls_filter(r->tls), action.deadline);
		break;
	case MP_ACTION_DONE:
		session_done(r);
		break;
	}
}

/* Why there is no connection; of several addresses the last one counts. */
static void note_obstacle(struct run *r, enum mp_conn_obstacle obstacle)
{
	static const enum mp_reach reached[] = {
		[MP_CONN_NONE] = MP_REACH_UNTRIED,
		[MP_CONN_REFUSED] = MP_REACH_REFUSED,
		[MP_CONN_UNREACHABLE] = MP_REACH_UNREACHABLE,
		[MP_CONN_SILENCE] = MP_REACH_SILENT,
		[MP_CONN_LOCAL] = MP_REACH_UNTRIED,
	};

	if (r->seen.reach != MP_REACH_CONNECTED) {
		r->seen.reach = reached[obstacle];
	}
}

static void on_conn(void *context, enum mp_conn_event what, struct mp_slice bytes, const char *text)
{
	struct run *r = context;
	struct mp_event event = {.bytes = bytes, .text = text};

	switch (what) {
	case MP_CONN_CONNECTED:
		event.kind = MP_EVENT_CONNECTED;
		r->seen.reach = MP_REACH_CONNECTED;
		r->seen.source = mp_conn_source(r->conn);
		break;
	case MP_CONN_BYTES:
		event.kind = MP_EVENT_BYTES;
		break;
	case MP_CONN_UPGRADED:
		event.kind = MP_EVENT_TLS_UP;
		break;
	case MP_CONN_UPGRADE_FAILED:
		event.kind = MP_EVENT_TLS_FAILED;
		break;
	case MP_CONN_TIMEOUT:
		event.kind = MP_EVENT_TIMEOUT;
		note_obstacle(r, MP_CONN_SILENCE);
		break;
	case MP_CONN_EOF:
		event.kind = MP_EVENT_EOF;
		break;
	case MP_CONN_ERROR:
		event.kind = MP_EVENT_ERROR;
		note_obstacle(r, mp_conn_obstacle(r->conn));
		break;
	}
	perform(r, mp_session_step(r->session, &event, mp_clock_ms()));
}

static void start_session(struct run *r)
{
	struct probe *p = r->probe;
	struct mp_session_options options = p->options->session;
	struct mp_endpoint to = {r->target->addresses[r->next_address], r->target->port};

	options.server = r->target->host;
	options.allow_plaintext_auth = options.allow_plaintext_auth || mp_ip_is_loopback(&to.ip);
	r->session = mp_session_new(r->plan, &options, p->arena, mp_clock_ms());
	struct mp_action action = mp_session_begin(r->session);
	r->conn = mp_conn_open(p->loop, &to, &p->options->source, action.deadline, on_conn, r);
}

static void start_run(struct run *r)
{
	r->state = RUN_PLAYING;
	r->probe->running++;
	if (r->target->address_count == 0) {
		r->seen.failure = MP_FAIL_RESOLVE;
		r->seen.failure_text = mp_arena_printf(
			r->probe->arena, "%s: %s", r->target->host, r->target->problem);
		end_run(r);
	} else if (r->target->plan_count == 0) {
		end_run(r);
	} else {
		r->plan = r->target->plans[r->next_plan++];
		start_session(r);
	}
}

/* One connection per host at a time. */
static bool host_is_busy(const struct probe *p, const struct mp_probe_target *t)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct run *r = &p->runs[i];
		if (r->state == RUN_PLAYING &&
			(mp_str_ieq(r->target->host, t->host) ||
				(t->address_count > 0 && r->target->address_count > 0 &&
					mp_ip_eq(&r->target->addresses[0], &t->addresses[0])))) {
			return true;
		}
	}
	return false;
}

/* A run may end as soon as it starts; then this is called from within itself. */
static void start_runs(struct probe *p)
{
	p->start_again = true;
	if (p->starting) {
		return;
	}
	p->starting = true;
	while (p->start_again) {
		p->start_again = false;
		for (size_t i = 0; i < p->n && p->running < p->most; i++) {
			if (p->runs[i].state == RUN_WAITING &&
				!host_is_busy(p, p->runs[i].target)) {
				start_run(&p->runs[i]);
			}
		}
	}
	p->starting = false;
}

static void init_run(struct probe *p, size_t i)
{
	struct run *r = &p->runs[i];
	const struct mp_probe_target *t = &p->targets[i];

	*r = (struct run){.probe = p, .target = t};
	r->seen = (struct mp_target_seen){
		.target = t->text, .host = t->host, .port = t->port, .failure_text = ""};
	for (size_t k = 0; k < t->plan_count; k++) {
		r->check_count += t->plans[k]->check_count;
	}
	r->checks = mp_arena_array(p->arena, r->check_count, sizeof *r->checks);
	size_t at = 0;
	for (size_t k = 0; k < t->plan_count; k++) {
		for (size_t c = 0; c < t->plans[k]->check_count; c++) {
			r->checks[at++].check = &t->plans[k]->checks[c];
		}
	}
}

/* How many connections may be open at once: as many as wanted, or as descriptors can be had. */
static size_t most_at_once(const struct mp_probe_options *options, size_t n)
{
	size_t wanted = options->concurrency > 0 ? options->concurrency : DEFAULT_CONCURRENCY;
	struct rlimit limit;

	wanted = wanted < n ? wanted : n;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
		limit.rlim_cur >= wanted + OTHER_DESCRIPTORS) {
		return wanted;
	}
	rlim_t before = limit.rlim_cur;
	limit.rlim_cur = wanted + OTHER_DESCRIPTORS;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_cur > limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
	}
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
		limit.rlim_cur = before;
	}
	return limit.rlim_cur > OTHER_DESCRIPTORS ? (size_t)limit.rlim_cur - OTHER_DESCRIPTORS : 1;
}

int mp_probe_run(const struct mp_probe_options *options, const struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_observations *out, struct mp_err *err)
{
	struct probe p = {.options = options, .targets = targets, .n = n, .arena = arena};
	struct mp_target_seen *seen = mp_arena_array(arena, n, sizeof *seen);

	p.most = most_at_once(options, n);
	p.tls = mp_tls_context_new(options->ca_file, err);
	if (p.tls == NULL) {
		return -1;
	}
	p.loop = mp_loop_new(err);
	if (p.loop == NULL) {
		mp_tls_context_free(p.tls);
		return -1;
	}
	p.runs = mp_alloc(n * sizeof *p.runs);
	for (size_t i = 0; i < n; i++) {
		init_run(&p, i);
	}
	start_runs(&p);
	mp_loop_run(p.loop);
	for (size_t i = 0; i < n; i++) {
		if (p.runs[i].state != RUN_OVER) {
			MP_BUG("the loop ended before a target did");
		}
		seen[i] = p.runs[i].seen;
	}
	*out = (struct mp_observations){.arena = arena, .targets = seen, .target_count = n};
	free(p.runs);
	mp_loop_free(p.loop);
	mp_tls_context_free(p.tls);
	return 0;
}

/*
 * lookup - records of the DNS, as a mail server would find them.
 *
 * DESCRIPTION
 *	At most MP_DNS_IN_FLIGHT queries are under way; when one ends the next begins. A server that
 *	gives only CNAMEs is asked for the name that they lead to, as Postfix' dns_lookup() does.
 *	c-ares drops what does not match a query (its number, its question), and asks over TCP where
 *	an answer was truncated. Where every server fails or refuses it does not say which: then the
 *	first of them is asked again, and taken at its word.
 */
#include "dns/lookup.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "dns/channel.h"

#include <stdlib.h>

enum { CLASS_IN = 1, LABEL_MAX = 63, NAME_MAX_BYTES = 253, TRY_MS = 3000 };

static const char no_server[] = "no name server answers";
static const char not_asked[] = "it was not asked: time was up";
static const char too_late[] = "there was no answer in time";

struct asker {
	struct mp_dns_channel channel;
	struct query **queries;
	size_t n, next, in_flight;
	struct mp_arena *arena;
};

struct query {
	struct asker *asker;
	struct mp_dns_lookup *lookup;
	unsigned chain; /* names asked for so far */
};

bool mp_dns_name_ok(const char *name)
{
	struct mp_slice rest = mp_slice_str(name);
	struct mp_ip ip;

	if (rest.n == 0 || rest.n > NAME_MAX_BYTES || mp_ip_parse(rest, &ip)) {
		return false;
	}
	for (;;) {
		size_t dot = mp_slice_chr(rest, '.');
		struct mp_slice label = mp_slice_sub(rest, 0, dot);
		if (label.n == 0 || label.n > LABEL_MAX) {
			return false;
		}
		for (size_t i = 0; i < label.n; i++) {
			char c = label.p[i];
			if (!mp_is_alnum(c) && c != '-' && c != '_') {
				return false;
			}
		}
		if (dot == MP_NOT_FOUND) {
			return true;
		}
		rest = mp_slice_from(rest, dot + 1);
	}
}

static void end_lookup(struct query *q, enum mp_dns_answer answer, const char *problem)
{
	q->lookup->answer = answer;
	q->lookup->problem = problem;
}

static int compare_values(const void *a, const void *b)
{
	const char *left = *(const char *const *)a, *right = *(const char *const *)b;
	long x = strtol(left, NULL, 10), y = strtol(right, NULL, 10);
	struct mp_ip p, q;

	if (mp_ip_parse(mp_slice_str(left), &p) && mp_ip_parse(mp_slice_str(right), &q)) {
		return mp_ip_cmp(&p, &q);
	}
	return x != y ? (x < y ? -1 : 1) : strcmp(left, right);
}

/* Takes the records of the name that was found last; false when there are none. */
static bool take_values(struct query *q, const struct mp_dns_message *m)
{
	struct mp_dns_lookup *l = q->lookup;
	const char **values = mp_arena_array(q->asker->arena, m->n, sizeof *values);

	for (size_t i = 0; i < m->n; i++) {
		if (m->records[i].type == l->type && mp_str_eq(m->records[i].owner, l->canonical)) {
			values[l->n++] = m->records[i].value;
		}
	}
	qsort(values, l->n, sizeof *values, compare_values);
	l->values = values;
	return l->n > 0;
}

/* Whether there are records of the wanted type, of whatever name. */
static bool has_type(const struct mp_dns_message *m, enum mp_dns_rr type)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->records[i].type == type) {
			return true;
		}
	}
	return false;
}

static void ask(struct query *q);

static void take_message(struct query *q, struct mp_slice bytes)
{
	struct mp_dns_lookup *l = q->lookup;
	struct mp_dns_message m;
	const char *problem = mp_dns_message_read(bytes, q->asker->arena, &m);
	const char *before = l->canonical;

	if (problem != NULL) {
		end_lookup(q, MP_DNS_OPEN, problem);
		return;
	}
	const char *canonical = mp_dns_message_canonical(&m, before);
	if (canonical == NULL) {
		end_lookup(q, MP_DNS_OPEN, "its CNAMEs lead in a circle");
		return;
	}
	l->canonical = canonical;
	if (take_values(q, &m)) {
		end_lookup(q, MP_DNS_HAS, "");
	} else if (has_type(&m, l->type)) {
		end_lookup(q, MP_DNS_OPEN, "the answer is about another name");
	} else if (m.rcode == MP_DNS_NXDOMAIN || mp_str_eq(canonical, before)) {
		end_lookup(q, MP_DNS_HAS_NONE, "");
	} else if (q->chain >= MP_LIMIT_DNS_CHAIN) {
		end_lookup(q, MP_DNS_OPEN, "its CNAMEs do not come to an end");
	} else {
		ask(q);
	}
}

static void on_answer(void *context, int status, int timeouts, unsigned char *bytes, int n)
{
	struct query *q = context;

	(void)timeouts;
	q->asker->in_flight--;
	switch (status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
	case ARES_ENOTFOUND:
		take_message(q, mp_slice((const char *)bytes, (size_t)n));
		break;
	case ARES_ESERVFAIL:
		end_lookup(q, MP_DNS_FAILS, "the name server failed");
		break;
	case ARES_ETIMEOUT:
	case ARES_ECANCELLED:
		end_lookup(q, MP_DNS_FAILS, too_late);
		break;
	case ARES_ECONNREFUSED:
		end_lookup(q, MP_DNS_OPEN, no_server);
		break;
	case ARES_EREFUSED:
		end_lookup(q, MP_DNS_OPEN, "the name server refuses to answer");
		break;
	default:
		end_lookup(q, MP_DNS_OPEN, ares_strerror(status));
		break;
	}
}

static void ask(struct query *q)
{
	q->chain++;
	q->asker->in_flight++;
	ares_query(q->asker->channel.ares, q->lookup->canonical, CLASS_IN, (int)q->lookup->type,
		on_answer, q);
}

/* Where no server gave any answer, silence says nothing about a name. */
static void judge_silence(struct mp_dns_lookup *lookups, size_t n)
{
	bool heard = false;

	for (size_t i = 0; i < n; i++) {
		const char *problem = lookups[i].problem;
		heard = heard ||
			(problem != too_late && problem != no_server && problem != not_asked);
	}
	for (size_t i = 0; !heard && i < n; i++) {
		lookups[i].answer = MP_DNS_OPEN;
		lookups[i].problem = no_server;
	}
}

static void ask_all(struct asker *a, uint64_t deadline)
{
	while (mp_clock_ms() < deadline) {
		while (a->next < a->n && a->in_flight < MP_DNS_IN_FLIGHT) {
			ask(a->queries[a->next++]);
		}
		if (!mp_dns_channel_wait(&a->channel, deadline) && a->next == a->n) {
			break;
		}
	}
	/* Those not begun keep what they have; those begun have had no answer. */
	ares_cancel(a->channel.ares);
}

/* Asks the queries of the list over a channel of their own. */
static int ask_over(struct asker *a, const struct mp_dns_channel_options *options,
	uint64_t deadline, struct mp_err *err)
{
	a->next = 0;
	if (mp_dns_channel_open(&a->channel, options, err) < 0) {
		return -1;
	}
	ask_all(a, deadline);
	mp_dns_channel_close(&a->channel);
	return 0;
}

/* Leaves only those in the list that no server has answered. */
static void keep_unanswered(struct asker *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		struct query *q = a->queries[i];
		if (q->lookup->problem == no_server) {
			q->chain--; /* the same name again */
			a->queries[n++] = q;
		}
	}
	a->n = n;
}

static struct query *new_query(struct asker *a, struct mp_dns_lookup *l)
{
	struct query *q = MP_ARENA_NEW(a->arena, struct query);

	*q = (struct query){.asker = a, .lookup = l};
	l->answer = MP_DNS_OPEN;
	l->canonical = l->name;
	l->values = NULL;
	l->n = 0;
	l->problem = not_asked;
	return q;
}

int mp_dns_look_up(const struct mp_dns_server *server, struct mp_dns_lookup *lookups, size_t n,
	unsigned timeout_ms, struct mp_arena *arena, struct mp_err *err)
{
	struct asker a = {.n = n, .arena = arena};
	uint64_t deadline = mp_clock_ms() + timeout_ms;
	struct mp_dns_channel_options options = {
		.server = server, .try_ms = timeout_ms / 4 < TRY_MS ? timeout_ms / 4 + 1 : TRY_MS};

	if (n == 0) {
		return 0;
	}
	a.queries = mp_arena_array(arena, n, sizeof(struct query *));
	for (size_t i = 0; i < n; i++) {
		a.queries[i] = new_query(&a, &lookups[i]);
	}
	int bad = ask_over(&a, &options, deadline, err);
	if (bad == 0) {
		keep_unanswered(&a);
		options.frank = true;
		bad = a.n > 0 ? ask_over(&a, &options, deadline, err) : 0;
	}
	judge_silence(lookups, n);
	return bad;
}

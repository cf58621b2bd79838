/*
 * live_dns - open questions about the DNS, answered by the DNS.
 *
 * DESCRIPTION
 *	A name's addresses, mail hosts and name servers are looked up together: who asks for one
 *	soon asks for another, and in a facts file a name that has one of them has no others but
 *	those said. A client's verified name follows from its PTR record and the addresses of that
 *	name (world/ask_client.c), so these are what client.name looks up.
 */
#include "cli/live_dns.h"

#include "base/limits.h"
#include "report/terminal.h"

enum { DEFAULT_TIMEOUT_MS = 20000, ALIASES = 16 };

static const char limit_reached[] = "too many names were asked for in this run";
static const char no_name[] = "it is about what is no name in the DNS";

void mp_live_dns_begin(struct mp_live_dns *d, const struct mp_dns_server *server,
	struct mp_facts *facts, unsigned timeout_ms)
{
	*d = (struct mp_live_dns){.server = *server,
		.facts = facts,
		.timeout_ms = timeout_ms > 0 ? timeout_ms : DEFAULT_TIMEOUT_MS};
}

void mp_live_dns_end(struct mp_live_dns *d)
{
	mp_vec_release(&d->learnt);
	mp_vec_release(&d->open);
	mp_vec_release(&d->pending);
	mp_map_release(&d->seen);
	mp_map_release(&d->lookups);
	mp_arena_release(&d->arena);
}

/* ---- what is looked up --------------------------------------------------------------------------
 */

enum kind {
	KIND_NAME, /* dns.address, dns.mx, dns.ns */
	KIND_TXT,
	KIND_CANONICAL,
	KIND_PTR,
	KIND_CLIENT,
	KIND_LIST,
	KIND_OTHER /* not of the DNS */
};

/* A question, taken apart. */
struct question {
	const char *text;
	enum kind kind;
	const char *fact; /* of NAME: "mx" */
	const char
		*name; /* that is looked up: of a client or an address the name of its PTR record */
	const char *about; /* as the question has it */
	const char *why; /* NULL, or why it cannot be asked */
};

static const struct {
	const char *word;
	enum kind kind;
	const char *fact;
} kinds[] = {
	{"dns.address ", KIND_NAME, "address"},
	{"dns.mx ", KIND_NAME, "mx"},
	{"dns.ns ", KIND_NAME, "ns"},
	{"dns.txt ", KIND_TXT, "txt"},
	{"dns.canonical ", KIND_CANONICAL, "cname"},
	{"dns.ptr ", KIND_PTR, "ptr"},
	{"client.name ", KIND_CLIENT, "ptr"},
	{"dns.list ", KIND_LIST, "list"},
};

/* Where CNAMEs of the facts lead. */
static const char *follow_facts(struct mp_live_dns *d, const char *name)
{
	for (int i = 0; i < ALIASES; i++) {
		const struct mp_fact_dns *fact = mp_map_get_str(
			&d->facts->dns, mp_arena_printf(&d->arena, "cname %s", name));
		if (fact == NULL || fact->kind != MP_FACT_FOUND || fact->values.n == 0) {
			break;
		}
		name = mp_arena_lower(&d->arena, mp_slice_str(fact->values.v[0]));
	}
	return name;
}

static void name_of_address(struct mp_live_dns *d, struct question *q)
{
	struct mp_ip ip = {0};

	if (!mp_ip_parse(mp_slice_str(q->about), &ip)) {
		q->why = no_name;
	} else if (mp_ip_is_loopback(&ip)) {
		q->why = "the server's own hosts file answers for it";
	}
	q->name =
		mp_dns_list_name(&d->arena, q->about, ip.family == 6 ? "ip6.arpa" : "in-addr.arpa");
}

static void name_of_list(struct mp_live_dns *d, struct question *q)
{
	struct mp_slice about = mp_slice_str(q->about);
	size_t blank = mp_slice_chr(about, ' ');

	if (blank == MP_NOT_FOUND) {
		q->why = no_name;
		return;
	}
	q->name = mp_dns_list_name(&d->arena,
		mp_arena_slicedup(&d->arena, mp_slice_sub(about, 0, blank)), about.p + blank + 1);
}

static struct question take_apart(struct mp_live_dns *d, const char *text)
{
	struct question q = {.text = mp_arena_strdup(&d->arena, text), .kind = KIND_OTHER};
	struct mp_slice s = mp_slice_str(q.text);

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (mp_slice_starts(s, kinds[i].word)) {
			q.kind = kinds[i].kind;
			q.fact = kinds[i].fact;
			q.about = q.name = q.text + strlen(kinds[i].word);
		}
	}
	switch (q.kind) {
	case KIND_NAME:
	case KIND_TXT:
		q.name = follow_facts(d, q.about);
		break;
	case KIND_PTR:
	case KIND_CLIENT:
		name_of_address(d, &q);
		break;
	case KIND_LIST:
		name_of_list(d, &q);
		break;
	case KIND_CANONICAL:
	case KIND_OTHER:
		break;
	}
	if (q.kind != KIND_OTHER && q.why == NULL && !mp_dns_name_ok(q.name)) {
		q.why = no_name;
	}
	return q;
}

static const char *lookup_key(struct mp_live_dns *d, enum mp_dns_rr type, const char *name)
{
	return mp_arena_printf(&d->arena, "%d %s", (int)type, name);
}

static const struct mp_dns_lookup *find(
	struct mp_live_dns *d, enum mp_dns_rr type, const char *name)
{
	return mp_map_get_str(&d->lookups, lookup_key(d, type, name));
}

/* Puts a lookup on the list, unless it is there or was made. */
static void want(struct mp_live_dns *d, enum mp_dns_rr type, const char *name)
{
	const char *key = lookup_key(d, type, name);

	if (mp_map_get_str(&d->lookups, key) != NULL) {
		return;
	}
	struct mp_dns_lookup *l = MP_ARENA_NEW(&d->arena, struct mp_dns_lookup);
	*l = (struct mp_dns_lookup){
		.name = name, .type = type, .canonical = name, .problem = limit_reached};
	mp_map_put(&d->lookups, mp_slice_str(key), l);
	if (d->lookups.n <= MP_LIMIT_DNS_NAMES) {
		mp_vec_push(&d->pending, l);
	}
}

static void want_name(struct mp_live_dns *d, const char *name)
{
	want(d, MP_DNS_RR_A, name);
	want(d, MP_DNS_RR_AAAA, name);
	want(d, MP_DNS_RR_MX, name);
	want(d, MP_DNS_RR_NS, name);
}

static void want_for(struct mp_live_dns *d, const struct question *q)
{
	switch (q->kind) {
	case KIND_NAME:
		want_name(d, q->name);
		break;
	case KIND_TXT:
		want(d, MP_DNS_RR_TXT, q->name);
		break;
	case KIND_CANONICAL:
		want(d, MP_DNS_RR_A, q->name);
		break;
	case KIND_PTR:
	case KIND_CLIENT:
		want(d, MP_DNS_RR_PTR, q->name);
		break;
	case KIND_LIST:
		want(d, MP_DNS_RR_A, q->name);
		want(d, MP_DNS_RR_TXT, q->name);
		break;
	case KIND_OTHER:
		break;
	}
}

static int look_up_pending(struct mp_live_dns *d, struct mp_err *err)
{
	size_t n = d->pending.n;
	struct mp_dns_lookup *list = mp_arena_array(&d->arena, n, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		list[i] = *d->pending.v[i];
	}
	if (mp_dns_look_up(&d->server, list, n, d->timeout_ms, &d->arena, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		*d->pending.v[i] = list[i];
	}
	d->pending.n = 0;
	return 0;
}

/* ---- what is learnt -----------------------------------------------------------------------------
 */

/* Adds an entry of `dns`, which says nothing of the name's other types; what the user said stands.
 */
static void learn(struct mp_live_dns *d, const char *type, const char *name,
	enum mp_dns_answer answer, struct mp_strings values)
{
	static const enum mp_fact_kind as_fact[] = {[MP_DNS_HAS] = MP_FACT_FOUND,
		[MP_DNS_HAS_NONE] = MP_FACT_NONE,
		[MP_DNS_FAILS] = MP_FACT_TEMPFAIL};
	struct mp_arena *keep = &d->facts->arena;
	const char *key = mp_arena_printf(keep, "%s %s", type, name);

	if (answer == MP_DNS_OPEN || mp_map_get_str(&d->facts->dns, key) != NULL) {
		return;
	}
	struct mp_fact_dns *entry = MP_ARENA_NEW(keep, struct mp_fact_dns);
	const char **copy = mp_arena_array(keep, values.n, sizeof *copy);
	for (size_t i = 0; i < values.n; i++) {
		copy[i] = mp_arena_strdup(keep, values.v[i]);
	}
	*entry = (struct mp_fact_dns){
		.kind = as_fact[answer], .values = {copy, values.n}, .alone = true};
	mp_facts_put_dns(d->facts, key, entry);
	mp_vec_push(&d->learnt, key);
}

static void learn_lookup(
	struct mp_live_dns *d, const char *type, const char *name, const struct mp_dns_lookup *l)
{
	learn(d, type, name, l->answer, (struct mp_strings){l->values, l->n});
}

/* Both kinds of addresses as one: one kind's are all where the other's cannot be had, as for
 * Postfix; an answer that says nothing leaves it open. */
static struct mp_dns_lookup merge_addresses(
	struct mp_live_dns *d, const struct mp_dns_lookup *a, const struct mp_dns_lookup *aaaa)
{
	const char **all = mp_arena_array(&d->arena, a->n + aaaa->n, sizeof *all);
	struct mp_dns_lookup both = {
		.answer = MP_DNS_HAS_NONE, .values = all, .n = a->n + aaaa->n, .problem = ""};

	for (size_t i = 0; i < both.n; i++) {
		all[i] = i < a->n ? a->values[i] : aaaa->values[i - a->n];
	}
	if (a->answer == MP_DNS_OPEN || aaaa->answer == MP_DNS_OPEN) {
		both.answer = MP_DNS_OPEN;
		both.problem = a->answer == MP_DNS_OPEN ? a->problem : aaaa->problem;
	} else if (both.n > 0) {
		both.answer = MP_DNS_HAS;
	} else if (a->answer == MP_DNS_FAILS || aaaa->answer == MP_DNS_FAILS) {
		both.answer = MP_DNS_FAILS;
	}
	return both;
}

/* A name's CNAME, and the records of the name that it leads to: those that there are, and what was
 * asked for; that a name has no others is said by those that it has (design 4.1). */
static void learn_name(struct mp_live_dns *d, const char *name, const char *asked)
{
	const struct mp_dns_lookup *a = find(d, MP_DNS_RR_A, name);
	const struct mp_dns_lookup *mx = find(d, MP_DNS_RR_MX, name);
	const struct mp_dns_lookup *ns = find(d, MP_DNS_RR_NS, name);
	const char *target = a->answer == MP_DNS_OPEN ? mx->canonical : a->canonical;
	struct mp_dns_lookup address = merge_addresses(d, a, find(d, MP_DNS_RR_AAAA, name));

	if (!mp_str_eq(target, name)) {
		learn(d, "cname", name, MP_DNS_HAS, (struct mp_strings){&target, 1});
	}
	if (address.answer != MP_DNS_HAS_NONE || mp_str_eq(asked, "address")) {
		learn_lookup(d, "address", target, &address);
	}
	if (mx->answer != MP_DNS_HAS_NONE || mp_str_eq(asked, "mx")) {
		learn_lookup(d, "mx", target, mx);
	}
	if (ns->answer != MP_DNS_HAS_NONE || mp_str_eq(asked, "ns")) {
		learn_lookup(d, "ns", target, ns);
	}
}

/* The one name of an address; NULL where the answer is another. */
static const char *only_name(struct mp_live_dns *d, const struct mp_dns_lookup *ptr)
{
	if (ptr->answer != MP_DNS_HAS || ptr->n != 1) {
		return NULL;
	}
	const char *name = mp_arena_lower(&d->arena, mp_slice_str(ptr->values[0]));
	return mp_dns_name_ok(name) ? name : NULL;
}

static void learn_canonical(struct mp_live_dns *d, const struct question *q)
{
	const struct mp_dns_lookup *a = find(d, MP_DNS_RR_A, q->name);
	bool alias = !mp_str_eq(a->canonical, q->name);
	enum mp_dns_answer answer = a->answer == MP_DNS_HAS ? MP_DNS_HAS_NONE : a->answer;

	learn(d, "cname", q->name, alias && answer != MP_DNS_OPEN ? MP_DNS_HAS : answer,
		(struct mp_strings){&a->canonical, alias ? 1 : 0});
}

/* A list's text goes with its entry: with one alone the reply would be taken for known. */
static const char *learn_list(struct mp_live_dns *d, const struct question *q)
{
	const struct mp_dns_lookup *a = find(d, MP_DNS_RR_A, q->name);
	const struct mp_dns_lookup *txt = find(d, MP_DNS_RR_TXT, q->name);

	if (a->answer == MP_DNS_HAS) {
		if (txt->answer == MP_DNS_OPEN) {
			return txt->problem;
		}
		learn_lookup(d, "txt", q->name, txt);
	}
	learn_lookup(d, "list", q->about, a);
	return a->answer == MP_DNS_OPEN ? a->problem : NULL;
}

/* Why a question about a name is still open; NULL where it is not. */
static const char *problem_of_name(struct mp_live_dns *d, const char *name, const char *fact)
{
	const struct mp_dns_lookup *a = find(d, MP_DNS_RR_A, name);
	const struct mp_dns_lookup *aaaa = find(d, MP_DNS_RR_AAAA, name);
	const struct mp_dns_lookup *l = a->answer == MP_DNS_OPEN ? a : aaaa;

	if (mp_str_eq(fact, "mx") || mp_str_eq(fact, "ns")) {
		l = find(d, mp_str_eq(fact, "mx") ? MP_DNS_RR_MX : MP_DNS_RR_NS, name);
	}
	return l->answer == MP_DNS_OPEN ? l->problem : NULL;
}

static const char *learn_client(struct mp_live_dns *d, const struct question *q)
{
	const struct mp_dns_lookup *ptr = find(d, MP_DNS_RR_PTR, q->name);
	const char *name = only_name(d, ptr);

	if (ptr->answer == MP_DNS_HAS && name == NULL) {
		return ptr->n > 1 ? "its address has several names, and which of them the server "
				    "takes is not known"
				  : "what its address is called is no host name";
	}
	learn_lookup(d, "ptr", q->about, ptr);
	if (name != NULL && q->kind == KIND_CLIENT) {
		learn_name(d, name, "address");
		return problem_of_name(d, name, "address");
	}
	return ptr->answer == MP_DNS_OPEN ? ptr->problem : NULL;
}

/* Makes facts of what was found for the question; NULL, or why it stays open. */
static const char *conclude(struct mp_live_dns *d, const struct question *q)
{
	const struct mp_dns_lookup *l;

	switch (q->kind) {
	case KIND_NAME:
		learn_name(d, q->name, q->fact);
		return problem_of_name(d, q->name, q->fact);
	case KIND_TXT:
		l = find(d, MP_DNS_RR_TXT, q->name);
		learn_lookup(d, "txt", q->name, l);
		return l->answer == MP_DNS_OPEN ? l->problem : NULL;
	case KIND_CANONICAL:
		learn_canonical(d, q);
		l = find(d, MP_DNS_RR_A, q->name);
		return l->answer == MP_DNS_OPEN ? l->problem : NULL;
	case KIND_PTR:
	case KIND_CLIENT:
		return learn_client(d, q);
	case KIND_LIST:
		return learn_list(d, q);
	case KIND_OTHER:
		break;
	}
	return NULL;
}

/* ---- a round ------------------------------------------------------------------------------------
 */

struct round {
	MP_VEC(struct question) questions;
};

/* The questions of the DNS that were not here before. */
static void collect(struct mp_live_dns *d, struct mp_strings questions, struct round *r)
{
	for (size_t i = 0; i < questions.n; i++) {
		if (mp_map_get_str(&d->seen, questions.v[i]) != NULL) {
			continue;
		}
		struct question q = take_apart(d, questions.v[i]);
		mp_map_put(&d->seen, mp_slice_str(q.text), d);
		if (q.kind == KIND_OTHER) {
			continue;
		}
		if (q.why == NULL && d->rounds > MP_LIMIT_DNS_ROUNDS) {
			q.why = limit_reached;
		}
		mp_vec_push(&r->questions, q);
	}
}

static int look_up(struct mp_live_dns *d, struct round *r, struct mp_err *err)
{
	for (size_t i = 0; i < r->questions.n; i++) {
		if (r->questions.v[i].why == NULL) {
			want_for(d, &r->questions.v[i]);
		}
	}
	if (look_up_pending(d, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < r->questions.n; i++) {
		const struct question *q = &r->questions.v[i];
		const char *name = q->kind == KIND_CLIENT && q->why == NULL
			? only_name(d, find(d, MP_DNS_RR_PTR, q->name))
			: NULL;
		if (name != NULL) {
			want_name(d, name);
		}
	}
	return look_up_pending(d, err);
}

int mp_live_dns_answer(struct mp_live_dns *d, struct mp_strings questions, struct mp_err *err)
{
	struct round r = {0};
	size_t before = d->learnt.n;

	d->rounds++;
	collect(d, questions, &r);
	int rc = look_up(d, &r, err);
	for (size_t i = 0; rc == 0 && i < r.questions.n; i++) {
		const struct question *q = &r.questions.v[i];
		const char *why = q->why != NULL ? q->why : conclude(d, q);
		if (why != NULL) {
			struct mp_live_dns_open open = {q->text, why};
			mp_vec_push(&d->open, open);
		}
	}
	mp_vec_release(&r.questions);
	return rc < 0 ? -1 : d->learnt.n > before;
}

/* ---- the report ---------------------------------------------------------------------------------
 */

static const char *server_name(const struct mp_live_dns *d, char out[MP_DNS_SERVER_TEXT])
{
	mp_dns_server_format(&d->server, out);
	return out[0] != '\0' ? out : "system";
}

void mp_live_dns_json(struct mp_json_writer *w, const struct mp_live_dns *d)
{
	char server[MP_DNS_SERVER_TEXT];

	mp_json_key(w, "live_dns");
	mp_json_begin_object(w);
	mp_json_string_member(w, "server", server_name(d, server));
	mp_json_strings_member(w, "learnt", d->learnt.v, d->learnt.n);
	mp_json_key(w, "open");
	mp_json_begin_array(w);
	for (size_t i = 0; i < d->open.n; i++) {
		mp_json_begin_object(w);
		mp_json_string_member(w, "question", d->open.v[i].question);
		mp_json_string_member(w, "why", d->open.v[i].why);
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

void mp_live_dns_text(FILE *out, const struct mp_live_dns *d)
{
	char server[MP_DNS_SERVER_TEXT];

	fprintf(out, "DNS asked live (%s): %zu entries learnt, %zu questions open\n",
		mp_str_eq(server_name(d, server), "system") ? "the system's name servers" : server,
		d->learnt.n, d->open.n);
	for (size_t i = 0; i < d->open.n; i++) {
		fputs("    open: ", out);
		mp_print_safe_str(out, d->open.v[i].question);
		fprintf(out, " (%s)\n", d->open.v[i].why);
	}
}

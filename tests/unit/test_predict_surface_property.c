/*
 * test_predict_surface_property - the surface says of every client what a simulation says.
 *
 * Configurations are made at random, with keys that do not overlap but networks that do; for each,
 * clients at the borders of all networks and clients from anywhere, with senders, HELO names and
 * recipients that the configuration knows and others, are simulated:
 * - whatever lets mail through is covered by an opening;
 * - what an opening covers lets mail through.
 */
#include "unit/surface_sim.h"

#include "base/buf.h"
#include "predict/dialogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CONFIGURATIONS = 60, CLIENTS = 1000, NETWORKS_MOST = 64 };

static const char facts[] =
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "
	"[\"192.0.2.10/24\", \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"alice\"], "
	"\"config_complete\": true, \"distribution\": \"debian\", \"dns_complete\": true}";

/* Keys: those below are told apart by some configuration, the last of each kind by none. */
static const char *const senders[] = {"a@s1.test", "a@s2.test", "boss@s3.test", "any@other.test"};
static const char *const sender_keys[] = {"s1.test", "s2.test", "boss@s3.test"};
static const char *const helos[] = {"h1.test", "h2.test", "h3.test", "other.test"};
static const char *const recipients[] = {
	"x@r1.test", "x@r2.test", "x@relay.test", "x@elsewhere.test"};
static const char *const recipient_keys[] = {"r1.test", "r2.test"};

enum { KINDS = 4, OTHER = 3 };

/* ---- random numbers ---------------------------------------------------------------------------
 */

struct random {
	uint64_t state;
};

/* Marsaglia's xorshift*. */
static uint32_t next(struct random *r)
{
	r->state ^= r->state >> 12;
	r->state ^= r->state << 25;
	r->state ^= r->state >> 27;
	return (uint32_t)(r->state * 0x2545f4914f6cdd1d >> 32);
}

static unsigned below(struct random *r, unsigned n)
{
	return next(r) % n;
}

static const char *pick(struct random *r, const char *const *list, size_t n)
{
	return list[below(r, (unsigned)n)];
}

#define PICK(r, list) pick(r, list, sizeof(list) / sizeof *(list))

/* ---- configurations ---------------------------------------------------------------------------
 */

struct made {
	struct random random;
	struct mp_buf main_cf, clients;
	struct mp_cidr networks[NETWORKS_MOST]; /* whose borders are tried */
	size_t network_count;
};

/* Bytes from few values, so that networks lie in one another. */
static struct mp_cidr random_network(struct made *m)
{
	static const unsigned char bytes[] = {0, 1, 10, 127, 128, 192, 255};
	struct random *r = &m->random;
	bool v6 = below(r, 4) == 0;
	struct mp_cidr net = {.ip = {.family = v6 ? 6 : 4}};

	net.length = v6 ? 16 + below(r, 113) : 4 + below(r, 29);
	for (unsigned i = 0; i < (v6 ? 16u : 4u); i++) {
		net.ip.b[i] = bytes[below(r, sizeof bytes)];
	}
	if (v6) {
		net.ip.b[0] = 0x20;
		net.ip.b[1] = 0x01;
	} else {
		net.ip.b[0] = below(r, 2) == 0 ? 10 : 203;
	}
	mp_cidr_mask(&net);
	if (m->network_count < NETWORKS_MOST) {
		m->networks[m->network_count++] = net;
	}
	return net;
}

static void put_network(struct mp_buf *out, const struct mp_cidr *net, bool bracket)
{
	char ip[MP_IP_TEXT];

	bracket = bracket && net->ip.family == 6;
	mp_buf_printf(out, "%s%s%s/%u", bracket ? "[" : "", mp_ip_format(&net->ip, ip),
		bracket ? "]" : "", net->length);
}

static const char *action(struct made *m)
{
	static const char *const actions[] = {
		"OK", "OK", "REJECT", "DUNNO", "one", "two", "DISCARD", "554", "550 no"};

	return PICK(&m->random, actions);
}

/* check_KIND_access inline:{...} with some of the keys. */
static void put_inline(struct made *m, const char *keyword, const char *const *keys, size_t n)
{
	mp_buf_printf(&m->main_cf, "%s inline:{", keyword);
	for (size_t i = 0; i < n; i++) {
		if (below(&m->random, 4) > 0) {
			mp_buf_printf(&m->main_cf, "{%s = %s} ", keys[i], action(m));
		}
	}
	mp_buf_puts(&m->main_cf, "{never.test = DUNNO}}");
}

static void put_restriction(struct made *m)
{
	static const char *const octets[] = {"10", "10.1", "10.10.10", "203.0", "203.255.1.1"};

	switch (below(&m->random, 9)) {
	case 0:
	case 1:
		mp_buf_puts(&m->main_cf, "permit_mynetworks");
		break;
	case 2:
		mp_buf_puts(&m->main_cf, "check_client_access cidr:$config_directory/clients");
		break;
	case 3:
		put_inline(m, "check_client_access", octets, sizeof octets / sizeof *octets);
		break;
	case 4:
		put_inline(m, "check_sender_access", sender_keys,
			sizeof sender_keys / sizeof *sender_keys);
		break;
	case 5:
		put_inline(m, "check_helo_access", helos, OTHER);
		break;
	case 6:
		put_inline(m, "check_recipient_access", recipient_keys,
			sizeof recipient_keys / sizeof *recipient_keys);
		break;
	case 7:
		mp_buf_puts(&m->main_cf, below(&m->random, 2) == 0 ? "two" : "one");
		break;
	default:
		mp_buf_puts(&m->main_cf, "warn_if_reject reject_unauth_destination");
		break;
	}
}

static void put_list(struct made *m, const char *parameter, unsigned most, const char *end)
{
	unsigned n = below(&m->random, most + 1);

	mp_buf_printf(&m->main_cf, "%s = ", parameter);
	for (unsigned i = 0; i < n; i++) {
		put_restriction(m);
		mp_buf_puts(&m->main_cf, ", ");
	}
	mp_buf_printf(&m->main_cf, "%s\n", end);
}

static void put_mynetworks(struct made *m)
{
	mp_buf_puts(&m->main_cf, "mynetworks =");
	for (unsigned i = 1 + below(&m->random, 5); i > 0; i--) {
		struct mp_cidr net = random_network(m);
		mp_buf_puts(&m->main_cf, below(&m->random, 4) == 0 ? " !" : " ");
		put_network(&m->main_cf, &net, true);
	}
	mp_buf_putc(&m->main_cf, '\n');
}

static void put_clients(struct made *m)
{
	unsigned block = 0;

	for (unsigned i = below(&m->random, 9); i > 0; i--) {
		struct mp_cidr net = random_network(m);
		if (block == 0 && below(&m->random, 8) == 0) {
			mp_buf_puts(&m->clients, "if ");
			put_network(&m->clients, &net, false);
			mp_buf_putc(&m->clients, '\n');
			block = 1;
			continue;
		}
		mp_buf_puts(&m->clients, below(&m->random, 8) == 0 ? "!" : "");
		put_network(&m->clients, &net, false);
		mp_buf_printf(&m->clients, " %s\n", action(m));
	}
	mp_buf_puts(&m->clients, block != 0 ? "endif\n" : "");
}

static void make(struct made *m, uint64_t seed)
{
	*m = (struct made){.random = {seed * 0x9e3779b97f4a7c15 + 1}};
	mp_buf_init(&m->main_cf, 1 << 16);
	mp_buf_init(&m->clients, 1 << 16);
	mp_buf_puts(&m->main_cf,
		"compatibility_level = 3.6\nmyhostname = mail.example.org\n"
		"mydestination = local.test\nalias_maps =\nsmtpd_peername_lookup = no\n"
		"smtpd_restriction_classes = one, two\n");
	mp_buf_puts(&m->main_cf,
		below(&m->random, 2) == 0 ? "relay_domains = relay.test\n" : "relay_domains =\n");
	put_mynetworks(m);
	/* A class names itself at its own risk: one names two, two names nothing. */
	mp_buf_puts(&m->main_cf, "two = ");
	put_inline(m, "check_sender_access", sender_keys, sizeof sender_keys / sizeof *sender_keys);
	mp_buf_puts(&m->main_cf, "\none = ");
	put_inline(m, below(&m->random, 2) == 0 ? "check_helo_access" : "check_recipient_access",
		below(&m->random, 2) == 0 ? helos : recipient_keys, 2);
	mp_buf_putc(&m->main_cf, '\n');
	put_list(m, "smtpd_client_restrictions", 1, "");
	put_list(m, "smtpd_relay_restrictions", 4, "reject_unauth_destination");
	put_list(m, "smtpd_recipient_restrictions", 2, "");
	put_clients(m);
}

/* ---- clients ----------------------------------------------------------------------------------
 */

struct client {
	struct mp_ip ip;
	unsigned sender, helo, recipient;
};

static struct mp_ip near_border(struct made *m)
{
	const struct mp_cidr *net = &m->networks[below(&m->random, (unsigned)m->network_count)];
	struct mp_ip ip = below(&m->random, 2) == 0 ? net->ip : mp_cidr_last(net);

	switch (below(&m->random, 3)) {
	case 0:
		(void)mp_ip_prev(&ip);
		break;
	case 1:
		(void)mp_ip_next(&ip);
		break;
	default:
		break;
	}
	return ip;
}

static struct mp_ip from_anywhere(struct made *m)
{
	struct mp_ip ip = {.family = below(&m->random, 4) == 0 ? 6 : 4};

	for (unsigned i = 0; i < (ip.family == 6 ? 16u : 4u); i++) {
		ip.b[i] = (uint8_t)next(&m->random);
	}
	if (below(&m->random, 2) == 0) {
		ip.b[0] = ip.family == 6 ? 0x20 : 10;
	}
	return ip;
}

static struct client random_client(struct made *m)
{
	struct client c = {.ip = m->network_count > 0 && below(&m->random, 2) == 0
			? near_border(m)
			: from_anywhere(m)};

	/* Clients like any other are what the surface is about; they come most often. */
	c.sender = below(&m->random, 2) == 0 ? OTHER : below(&m->random, KINDS);
	c.helo = below(&m->random, 2) == 0 ? OTHER : below(&m->random, KINDS);
	c.recipient = below(&m->random, 2) == 0 ? OTHER : below(&m->random, KINDS);
	return c;
}

enum verdict { REFUSED, RELAYED, DISCARDED };

static enum verdict simulate(const struct sim *sim, const struct client *c, struct mp_arena *arena)
{
	const char *texts[] = {mp_arena_printf(arena, "EHLO %s", helos[c->helo]),
		mp_arena_printf(arena, "MAIL FROM:<%s>", senders[c->sender]),
		mp_arena_printf(arena, "RCPT TO:<%s>", recipients[c->recipient]), "DATA",
		"Subject: x\r\n\r\n."};
	enum { LINES = sizeof texts / sizeof *texts };
	struct mp_slice lines[LINES];
	struct mp_send_group groups[LINES];
	struct mp_dialogue d = {.client = c->ip, .groups = groups, .group_count = LINES};

	for (size_t i = 0; i < LINES; i++) {
		lines[i] = mp_slice_str(texts[i]);
		groups[i] = (struct mp_send_group){&lines[i], 1};
	}
	struct mp_exploration worlds = mp_dialogue_play(sim_server(sim), sim_facts(sim), &d, arena);
	assert_int_equal(worlds.n, 1);
	const struct mp_played *played = worlds.v[0].value;
	if (played->n < LINES + 1 || played->replies[3].code != 250 ||
		played->replies[LINES].code != 250) {
		return REFUSED;
	}
	if (played->replies[3].taken == MP_TAKEN_DISCARDED) {
		/* What is thrown away and would not have been carried is nobody's opening. */
		return played->replies[3].served ? REFUSED : DISCARDED;
	}
	return RELAYED;
}

/* ---- what the surface says --------------------------------------------------------------------
 */

static bool holds(const struct mp_opening *o, const struct mp_ip *ip)
{
	for (size_t i = 0; i < o->from.address_count; i++) {
		if (mp_cidr_contains(&o->from.addresses[i], ip)) {
			return true;
		}
	}
	return o->from.address_count == 0;
}

/* "s1.test" stands for the addresses of the domain; what is below a domain is listed of its own. */
static bool matches(const char *pattern, const char *word)
{
	const char *at = strrchr(word, '@');

	return strcmp(pattern, word) == 0 || (at != NULL && strcmp(pattern, at + 1) == 0);
}

static bool lists(const char *const *patterns, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++) {
		if (matches(patterns[i], word)) {
			return true;
		}
	}
	return n == 0;
}

static bool covers(const struct mp_opening *o, const struct client *c)
{
	return holds(o, &c->ip) && o->from.client_name_count == 0 && o->from.login_count == 0 &&
		o->from.certificate_count == 0 && o->form[0] == '\0' &&
		lists(o->from.senders, o->from.sender_count, senders[c->sender]) &&
		lists(o->from.helos, o->from.helo_count, helos[c->helo]) &&
		(strcmp(o->to, "anywhere") == 0 || matches(o->to, recipients[c->recipient]));
}

static enum verdict say(const struct mp_surface *s, const struct client *c)
{
	enum verdict verdict = REFUSED;

	for (size_t i = 0; i < s->n; i++) {
		if (covers(&s->v[i], c)) {
			if (!s->v[i].discarded) {
				return RELAYED;
			}
			verdict = DISCARDED;
		}
	}
	return verdict;
}

/* Whether the client does nothing but what the opening asks for: then it must hold. */
static bool is_plain(const struct mp_opening *o, const struct client *c)
{
	return (c->sender == OTHER || o->from.sender_count > 0) &&
		(c->helo == OTHER || o->from.helo_count > 0) &&
		(c->recipient == OTHER || strcmp(o->to, "anywhere") != 0);
}

static void check(const struct made *m, const struct sim *sim, const struct mp_surface *surface,
	const struct client *c, struct mp_arena *arena)
{
	enum verdict seen = simulate(sim, c, arena), said = say(surface, c);
	bool wrong = seen != REFUSED && said == REFUSED;
	char ip[MP_IP_TEXT];

	for (size_t i = 0; i < surface->n && !wrong; i++) {
		const struct mp_opening *o = &surface->v[i];
		wrong = covers(o, c) && is_plain(o, c) && seen == REFUSED;
		wrong = wrong ||
			(covers(o, c) && is_plain(o, c) && !o->discarded && seen == DISCARDED);
	}
	if (wrong) {
		print_message("%s\nclients:\n%s\n%s", m->main_cf.p, m->clients.p,
			surface_text(surface, arena));
		fail_msg("%s %s <%s> <%s>: simulated %d, said %d", mp_ip_format(&c->ip, ip),
			helos[c->helo], senders[c->sender], recipients[c->recipient], (int)seen,
			(int)said);
	}
}

static void check_borders(const struct made *m, const struct sim *sim,
	const struct mp_surface *surface, struct mp_arena *arena)
{
	struct mp_arena scratch = {0};
	(void)arena;

	for (size_t i = 0; i < surface->n; i++) {
		for (size_t k = 0; k < surface->v[i].from.address_count; k++) {
			const struct mp_cidr *net = &surface->v[i].from.addresses[k];
			struct mp_ip ips[4] = {
				net->ip, net->ip, mp_cidr_last(net), mp_cidr_last(net)};
			(void)mp_ip_prev(&ips[0]);
			(void)mp_ip_next(&ips[3]);
			for (size_t at = 0; at < 4; at++) {
				struct client c = {.ip = ips[at],
					.sender = OTHER,
					.helo = OTHER,
					.recipient = OTHER};
				check(m, sim, surface, &c, &scratch);
				mp_arena_reset(&scratch);
			}
		}
	}
	mp_arena_release(&scratch);
}

static void check_seed(uint64_t seed)
{
	struct made m;
	struct mp_arena arena = {0}, scratch = {0};

	make(&m, seed);
	const struct sim_file files[] = {
		{"master.cf", SURFACE_MASTER}, {"clients", m.clients.p}, {NULL, NULL}};
	struct sim_case c = {.main_cf = m.main_cf.p, .files = files, .facts = facts};
	struct sim *sim = sim_start(&c);
	struct mp_surface surface = surface_of(sim, &arena);
	if (!surface.complete) {
		fail_msg("seed %u: %s", (unsigned)seed, surface.notes[0]);
	}
	check_borders(&m, sim, &surface, &arena);
	for (int i = 0; i < CLIENTS; i++) {
		struct client client = random_client(&m);
		check(&m, sim, &surface, &client, &scratch);
		mp_arena_reset(&scratch);
	}
	sim_stop(sim);
	mp_buf_release(&m.main_cf);
	mp_buf_release(&m.clients);
	mp_arena_release(&arena);
	mp_arena_release(&scratch);
}

static void test_random(void **state)
{
	const char *first = getenv("SEED");
	uint64_t from = first != NULL ? strtoull(first, NULL, 10) : 1;
	const char *count = getenv("N");
	uint64_t n = count != NULL ? strtoull(count, NULL, 10) : CONFIGURATIONS;
	(void)state;

	for (uint64_t seed = from; seed < from + n; seed++) {
		check_seed(seed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("surface property", tests, NULL, NULL);
}

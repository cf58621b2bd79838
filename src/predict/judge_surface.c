/* judge_surface - the openings that an administrator will regret. */
#include "predict/judge_internal.h"
#include "result/transcript.h"

/* ---- how much of the public address space ---- */

/* What nobody sends from over the Internet (IANA's registries of special-purpose addresses, RFC
 * 6890), and for IPv6 all but global unicast (RFC 4291 2.4). */
static const char *const not_public[] = {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
	"169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"::/3", "2001:db8::/32", "4000::/2", "8000::/1"};

/* The number of addresses, as a power of two with a fraction that a double holds. */
static double size_of(const struct mp_cidr *net)
{
	double size = 1;

	for (unsigned i = net->length; i < mp_ip_bits(&net->ip); i++) {
		size *= 2;
	}
	return size;
}

/* How many public addresses a network holds. Two networks are nested or apart. */
static double public_addresses(const struct mp_cidr *net)
{
	double size = size_of(net);

	for (size_t i = 0; i < sizeof not_public / sizeof not_public[0]; i++) {
		struct mp_cidr hole;
		mp_cidr_parse(mp_slice_str(not_public[i]), &hole);
		if (hole.ip.family != net->ip.family) {
			continue;
		}
		if (hole.length <= net->length && mp_cidr_contains(&hole, &net->ip)) {
			return 0;
		}
		if (hole.length > net->length && mp_cidr_contains(net, &hole.ip)) {
			size -= size_of(&hole);
		}
	}
	return size;
}

struct breadth {
	double v4, v6; /* public addresses */
};

static struct breadth breadth_of(const struct mp_opening *o)
{
	struct breadth b = {0, 0};

	for (size_t i = 0; i < o->from.address_count; i++) {
		const struct mp_cidr *net = &o->from.addresses[i];
		*(net->ip.family == 6 ? &b.v6 : &b.v4) += public_addresses(net);
	}
	return b;
}

static double power(unsigned n)
{
	double size = 1;

	while (n-- > 0) {
		size *= 2;
	}
	return size;
}

enum { WIDE4 = 20, WIDE6 = 100 }; /* a /12 of IPv4, a /28 of IPv6 */

static bool is_half(const struct breadth *b)
{
	struct mp_cidr all4 = {.ip = {.family = 4}}, all6 = {.ip = {.family = 6}};

	return b->v4 * 2 >= public_addresses(&all4) || b->v6 * 2 >= public_addresses(&all6);
}

static bool is_wide(const struct breadth *b)
{
	return b->v4 > power(WIDE4) || b->v6 > power(WIDE6);
}

/* ---- who ---- */

enum { NAMED = 3 };

static void put_list(
	struct mp_arena *arena, const char **text, const char *what, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n && i < NAMED; i++) {
		*text = mp_arena_printf(arena, "%s%s%s", *text, i == 0 ? what : ", ", v[i]);
	}
	if (n > NAMED) {
		*text = mp_arena_printf(arena, "%s and %zu more", *text, n - NAMED);
	}
}

static const char *network_text(struct mp_arena *arena, const struct mp_cidr *net)
{
	char ip[MP_IP_TEXT];

	mp_ip_format(&net->ip, ip);
	return net->length == mp_ip_bits(&net->ip)
		? mp_arena_strdup(arena, ip)
		: mp_arena_printf(arena, "%s/%u", ip, net->length);
}

/* Whether a certificate that the client has made for itself will do. */
static bool takes_any_certificate(const struct mp_opening *o)
{
	for (size_t i = 0; i < o->from.certificate_count; i++) {
		if (mp_str_eq(o->from.certificates[i], "any")) {
			return true;
		}
	}
	return false;
}

const char *mp_opening_client(struct mp_arena *arena, const struct mp_opening *o)
{
	const char *text = o->from.address_count > 0 || o->from.address_pattern_count > 0 ||
			o->from.client_name_count > 0
		? "any client"
		: "anyone";
	const char **nets = mp_arena_array(arena, o->from.address_count, sizeof *nets);

	for (size_t i = 0; i < o->from.address_count; i++) {
		nets[i] = network_text(arena, &o->from.addresses[i]);
	}
	put_list(arena, &text, " in ", nets, o->from.address_count);
	put_list(arena, &text, " with an address like ", o->from.address_patterns,
		o->from.address_pattern_count);
	put_list(arena, &text, " with a name like ", o->from.client_names,
		o->from.client_name_count);
	put_list(arena, &text, " who gives a sender like ", o->from.senders, o->from.sender_count);
	put_list(arena, &text, " who says HELO like ", o->from.helos, o->from.helo_count);
	if (takes_any_certificate(o)) {
		text = mp_arena_printf(arena, "%s with a certificate, whoever made it,", text);
	} else if (o->from.tls) {
		text = mp_arena_printf(arena, "%s under TLS", text);
	}
	return text;
}

/* ---- openings ---- */

/* Whether only what the client says of itself is checked, if anything is. */
static bool is_anybodys(const struct mp_opening *o)
{
	bool identity =
		o->from.address_count + o->from.address_pattern_count + o->from.login_count > 0 ||
		(o->from.certificate_count > 0 && !takes_any_certificate(o));

	return o->from.anyone || (o->forgeable && !identity);
}

static bool is_anywhere(const struct mp_opening *o)
{
	return mp_str_eq(o->to, "anywhere");
}

/* "postmaster@", "abuse@example.net": a mailbox, not a domain that is relayed for. */
static bool is_mailbox(const char *to)
{
	return strchr(to, '@') != NULL && to[0] != '@';
}

/* What the openings of a listener have in common. */
static struct mp_fault fault_of(struct mp_judge *judge, const struct mp_opening *o)
{
	struct mp_transcript talk =
		mp_transcript_said(o->dialogue, o->dialogue_count, judge->arena);

	return (struct mp_fault){.severity = MP_ERROR,
		.basis = MP_BASIS_PREDICTED,
		.of_surface = true,
		.who = mp_opening_client(judge->arena, o),
		.because = o->because,
		.dialogue = talk.lines,
		.dialogue_count = talk.n};
}

static void add_everywhere(
	struct mp_judge *judge, const struct mp_opening *o, struct mp_fault *fault)
{
	for (size_t i = 0; i < o->listener_count; i++) {
		fault->where = o->listeners[i];
		mp_judge_add(judge, fault);
	}
}

/* The widest of the networks first: it is the line to be corrected. */
static struct mp_reasons widest_first(struct mp_arena *arena, struct mp_reasons because)
{
	struct mp_reason *v = mp_arena_array(arena, because.n, sizeof *v);
	size_t widest = 0;
	double most = -1;

	for (size_t i = 0; i < because.n; i++) {
		struct mp_cidr net;
		v[i] = because.v[i];
		if (mp_cidr_parse(mp_slice_str(v[i].text), &net) && public_addresses(&net) > most) {
			most = public_addresses(&net);
			widest = i;
		}
	}
	if (because.n > 0) {
		struct mp_reason first = v[widest];
		v[widest] = v[0];
		v[0] = first;
	}
	return (struct mp_reasons){v, because.n};
}

static enum mp_weight weigh(const struct mp_opening *o)
{
	enum mp_weight worst = MP_WEIGHT_CERTAIN;

	for (size_t i = 0; i < o->assumption_count; i++) {
		enum mp_weight w = mp_weigh_assumption(
			o->dialogue, o->dialogue_count, &o->example, o->assumptions[i]);
		worst = w < worst ? w : worst;
	}
	return worst;
}

static void look_at_networks(struct mp_judge *judge, const struct mp_opening *o)
{
	struct breadth b = breadth_of(o);
	bool more = o->from.login_count + o->from.certificate_count + o->from.client_name_count +
			o->from.address_pattern_count >
		0;

	if (!is_wide(&b) || more || !is_anywhere(o) || weigh(o) < MP_WEIGHT_VERSION) {
		return;
	}
	struct mp_fault f = fault_of(judge, o);
	const char **what = mp_arena_array(judge->arena, 1, sizeof *what);
	f.what = what;
	f.what_count = 1;
	if (b.v4 > power(WIDE4)) {
		what[0] = mp_arena_printf(judge->arena, "%.0f public IPv4 addresses, one of %.0f",
			b.v4, public_addresses(&(struct mp_cidr){.ip = {.family = 4}}) / b.v4);
	} else {
		what[0] = "more public IPv6 addresses than a /28 has";
	}
	f.because = widest_first(judge->arena, o->because);
	f.rule = is_half(&b) ? "relay/open" : "relay/wide";
	f.severity = is_half(&b) ? MP_ERROR : MP_WARNING;
	if (o->discarded) {
		f.rule = "relay/discarded";
		f.severity = MP_WARNING;
	}
	add_everywhere(judge, o, &f);
}

/* Every certificate of the authorities in the server's list: whose these are is not known here. */
static void look_at_certificates(struct mp_judge *judge, const struct mp_opening *o)
{
	struct mp_fault f = fault_of(judge, o);

	f.rule = "relay/certificates";
	f.severity = MP_NOTE;
	for (size_t i = 0; i < o->from.certificate_count && is_anywhere(o); i++) {
		if (mp_str_eq(o->from.certificates[i], "any verified")) {
			add_everywhere(judge, o, &f);
			return;
		}
	}
}

static void look_at_opening(struct mp_judge *judge, const struct mp_opening *o)
{
	if (!is_anybodys(o)) {
		look_at_networks(judge, o);
		look_at_certificates(judge, o);
		return;
	}
	if (!is_anywhere(o) && o->intended) {
		return;
	}
	struct mp_fault f = fault_of(judge, o);
	f.rule = "relay/open";
	if (!is_anywhere(o)) {
		f.rule = "relay/partial";
		f.to = o->to;
		f.severity = is_mailbox(o->to) ? MP_NOTE : MP_WARNING;
	}
	if (o->discarded) {
		f.rule = "relay/discarded";
		f.severity = f.severity > MP_WARNING ? MP_WARNING : f.severity;
	} else if (weigh(o) < MP_WEIGHT_VERSION) {
		f.rule = "relay/depends";
	}
	mp_fault_weigh(&f, weigh(o));
	if (weigh(o) < MP_WEIGHT_CERTAIN) {
		f.assumptions = o->assumptions;
		f.assumption_count = o->assumption_count;
	}
	add_everywhere(judge, o, &f);
}

bool mp_surface_knows(const struct mp_surface *surface, const char *listener,
	const struct mp_ip *client, struct mp_reasons because)
{
	for (size_t i = 0; i < surface->n; i++) {
		const struct mp_opening *o = &surface->v[i];
		bool there = listener[0] == '\0';
		for (size_t k = 0; k < o->listener_count; k++) {
			there = there || mp_str_eq(o->listeners[k], listener);
		}
		if (!there || is_anybodys(o) || !is_anywhere(o) ||
			!mp_same_cause(o->because, because)) {
			continue;
		}
		for (size_t k = 0; k < o->from.address_count; k++) {
			if (mp_cidr_contains(&o->from.addresses[k], client)) {
				return true;
			}
		}
	}
	return false;
}

void mp_judge_surface(struct mp_judge *judge, const struct mp_surface *surface)
{
	judge->surface = surface;
	for (size_t i = 0; i < surface->n; i++) {
		look_at_opening(judge, &surface->v[i]);
	}
	if (!surface->complete) {
		struct mp_fault f = {.rule = "surface/incomplete",
			.severity = MP_NOTE,
			.basis = MP_BASIS_PREDICTED,
			.what = surface->notes,
			.what_count = surface->note_count};
		mp_judge_add(judge, &f);
	}
}

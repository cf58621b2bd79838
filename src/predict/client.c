/* client - which clients a configuration tells apart, and what the server is called. */
#include "predict/client.h"

#include "base/vec.h"
#include "world/facts.h"

/* A single look, taken in the first world of an exploration; what it saw is in its result. */
struct look {
	const struct mp_server *server;
	const char *listener; /* of networks and domains; NULL: the first */
	struct mp_server_view view;
	const struct mp_network *networks;
	size_t network_count;
};

/* One whose mail is delivered here, else one that is sent on. A name with a hole in it, of a host
 * whose name is not known, cannot be said to a server. */
static const char *own_domain(const struct mp_server_view *view)
{
	const char *relayed = NULL;

	for (size_t i = 0; i < view->domain_count; i++) {
		const char *name = view->domains[i].name;
		if (strchr(name, '{') != NULL) {
			continue;
		}
		if (view->domains[i].kind != MP_DOMAIN_RELAY) {
			return name;
		}
		relayed = relayed == NULL ? name : relayed;
	}
	return relayed;
}

static void *take_look(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct look *wanted = context;
	struct look *seen = MP_ARENA_NEW(keep, struct look);
	const struct mp_server_ops *ops = wanted->server->ops;

	*seen = *wanted;
	seen->view.listener_count =
		ops->listeners(wanted->server, world, keep, &seen->view.listeners);
	if (ops->domains != NULL) {
		seen->view.domain_count = ops->domains(
			wanted->server, world, keep, wanted->listener, &seen->view.domains);
	}
	seen->view.local_domain = own_domain(&seen->view);
	if (ops->networks != NULL) {
		seen->network_count = ops->networks(
			wanted->server, world, keep, wanted->listener, &seen->networks);
	}
	return seen;
}

static bool same_look(const void *left, const void *right)
{
	const struct look *a = left;
	const struct look *b = right;

	if (a->view.listener_count != b->view.listener_count ||
		a->network_count != b->network_count) {
		return false;
	}
	for (size_t i = 0; i < a->view.listener_count; i++) {
		const struct mp_listener *x = &a->view.listeners[i];
		const struct mp_listener *y = &b->view.listeners[i];
		if (!mp_str_eq(x->name, y->name) || !mp_str_eq(x->address, y->address) ||
			x->port != y->port || x->tls != y->tls) {
			return false;
		}
	}
	for (size_t i = 0; i < a->network_count; i++) {
		if (!mp_ip_eq(&a->networks[i].net.ip, &b->networks[i].net.ip) ||
			a->networks[i].net.length != b->networks[i].net.length) {
			return false;
		}
	}
	return true;
}

static const struct look *look(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, struct mp_arena *arena, bool *certain)
{
	static const struct mp_explore_ops ops = {.play = take_look, .equal = same_look};
	struct look wanted = {.server = server, .listener = listener};
	struct mp_exploration worlds = mp_explore(facts, &ops, &wanted, arena);

	*certain = worlds.n == 1 && !worlds.truncated;
	return worlds.v[0].value;
}

/* Whether an earlier listener has the same name (one service, several addresses). */
static bool named_before(const struct mp_server_view *view, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (mp_str_eq(view->listeners[i].name, view->listeners[index].name)) {
			return true;
		}
	}
	return false;
}

struct mp_server_view mp_server_survey(
	const struct mp_server *server, const struct mp_facts *facts, struct mp_arena *arena)
{
	bool certain;
	struct mp_server_view view = look(server, facts, NULL, arena, &certain)->view;

	view.certain = certain;
	/* The first listener is the one that was just looked at. */
	for (size_t i = 1; i < view.listener_count; i++) {
		if (!named_before(&view, i)) {
			(void)look(server, facts, view.listeners[i].name, arena, &certain);
		}
	}
	return view;
}

const struct mp_listener *mp_view_listener(
	const struct mp_server_view *view, const struct mp_ip *address, unsigned port)
{
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		if (address->family == 0 ? l->port == port : mp_listener_serves(l, address, port)) {
			return l;
		}
	}
	return NULL;
}

static bool is_host(const struct mp_facts *facts, const struct mp_ip *client)
{
	for (size_t i = 0; i < facts->address_count; i++) {
		if (mp_ip_eq(&facts->addresses[i].ip, client)) {
			return true;
		}
	}
	return mp_ip_is_loopback(client);
}

static bool is_trusted(const struct look *seen, const struct mp_ip *client)
{
	for (size_t i = 0; i < seen->network_count; i++) {
		if (mp_cidr_contains(&seen->networks[i].net, client)) {
			return !seen->networks[i].negated;
		}
	}
	return false;
}

static enum mp_client_class classify(
	const struct look *seen, const struct mp_facts *facts, const struct mp_ip *client)
{
	if (is_host(facts, client)) {
		return MP_CLIENT_SERVER;
	}
	return is_trusted(seen, client) ? MP_CLIENT_TRUSTED : MP_CLIENT_OUTSIDER;
}

enum mp_client_class mp_client_classify(const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, const struct mp_ip *client)
{
	struct mp_arena scratch = {0};
	bool certain;
	enum mp_client_class class =
		classify(look(server, facts, listener, &scratch, &certain), facts, client);

	mp_arena_release(&scratch);
	return class;
}

/* An IPv4 address in the form of an IPv6 one (RFC 4291 2.5.5.2): a server sees the IPv4 address, so
 * nobody has such a one. */
static bool is_mapped(const struct mp_ip *ip)
{
	static const uint8_t head[12] = {[10] = 0xff, [11] = 0xff};

	return ip->family == 6 && memcmp(ip->b, head, sizeof head) == 0;
}

/* An address of the network whose class is TRUSTED: the host's own and what earlier items take out
 * are passed over, but not for ever. */
static bool sample_network(const struct look *seen, const struct mp_facts *facts,
	const struct mp_network *network, struct mp_ip *out)
{
	enum { TRIES = 1000 };
	struct mp_ip ip = network->net.ip;

	if (network->net.length < mp_ip_bits(&ip) && !mp_ip_next(&ip)) {
		return false;
	}
	for (int i = 0; i < TRIES && mp_cidr_contains(&network->net, &ip); i++) {
		if (classify(seen, facts, &ip) == MP_CLIENT_TRUSTED) {
			*out = ip;
			return true;
		}
		if (!mp_ip_next(&ip)) {
			return false;
		}
	}
	return false;
}

/* RFC 5737 and RFC 3849 addresses first, then others that are nobody's on a test network (RFC
 * 2544). */
static bool sample_outsider(
	const struct look *seen, const struct mp_facts *facts, int family, struct mp_ip *out)
{
	static const char *const candidates[] = {"203.0.113.5", "198.51.100.5", "192.0.2.5",
		"198.18.0.5", "2001:db8:5::5", "2001:db8:ffff::5", "3fff::5"};

	for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
		if (mp_ip_parse(mp_slice_str(candidates[i]), out) && out->family == family &&
			classify(seen, facts, out) == MP_CLIENT_OUTSIDER) {
			return true;
		}
	}
	return false;
}

bool mp_client_outsider(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, int family, struct mp_ip *out)
{
	struct mp_arena scratch = {0};
	bool certain;
	bool found = sample_outsider(
		look(server, facts, listener, &scratch, &certain), facts, family, out);

	mp_arena_release(&scratch);
	return found;
}

size_t mp_client_samples(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, struct mp_arena *arena, const struct mp_client_sample **out)
{
	bool certain;
	const struct look *seen = look(server, facts, listener, arena, &certain);
	struct mp_client_sample *v = mp_arena_array(arena, seen->network_count + 1, sizeof *v);
	size_t n = 0;

	if (sample_outsider(seen, facts, 4, &v[0].address) ||
		sample_outsider(seen, facts, 6, &v[0].address)) {
		v[n++].client = MP_CLIENT_OUTSIDER;
	}
	for (size_t i = 0; i < seen->network_count; i++) {
		const struct mp_network *network = &seen->networks[i];
		if (!network->negated && !is_mapped(&network->net.ip) &&
			sample_network(seen, facts, network, &v[n].address)) {
			v[n].client = MP_CLIENT_TRUSTED;
			v[n++].because = network->because;
		}
	}
	*out = v;
	return n;
}

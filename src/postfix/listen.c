/*
 * listen - where the master listens.
 *
 * The master reads master.cf from top to bottom and binds each address at once; what it cannot use
 * ends it, and with it every service.
 */
#include "postfix/listen.h"

#include "base/ascii.h"
#include "base/number.h"
#include "postfix/config/endpoint.h"
#include "postfix/config/interfaces.h"
#include "postfix/config/split.h"

struct builder {
	struct pf_config *config;
	const struct pf_settings *master;
	struct mp_world *world;
	struct mp_arena *arena;
	MP_VEC(struct pf_listener) found;
	struct pf_fatal *fatal;
	bool asked; /* the world */
};

bool pf_service_disabled(const struct pf_settings *master, const char *name, const char *type)
{
	struct mp_arena scratch = {0};
	struct pf_text *tokens;
	bool disabled = false;
	size_t n = pf_split(&scratch, pf_value(master, "master_service_disable"), &tokens);
	const char *full = mp_arena_printf(&scratch, "%s/%s", name, type);

	for (size_t i = 0; i < n; i++) {
		bool match = true;
		const char *item = tokens[i].s;
		for (; *item == '!'; item++) {
			match = !match;
		}
		char *pattern = mp_arena_strdup(&scratch, item);
		char *dot = strrchr(pattern, '.');
		if (strchr(pattern, '/') == NULL && dot != NULL) {
			*dot = '/'; /* the form before Postfix 2.11 */
		}
		if (mp_str_ieq(strchr(pattern, '/') != NULL ? full : type, pattern)) {
			disabled = match;
			break;
		}
	}
	mp_arena_release(&scratch);
	return disabled;
}

enum mp_listener_tls pf_listener_tls(const struct pf_settings *smtpd)
{
	if (pf_bool(smtpd, "smtpd_tls_wrappermode")) {
		return MP_TLS_IMPLICIT;
	}
	const char *level = pf_str(smtpd, "smtpd_tls_security_level");
	if (level[0] != '\0') {
		return mp_str_ieq(level, "none") ? MP_TLS_NONE : MP_TLS_STARTTLS;
	}
	return pf_bool(smtpd, "smtpd_use_tls") || pf_bool(smtpd, "smtpd_enforce_tls")
		? MP_TLS_STARTTLS
		: MP_TLS_NONE;
}

void pf_listener_limits(const struct pf_settings *smtpd, struct mp_listener *listener)
{
	long soft = pf_int(smtpd, "smtpd_soft_error_limit");
	long hard = pf_int(smtpd, "smtpd_hard_error_limit");
	long junk = pf_int(smtpd, "smtpd_junk_command_limit");

	/* Above the soft limit each reply is delayed, at the hard one the session ends. A soft
	 * limit of 1 leaves one error without delay, too. */
	soft = soft < 2 ? 2 : soft;
	listener->error_limit = (unsigned)(soft < hard ? soft : hard);
	/* The server compares before it counts: one more than the limit is free. */
	listener->idle_limit = (unsigned)junk + 1;
}

static void fatal(struct builder *b, struct mp_loc loc, const char *parameter, const char *text)
{
	if (b->fatal != NULL) {
		return;
	}
	b->fatal = MP_ARENA_NEW(b->arena, struct pf_fatal);
	*b->fatal = (struct pf_fatal){text, loc, parameter};
}

static const char *type_name(enum pf_service_type type)
{
	switch (type) {
	case PF_INET:
		return "inet";
	case PF_UNIX:
		return "unix";
	case PF_UNIX_DGRAM:
		return "unix-dgram";
	case PF_FIFO:
		return "fifo";
	case PF_PASS:
		return "pass";
	}
	MP_BUG("no such service type");
}

/* Does the host have the address? Yes, where its addresses are not known. */
static bool can_bind(const struct builder *b, const struct mp_ip *ip)
{
	const struct pf_environment *env = pf_settings_environment(b->master);

	if (env->addresses == NULL || (ip->family == 4 && ip->b[0] == 127)) {
		return true;
	}
	for (size_t i = 0; i < env->address_count; i++) {
		if (mp_ip_eq(&env->addresses[i].ip, ip)) {
			return true;
		}
	}
	return false;
}

static bool is_any(const char *address)
{
	return mp_str_eq(address, "0.0.0.0") || mp_str_eq(address, "::");
}

static const char *program_of(const struct pf_service *service)
{
	const char *slash = strrchr(service->command, '/');

	return slash != NULL ? slash + 1 : service->command;
}

/* Two sockets of one family have the same port, and one address or one for all. From 3.6 on the
 * master asks for SO_REUSEPORT, and both may listen. */
static bool conflicts(const struct mp_listener *a, const struct mp_listener *b)
{
	bool v6 = strchr(a->address, ':') != NULL;

	return a->port == b->port && a->port != 0 && v6 == (strchr(b->address, ':') != NULL) &&
		(mp_str_eq(a->address, b->address) || is_any(a->address) || is_any(b->address));
}

/* False when the address is taken. */
static bool check_taken(struct builder *b, struct pf_listener *listener)
{
	bool reuse = pf_settings_environment(b->master)->version >= PF_VERSION_3_6;

	for (size_t i = 0; i < b->found.n; i++) {
		struct pf_listener *other = &b->found.v[i];
		if (!conflicts(&other->as, &listener->as)) {
			continue;
		}
		if (!reuse) {
			fatal(b, listener->service->at, "",
				mp_arena_printf(b->arena, "bind %s port %u: Address already in use",
					listener->as.address, listener->as.port));
			return false;
		}
		if (mp_str_eq(other->as.address, listener->as.address)) {
			other->shared = listener->shared = true;
		}
	}
	return true;
}

static void add(struct builder *b, const struct pf_service *service, const char *address, int port,
	struct mp_reasons because)
{
	struct pf_listener listener = {
		.as = {.name = service->name,
			.address = address,
			.port = port > 0 ? (unsigned)port : 0,
			.because = because},
		.service = service,
		.postscreen = mp_str_eq(program_of(service), "postscreen"),
		.smtpd = mp_str_eq(program_of(service), "smtpd"),
	};

	if (check_taken(b, &listener)) {
		mp_vec_push(&b->found, listener);
	}
}

static void add_ip(struct builder *b, const struct pf_service *service, const struct mp_ip *ip,
	int port, struct mp_reasons because)
{
	char text[MP_IP_TEXT];

	mp_ip_format(ip, text);
	if (!can_bind(b, ip)) {
		fatal(b, service->at, "",
			mp_arena_printf(b->arena,
				"bind %s port %d: Cannot assign requested address", text, port));
		return;
	}
	add(b, service, mp_arena_strdup(b->arena, text), port, because);
}

/* The addresses of a host name, of the families in use; false when there are none. */
static bool add_name(struct builder *b, const struct pf_service *service, const char *host,
	int port, struct mp_reasons because)
{
	struct mp_ip ip;
	bool any = false;

	if (mp_ip_parse(mp_slice_str(host), &ip)) {
		if (!pf_has_family(b->master, ip.family)) {
			return false;
		}
		add_ip(b, service, &ip, port, because);
		return true;
	}
	if (mp_str_ieq(host, "localhost")) {
		if (pf_has_family(b->master, 4)) {
			add(b, service, "127.0.0.1", port, because);
			any = true;
		}
		if (pf_has_family(b->master, 6)) {
			add(b, service, "::1", port, because);
			any = true;
		}
		return any;
	}
	b->asked = true;
	struct mp_dns_result dns = mp_ask_dns(b->world, MP_DNS_ADDRESS, host);
	if (dns.status == MP_FOUND && !dns.known) {
		add(b, service, mp_arena_printf(b->arena, "{dns.address %s}", host), port, because);
		return true;
	}
	for (size_t i = 0; dns.status == MP_FOUND && i < dns.values.n; i++) {
		if (mp_ip_parse(mp_slice_str(dns.values.v[i]), &ip) &&
			pf_has_family(b->master, ip.family)) {
			add_ip(b, service, &ip, port, because);
			any = true;
		}
	}
	return any;
}

static struct mp_reasons reasons(
	struct builder *b, const struct pf_service *service, const char *parameter)
{
	size_t n = parameter != NULL ? 2 : 1;
	struct mp_reason *v = mp_arena_array(b->arena, n, sizeof *v);

	v[0] = (struct mp_reason){service->at,
		mp_arena_printf(b->arena, "%s %s ... %s", service->name, type_name(service->type),
			service->command)};
	if (parameter != NULL) {
		v[1] = pf_reason(b->master, parameter, b->arena);
	}
	return (struct mp_reasons){v, n};
}

/* A service without a host: inet_interfaces says where. */
static void add_everywhere(struct builder *b, const struct pf_service *service, int port)
{
	const char *interfaces = pf_str(b->master, "inet_interfaces");
	struct mp_reasons because = reasons(b, service, "inet_interfaces");
	size_t before = b->found.n;

	if (mp_str_ieq(interfaces, "all")) {
		if (pf_has_family(b->master, 4)) {
			add(b, service, "0.0.0.0", port, because);
		}
		if (pf_has_family(b->master, 6)) {
			add(b, service, "::", port, because);
		}
	} else {
		struct pf_own own = pf_own_addresses(b->master, b->arena);
		for (size_t i = 0; i < own.n; i++) {
			add_ip(b, service, &own.v[i].ip, port, because);
		}
		struct pf_text *tokens;
		size_t n = own.unknown_name == NULL
			? 0
			: pf_split(b->arena, pf_text_plain(interfaces), &tokens);
		for (size_t i = 0; i < n; i++) {
			struct mp_ip ip;
			if (tokens[i].s[0] == '[' || mp_str_ieq(tokens[i].s, "localhost") ||
				mp_ip_parse(mp_slice(tokens[i].s, tokens[i].n), &ip)) {
				continue;
			}
			if (!add_name(b, service, tokens[i].s, port, because)) {
				fatal(b, pf_loc(b->master, "inet_interfaces"), "inet_interfaces",
					mp_arena_printf(b->arena,
						"config variable inet_interfaces: host not found: "
						"%s",
						tokens[i].s));
			}
		}
	}
	if (b->found.n == before) {
		fatal(b, service->at, "",
			mp_arena_printf(b->arena, "no valid IP address found: %s", service->name));
	}
}

/* A port name that Postfix does not know itself, in services(5): "name port/protocol alias...". */
static int port_in_services(struct mp_slice text, const char *name)
{
	while (text.n > 0) {
		size_t end = mp_slice_chr(text, '\n');
		struct mp_slice line = mp_slice_sub(text, 0, end);
		text = end == MP_NOT_FOUND ? mp_slice_from(text, text.n)
					   : mp_slice_from(text, end + 1);
		line = mp_slice_sub(line, 0, mp_slice_chr(line, '#'));
		struct mp_slice word[16];
		size_t n = 0;
		while (n < 16 && (line = mp_slice_trim(line)).n > 0) {
			size_t i = 0;
			while (i < line.n && !mp_is_space(line.p[i])) {
				i++;
			}
			word[n++] = mp_slice_sub(line, 0, i);
			line = mp_slice_from(line, i);
		}
		unsigned long port;
		if (n < 2 || !mp_slice_ends(word[1], "/tcp") ||
			!mp_parse_uint(mp_slice_sub(word[1], 0, word[1].n - 4), 1, 65535, &port)) {
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			if (i != 1 && mp_slice_eq_str(word[i], name)) {
				return (int)port;
			}
		}
	}
	return -1;
}

/* The port's number; 0 where only the host's services(5) could tell. */
static int port_number(struct builder *b, const struct pf_service *service, struct pf_endpoint e)
{
	const struct mp_source *source;
	struct mp_err err;

	if (e.number >= 0) {
		return e.number;
	}
	enum mp_read read = mp_input_read(b->config->input, "/etc/services", &source, &err);
	int number = read == MP_READ_OK ? port_in_services(source->text, e.port) : -1;
	if (number < 0 && read != MP_READ_OPEN) {
		fatal(b, service->at, "",
			mp_arena_printf(b->arena, "%s:%s: Servname not supported for ai_socktype",
				e.host[0] != '\0' ? e.host : "0.0.0.0", e.port));
	}
	return number < 0 ? 0 : number;
}

static void add_service(struct builder *b, const struct pf_service *service)
{
	struct pf_endpoint e = pf_endpoint_parse(b->arena, service->name);

	e.number = port_number(b, service, e);
	if (e.host[0] == '\0') {
		add_everywhere(b, service, e.number);
	} else if (!add_name(b, service, e.host, e.number, reasons(b, service, NULL))) {
		fatal(b, service->at, "",
			mp_arena_printf(
				b->arena, "bad hostname or network address: %s", service->name));
	}
}

/* Malformed lines, as far as master_service_disable does not turn them off. */
static void check_broken(struct builder *b)
{
	for (size_t i = 0; i < b->config->master.broken.n; i++) {
		const struct pf_broken_service *broken = &b->config->master.broken.v[i];
		if (broken->type[0] == '\0' ||
			!pf_service_disabled(b->master, broken->name, broken->type)) {
			fatal(b, broken->fatal_at, "", broken->fatal_text);
			return;
		}
	}
}

struct pf_listening pf_listeners(struct pf_config *config, const struct pf_settings *master,
	struct mp_world *world, struct mp_arena *arena)
{
	struct builder b = {.config = config, .master = master, .world = world, .arena = arena};
	const struct pf_fatal *settings_fatal = pf_settings_fatal(master);
	bool network = pf_has_family(master, 4) || pf_has_family(master, 6);

	if (settings_fatal != NULL) {
		fatal(&b, settings_fatal->loc, settings_fatal->parameter, settings_fatal->text);
	}
	check_broken(&b);
	for (size_t i = 0; b.fatal == NULL && i < config->master.services.n; i++) {
		const struct pf_service *service = config->master.services.v[i];
		if (service->type == PF_INET && network &&
			!pf_service_disabled(master, service->name, "inet")) {
			add_service(&b, service);
		}
	}
	struct pf_listening out = {
		.n = b.fatal == NULL ? b.found.n : 0, .fatal = b.fatal, .asked = b.asked};
	struct pf_listener *v = mp_arena_array(arena, out.n, sizeof *v);
	if (out.n > 0) {
		memcpy(v, b.found.v, out.n * sizeof *v);
	}
	out.v = v;
	mp_vec_release(&b.found);
	return out;
}

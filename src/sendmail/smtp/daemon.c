/*
 * daemon - DaemonPortOptions: which daemons there are.
 *
 * Only the first letter of a key counts; a key that is given twice counts as its last. sendmail
 * reads the family before address and port, whatever the order.
 */
#include "sendmail/smtp/daemon.h"

#include "base/ascii.h"
#include "base/number.h"
#include "sendmail/cf/read.h"
#include "sendmail/smtp/settings.h"

#include <stdio.h>
#include <stdlib.h>

bool sm_daemon_has(const struct sm_daemon *daemon, char flag)
{
	return strchr(daemon->flags, flag) != NULL;
}

static void refuse(struct sm_cf *cf, struct mp_loc loc, const char *fix, const char *text)
{
	sm_cf_refuse(cf, loc, "cf/daemon-options", fix, "%s", text);
}

/* Services that systems have under these names, and that mail servers listen on. */
static unsigned service_port(struct mp_slice name)
{
	static const struct {
		const char *name;
		unsigned port;
	} services[] = {
		{"smtp", 25},
		{"mail", 25},
		{"submission", 587},
		{"msp", 18},
		{"smtps", 465},
		{"ssmtp", 465},
		{"submissions", 465},
		{"urd", 465},
		{"domain", 53},
		{"http", 80},
		{"https", 443},
		{"lmtp", 24},
	};

	for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
		if (mp_slice_eq_str(name, services[i].name)) {
			return services[i].port;
		}
	}
	return 0;
}

/* Letters in upper case are written twice, so that rules can tell them from others. */
static const char *shown_flags(struct sm_cf *cf, const char *flags)
{
	char *out = mp_arena_alloc(cf->arena, 3 * strlen(flags) + 1), *p = out;

	for (const char *f = flags; *f != '\0'; f++) {
		if (p != out) {
			*p++ = ' ';
		}
		*p++ = *f;
		if (mp_is_upper(*f)) {
			*p++ = *f;
		}
	}
	return out;
}

/* The modifiers without what separates them, each once. */
static const char *read_flags(struct sm_cf *cf, struct mp_slice value)
{
	char *out = mp_arena_alloc(cf->arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++) {
		if (!mp_is_space(value.p[i]) && memchr(out, value.p[i], n) == NULL) {
			out[n++] = value.p[i];
		}
	}
	return out;
}

/* The keys of one line: the last value of each letter. */
struct keys {
	struct mp_slice v[256];
	bool have[256];
};

static const char known_keys[] = "AaFfPpNnMmIiLlSsRDdqrc";

/* Keys that mean the same in either case. */
static unsigned char key_of(char c)
{
	return (unsigned char)(strchr("afpnmilsAFPNMILS", c) != NULL ? mp_to_lower(c) : c);
}

static void take_key(struct sm_cf *cf, struct keys *keys, struct mp_slice part, struct mp_loc loc)
{
	size_t equals = mp_slice_chr(part, '=');

	while (part.n > 0 && mp_is_space(part.p[0])) {
		part = mp_slice_from(part, 1);
		equals = equals == MP_NOT_FOUND ? equals : equals - 1;
	}
	if (equals == MP_NOT_FOUND || part.n == 0) {
		return;
	}
	if (strchr(known_keys, part.p[0]) == NULL) {
		refuse(cf, loc,
			"keys are Address, Family, Port, Name, Modifiers, InputFilter, Listen, "
			"SendBuffer, "
			"ReceiveBuffer, DeliveryMode, children, delayLA, queueLA, refuseLA",
			mp_arena_printf(cf->arena, "PortOptions parameter \"%.*s\" unknown",
				MP_SLICE_ARG(mp_slice_sub(part, 0, 80))));
		return;
	}
	keys->v[key_of(part.p[0])] = mp_slice_trim(mp_slice_from(part, equals + 1));
	keys->have[key_of(part.p[0])] = true;
}

static struct keys take_keys(struct sm_cf *cf, struct mp_slice line, struct mp_loc loc)
{
	struct keys keys = {0};

	for (size_t i = 0; i <= line.n;) {
		size_t end = i;

		while (end < line.n && line.p[end] != ',') {
			end++;
		}
		take_key(cf, &keys, mp_slice_sub(line, i, end), loc);
		i = end + 1;
	}
	return keys;
}

static const char *read_family(struct sm_cf *cf, const struct keys *keys, struct mp_loc loc)
{
	static const struct {
		const char *name, *family;
	} families[] = {
		{"inet", "inet"},
		{"inet6", "inet6"},
		{"local", "local"},
		{"unix", "local"},
		{"2", "inet"},
		{"10", "inet6"},
		{"1", "local"},
	};
	struct mp_slice value = keys->v['f'];

	if (!keys->have['f']) {
		return "inet";
	}
	for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
		if (mp_slice_ieq_str(value, families[i].name)) {
			return families[i].family;
		}
	}
	refuse(cf, loc, "write Family=inet or Family=inet6",
		mp_arena_printf(cf->arena, "Unknown address family %.*s in Family=option",
			MP_SLICE_ARG(mp_slice_sub(value, 0, 80))));
	return "inet";
}

static unsigned read_port(struct sm_cf *cf, const struct keys *keys, struct mp_loc loc)
{
	struct mp_slice value = keys->v['p'];
	unsigned long number = 0;
	unsigned port;

	if (!keys->have['p']) {
		return 25;
	}
	if (value.n > 0 && mp_is_digit(value.p[0])) {
		size_t n = 0;

		while (n < value.n && mp_is_digit(value.p[n])) {
			n++;
		}
		return mp_parse_uint(mp_slice_sub(value, 0, n), 0, 65535, &number)
			? (unsigned)number
			: 0;
	}
	port = service_port(value);
	if (port == 0) {
		refuse(cf, loc, "write the number of the port",
			mp_arena_printf(cf->arena, "service \"%.*s\" unknown",
				MP_SLICE_ARG(mp_slice_sub(value, 0, 80))));
	}
	return port;
}

static const char *read_address(struct sm_cf *cf, const struct keys *keys, const char *family)
{
	struct mp_slice value = keys->v['a'];
	struct mp_ip ip;
	char text[MP_IP_TEXT];

	if (!keys->have['a'] || value.n == 0) {
		return mp_str_eq(family, "inet6") ? "::" : "0.0.0.0";
	}
	if (mp_slice_istarts(value, "IPv6:")) {
		value = mp_slice_from(value, 5);
	}
	return mp_ip_parse(value, &ip) ? mp_arena_strdup(cf->arena, mp_ip_format(&ip, text))
				       : mp_arena_slicedup(cf->arena, value);
}

/* D=: one letter; 0 where the daemon has no mode of its own. */
static char read_delivery(struct sm_cf *cf, const struct keys *keys, struct mp_loc loc)
{
	struct mp_slice letter = mp_slice_sub(keys->v['D'], 0, keys->v['D'].n > 0);

	if (!keys->have['D']) {
		return '\0';
	}
	if (letter.n == 0 || strchr(SM_DELIVERY_MODES, letter.p[0]) == NULL) {
		refuse(cf, loc, "write D=b, D=i, D=q or D=d",
			mp_arena_printf(
				cf->arena, "Unknown delivery mode %.*s", MP_SLICE_ARG(letter)));
		return '\0';
	}
	return letter.p[0];
}

static struct sm_daemon read_line(
	struct sm_cf *cf, struct mp_slice value, struct mp_loc loc, size_t number)
{
	struct keys keys = take_keys(cf, value, loc);
	struct sm_daemon d = {.loc = loc};
	bool named = keys.have['n'];

	d.name = named ? mp_arena_slicedup(cf->arena, keys.v['n'])
		       : mp_arena_printf(cf->arena, "Daemon%zu", number);
	d.flags = keys.have['m'] ? read_flags(cf, keys.v['m']) : "";
	d.shown = shown_flags(cf, d.flags);
	d.family = read_family(cf, &keys, loc);
	d.port = read_port(cf, &keys, loc);
	d.address = read_address(cf, &keys, d.family);
	d.lost = mp_str_eq(d.family, "local");
	d.delivery = read_delivery(cf, &keys, loc);
	d.children =
		keys.have['c'] ? strtol(mp_arena_slicedup(cf->arena, keys.v['c']), NULL, 10) : -1;
	d.filters = keys.have['i'] ? mp_arena_slicedup(cf->arena, keys.v['i']) : NULL;
	if (mp_str_eq(d.name, "NoMTA")) {
		refuse(cf, loc,
			"this is the file of the mail submission program (submit.cf); give the "
			"daemon's "
			"own, sendmail.cf",
			"the daemon is named NoMTA: this configuration submits mail, it does not "
			"serve");
	}
	return d;
}

static bool is_wild(const struct sm_daemon *d)
{
	return mp_str_eq(d->address, "0.0.0.0") || mp_str_eq(d->address, "::");
}

/* Whether two sockets cannot both be opened. */
static bool same_socket(const struct sm_daemon *a, const struct sm_daemon *b, bool dual)
{
	if (a->port != b->port || a->port == 0 || mp_str_eq(a->family, "local") ||
		mp_str_eq(b->family, "local")) {
		return false;
	}
	if (!mp_str_eq(a->family, b->family)) {
		return dual && (mp_str_eq(a->address, "::") || mp_str_eq(b->address, "::"));
	}
	return is_wild(a) || is_wild(b) || mp_str_eq(a->address, b->address);
}

/* An optional daemon that cannot have its socket. */
static void do_without(struct sm_cf *cf, struct sm_daemons *daemons, struct sm_daemon *d,
	const struct sm_daemon *first)
{
	d->lost = true;
	daemons->delayed = true;
	mp_finding_add(cf->findings, MP_WARNING, "cf/daemon-optional", d->loc,
		"remove it; on Linux a daemon for all IPv6 addresses takes the IPv4 ones, too",
		"the daemon %s cannot have port %u, which %s has; it is optional (M=O), so that "
		"sendmail runs without it, but tries to have it for about 50 seconds before it "
		"serves anybody",
		d->name, d->port, first->name);
}

/* Two daemons that get along on some systems. */
static void say_dual(struct sm_cf *cf, const struct sm_daemon *d, const struct sm_daemon *first)
{
	mp_finding_add(cf->findings, MP_WARNING, "cf/daemon-dual", d->loc,
		"say which system it is (--facts, \"distribution\": \"debian\"); a daemon for all "
		"IPv6 addresses is enough on Linux",
		"on Linux %s cannot have port %u, which %s has%s; elsewhere it can, and so it is "
		"taken here",
		d->name, d->port, first->name,
		sm_daemon_has(d, 'O') ? ", and goes without it (M=O)"
				      : ", and sendmail does not start");
}

static void check_sockets(struct sm_cf *cf, struct sm_daemons *daemons, enum sm_dual dual)
{
	for (size_t i = 0; i < daemons->n; i++) {
		for (size_t k = 0; k < i; k++) {
			struct sm_daemon *d = &daemons->v[i];
			const struct sm_daemon *first = &daemons->v[k];

			if (first->lost || !same_socket(first, d, dual != SM_DUAL_NO)) {
				continue;
			}
			if (dual == SM_DUAL_OPEN && !same_socket(first, d, false)) {
				say_dual(cf, d, first);
				continue;
			}
			if (sm_daemon_has(d, 'O')) {
				do_without(cf, daemons, d, first);
				break;
			}
			refuse(cf, d->loc,
				"remove one of the two, or give them different addresses or ports; "
				"without "
				"FEATURE(`no_default_msa') there is a daemon on port 587 already",
				mp_arena_printf(cf->arena,
					"daemon %s: cannot listen: Address already in use (%s has "
					"port %u)",
					d->name, first->name, first->port));
			break;
		}
	}
}

static void drop_lost(struct sm_daemons *daemons)
{
	size_t n = 0;

	for (size_t i = 0; i < daemons->n; i++) {
		if (!daemons->v[i].lost) {
			daemons->v[n++] = daemons->v[i];
		}
	}
	daemons->n = n;
}

struct sm_daemons sm_daemons_read(struct sm_cf *cf, enum sm_dual dual)
{
	struct sm_daemons out = {0};

	out.v = mp_arena_array(cf->arena, cf->options.n + 1, sizeof *out.v);
	for (size_t i = 0; i < cf->options.n; i++) {
		const struct sm_option *o = &cf->options.v[i];

		if (!mp_str_eq(o->name, "DaemonPortOptions")) {
			continue;
		}

		struct sm_text text = sm_expand(o->text, &cf->macros, cf->arena);

		out.v[out.n] = read_line(
			cf, mp_slice_str(sm_text_bytes(text, cf->names, cf->arena)), o->loc, out.n);
		out.n++;
	}
	if (out.n == 0) {
		out.v[out.n++] = (struct sm_daemon){
			.name = "Daemon0",
			.address = "0.0.0.0",
			.port = 25,
			.family = "inet",
			.flags = "",
			.shown = "",
		};
	}
	check_sockets(cf, &out, dual);
	drop_lost(&out);
	return out;
}

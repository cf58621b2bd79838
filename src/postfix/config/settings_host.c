/* settings_host - values that depend on the host: its name, its domain, its networks. */
#include "base/ascii.h"
#include "postfix/config/hostname.h"
#include "postfix/config/interfaces.h"
#include "postfix/config/settings_impl.h"
#include "postfix/config/split.h"

/* A hole: a text that is not known. */
static bool has_hole(const char *text)
{
	return strstr(text, "{host.name}") != NULL || strstr(text, "{host.domain}") != NULL ||
		strstr(text, "{file.text ") != NULL;
}

const char *pf_host_myhostname(struct pf_settings *s)
{
	const char *host = s->environment.hostname;
	struct pf_text domain;
	const char *why;

	if (strchr(host, '.') != NULL) {
		return host;
	}
	if (s->slots[PF_ID_mydomain].set == NULL ||
		!pf_settings_expand(s, s->slots[PF_ID_mydomain].raw, &domain, &why)) {
		domain = pf_text_plain("localdomain");
	}
	return mp_arena_printf(s->arena, "%s.%s", host, domain.s);
}

const char *pf_host_mydomain(struct pf_settings *s)
{
	const char *host = s->slots[PF_ID_myhostname].value.s;

	if (mp_str_eq(host, "{host.name}")) {
		return "{host.domain}";
	}
	const char *dot = strchr(host, '.');
	return dot == NULL ? "localdomain" : dot + 1;
}

void pf_host_check_protocols(struct pf_settings *s)
{
	const char *value = s->slots[PF_ID_inet_protocols].value.s;
	struct pf_text *tokens;
	size_t n = pf_split(s->arena, pf_text_plain(value), &tokens);

	for (size_t i = 0; i < n; i++) {
		if (!mp_str_eq(tokens[i].s, "all") && !mp_str_eq(tokens[i].s, "ipv4") &&
			!mp_str_eq(tokens[i].s, "ipv6")) {
			pf_settings_refuse(s, PF_ID_inet_protocols, "Write all, ipv4 or ipv6.",
				mp_arena_printf(s->arena,
					"unknown inet_protocols value \"%.60s\" in \"%.100s\"",
					tokens[i].s, value));
			return;
		}
	}
}

void pf_host_check_names(struct pf_settings *s)
{
	static const size_t names[] = {PF_ID_myhostname, PF_ID_mydomain};

	for (size_t i = 0; i < 2; i++) {
		const char *value = s->slots[names[i]].value.s;
		if (has_hole(value) || pf_valid_hostname(mp_slice_str(value))) {
			continue;
		}
		const char *name = names[i] == PF_ID_myhostname ? "myhostname" : "mydomain";
		pf_settings_refuse(s, names[i],
			"Write a name of letters, digits, \"-\" and \".\", such as "
			"mail.example.org.",
			mp_arena_printf(s->arena, "parameter %s: bad parameter value: %.100s", name,
				value));
	}
}

/* The first line of the file that myorigin names, without a comment. */
static struct pf_text first_line(struct pf_settings *s, const struct mp_source *source)
{
	struct mp_slice text = source->text;
	size_t end = mp_slice_chr(text, '\n');

	if (end == MP_NOT_FOUND) {
		end = text.n;
	}
	struct pf_text_builder b;
	pf_text_begin(&b, end + 1);
	pf_text_add(&b, mp_slice_sub(text, 0, end), mp_loc(source, 0, end));
	return pf_text_trim(s->arena, pf_text_end(&b, s->arena, NULL));
}

void pf_host_read_myorigin(struct pf_settings *s)
{
	struct pf_slot *slot = &s->slots[PF_ID_myorigin];
	const struct mp_source *source;
	struct mp_err err = {0};

	if (!s->environment.debian || slot->value.s[0] != '/') {
		return;
	}
	const char *path = slot->value.s;
	if (s->environment.origin_text != NULL && mp_str_eq(s->environment.origin_path, path)) {
		slot->value = pf_text_trim(s->arena, pf_text_plain(s->environment.origin_text));
		return;
	}
	switch (mp_input_read(s->config->input, path, &source, &err)) {
	case MP_READ_OK:
		slot->value = first_line(s, source);
		if (slot->value.n == 0) {
			pf_settings_refuse(s, PF_ID_myorigin,
				"Put the domain name into the first line of that file.",
				mp_arena_printf(s->arena, "myorigin file %.200s is empty", path));
		}
		return;
	case MP_READ_OPEN:
		slot->value = pf_text_plain(mp_arena_printf(s->arena, "{file.text %s}", path));
		return;
	case MP_READ_ABSENT:
	case MP_READ_ERROR:
		break;
	}
	pf_settings_refuse(s, PF_ID_myorigin, "Create the file, or write the domain itself.",
		mp_arena_printf(
			s->arena, "%.200s: cannot open file: No such file or directory", path));
}

enum style { STYLE_CLASS, STYLE_SUBNET, STYLE_HOST, STYLE_BAD };

static enum style networks_style(struct pf_settings *s)
{
	static const char *const names[] = {"class", "subnet", "host"};
	const char *value = s->slots[PF_ID_mynetworks_style].value.s;
	struct pf_text *tokens;
	size_t n = pf_split(s->arena, pf_text_plain(value), &tokens);
	unsigned seen = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned k = 0;
		while (k < 3 && !mp_str_eq(tokens[i].s, names[k])) {
			k++;
		}
		if (k == 3) {
			pf_settings_refuse(s, PF_ID_mynetworks_style,
				"Write host, subnet or class.",
				mp_arena_printf(s->arena,
					"unknown mynetworks mask style value \"%.60s\" in "
					"\"%.100s\"",
					tokens[i].s, value));
			return STYLE_BAD;
		}
		seen |= 1U << k;
	}
	if (seen == 1) {
		return STYLE_CLASS;
	}
	if (seen == 2) {
		return STYLE_SUBNET;
	}
	if (seen == 4) {
		return STYLE_HOST;
	}
	pf_settings_refuse(s, PF_ID_mynetworks_style, "Write host, subnet or class.",
		mp_arena_printf(s->arena,
			"bad mynetworks_style value: %.100s; specify exactly one value", value));
	return STYLE_BAD;
}

/* The length of the natural network of an IPv4 address. */
static unsigned class_length(const struct mp_ip *ip)
{
	unsigned first = ip->b[0];

	return first < 128 ? 8 : first < 192 ? 16 : first < 224 ? 24 : 4;
}

static struct mp_cidr network_of(struct mp_cidr own, enum style style)
{
	if (style == STYLE_HOST) {
		own.length = mp_ip_bits(&own.ip);
	} else if (style == STYLE_CLASS && own.ip.family == 4) {
		own.length = class_length(&own.ip);
	}
	mp_cidr_mask(&own);
	return own;
}

static bool seen_before(const struct pf_own *own, size_t i, enum style style)
{
	struct mp_cidr net = network_of(own->v[i], style);

	for (size_t k = 0; k < i; k++) {
		struct mp_cidr other = network_of(own->v[k], style);
		if (other.length == net.length && mp_ip_eq(&other.ip, &net.ip)) {
			return true;
		}
	}
	return false;
}

const char *pf_host_mynetworks(struct pf_settings *s)
{
	enum style style = networks_style(s);

	if (style == STYLE_BAD) {
		return "";
	}
	struct pf_own own = pf_own_addresses(s, s->arena);
	struct mp_buf b;
	mp_buf_init(&b, 64 * 1024);
	for (size_t i = 0; i < own.n; i++) {
		char text[MP_IP_TEXT];
		struct mp_cidr net = network_of(own.v[i], style);
		if (seen_before(&own, i, style)) {
			continue;
		}
		mp_ip_format(&net.ip, text);
		mp_buf_printf(&b, net.ip.family == 4 ? "%s/%u " : "[%s]/%u ", text, net.length);
	}
	if (!own.complete) {
		mp_buf_puts(&b, style == STYLE_HOST ? PF_UNKNOWN_HOSTS : PF_UNKNOWN_NETWORKS);
	}
	const char *out = mp_arena_strdup(s->arena, b.p);
	mp_buf_release(&b);
	return out;
}

/* A literal address in inet_interfaces must be the host's. */
static void check_own(struct pf_settings *s)
{
	const struct pf_environment *env = &s->environment;
	struct pf_own own = pf_own_addresses(s, s->arena);

	for (size_t i = 0; env->addresses != NULL && i < own.n; i++) {
		bool found = false;
		for (size_t k = 0; k < env->address_count && !found; k++) {
			found = mp_ip_eq(&env->addresses[k].ip, &own.v[i].ip);
		}
		if (!found) {
			char text[MP_IP_TEXT];
			pf_settings_refuse(s, PF_ID_inet_interfaces,
				"List addresses that the host has, or write all.",
				mp_arena_printf(s->arena,
					"parameter inet_interfaces: no local interface found for "
					"%s",
					mp_ip_format(&own.v[i].ip, text)));
			return;
		}
	}
}

/* A literal of a family that inet_protocols turns off cannot be looked up. */
static void check_families(struct pf_settings *s)
{
	struct pf_text value = s->slots[PF_ID_inet_interfaces].value;
	struct pf_text *tokens;
	size_t n = pf_split(s->arena, value, &tokens);

	for (size_t i = 0; i < n; i++) {
		struct mp_slice name = mp_slice(tokens[i].s, tokens[i].n);
		struct mp_ip ip;
		if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']') {
			name = mp_slice_sub(name, 1, name.n - 1);
		}
		/* "all" counts in lower case only, and is no host's name. */
		bool odd_case = (mp_slice_ieq_str(name, "all") ||
					mp_slice_ieq_str(name, "loopback-only")) &&
			!mp_str_eq(value.s, "all") && !mp_str_eq(value.s, "loopback-only");
		if (odd_case || (mp_ip_parse(name, &ip) && !pf_has_family(s, ip.family))) {
			pf_settings_refuse(s, PF_ID_inet_interfaces,
				odd_case ? "Write all or loopback-only, alone and in lower case."
					 : "Remove the address, or allow its protocol in "
					   "inet_protocols.",
				mp_arena_printf(s->arena,
					"config variable inet_interfaces: host not found: %.60s",
					tokens[i].s));
			return;
		}
	}
}

void pf_host_check_interfaces(struct pf_settings *s)
{
	const char *host = s->slots[PF_ID_myhostname].value.s;
	const char *origin = s->slots[PF_ID_myorigin].value.s;

	if (pf_has_family(s, 4) || pf_has_family(s, 6)) {
		check_families(s);
		check_own(s);
	}
	if (mp_str_ieq(host, s->slots[PF_ID_relayhost].value.s)) {
		pf_settings_refuse(s, PF_ID_relayhost,
			"Name the server that takes mail for the outside, or leave it empty.",
			mp_arena_printf(s->arena,
				"myhostname and relayhost parameter settings must not be "
				"identical: "
				"%.100s",
				host));
	}
	if (!has_hole(origin) && origin[strcspn(origin, ", \t\r\n")] != '\0') {
		pf_settings_refuse(s, PF_ID_myorigin, "Write one domain.",
			mp_arena_printf(s->arena,
				"myorigin parameter setting must not contain multiple values: "
				"%.100s",
				origin));
	}
}

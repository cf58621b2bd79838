/*
 * mastercf - master.cf: one service per logical line (master(5)).
 *
 * Any malformed line stops the master, and with it all of Postfix, unless master_service_disable
 * turns that service off; so malformed lines are kept apart. Everything wrong in a line is
 * reported; what the master would say is the first.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "postfix/config/endpoint.h"
#include "postfix/config/lines.h"
#include "postfix/config/options.h"

/* Field separators of the master; other white space (VT, FF) does not separate. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct parser {
	struct mp_arena *arena;
	struct mp_findings *findings;
	struct pf_text line;
	struct mp_loc at;
	size_t pos;
	bool missing; /* fields have run out */
	const char *fatal_text;
	struct mp_loc fatal_at;
};

static void fatal(struct parser *p, struct mp_loc at, const char *text)
{
	if (p->fatal_text == NULL) {
		p->fatal_text = text;
		p->fatal_at = at;
	}
}

static void report(
	struct parser *p, const char *rule, struct mp_loc at, const char *fix, const char *message)
{
	if (p->findings != NULL) {
		mp_finding_add(p->findings, MP_ERROR, rule, at, fix, "%s", message);
	}
}

static bool next_field(struct parser *p, struct pf_text *out)
{
	while (p->pos < p->line.n && is_blank(p->line.s[p->pos])) {
		p->pos++;
	}
	size_t from = p->pos;
	while (p->pos < p->line.n && !is_blank(p->line.s[p->pos])) {
		p->pos++;
	}
	*out = pf_text_sub(p->arena, p->line, from, p->pos);
	return p->pos > from;
}

/* The next field; "" when it is missing (reported once) or "-" where that means the default. */
static struct pf_text field(struct parser *p, const char *name, bool has_default)
{
	struct pf_text value;

	if (!next_field(p, &value)) {
		if (!p->missing) {
			p->missing = true;
			fatal(p, p->at, mp_arena_printf(p->arena, "missing \"%s\" field", name));
			report(p, "mastercf/missing-field", p->at,
				"A line has eight fields: name, type, private, unprivileged, "
				"chroot, wakeup, maxproc, command.",
				mp_arena_printf(p->arena,
					"the \"%s\" field is missing: the master refuses to start",
					name));
		}
		return (struct pf_text){.s = ""};
	}
	if (strcmp(value.s, "-") != 0) {
		return value;
	}
	if (!has_default) {
		struct mp_loc at = pf_text_loc(value, 0, value.n);
		fatal(p, at, mp_arena_printf(p->arena, "field \"%s\" has no default value", name));
		report(p, "mastercf/bad-field", at, "Write the value out.",
			mp_arena_printf(p->arena,
				"\"-\" is no value for the \"%s\" field, which has no default: the "
				"master refuses to start",
				name));
	}
	return (struct pf_text){.s = ""};
}

static void bad_value(struct parser *p, const char *name, struct pf_text value, const char *wanted)
{
	struct mp_loc at = pf_text_loc(value, 0, value.n);

	fatal(p, at, mp_arena_printf(p->arena, "field \"%s\": bad value: \"%s\"", name, value.s));
	report(p, "mastercf/bad-field", at, wanted,
		mp_arena_printf(p->arena,
			"\"%.60s\" is no value for the \"%s\" field: the master refuses to start",
			value.s, name));
}

/* 1, 0, or -1 for the default. */
static int bool_field(struct parser *p, const char *name)
{
	struct pf_text value = field(p, name, true);

	if (value.n == 0 || strcmp(value.s, "y") == 0 || strcmp(value.s, "n") == 0) {
		return value.n == 0 ? -1 : value.s[0] == 'y';
	}
	bad_value(p, name, value, "Write y, n, or - for the default.");
	return -1;
}

/* The number at the start of the field (the master takes "1000?"), or -1 for the default. */
static int number_field(struct parser *p, const char *name)
{
	struct pf_text value = field(p, name, true);
	unsigned long number;
	size_t n = 0;

	if (value.n == 0) {
		return -1;
	}
	while (n < value.n && mp_is_digit(value.s[n])) {
		n++;
	}
	if (n == 0) {
		bad_value(p, name, value, "Write a number, or - for the default.");
		return -1;
	}
	return mp_parse_uint(mp_slice(value.s, n), 0, 0x7fffffff, &number) ? (int)number
									   : 0x7fffffff;
}

static bool type_field(struct parser *p, struct pf_text value, enum pf_service_type *out)
{
	static const struct {
		const char *name;
		enum pf_service_type type;
	} types[] = {
		{"inet", PF_INET},
		{"unix", PF_UNIX},
		{"unix-dgram", PF_UNIX_DGRAM},
		{"fifo", PF_FIFO},
		{"pass", PF_PASS},
	};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (strcmp(value.s, types[i].name) == 0) {
			*out = types[i].type;
			return true;
		}
	}
	if (value.n > 0) {
		struct mp_loc at = pf_text_loc(value, 0, value.n);
		fatal(p, at, mp_arena_printf(p->arena, "bad transport type: %s", value.s));
		report(p, "mastercf/bad-type", at,
			"Write inet, unix, unix-dgram (3.4 and later), fifo or pass.",
			mp_arena_printf(p->arena,
				"\"%.60s\" is no service type: the master refuses to start",
				value.s));
	}
	return false;
}

static void check_endpoint(struct parser *p, struct pf_text name)
{
	struct pf_endpoint e = pf_endpoint_parse(p->arena, name.s);
	struct mp_loc at = pf_text_loc(name, 0, name.n);

	if (e.error == NULL) {
		return;
	}
	fatal(p, at, mp_arena_printf(p->arena, "%s in \"%s\"", e.error, name.s));
	report(p, "mastercf/bad-endpoint", at, "Write port, host:port or [ipv6-address]:port.",
		mp_arena_printf(p->arena,
			"\"%.80s\" is no network endpoint (%s): the master refuses to start",
			name.s, e.error));
}

static void check_private(struct parser *p, const struct pf_service *service)
{
	if (service->type != PF_INET || !service->is_private || p->missing) {
		return;
	}
	fatal(p, p->at, "inet service cannot be private");
	report(p, "mastercf/private-inet", p->at, "Write n in the third field.",
		mp_arena_printf(p->arena,
			"an inet service cannot be private, and \"-\" means private: the master "
			"refuses to start because of \"%.60s\"",
			service->name));
}

/* "{ text }": the text without its braces and the blanks inside; false when malformed. */
static bool unbrace(struct parser *p, struct pf_text *argument)
{
	struct pf_text a = *argument;
	struct mp_loc at = pf_text_loc(a, 0, a.n);
	size_t level = 0;
	size_t i = 0;

	for (; i < a.n; i++) {
		if (a.s[i] == '{') {
			level++;
		} else if (a.s[i] == '}' && --level == 0) {
			break;
		}
	}
	if (i + 1 == a.n) {
		*argument = pf_text_trim(p->arena, pf_text_sub(p->arena, a, 1, i));
		return true;
	}
	bool open = i == a.n;
	fatal(p, at,
		mp_arena_printf(p->arena,
			open ? "missing '}' in \"%s\"" : "syntax error after '}' in \"%s\"", a.s));
	report(p, "mastercf/unbalanced-brace", at, "Write { text } with blanks around it.",
		mp_arena_printf(p->arena,
			open ? "a \"{\" without its \"}\" in \"%.60s\": the master refuses to start"
			     : "text right behind the \"}\" in \"%.60s\": the master refuses to "
			       "start",
			a.s));
	return false;
}

/* The next argument, where balanced braces protect blanks. */
static bool next_argument(struct parser *p, struct pf_text *out)
{
	size_t level = 0;

	while (p->pos < p->line.n && is_blank(p->line.s[p->pos])) {
		p->pos++;
	}
	size_t from = p->pos;
	for (; p->pos < p->line.n; p->pos++) {
		char c = p->line.s[p->pos];
		if (c == '{') {
			level++;
		} else if (level > 0 && c == '}') {
			level--;
		} else if (level == 0 && is_blank(c)) {
			break;
		}
	}
	*out = pf_text_sub(p->arena, p->line, from, p->pos);
	return p->pos > from;
}

static void read_arguments(struct parser *p, struct pf_service *service)
{
	MP_VEC(struct pf_text) arguments = {0};
	struct pf_text argument;

	while (next_argument(p, &argument)) {
		if (argument.s[0] != '{' || unbrace(p, &argument)) {
			mp_vec_push(&arguments, argument);
		}
	}
	if (p->fatal_text == NULL) {
		pf_options_read(service, p->arena, arguments.v, arguments.n, p->findings);
	}
	mp_vec_release(&arguments);
}

/* Reads one line; returns the service, or NULL and p->fatal_text. */
static struct pf_service *read_service(struct parser *p, struct pf_text name, struct pf_text type)
{
	struct pf_service *service = MP_ARENA_NEW(p->arena, struct pf_service);

	service->name = name.s;
	service->at = p->at;
	bool known = type_field(p, type, &service->type);
	if (known && service->type == PF_INET) {
		check_endpoint(p, name);
	}
	service->is_private = bool_field(p, "private") != 0;
	if (known) {
		check_private(p, service);
	}
	service->unprivileged = bool_field(p, "unprivileged") != 0;
	service->chroot = bool_field(p, "chroot");
	number_field(p, "wakeup_time");
	service->maxproc = number_field(p, "max_proc");
	struct pf_text command = field(p, "command", false);
	service->command = command.s;
	read_arguments(p, service);
	return p->fatal_text == NULL ? service : NULL;
}

/* Two services are one where type and endpoint are equal; the later line replaces the earlier. */
static void add_service(struct pf_mastercf *out, struct parser *p, struct pf_service *service)
{
	const char *key = service->type == PF_INET ? pf_endpoint_canonical(p->arena, service->name)
						   : service->name;

	for (size_t i = 0; i < out->services.n; i++) {
		struct pf_service *old = out->services.v[i];
		if (old->type != service->type) {
			continue;
		}
		const char *old_key = old->type == PF_INET
			? pf_endpoint_canonical(p->arena, old->name)
			: old->name;
		if (strcmp(key, old_key) != 0 ||
			(service->type != PF_INET && old->is_private != service->is_private)) {
			continue;
		}
		out->services.v[i] = service;
		if (p->findings != NULL) {
			mp_finding_add(p->findings, MP_WARNING, "mastercf/duplicate", service->at,
				"Remove one of the two entries.",
				"service %.60s is there a second time: this entry replaces that of "
				"line %u",
				service->name, mp_loc_position(old->at).line);
		}
		return;
	}
	mp_vec_push(&out->services, service);
}

void pf_mastercf_parse(struct pf_mastercf *out, struct mp_arena *arena,
	const struct mp_source *source, struct mp_findings *findings)
{
	struct pf_lines lines;
	struct pf_line line;

	*out = (struct pf_mastercf){.source = source};
	pf_lines_init(&lines, arena, source, "mastercf", findings);
	while (pf_lines_next(&lines, &line)) {
		struct parser p = {
			.arena = arena, .findings = findings, .line = line.text, .at = line.at};
		struct pf_text name;
		if (!next_field(&p, &name)) {
			continue;
		}
		struct pf_text type = field(&p, "transport type", false);
		struct pf_service *service = read_service(&p, name, type);
		if (service != NULL) {
			add_service(out, &p, service);
			continue;
		}
		struct pf_broken_service broken = {name.s, type.s, p.fatal_text, p.fatal_at};
		mp_vec_push(&out->broken, broken);
	}
	if (out->broken.n > 0) {
		out->fatal = true;
		out->fatal_text = out->broken.v[0].fatal_text;
		out->fatal_at = out->broken.v[0].fatal_at;
	}
}

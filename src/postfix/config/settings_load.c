/*
 * settings_load - evaluates parameters in the order in which Postfix reads them.
 *
 * A value that is set is expanded where it is used; a default is expanded once, when its turn
 * comes, and visible to $name from then on. The first value that cannot be used ends the program;
 * the others are reported too.
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "base/number.h"
#include "postfix/config/settings_impl.h"

#include <limits.h>

static const char *name_of(size_t index)
{
	size_t count;

	return pf_parameters(&count)[index].name;
}

/* A number at the start of the text as strtol() reads it; *rest is what follows. */
static bool leading_number(const char *text, long *out, const char **rest)
{
	const char *p = text;
	size_t n = 0;

	while (mp_is_space(*p)) {
		p++;
	}
	const char *start = p;
	if (*p == '-' || *p == '+') {
		p++;
	}
	while (mp_is_digit(p[n])) {
		n++;
	}
	if (n == 0) {
		*out = 0;
		*rest = text;
		return true;
	}
	*rest = p + n;
	return mp_parse_int(mp_slice(start, (size_t)(p + n - start)), LONG_MIN, LONG_MAX, out);
}

static void set_number_default(
	struct pf_settings *s, size_t index, const struct pf_version_row *row)
{
	struct pf_text value;
	const char *why;
	const char *rest;

	if (!pf_settings_expand(s, pf_text_plain(row->fallback), &value, &why) ||
		!leading_number(value.s, &s->slots[index].number, &rest)) {
		s->slots[index].number = 0;
	}
	if (mp_str_ieq(value.s, "yes")) {
		s->slots[index].number = 1;
	}
}

static void evaluate_bool(struct pf_settings *s, size_t index)
{
	struct pf_slot *slot = &s->slots[index];

	if (mp_str_ieq(slot->value.s, "yes") || mp_str_ieq(slot->value.s, "no")) {
		slot->number = mp_to_lower(slot->value.s[0]) == 'y';
		return;
	}
	pf_settings_refuse(s, index, "Write yes or no.",
		mp_arena_printf(s->arena, "bad boolean configuration: %s = %.200s", name_of(index),
			slot->value.s));
}

static void check_range(
	struct pf_settings *s, size_t index, const struct pf_version_row *row, const char *what)
{
	struct pf_slot *slot = &s->slots[index];
	bool low = row->min != 0 && slot->number < row->min;

	if (!low && (row->max == 0 || slot->number <= row->max)) {
		return;
	}
	const char *text = what == NULL
		? mp_arena_printf(s->arena, "invalid %s: %ld (%s %ld)", name_of(index),
			  slot->number, low ? "min" : "max", low ? row->min : row->max)
		: mp_arena_printf(s->arena, "invalid %s %s value %ld %c %ld", name_of(index), what,
			  slot->number, low ? '<' : '>', low ? row->min : row->max);
	pf_settings_refuse(s, index,
		mp_arena_printf(s->arena, low ? "At least %ld." : "At most %ld.",
			low ? row->min : row->max),
		text);
}

static void evaluate_number(struct pf_settings *s, size_t index, const struct pf_version_row *row)
{
	struct pf_slot *slot = &s->slots[index];
	const char *rest;
	long limit = row->type == PF_T_LONG ? LONG_MAX : INT_MAX;

	if (slot->value.n == 0 || !leading_number(slot->value.s, &slot->number, &rest) ||
		*rest != '\0' || slot->number > limit || slot->number < -limit - 1) {
		pf_settings_refuse(s, index, "Write a decimal number.",
			mp_arena_printf(s->arena, "bad numerical configuration: %s = %.200s",
				name_of(index), slot->value.s));
		set_number_default(s, index, row);
		return;
	}
	check_range(s, index, row, "parameter");
}

static long unit_seconds(char unit)
{
	switch (unit) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 604800;
	default:
		return 0;
	}
}

static bool parse_time(const char *text, char default_unit, long *out)
{
	const char *rest;
	long number;

	if (*text == '\0' || !leading_number(text, &number, &rest) || number < 0 ||
		number > INT_MAX) {
		return false;
	}
	long seconds = unit_seconds(*rest != '\0' ? *rest : default_unit);
	if (seconds == 0 || (seconds > 1 && number >= INT_MAX / seconds)) {
		return false;
	}
	*out = number * seconds;
	return true;
}

static void evaluate_time(struct pf_settings *s, size_t index, const struct pf_version_row *row)
{
	struct pf_slot *slot = &s->slots[index];
	char unit = pf_time_unit(row->fallback);

	if (parse_time(slot->value.s, unit, &slot->number)) {
		check_range(s, index, row, NULL);
		return;
	}
	pf_settings_refuse(s, index,
		"Write a number and one of s, m, h, d, w (seconds, minutes, hours, days, weeks).",
		mp_arena_printf(s->arena, "parameter %s: bad time value or unit: %.200s",
			name_of(index), slot->value.s));
	struct pf_text value;
	const char *why;
	if (pf_settings_expand(s, pf_text_plain(row->fallback), &value, &why)) {
		parse_time(value.s, unit, &slot->number);
	}
}

static void check_length(struct pf_settings *s, size_t index, const struct pf_version_row *row)
{
	struct pf_slot *slot = &s->slots[index];
	bool brief = row->min > 0 && slot->value.n < (size_t)row->min;

	if (!brief && (row->max == 0 || slot->value.n <= (size_t)row->max)) {
		return;
	}
	const char *text = row->type == PF_T_RAW
		? mp_arena_printf(s->arena, "bad string length (%zu %c %ld): %s = %.200s",
			  slot->value.n, brief ? '<' : '>', brief ? row->min : row->max,
			  name_of(index), slot->value.s)
		: mp_arena_printf(s->arena, "bad string length %zu %c %ld: %s = %.200s",
			  slot->value.n, brief ? '<' : '>', brief ? row->min : row->max,
			  name_of(index), slot->value.s);
	pf_settings_refuse(s, index,
		brief ? "This parameter must not be empty; remove the line for the default."
		      : "This value is too long.",
		text);
}

/* Defaults that are no constant text. */
static const char *default_of(struct pf_settings *s, size_t index, const struct pf_version_row *row)
{
	unsigned v = s->environment.version;

	switch (index) {
	case PF_ID_mail_version:
		if (v % 100 == 99) {
			return "{mta.version}"; /* one that stands for its class */
		}
		return mp_arena_printf(s->arena, "%u.%u.%u", v / 10000, v / 100 % 100, v % 100);
	case PF_ID_myhostname:
		return pf_host_myhostname(s);
	case PF_ID_mydomain:
		return pf_host_mydomain(s);
	case PF_ID_mynetworks:
		return pf_host_mynetworks(s);
	case PF_ID_daemon_directory:
		return s->environment.debian ? row->fallback : "/usr/libexec/postfix";
	default:
		return row->fallback;
	}
}

/* The value of a parameter in a version that does not know it: the feature is off. */
static const char *absent_value(size_t index, const struct pf_version_row *row)
{
	switch (index) {
	case PF_ID_smtputf8_enable:
	case PF_ID_requiretls_enable:
	case PF_ID_requiretls_esmtp_header:
	case PF_ID_tls_required_enable:
	case PF_ID_relocated_prefix_enable:
	case PF_ID_respectful_logging:
	case PF_ID_smtpd_relay_before_recipient_restrictions:
		return "no";
	case PF_ID_smtpd_sasl_mechanism_filter:
		return "";
	case PF_ID_compatibility_level:
		return "0";
	default:
		return row->fallback;
	}
}

/* Fills slot->value; false when a set value cannot be expanded. */
static bool expand_slot(
	struct pf_settings *s, size_t index, const struct pf_version_row *row, bool visible)
{
	struct pf_slot *slot = &s->slots[index];
	bool set = slot->set != NULL && row->present;
	const char *why = "";

	struct pf_text raw = set ? slot->raw
				 : pf_text_plain(row->present ? default_of(s, index, row)
							      : absent_value(index, row));
	bool ok = true;
	slot->value = raw;
	if (row->type != PF_T_RAW) {
		ok = pf_settings_expand(s, raw, &slot->value, &why);
	}
	if (!ok) {
		slot->value = pf_text_plain("");
		pf_settings_refuse(s, index,
			"Correct the use of \"$\"; write \"$$\" for a dollar sign.",
			mp_arena_printf(s->arena, "%s", why));
	}
	if (slot->set == NULL && visible) {
		bool as_written =
			row->type == PF_T_TIME || row->type == PF_T_NBOOL || row->type == PF_T_NINT;
		slot->raw = as_written ? raw : slot->value;
		slot->visible = true;
	}
	return ok;
}

static void evaluate(
	struct pf_settings *s, size_t index, const struct pf_version_row *row, bool visible)
{
	if (!expand_slot(s, index, row, visible)) {
		if (row->type != PF_T_STR && row->type != PF_T_RAW) {
			set_number_default(s, index, row);
		}
		return;
	}
	switch (row->type) {
	case PF_T_STR:
	case PF_T_RAW:
		check_length(s, index, row);
		break;
	case PF_T_BOOL:
	case PF_T_NBOOL:
		evaluate_bool(s, index);
		break;
	case PF_T_INT:
	case PF_T_LONG:
	case PF_T_NINT:
		evaluate_number(s, index, row);
		break;
	case PF_T_TIME:
		evaluate_time(s, index, row);
		break;
	}
}

void pf_settings_evaluate(struct pf_settings *s, size_t index, bool visible)
{
	struct pf_version_row row = pf_parameter_at(index, s->environment.version);

	s->slots[index].evaluated = true;
	if (row.present) {
		evaluate(s, index, &row, visible);
		return;
	}
	/* What this version does not know is written for the one that brought it. */
	bool quiet = s->quiet;
	unsigned version = s->environment.version;
	s->quiet = true;
	s->environment.version = UINT_MAX;
	evaluate(s, index, &row, false);
	s->environment.version = version;
	s->quiet = quiet;
}

static void read_level(struct pf_settings *s)
{
	const char *text = s->slots[PF_ID_compatibility_level].value.s;

	if (s->environment.version < PF_VERSION_3_0) {
		s->level = 0;
	} else if (!pf_level_parse(text, &s->level)) {
		s->level = 0;
		pf_settings_refuse(s, PF_ID_compatibility_level,
			"Write a level such as 3.6; postconf(5) lists them.",
			mp_arena_printf(s->arena,
				"malformed compatibility level syntax: \"%.100s\"", text));
	}
}

static void check_facility(struct pf_settings *s)
{
	static const char *const known[] = {"auth", "authpriv", "console", "cron", "daemon", "ftp",
		"kern", "lpr", "mail", "news", "ntp", "security", "syslog", "user", "uucp",
		"local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"};
	const char *value = s->slots[PF_ID_syslog_facility].value.s;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(value, known[i]) == 0) {
			return;
		}
	}
	pf_settings_refuse(s, PF_ID_syslog_facility,
		"Write mail, the default, or another facility.",
		mp_arena_printf(
			s->arena, "parameter syslog_facility: unrecognized value: %.100s", value));
}

/* What Postfix does between two parameters of the common ones. */
static void before(struct pf_settings *s, size_t index)
{
	if (index == PF_ID_myhostname) {
		check_facility(s);
		pf_host_check_protocols(s);
	}
	if (index == PF_ID_mail_name) {
		pf_host_check_names(s);
	}
	if (index == PF_ID_default_process_limit) {
		pf_host_read_myorigin(s);
	}
}

void pf_settings_load(struct pf_settings *s)
{
	size_t count;
	const uint16_t *order = pf_parameter_common(&count);

	for (size_t i = 0; i < count; i++) {
		before(s, order[i]);
		pf_settings_evaluate(s, order[i], true);
		if (order[i] == PF_ID_compatibility_level) {
			read_level(s);
		}
	}
	pf_host_check_interfaces(s);
	order = pf_parameter_order(s->program, &count);
	for (size_t i = 0; i < count; i++) {
		if (!s->slots[order[i]].evaluated) {
			pf_settings_evaluate(s, order[i], true);
		}
	}
}

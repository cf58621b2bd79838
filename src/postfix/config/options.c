/* options - the arguments behind the command of a master.cf line. */
#include "postfix/config/options.h"

#include "postfix/config/nameval.h"

struct reader {
	struct pf_service *service;
	struct mp_arena *arena;
	struct mp_findings *findings;
	MP_VEC(struct pf_setting *) overrides;
};

static void fatal(struct reader *r, const char *text, bool late, struct mp_loc at)
{
	if (r->service->option_fatal != NULL) {
		return;
	}
	r->service->option_fatal = text;
	r->service->option_fatal_late = late;
	r->service->option_fatal_at = at;
}

/* The program is one whose options we know; spawn and pipe start others with arguments of their
 * own. */
static bool takes_no_words(const char *command)
{
	return strcmp(command, "smtpd") == 0 || strcmp(command, "postscreen") == 0 ||
		strcmp(command, "trivial-rewrite") == 0;
}

static void add_override(struct reader *r, struct pf_text value)
{
	struct pf_nameval parts;
	enum pf_nameval_error error = pf_nameval_split(mp_slice(value.s, value.n), &parts);
	struct mp_loc at = pf_text_loc(value, 0, value.n);

	if (error != PF_NAMEVAL_OK) {
		fatal(r,
			mp_arena_printf(r->arena, "invalid \"-o %s\" option value: %s", value.s,
				pf_nameval_why(error)),
			false, at);
		if (r->findings != NULL) {
			mp_finding_add(r->findings, MP_ERROR, "mastercf/bad-option", at,
				"Write -o name=value without blanks around \"=\", or "
				"-o { name = value } (Postfix 3.0 and later).",
				"\"-o %.60s\" is not name=value: the %s process of service %s does "
				"not start",
				value.s, r->service->command, r->service->name);
		}
		return;
	}
	struct pf_setting *setting = MP_ARENA_NEW(r->arena, struct pf_setting);
	setting->name = mp_arena_slicedup(r->arena, parts.name);
	setting->name_at = pf_text_loc(value, parts.name_from, parts.name_from + parts.name.n);
	setting->raw = pf_text_sub(r->arena, value, parts.value_from, parts.value_to);
	setting->override = true;
	mp_vec_push(&r->overrides, setting);
}

/* What -i and -m of the master's own making would set; people rarely write them. */
static void add_short(struct reader *r, char option, struct pf_text value)
{
	const char *name = option == 'i' ? "max_idle" : option == 'm' ? "max_use" : NULL;

	if (name == NULL) {
		return;
	}
	struct pf_setting *setting = MP_ARENA_NEW(r->arena, struct pf_setting);
	setting->name = name;
	setting->name_at = pf_text_loc(value, 0, value.n);
	setting->raw = value;
	setting->override = true;
	mp_vec_push(&r->overrides, setting);
}

static void bad_option(struct reader *r, char option, struct pf_text argument)
{
	struct mp_loc at = pf_text_loc(argument, 0, argument.n);

	fatal(r, mp_arena_printf(r->arena, "invalid option: %c", option), false, at);
	if (r->findings != NULL) {
		mp_finding_add(r->findings, MP_ERROR, "mastercf/bad-option", at,
			"Remove it; settings are given as -o name=value.",
			"\"%.60s\" is no option of a Postfix daemon: the %s process of service %s "
			"does not start",
			argument.s, r->service->command, r->service->name);
	}
}

/* One cluster of short options ("-v", "-oname=value"); returns how many arguments it took. */
static size_t read_cluster(struct reader *r, const struct pf_text *arguments, size_t count)
{
	struct pf_text a = arguments[0];

	for (size_t i = 1; i < a.n; i++) {
		char option = a.s[i];
		if (strchr("cdDlSuvVz", option) != NULL) {
			continue;
		}
		if (strchr("imnorst", option) == NULL) {
			bad_option(r, option, a);
			return 1;
		}
		struct pf_text value = pf_text_sub(r->arena, a, i + 1, a.n);
		size_t taken = 1;
		if (value.n == 0) {
			if (count < 2) {
				bad_option(r, option, a);
				return 1;
			}
			value = arguments[1];
			taken = 2;
		}
		if (option == 'o') {
			add_override(r, value);
		} else {
			add_short(r, option, value);
		}
		return taken;
	}
	return 1;
}

void pf_options_read(struct pf_service *service, struct mp_arena *arena,
	const struct pf_text *arguments, size_t count, struct mp_findings *findings)
{
	struct reader r = {.service = service, .arena = arena, .findings = findings};
	size_t i = 0;

	while (i < count) {
		struct pf_text a = arguments[i];
		if (strcmp(a.s, "--") == 0) {
			i++;
			break;
		}
		if (a.n < 2 || a.s[0] != '-') {
			break;
		}
		i += read_cluster(&r, arguments + i, count - i);
	}
	if (i < count && takes_no_words(service->command)) {
		struct mp_loc at = pf_text_loc(arguments[i], 0, arguments[i].n);
		fatal(&r,
			mp_arena_printf(
				arena, "unexpected command-line argument: %s", arguments[i].s),
			true, at);
		if (findings != NULL) {
			mp_finding_add(findings, MP_ERROR, "mastercf/extra-argument", at,
				"A value with blanks needs braces: -o { name = value }; or use a "
				"parameter of your own in main.cf: -o name=$mine.",
				"the word \"%.60s\" belongs to no option: service %s closes every "
				"connection",
				arguments[i].s, service->name);
		}
	}
	service->override_count = r.overrides.n;
	if (r.overrides.n > 0) {
		service->overrides =
			mp_arena_array(arena, r.overrides.n, sizeof *service->overrides);
		memcpy(service->overrides, r.overrides.v, r.overrides.n * sizeof *r.overrides.v);
	}
	mp_vec_release(&r.overrides);
}

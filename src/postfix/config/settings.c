/* settings - the parameters of one Postfix process, by name. */
#include "postfix/config/settings.h"

#include "base/alloc.h"
#include "base/ip.h"
#include "postfix/config/endpoint.h"
#include "postfix/config/settings_impl.h"

static const char *program_name(const struct pf_settings *s)
{
	if (s->service != NULL && s->program != PF_MASTER) {
		return s->service->command;
	}
	switch (s->program) {
	case PF_SMTPD:
		return "smtpd";
	case PF_TRIVIAL_REWRITE:
		return "trivial-rewrite";
	case PF_POSTSCREEN:
		return "postscreen";
	case PF_MASTER:
		return "master";
	}
	MP_BUG("no such program");
}

/* Names that Postfix sets itself. service_name wins over main.cf, the others do not. */
static bool lookup_builtin(const struct pf_settings *s, struct mp_slice name, struct pf_text *raw)
{
	if (mp_slice_eq_str(name, "process_name")) {
		*raw = pf_text_plain(program_name(s));
	} else if (mp_slice_eq_str(name, "config_directory")) {
		*raw = pf_text_plain(mp_input_directory(s->config->input));
	} else if (mp_slice_eq_str(name, "service_name") && s->program != PF_MASTER) {
		*raw = pf_text_plain(s->service != NULL ? s->service->name : program_name(s));
	} else {
		return false;
	}
	return true;
}

static const struct pf_setting *user_setting(const struct pf_settings *s, struct mp_slice name)
{
	for (size_t i = s->service != NULL ? s->service->override_count : 0; i > 0; i--) {
		const struct pf_setting *setting = s->service->overrides[i - 1];
		if (mp_slice_eq_str(name, setting->name)) {
			return setting;
		}
	}
	return mp_map_get(&s->config->main.by_name, name);
}

static bool lookup(void *context, struct mp_slice name, struct pf_text *raw)
{
	const struct pf_settings *s = context;
	size_t i = pf_parameter_index(name);

	if (i != MP_NOT_FOUND) {
		*raw = s->slots[i].raw;
		return s->slots[i].visible;
	}
	if (mp_slice_eq_str(name, "service_name") && lookup_builtin(s, name, raw)) {
		return true;
	}
	const struct pf_setting *setting = user_setting(s, name);
	if (setting != NULL) {
		*raw = setting->raw;
		return true;
	}
	return lookup_builtin(s, name, raw);
}

bool pf_settings_expand(
	const struct pf_settings *s, struct pf_text raw, struct pf_text *out, const char **why)
{
	struct pf_expander x = {
		.lookup = lookup,
		.context = (void *)s,
		.version = s->environment.version,
	};

	return pf_expand_text(&x, s->arena, raw, out, why);
}

static bool all_loopback(struct mp_slice text)
{
	struct mp_ip ip;

	return mp_slice_eq_str(text, "loopback-only") || mp_slice_eq_str(text, "localhost") ||
		(mp_ip_parse(text, &ip) && mp_ip_is_loopback(&ip));
}

/* Whether the master starts this service with -o stress= (reference 2.1): not when it is for the
 * host itself only, nor with a process limit of 1 or none. */
static bool has_stress_option(const struct pf_settings *s)
{
	const struct pf_service *service = s->service;

	if (service == NULL || s->program == PF_MASTER || service->maxproc == 0 ||
		service->maxproc == 1 || (service->type != PF_INET && service->type != PF_PASS)) {
		return false;
	}
	if (service->type == PF_PASS) {
		return true;
	}
	struct pf_endpoint e = pf_endpoint_parse(s->arena, service->name);
	if (e.host[0] != '\0') {
		return !all_loopback(mp_slice_str(e.host));
	}
	const struct pf_setting *own = mp_map_get_str(&s->config->main.by_name, "inet_interfaces");
	return own == NULL || !all_loopback(mp_slice(own->raw.s, own->raw.n));
}

static void take(struct pf_settings *s, const struct pf_setting *setting)
{
	size_t i = pf_parameter_index(mp_slice_str(setting->name));

	if (i != MP_NOT_FOUND) {
		s->slots[i].set = setting;
		s->slots[i].raw = setting->raw;
		s->slots[i].visible = true;
	}
}

static void take_all(struct pf_settings *s)
{
	const struct mp_map *by_name = &s->config->main.by_name;

	for (size_t i = 0; i < by_name->n; i++) {
		take(s, by_name->entries[i].value);
	}
	if (s->slots[PF_ID_stress].set != NULL && has_stress_option(s)) {
		struct pf_setting *stress = MP_ARENA_NEW(s->arena, struct pf_setting);
		*stress = (struct pf_setting){
			.name = "stress", .raw = pf_text_plain(""), .override = true};
		take(s, stress);
	}
	for (size_t i = 0; s->service != NULL && i < s->service->override_count; i++) {
		take(s, s->service->overrides[i]);
	}
}

struct pf_settings *pf_settings_new(struct mp_arena *arena, struct pf_config *config,
	const struct pf_service *service, enum pf_program program,
	const struct pf_environment *environment)
{
	struct pf_settings *s = MP_ARENA_NEW(arena, struct pf_settings);

	s->arena = arena;
	s->config = config;
	s->service = service;
	s->program = program;
	s->environment = *environment;
	for (size_t i = 0; i < PF_ID_COUNT; i++) {
		s->slots[i].raw = s->slots[i].value = pf_text_plain("");
	}
	if (config->main.fatal) {
		struct pf_fatal fatal = {config->main.fatal_text, config->main.fatal_at, ""};
		pf_settings_set_fatal(s, &fatal);
	}
	if (service != NULL && service->option_fatal != NULL && !service->option_fatal_late) {
		struct pf_fatal fatal = {service->option_fatal, service->option_fatal_at, ""};
		pf_settings_set_fatal(s, &fatal);
	}
	take_all(s);
	pf_settings_load(s);
	return s;
}

const struct pf_fatal *pf_settings_fatal(const struct pf_settings *s)
{
	return s->has_fatal ? &s->fatal : NULL;
}

void pf_settings_set_fatal(struct pf_settings *s, const struct pf_fatal *fatal)
{
	if (!s->has_fatal) {
		s->has_fatal = true;
		s->fatal = *fatal;
	}
}

void pf_settings_refuse(struct pf_settings *s, size_t index, const char *fix, const char *text)
{
	const char *name = pf_parameters(&(size_t){0})[index].name;
	const struct pf_setting *set = s->slots[index].set;
	struct pf_fatal fatal = {.text = text, .parameter = name};

	if (s->quiet) {
		return;
	}
	if (set != NULL) {
		fatal.loc = set->raw.n > 0 ? pf_text_loc(set->raw, 0, set->raw.n) : set->name_at;
	}
	s->fatal_said = s->fatal_said || !s->has_fatal;
	pf_settings_set_fatal(s, &fatal);
	if (!s->environment.unlikely) {
		mp_finding_add(s->config->findings, MP_ERROR, "settings/bad-value", fatal.loc, fix,
			"%s: Postfix' %s does not start: %s", name, program_name(s), text);
	}
}

void pf_settings_report_fatal(struct pf_settings *s, const char *what)
{
	if (!s->has_fatal || s->fatal_said || s->environment.unlikely || s->config->main.fatal ||
		s->config->master.fatal) {
		return;
	}
	s->fatal_said = true;
	mp_finding_add(s->config->findings, MP_ERROR, "settings/does-not-start", s->fatal.loc, "",
		"%s does not start: %s", what, s->fatal.text);
}

const struct pf_environment *pf_settings_environment(const struct pf_settings *s)
{
	return &s->environment;
}

struct pf_config *pf_settings_config(const struct pf_settings *s)
{
	return s->config;
}

/* The index of a built-in parameter. The same names are asked for again and again, by the same
 * literals: where the name at this address was found last is tried first. */
static size_t index_of(const struct pf_settings *s, const char *name)
{
	size_t count;
	size_t at = ((uintptr_t)name >> 3 ^ (uintptr_t)name >> 11) % PF_RECENT;
	uint16_t recent = s->recent[at];

	if (recent != 0 && mp_str_eq(pf_parameters(&count)[recent - 1].name, name)) {
		return recent - 1U;
	}
	size_t i = pf_parameter_index(mp_slice_str(name));
	if (i != MP_NOT_FOUND) {
		/* Seen by nobody. */
		((struct pf_settings *)s)->recent[at] = (uint16_t)(i + 1);
	}
	return i;
}

/* The slot of a built-in parameter by its index, evaluated; NULL where there is none. */
static const struct pf_slot *slot_of(const struct pf_settings *s, size_t i)
{
	if (i == MP_NOT_FOUND) {
		return NULL;
	}
	if (!s->slots[i].evaluated) {
		/* Not one of this program's: evaluated for the caller, unseen by others. */
		struct pf_settings *mutable = (struct pf_settings *)s;
		mutable->quiet = true;
		pf_settings_evaluate(mutable, i, false);
		mutable->quiet = false;
	}
	return &s->slots[i];
}

struct pf_text pf_value(const struct pf_settings *s, const char *name)
{
	const struct pf_slot *slot = slot_of(s, index_of(s, name));
	struct pf_text raw;
	struct pf_text out;
	const char *why;

	if (slot != NULL) {
		return slot->value;
	}
	if (lookup((void *)s, mp_slice_str(name), &raw) && pf_settings_expand(s, raw, &out, &why)) {
		return out;
	}
	return pf_text_plain("");
}

const char *pf_str(const struct pf_settings *s, const char *name)
{
	return pf_value(s, name).s;
}

static long number_of(
	const struct pf_settings *s, const char *name, unsigned allowed, const char *what)
{
	size_t i = index_of(s, name);

	size_t count;

	if (i == MP_NOT_FOUND || (allowed & (1U << pf_parameters(&count)[i].type)) == 0) {
		MP_BUG(what);
	}
	return slot_of(s, i)->number;
}

bool pf_bool(const struct pf_settings *s, const char *name)
{
	return number_of(s, name, 1U << PF_T_BOOL | 1U << PF_T_NBOOL, "no boolean parameter") != 0;
}

long pf_int(const struct pf_settings *s, const char *name)
{
	return number_of(s, name, 1U << PF_T_INT | 1U << PF_T_LONG | 1U << PF_T_NINT,
		"no numerical parameter");
}

long pf_time(const struct pf_settings *s, const char *name)
{
	return number_of(s, name, 1U << PF_T_TIME, "no time parameter");
}

static const struct pf_setting *setting_of(const struct pf_settings *s, const char *name)
{
	size_t i = pf_parameter_index(mp_slice_str(name));

	return i != MP_NOT_FOUND ? s->slots[i].set : user_setting(s, mp_slice_str(name));
}

bool pf_is_set(const struct pf_settings *s, const char *name)
{
	return setting_of(s, name) != NULL;
}

struct mp_loc pf_loc(const struct pf_settings *s, const char *name)
{
	const struct pf_setting *setting = setting_of(s, name);

	return setting != NULL ? setting->name_at : (struct mp_loc){0};
}

/* Runs of white space as one blank, at most `max` bytes. */
static const char *one_line(struct mp_arena *arena, const char *text, size_t max)
{
	struct mp_buf b;
	bool blank = false;

	mp_buf_init(&b, max);
	for (const char *p = text; *p != '\0' && !b.overflow; p++) {
		if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
			blank = true;
			continue;
		}
		if (blank) {
			mp_buf_putc(&b, ' ');
		}
		blank = false;
		mp_buf_putc(&b, *p);
	}
	const char *out = mp_arena_printf(arena, "%s%s", b.p, b.overflow ? "..." : "");
	mp_buf_release(&b);
	return out;
}

struct mp_reason pf_reason(const struct pf_settings *s, const char *name, struct mp_arena *arena)
{
	enum { SHOWN = 200 };
	const struct pf_setting *setting = setting_of(s, name);

	if (setting != NULL) {
		return (struct mp_reason){
			.loc = setting->name_at,
			.text = mp_arena_printf(
				arena, "%s = %s", name, one_line(arena, setting->raw.s, SHOWN)),
		};
	}
	return (struct mp_reason){
		.text = mp_arena_printf(
			arena, "%s = %s (default)", name, one_line(arena, pf_str(s, name), SHOWN)),
	};
}

bool pf_expand(const struct pf_settings *s, struct pf_text raw, struct mp_arena *arena,
	struct pf_text *out, const char **why)
{
	struct pf_expander x = {
		.lookup = lookup,
		.context = (void *)s,
		.version = s->environment.version,
	};

	return pf_expand_text(&x, arena, raw, out, why);
}

bool pf_level_at_least(const struct pf_settings *s, unsigned major, unsigned minor)
{
	return s->level >= pf_level_make(major, minor);
}

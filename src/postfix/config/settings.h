/*
 * settings - the parameters of one Postfix process: main.cf, its master.cf line's -o, defaults.
 *
 * Everything that the program reads at start-up is evaluated here in Postfix' load order
 * (reference 1.3), once, so that what would be fatal to the process is known: `fatal`. What remains
 * is looked up by name. Defaults depend on compatibility_level, version and host; these come in
 * `struct pf_environment`, which is one choice of answers where facts do not decide (see engine.h).
 */
#ifndef PF_CONFIG_SETTINGS_H
#define PF_CONFIG_SETTINGS_H

#include "postfix/config/config.h"

/* Versions as numbers: 3.7.11 is 30711. */
enum {
	PF_VERSION_3_0 = 30000,
	PF_VERSION_3_3 = 30300,
	PF_VERSION_3_4 = 30400,
	PF_VERSION_3_5 = 30500,
	PF_VERSION_3_6 = 30600,
	PF_VERSION_3_7 = 30700,
	PF_VERSION_3_8 = 30800,
	PF_VERSION_3_9 = 30900,
	PF_VERSION_3_10 = 31000
};

struct pf_environment {
	unsigned version; /* one of a class where the exact one is unknown */
	const char *hostname; /* gethostname(); "{host.name}" when unknown */
	/* One of several possible versions, and not the likeliest: no findings are made of it. */
	bool unlikely;
	bool debian; /* MYORIGIN_FROM_FILE and Debian's compiled-in paths */
	const struct mp_cidr *addresses; /* interface addresses; NULL unknown */
	size_t address_count;
	const char *origin_path, *origin_text; /* a file that myorigin names and what facts
						  (file.text PATH) say is in it; NULL when they do
						  not */
};

enum pf_program { PF_SMTPD, PF_TRIVIAL_REWRITE, PF_POSTSCREEN, PF_MASTER };

/* Why the process would not start. */
struct pf_fatal {
	const char *text; /* Postfix' words */
	struct mp_loc loc;
	const char *parameter; /* "" when none */
};

struct pf_settings;

/* Evaluates the settings of a service's process (service NULL: main.cf alone). Lives in the arena.
 */
struct pf_settings *pf_settings_new(struct mp_arena *arena, struct pf_config *config,
	const struct pf_service *service, enum pf_program program,
	const struct pf_environment *environment);

/* The first fatal error in the order in which the program meets them, or NULL. */
const struct pf_fatal *pf_settings_fatal(const struct pf_settings *s);
/* Adds a fatal error found by a later start-up check, if there is none yet. */
void pf_settings_set_fatal(struct pf_settings *s, const struct pf_fatal *fatal);
/* Makes a finding of the fatal error, if there is one that was not yet said; what names the
 * process. */
void pf_settings_report_fatal(struct pf_settings *s, const char *what);
const struct pf_environment *pf_settings_environment(const struct pf_settings *s);
struct pf_config *pf_settings_config(const struct pf_settings *s);

/* The expanded value of a parameter, built-in or the user's own; "" when undefined. */
const char *pf_str(const struct pf_settings *s, const char *name);
/* The same with places. */
struct pf_text pf_value(const struct pf_settings *s, const char *name);
/* Built-in parameters only; a wrong type here is a bug of the caller. */
bool pf_bool(const struct pf_settings *s, const char *name);
long pf_int(const struct pf_settings *s, const char *name);
/* Seconds. */
long pf_time(const struct pf_settings *s, const char *name);
/* Whether main.cf or a -o sets it, and where (source NULL for a default). */
bool pf_is_set(const struct pf_settings *s, const char *name);
struct mp_loc pf_loc(const struct pf_settings *s, const char *name);
/* "name = value" as a reason, with the place where it is set, or the default. */
struct mp_reason pf_reason(const struct pf_settings *s, const char *name, struct mp_arena *arena);
/* Expands a text of the user's with this process' dictionary (restriction class bodies, -o values).
 * false and *why on a macro error. */
bool pf_expand(const struct pf_settings *s, struct pf_text raw, struct mp_arena *arena,
	struct pf_text *out, const char **why);
/* Compares the compatibility level in force with "3.6". */
bool pf_level_at_least(const struct pf_settings *s, unsigned major, unsigned minor);

/* One row of the table of built-in parameters: for lint, explain, completion. */
enum pf_type {
	PF_T_STR,
	PF_T_RAW,
	PF_T_BOOL,
	PF_T_INT,
	PF_T_LONG,
	PF_T_TIME,
	PF_T_NBOOL,
	PF_T_NINT
};

struct pf_past {
	unsigned until; /* in versions below this one; 0 ends the list */
	enum pf_type type;
	long min, max;
	const char *fallback;
};

struct pf_parameter {
	const char *name;
	enum pf_type type;
	const char *fallback; /* default expression */
	long min, max; /* STR: length, 0 = no limit; INT: range */
	unsigned since, removed; /* versions; 0: always there */
	const struct pf_past *past; /* what was otherwise in earlier versions, ascending, or NULL */
};

const struct pf_parameter *pf_parameter_find(const char *name);
const struct pf_parameter *pf_parameters(size_t *count);

#endif

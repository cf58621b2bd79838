/*
 * config - main.cf and master.cf as they are written (postconf(5), master(5); reference 1, 2).
 *
 * All problems of a file are reported in one run, as findings in their places. Nothing is expanded
 * here: values are what the file says.
 */
#ifndef PF_CONFIG_CONFIG_H
#define PF_CONFIG_CONFIG_H

#include "base/map.h"
#include "diag/finding.h"
#include "input/input.h"
#include "postfix/config/text.h"

/* One "name = value" of main.cf, or one -o of a master.cf line. */
struct pf_setting {
	const char *name;
	struct pf_text raw; /* unexpanded, trimmed */
	struct mp_loc name_at; /* where the name stands */
	bool override; /* from a -o */
};

/* The last entry of each name wins; `by_name` points to it. */
struct pf_maincf {
	const struct mp_source *source; /* NULL: there is no main.cf */
	MP_VEC(struct pf_setting *) entries; /* every entry in order, duplicates included */
	struct mp_map by_name; /* name -> struct pf_setting * */
	bool fatal; /* a syntax error that stops every Postfix program */
	struct mp_loc fatal_at;
	const char
		*fatal_text; /* Postfix' own words: "missing '=' after attribute name: \"...\"" */
};

enum pf_service_type { PF_INET, PF_UNIX, PF_UNIX_DGRAM, PF_FIFO, PF_PASS };

struct pf_service {
	const char *name; /* first field as written: "smtp", "127.0.0.1:2525", "[::1]:25" */
	enum pf_service_type type;
	bool is_private, unprivileged;
	int chroot; /* 1, 0, -1: default */
	int maxproc; /* -1: default, 0: no limit */
	const char *command; /* "smtpd" */
	struct pf_setting **overrides; /* -o, in order; the last of a name wins */
	size_t override_count;
	struct mp_loc at; /* the whole line's start */
	bool stock; /* assumed, not written: see pf_config_find_service */
	/* Why a Postfix daemon with these arguments does not serve, in Postfix' words, or NULL:
	 * "invalid \"-o x\" option value: ...". At start-up, or (late) once a client connects. */
	const char *option_fatal;
	bool option_fatal_late;
	struct mp_loc option_fatal_at;
};

/* A line of master.cf that stops the master, unless master_service_disable turns it off. */
struct pf_broken_service {
	const char *name, *type; /* as written; type "" when missing */
	const char *fatal_text;
	struct mp_loc fatal_at;
};

struct pf_mastercf {
	const struct mp_source *source; /* NULL: there is none, the stock entries are assumed */
	MP_VEC(struct pf_service *) services; /* in order, replaced ones left out */
	MP_VEC(struct pf_broken_service) broken; /* in order */
	bool fatal; /* the first of `broken` */
	struct mp_loc fatal_at;
	const char *fatal_text;
};

struct pf_config {
	struct mp_arena *arena;
	struct mp_input *input;
	struct mp_findings *findings;
	struct pf_maincf main;
	struct pf_mastercf master;
	MP_VEC(struct pf_service *)
	assumed; /* stock services that were asked for and are not there */
};

/* Reads both files. NULL and err only when main.cf cannot be read at all. Syntax errors are
 * findings and the fatal members. */
struct pf_config *pf_config_load(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, struct mp_err *err);
void pf_config_release(struct pf_config *config); /* heap parts only */

/* Readers of one file, for the loader, the tests and the fuzzer. */
void pf_maincf_parse(struct pf_maincf *out, struct mp_arena *arena, const struct mp_source *source,
	struct mp_findings *findings);
void pf_mastercf_parse(struct pf_mastercf *out, struct mp_arena *arena,
	const struct mp_source *source, struct mp_findings *findings);
/* The stock master.cf for where there is none, or lacks a service that a reply needs. */
const char *pf_mastercf_stock(void);

/* The service of that name and type, or the stock entry (stock set, with a note finding once), or
 * NULL when the stock file has none either. */
struct pf_service *pf_config_find_service(
	struct pf_config *config, const char *name, enum pf_service_type type);

#endif

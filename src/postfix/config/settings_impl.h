/*
 * settings_impl - what the parts of the settings share: settings.c (look-up), settings_load.c
 * (evaluation in load order), settings_host.c (host name, domain, networks).
 */
#ifndef PF_CONFIG_SETTINGS_IMPL_H
#define PF_CONFIG_SETTINGS_IMPL_H

#include "postfix/config/expand.h"
#include "postfix/config/params.h"
#include "postfix/config/settings.h"

/* Parameters whose index is remembered: a power of two. */
enum { PF_RECENT = 256 };

/* One built-in parameter. */
struct pf_slot {
	const struct pf_setting *set; /* main.cf or -o, the last one; NULL: the default */
	struct pf_text raw; /* what $name sees */
	bool visible; /* $name sees it */
	bool evaluated;
	struct pf_text value; /* expanded (of a RAW one: raw) */
	long number; /* bool, int, long, seconds */
};

struct pf_settings {
	struct mp_arena *arena;
	struct pf_config *config;
	const struct pf_service *service;
	enum pf_program program;
	struct pf_environment environment;
	struct pf_slot slots[PF_ID_COUNT];
	unsigned long level; /* compatibility level */
	bool quiet; /* evaluating what the program does not read */
	uint16_t recent[PF_RECENT]; /* indices + 1 of parameters asked for, by the name's address */
	bool has_fatal;
	bool fatal_said; /* there is a finding of it */
	struct pf_fatal fatal;
};

/* settings.c: expands with this process' dictionary. */
bool pf_settings_expand(
	const struct pf_settings *s, struct pf_text raw, struct pf_text *out, const char **why);
/* The first fatal error counts; each is a finding too. fix may be "". */
void pf_settings_refuse(struct pf_settings *s, size_t index, const char *fix, const char *text);

/* settings_load.c: evaluates all that the program reads at start-up. */
void pf_settings_load(struct pf_settings *s);
/* Evaluates one parameter; visible says whether $name sees its default from now on. */
void pf_settings_evaluate(struct pf_settings *s, size_t index, bool visible);

/* settings_host.c: defaults that depend on the host, in the settings' arena. */
const char *pf_host_myhostname(struct pf_settings *s);
const char *pf_host_mydomain(struct pf_settings *s);
const char *pf_host_mynetworks(struct pf_settings *s);
/* Checks of values that Postfix makes when the common parameters have been read. */
void pf_host_check_protocols(struct pf_settings *s);
void pf_host_check_names(struct pf_settings *s);
void pf_host_read_myorigin(struct pf_settings *s);
void pf_host_check_interfaces(struct pf_settings *s);

#endif

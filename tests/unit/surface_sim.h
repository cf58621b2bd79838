/*
 * surface_sim - the surface of a configuration in strings, as short texts, for tests.
 */
#ifndef TESTS_SURFACE_SIM_H
#define TESTS_SURFACE_SIM_H

#include "predict/surface.h"
#include "unit/postfix_sim.h"

/* Facts of a host whose names of clients, tables and files are all known; the DNS is not. */
#define SURFACE_FACTS                                                                              \
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "            \
	"[\"192.0.2.10/24\", \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", "          \
	"\"alice\"], \"config_complete\": true, \"distribution\": \"debian\"}"

/* One SMTP service. */
#define SURFACE_MASTER "smtp inet n - n - - smtpd\n"

/* What is configured, and what follows. facts NULL: SURFACE_FACTS; no master.cf among the files:
 * SURFACE_MASTER. */
struct surface_case_text {
	const char *name;
	const char *main_cf;
	const struct sim_file *files;
	const char *facts;
	const char *want; /* see surface_text() */
};

/* The surface: one line an opening, "FROM -> TO [forgeable] [discarded] [intended] (LISTENERS) <-
 * FILE:LINE TEXT of the most direct reason", then "if ASSUMPTION" lines, then a line "incomplete:
 * NOTE" for each note. In the arena. */
const char *surface_text(const struct mp_surface *surface, struct mp_arena *arena);
/* The surface of a simulated server. */
struct mp_surface surface_of(const struct sim *sim, struct mp_arena *arena);

#endif

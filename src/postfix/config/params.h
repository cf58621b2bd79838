/*
 * params - the table of built-in parameters, for settings.c.
 */
#ifndef PF_CONFIG_PARAMS_H
#define PF_CONFIG_PARAMS_H

#include "postfix/config/settings.h"

#include <stdint.h>

/* PF_ID_smtpd_banner and so on: indices of the table. */
enum {
#define PF_PARAMETER(name, type, min, max, since, removed, past, fallback) PF_ID_##name,
#include "postfix/config/params.def"
#undef PF_PARAMETER
	PF_ID_COUNT
};

/* A parameter as one version of Postfix has it. */
struct pf_version_row {
	bool present; /* this version reads it */
	enum pf_type type;
	long min, max;
	const char *fallback; /* where absent: that of the first version that has it */
};

/* The index of a name, or MP_NOT_FOUND. */
size_t pf_parameter_index(struct mp_slice name);
struct pf_version_row pf_parameter_at(size_t index, unsigned version);
/* Load order: what every program reads, then what the program reads for itself. */
const uint16_t *pf_parameter_common(size_t *count);
const uint16_t *pf_parameter_order(enum pf_program program, size_t *count);
/* The unit that a number without one has: the one of the default. */
char pf_time_unit(const char *fallback);

#endif

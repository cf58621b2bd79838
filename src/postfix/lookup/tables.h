/* tables - what the settings of a process mean for the tables that it opens. */
#ifndef PF_LOOKUP_TABLES_H
#define PF_LOOKUP_TABLES_H

#include "postfix/config/engine.h"

/* Before a process opens its tables: which of them postalias makes (alias_maps, alias_database),
 * and whether texts are UTF-8 (smtputf8_enable). */
void pf_tables_prepare(struct pf_engine *engine, const struct pf_settings *settings);
/* Opens "type:name" for a process: a name that Postfix takes for none ends it
 * (pf_settings_set_fatal). parameter: which one names it, or "". */
struct mp_table *pf_table_open(struct pf_engine *engine, struct pf_settings *settings,
	const char *parameter, const char *spec, struct mp_loc loc);

#endif

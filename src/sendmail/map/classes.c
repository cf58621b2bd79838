/* classes - the classes of maps by name (reference 4.8). */
#include "sendmail/map/private.h"

static struct sm_map_result lookup_nothing(struct sm_map *map, const struct sm_map_call *call)
{
	(void)map;
	(void)call;
	return sm_map_none();
}

static bool no_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	(void)map;
	(void)fn;
	(void)context;
	return true;
}

/* What never finds anything: null and syslog; stab, but for aliases. */
const struct sm_map_class sm_class_null = {
	.name = "null",
	.lookup = lookup_nothing,
	.entries = no_entries,
	.file_optional = true,
};

const struct sm_map_class *sm_map_class_find(struct mp_slice name)
{
	static const struct {
		const char *name;
		const struct sm_map_class *class;
	} classes[] = {
		{"hash", &sm_class_indexed},
		{"btree", &sm_class_indexed},
		{"dbm", &sm_class_indexed},
		{"cdb", &sm_class_indexed},
		{"implicit", &sm_class_indexed},
		{"text", &sm_class_text},
		{"null", &sm_class_null},
		{"syslog", &sm_class_null},
		{"stab", &sm_class_null},
		{"dequote", &sm_class_dequote},
		{"macro", &sm_class_macro},
		{"arith", &sm_class_arith},
		{"regex", &sm_class_regex},
		{"sequence", &sm_class_sequence},
		{"switch", &sm_class_switch},
		{"host", &sm_class_host},
		{"user", &sm_class_user},
		{"bestmx", &sm_class_bestmx},
		{"dns", &sm_class_dns},
		{"arpa", &sm_class_arpa},
		{"ldap", &sm_class_outside},
		{"ldapx", &sm_class_outside},
		{"nis", &sm_class_outside},
		{"nisplus", &sm_class_outside},
		{"netinfo", &sm_class_outside},
		{"hesiod", &sm_class_outside},
		{"ph", &sm_class_outside},
		{"program", &sm_class_outside},
		{"socket", &sm_class_outside},
		{"userdb", &sm_class_outside},
	};

	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (mp_slice_ieq_str(name, classes[i].name)) {
			return classes[i].class;
		}
	}
	return NULL;
}

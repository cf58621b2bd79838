/*
 * class - the classes that a K line may name, in the order of sendmail's own table.
 *
 * Which of them a sendmail has is decided when it is built. Debian's lacks those that name what
 * they need to be built with.
 */
#include "sendmail/map/private.h"

#define TABLE sm_map_parse_table
#define LIST sm_table_entries, sm_table_release
#define OUTSIDE sm_map_parse_outside, NULL, sm_map_ask_outside, NULL, NULL

static const struct sm_map_class classes[] = {
	{"hash", true, NULL, TABLE, sm_indexed_open, sm_table_lookup, LIST},
	{"btree", true, NULL, TABLE, sm_indexed_open, sm_table_lookup, LIST},
	{"dbm", true, "NDBM", TABLE, sm_indexed_open, sm_table_lookup, LIST},
	{"cdb", true, "CDB", TABLE, sm_indexed_open, sm_table_lookup, LIST},
	{"nis", true, NULL, TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"nisplus", true, NULL, TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"ldap", false, NULL, OUTSIDE},
	{"ldapx", false, "a sendmail before 8.12", OUTSIDE},
	{"ph", false, "PH_MAP", OUTSIDE},
	{"nsd", true, "MAP_NSD", TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"hesiod", true, "HESIOD", TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"netinfo", true, "NETINFO", TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"dns", false, NULL, sm_map_parse_dns, NULL, sm_dns_lookup, NULL, NULL},
	{"bestmx", false, NULL, TABLE, NULL, sm_bestmx_lookup, NULL, NULL},
	{"host", false, NULL, sm_map_parse_host, NULL, sm_host_lookup, NULL, NULL},
	{"text", true, NULL, TABLE, sm_text_open, sm_table_lookup, LIST},
	{"stab", true, NULL, TABLE, sm_stab_open, sm_map_ask_outside, NULL, NULL},
	{"implicit", true, NULL, TABLE, sm_indexed_open, sm_table_lookup, LIST},
	{"user", false, NULL, TABLE, sm_user_open, sm_user_lookup, NULL, NULL},
	{"dequote", false, NULL, sm_map_parse_simple, NULL, sm_dequote_lookup, NULL, NULL},
	{"regex", false, NULL, sm_map_parse_regex, NULL, sm_regex_lookup, NULL, sm_regex_release},
	{"userdb", true, NULL, TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"program", true, NULL, TABLE, NULL, sm_map_ask_outside, NULL, NULL},
	{"sequence", false, NULL, sm_map_parse_sequence, NULL, sm_sequence_lookup,
		sm_sequence_entries, NULL},
	{"switch", true, NULL, TABLE, sm_switch_open, sm_sequence_lookup, sm_sequence_entries,
		NULL},
	{"null", false, NULL, TABLE, NULL, sm_null_lookup, NULL, NULL},
	{"syslog", false, NULL, sm_map_parse_syslog, NULL, sm_syslog_lookup, NULL, NULL},
	{"macro", false, NULL, sm_map_parse_simple, NULL, sm_macro_lookup, NULL, NULL},
	{"arith", false, NULL, sm_map_parse_simple, NULL, sm_arith_lookup, NULL, NULL},
	{"arpa", false, NULL, sm_map_parse_simple, NULL, sm_arpa_lookup, NULL, NULL},
	{"socket", true, NULL, TABLE, NULL, sm_map_ask_outside, NULL, NULL},
};

const struct sm_map_class *sm_map_class_find(struct mp_slice name)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		if (mp_slice_ieq_str(name, classes[i].name)) {
			return &classes[i];
		}
	}
	return NULL;
}

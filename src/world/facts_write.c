/* facts_write - facts as JSON. */
#include "world/facts_write.h"

static void write_string(struct mp_json_writer *w, const char *key, const char *value)
{
	if (value != NULL) {
		mp_json_string_member(w, key, value);
	}
}

static void write_addresses(struct mp_json_writer *w, const struct mp_facts *facts)
{
	if (!facts->have_addresses) {
		return;
	}
	mp_json_key(w, "addresses");
	mp_json_begin_array(w);
	for (size_t i = 0; i < facts->address_count; i++) {
		char ip[MP_IP_TEXT];
		char text[MP_IP_TEXT + 4];
		const struct mp_cidr *net = &facts->addresses[i];
		snprintf(text, sizeof text, "%s/%u", mp_ip_format(&net->ip, ip), net->length);
		mp_json_put_string(w, text);
	}
	mp_json_end_array(w);
}

static void write_sasl(struct mp_json_writer *w, const struct mp_facts *facts, bool passwords)
{
	if (!facts->have_sasl_mechanisms && !facts->have_sasl_users) {
		return;
	}
	mp_json_key(w, "sasl");
	mp_json_begin_object(w);
	if (facts->have_sasl_mechanisms) {
		mp_json_strings_member(
			w, "mechanisms", facts->sasl_mechanisms.v, facts->sasl_mechanisms.n);
	}
	if (facts->have_sasl_users) {
		mp_json_key(w, "users");
		mp_json_begin_object(w);
		for (size_t i = 0; i < facts->sasl_users.n; i++) {
			mp_json_string_member(w, facts->sasl_users.v[i],
				passwords ? facts->sasl_passwords.v[i] : "***");
		}
		mp_json_end_object(w);
	}
	mp_json_end_object(w);
}

static void write_dns(struct mp_json_writer *w, const struct mp_facts *facts)
{
	if (facts->dns.n == 0) {
		return;
	}
	mp_json_key(w, "dns");
	mp_json_begin_object(w);
	for (size_t i = 0; i < facts->dns.n; i++) {
		const struct mp_fact_dns *entry = facts->dns.entries[i].value;
		const char *key = facts->dns.entries[i].key.p;
		if (entry->kind == MP_FACT_FOUND) {
			mp_json_strings_member(w, key, entry->values.v, entry->values.n);
		} else {
			mp_json_string_member(
				w, key, entry->kind == MP_FACT_NONE ? "none" : "tempfail");
		}
	}
	mp_json_end_object(w);
}

static void write_answers(struct mp_json_writer *w, const struct mp_facts *facts)
{
	if (facts->answers.n == 0) {
		return;
	}
	mp_json_key(w, "answers");
	mp_json_begin_object(w);
	for (size_t i = 0; i < facts->answers.n; i++) {
		mp_json_string_member(
			w, facts->answers.entries[i].key.p, facts->answers.entries[i].value);
	}
	mp_json_end_object(w);
}

void mp_facts_write(struct mp_json_writer *w, const struct mp_facts *facts, bool passwords)
{
	mp_json_begin_object(w);
	write_string(w, "hostname", facts->hostname);
	write_addresses(w, facts);
	write_string(w, "version", facts->version);
	write_string(w, "distribution", facts->distribution);
	if (facts->have_local_users) {
		mp_json_strings_member(
			w, "local_users", facts->local_users.v, facts->local_users.n);
	}
	if (facts->config_complete >= 0) {
		mp_json_bool_member(w, "config_complete", facts->config_complete == 1);
	}
	write_sasl(w, facts, passwords);
	write_dns(w, facts);
	if (facts->dns_complete) {
		mp_json_bool_member(w, "dns_complete", true);
	}
	write_answers(w, facts);
	mp_json_end_object(w);
}

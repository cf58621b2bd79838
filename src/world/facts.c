/* facts - what the user knows about the host and the outside. */
#include "world/facts.h"

#include "base/alloc.h"
#include "base/ascii.h"
#include "json/read.h"

#include <stdlib.h>

struct mp_facts *mp_facts_new(void)
{
	struct mp_facts *facts = mp_alloc(sizeof *facts);

	mp_arena_init(&facts->arena);
	facts->config_complete = -1;
	return facts;
}

void mp_facts_free(struct mp_facts *facts)
{
	if (facts == NULL) {
		return;
	}
	mp_map_release(&facts->dns);
	mp_map_release(&facts->dns_names);
	mp_map_release(&facts->answers);
	mp_arena_release(&facts->arena);
	free(facts);
}

/* What is being read, for the messages. */
struct reading {
	struct mp_facts *facts;
	const char *name; /* of the file */
	struct mp_err *err;
};

static int wrong(struct reading *r, const char *member, const char *want, const struct mp_json *v)
{
	return mp_err_set(r->err, MP_ERR_INPUT, "%s: facts member \"%s\": expected %s, found %s",
		r->name, member, want, mp_json_type_name(mp_json_type(v)));
}

static int read_string(
	struct reading *r, const char *member, const struct mp_json *v, const char **out)
{
	if (mp_json_type(v) != MP_JSON_STRING) {
		return wrong(r, member, "a string", v);
	}
	struct mp_slice s = mp_json_string(v);
	if (memchr(s.p, '\0', s.n) != NULL) {
		return mp_err_set(r->err, MP_ERR_INPUT,
			"%s: facts member \"%s\" holds a NUL character", r->name, member);
	}
	*out = mp_arena_slicedup(&r->facts->arena, s);
	return 0;
}

static int read_bool(struct reading *r, const char *member, const struct mp_json *v, bool *out)
{
	if (mp_json_type(v) != MP_JSON_BOOL) {
		return wrong(r, member, "true or false", v);
	}
	*out = mp_json_bool(v);
	return 0;
}

static int read_strings(
	struct reading *r, const char *member, const struct mp_json *v, struct mp_strings *out)
{
	if (mp_json_type(v) != MP_JSON_ARRAY) {
		return wrong(r, member, "an array of strings", v);
	}
	size_t n = mp_json_count(v);
	const char **list = mp_arena_array(&r->facts->arena, n, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		if (read_string(r, member, mp_json_item(v, i), &list[i]) < 0) {
			return -1;
		}
	}
	*out = (struct mp_strings){list, n};
	return 0;
}

static int read_addresses(struct reading *r, const struct mp_json *v)
{
	struct mp_strings texts = {0};

	if (read_strings(r, "addresses", v, &texts) < 0) {
		return -1;
	}
	struct mp_cidr *list = mp_arena_array(&r->facts->arena, texts.n, sizeof *list);
	for (size_t i = 0; i < texts.n; i++) {
		if (!mp_cidr_parse(mp_slice_str(texts.v[i]), &list[i])) {
			return mp_err_set(r->err, MP_ERR_INPUT,
				"%s: facts member \"addresses\": \"%s\" is not an "
				"address or address/length",
				r->name, texts.v[i]);
		}
	}
	r->facts->addresses = list;
	r->facts->address_count = texts.n;
	r->facts->have_addresses = true;
	return 0;
}

static int read_sasl_users(struct reading *r, const struct mp_json *v)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return wrong(r, "sasl.users", "an object of login: password", v);
	}
	size_t n = mp_json_count(v);
	const char **users = mp_arena_array(&r->facts->arena, n, sizeof *users);
	const char **passwords = mp_arena_array(&r->facts->arena, n, sizeof *passwords);
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	for (size_t i = 0; mp_json_next(v, &at, &key, &value); i++) {
		users[i] = mp_arena_strdup(&r->facts->arena, key);
		if (read_string(r, "sasl.users", value, &passwords[i]) < 0) {
			return -1;
		}
	}
	r->facts->sasl_users = (struct mp_strings){users, n};
	r->facts->sasl_passwords = (struct mp_strings){passwords, n};
	r->facts->have_sasl_users = true;
	return 0;
}

static int read_sasl(struct reading *r, const struct mp_json *v)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return wrong(r, "sasl", "an object", v);
	}
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	while (mp_json_next(v, &at, &key, &value)) {
		int rc;
		if (mp_str_eq(key, "mechanisms")) {
			rc = read_strings(r, "sasl.mechanisms", value, &r->facts->sasl_mechanisms);
			r->facts->have_sasl_mechanisms = true;
		} else if (mp_str_eq(key, "users")) {
			rc = read_sasl_users(r, value);
		} else {
			rc = mp_err_set(r->err, MP_ERR_INPUT,
				"%s: unknown facts member \"sasl.%s\" (known: mechanisms, "
				"users)",
				r->name, key);
		}
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

static const char *const dns_types[] = {"address", "mx", "ns", "txt", "ptr", "cname", "list"};

/* Checks "TYPE NAME" (for list: "list ADDR ZONE") and gives its lower-case form without trailing
 * dots. */
static int dns_key(struct reading *r, const char *key, const char **out)
{
	struct mp_slice rest = mp_slice_str(key);
	size_t blank = mp_slice_chr(rest, ' ');
	bool known = false;

	for (size_t i = 0; i < sizeof dns_types / sizeof dns_types[0]; i++) {
		known = known || mp_slice_ieq_str(mp_slice_sub(rest, 0, blank), dns_types[i]);
	}
	if (!known || blank == MP_NOT_FOUND || blank + 1 == rest.n) {
		return mp_err_set(r->err, MP_ERR_INPUT,
			"%s: facts member \"dns\": \"%s\" is not \"TYPE NAME\" with TYPE one "
			"of address, mx, ns, txt, ptr, cname, list",
			r->name, key);
	}
	if (rest.p[rest.n - 1] == '.' && rest.p[rest.n - 2] != ' ') {
		rest.n--;
	}
	*out = mp_arena_lower(&r->facts->arena, rest);
	return 0;
}

static int dns_values(
	struct reading *r, const char *key, const struct mp_json *v, struct mp_fact_dns *out)
{
	if (mp_json_type(v) == MP_JSON_ARRAY) {
		out->kind = mp_json_count(v) > 0 ? MP_FACT_FOUND : MP_FACT_NONE;
		return read_strings(r, key, v, &out->values);
	}
	const char *text = "";
	if (read_string(r, key, v, &text) < 0) {
		return -1;
	}
	if (mp_str_eq(text, "none")) {
		out->kind = MP_FACT_NONE;
	} else if (mp_str_eq(text, "tempfail")) {
		out->kind = MP_FACT_TEMPFAIL;
	} else {
		const char **one = mp_arena_array(&r->facts->arena, 1, sizeof *one);
		one[0] = text;
		out->kind = MP_FACT_FOUND;
		out->values = (struct mp_strings){one, 1};
	}
	return 0;
}

/* An MX without preference has 0. */
static void complete_mx(struct mp_arena *arena, struct mp_fact_dns *entry)
{
	const char **list = mp_arena_array(arena, entry->values.n, sizeof *list);

	for (size_t i = 0; i < entry->values.n; i++) {
		const char *text = entry->values.v[i];
		list[i] = strchr(text, ' ') == NULL ? mp_arena_printf(arena, "0 %s", text) : text;
	}
	entry->values.v = list;
}

static int check_addresses(struct reading *r, const char *key, const struct mp_fact_dns *entry)
{
	struct mp_ip ip;

	for (size_t i = 0; i < entry->values.n; i++) {
		if (!mp_ip_parse(mp_slice_str(entry->values.v[i]), &ip)) {
			return mp_err_set(r->err, MP_ERR_INPUT,
				"%s: facts member \"dns\": \"%s\": \"%s\" is not an address, "
				"\"none\" or \"tempfail\"",
				r->name, key, entry->values.v[i]);
		}
	}
	return 0;
}

void mp_facts_put_dns(struct mp_facts *facts, const char *key, struct mp_fact_dns *entry)
{
	struct mp_slice k = mp_slice_str(key);

	mp_map_put(&facts->dns, k, entry);
	if (entry->kind == MP_FACT_FOUND && !entry->alone && !mp_slice_starts(k, "ptr ") &&
		!mp_slice_starts(k, "list ")) {
		mp_map_put(&facts->dns_names, mp_slice_from(k, mp_slice_chr(k, ' ') + 1), entry);
	}
}

static int read_dns_entry(struct reading *r, const char *raw, const struct mp_json *v)
{
	struct mp_facts *facts = r->facts;
	struct mp_fact_dns *entry = MP_ARENA_NEW(&facts->arena, struct mp_fact_dns);
	const char *key = "";

	if (dns_key(r, raw, &key) < 0 || dns_values(r, raw, v, entry) < 0) {
		return -1;
	}
	struct mp_slice k = mp_slice_str(key);
	if (mp_slice_starts(k, "mx ")) {
		complete_mx(&facts->arena, entry);
	} else if (mp_slice_starts(k, "address ") || mp_slice_starts(k, "list ")) {
		if (check_addresses(r, raw, entry) < 0) {
			return -1;
		}
	}
	mp_facts_put_dns(facts, key, entry);
	return 0;
}

static int read_dns(struct reading *r, const struct mp_json *v)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return wrong(r, "dns", "an object", v);
	}
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	while (mp_json_next(v, &at, &key, &value)) {
		if (read_dns_entry(r, key, value) < 0) {
			return -1;
		}
	}
	return 0;
}

static int read_answers(struct reading *r, const struct mp_json *v)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return wrong(r, "answers", "an object of question: answer", v);
	}
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	while (mp_json_next(v, &at, &key, &value)) {
		const char *answer = "";
		if (read_string(r, "answers", value, &answer) < 0) {
			return -1;
		}
		const char *question = mp_arena_strdup(&r->facts->arena, key);
		mp_map_put(&r->facts->answers, mp_slice_str(question), (void *)(uintptr_t)answer);
	}
	return 0;
}

static int read_local_users(struct reading *r, const struct mp_json *v)
{
	r->facts->have_local_users = true;
	return read_strings(r, "local_users", v, &r->facts->local_users);
}

static int read_hostname(struct reading *r, const struct mp_json *v)
{
	return read_string(r, "hostname", v, &r->facts->hostname);
}

static int read_version(struct reading *r, const struct mp_json *v)
{
	return read_string(r, "version", v, &r->facts->version);
}

static int read_distribution(struct reading *r, const struct mp_json *v)
{
	return read_string(r, "distribution", v, &r->facts->distribution);
}

static int read_config_complete(struct reading *r, const struct mp_json *v)
{
	bool yes = false;

	if (read_bool(r, "config_complete", v, &yes) < 0) {
		return -1;
	}
	r->facts->config_complete = yes;
	return 0;
}

static int read_dns_complete(struct reading *r, const struct mp_json *v)
{
	return read_bool(r, "dns_complete", v, &r->facts->dns_complete);
}

static const struct {
	const char *name;
	int (*read)(struct reading *r, const struct mp_json *v);
} members[] = {
	{"hostname", read_hostname},
	{"addresses", read_addresses},
	{"version", read_version},
	{"distribution", read_distribution},
	{"local_users", read_local_users},
	{"config_complete", read_config_complete},
	{"sasl", read_sasl},
	{"dns", read_dns},
	{"dns_complete", read_dns_complete},
	{"answers", read_answers},
};

static int read_member(struct reading *r, const char *key, const struct mp_json *value)
{
	for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
		if (mp_str_eq(members[i].name, key)) {
			return members[i].read(r, value);
		}
	}
	return mp_err_set(r->err, MP_ERR_INPUT,
		"%s: unknown facts member \"%s\" (known: hostname, addresses, version, "
		"distribution, local_users, config_complete, sasl, dns, dns_complete, answers)",
		r->name, key);
}

int mp_facts_read(
	struct mp_facts *facts, const char *name, struct mp_slice json, struct mp_err *err)
{
	struct reading r = {facts, name, err};
	struct mp_json *document = mp_json_parse(name, 0, json, err);

	if (document == NULL) {
		return -1;
	}
	int rc = 0;
	if (mp_json_type(document) != MP_JSON_OBJECT) {
		rc = mp_err_set(err, MP_ERR_INPUT, "%s: facts are a JSON object, this is %s", name,
			mp_json_type_name(mp_json_type(document)));
	}
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	while (rc == 0 && mp_json_next(document, &at, &key, &value)) {
		rc = read_member(&r, key, value);
	}
	mp_json_free(document);
	return rc;
}

int mp_facts_assume(struct mp_facts *facts, const char *text, struct mp_err *err)
{
	struct mp_slice s = mp_slice_str(text);
	size_t equals = mp_slice_rchr(s, '=');

	if (equals == MP_NOT_FOUND || equals == 0) {
		return mp_err_set(err, MP_ERR_USAGE,
			"--assume takes 'QUESTION=ANSWER', for example "
			"'client.name 203.0.113.5=none'; got '%s'",
			text);
	}
	const char *question = mp_arena_slicedup(&facts->arena, mp_slice_sub(s, 0, equals));
	const char *answer = mp_arena_slicedup(&facts->arena, mp_slice_from(s, equals + 1));
	mp_map_put(&facts->answers, mp_slice_str(question), (void *)(uintptr_t)answer);
	return 0;
}

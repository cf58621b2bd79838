/* lab_facts - the facts of a lab: what the user said, gaps filled, and the plan made from them. */
#include "cli/lab_facts.h"

#include "world/facts_write.h"

#include <string.h>

static struct mp_strings strings(struct mp_arena *arena, size_t n, const char *const v[])
{
	const char **list = mp_arena_array(arena, n, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		list[i] = mp_arena_strdup(arena, v[i]);
	}
	return (struct mp_strings){list, n};
}

static void add_dns(struct mp_facts *facts, const char *key, struct mp_strings values)
{
	struct mp_fact_dns *entry = MP_ARENA_NEW(&facts->arena, struct mp_fact_dns);
	struct mp_slice k = mp_slice_str(mp_arena_lower(&facts->arena, mp_slice_str(key)));

	if (mp_map_get(&facts->dns, k) != NULL) {
		return;
	}
	entry->kind = values.n > 0 ? MP_FACT_FOUND : MP_FACT_NONE;
	entry->values = values;
	mp_facts_put_dns(facts, k.p, entry);
}

static void set_dns_kind(struct mp_facts *facts, const char *key, enum mp_fact_kind kind)
{
	add_dns(facts, key, (struct mp_strings){0});
	struct mp_fact_dns *entry = mp_map_get_str(&facts->dns, key);
	entry->kind = kind;
}

static void complete_addresses(struct mp_facts *facts)
{
	static const char *const defaults[] = {
		"192.0.2.10/24", "2001:db8:2::10/64", "127.0.0.1/8", "::1/128"};
	bool loopback4 = false, loopback6 = false;
	size_t n = facts->have_addresses ? facts->address_count : 0;
	struct mp_cidr *list = mp_arena_array(&facts->arena, n + 4, sizeof *list);

	for (size_t i = 0; i < n; i++) {
		list[i] = facts->addresses[i];
		bool loop = mp_ip_is_loopback(&list[i].ip);
		loopback4 = loopback4 || (loop && list[i].ip.family == 4);
		loopback6 = loopback6 || (loop && list[i].ip.family == 6);
	}
	for (size_t i = facts->have_addresses ? 2 : 0; i < 4; i++) {
		if ((i == 2 && loopback4) || (i == 3 && loopback6)) {
			continue;
		}
		mp_cidr_parse(mp_slice_str(defaults[i]), &list[n++]);
	}
	facts->addresses = list;
	facts->address_count = n;
	facts->have_addresses = true;
}

/* The host resolves its own name and address, and localhost, as a host does. */
static void complete_own_names(struct mp_facts *facts)
{
	static const char *const localhost[] = {"localhost"},
				 *const loopback[] = {"127.0.0.1", "::1"};
	struct mp_arena *arena = &facts->arena;
	const char **own = mp_arena_array(arena, facts->address_count, sizeof *own);
	size_t n = 0;
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < facts->address_count; i++) {
		const struct mp_ip *ip = &facts->addresses[i].ip;
		mp_ip_format(ip, text);
		if (!mp_ip_is_loopback(ip)) {
			own[n++] = mp_arena_strdup(arena, text);
			add_dns(facts, mp_arena_printf(arena, "ptr %s", text),
				strings(arena, 1, &facts->hostname));
		}
	}
	if (n > 0) {
		add_dns(facts, mp_arena_printf(arena, "address %s", facts->hostname),
			strings(arena, n, own));
	}
	add_dns(facts, "ptr 127.0.0.1", strings(arena, 1, localhost));
	add_dns(facts, "ptr ::1", strings(arena, 1, localhost));
	add_dns(facts, "address localhost", strings(arena, 2, loopback));
}

/* An answer to client.name, said as the records that make a server see it. */
static void serve_client_name(struct mp_facts *facts, const char *address, const char *answer)
{
	struct mp_arena *arena = &facts->arena;
	const char *ptr = mp_arena_printf(arena, "ptr %s", address);
	const char *forged = "forged.invalid";

	if (strcmp(answer, "none") == 0) {
		set_dns_kind(facts, ptr, MP_FACT_NONE);
	} else if (strcmp(answer, "tempfail") == 0) {
		set_dns_kind(facts, ptr, MP_FACT_TEMPFAIL);
	} else if (strcmp(answer, "forged") == 0) {
		add_dns(facts, ptr, strings(arena, 1, &forged));
	} else {
		add_dns(facts, ptr, strings(arena, 1, &answer));
		add_dns(facts, mp_arena_printf(arena, "address %s", answer),
			strings(arena, 1, &address));
	}
}

void lab_facts_complete(struct mp_facts *facts)
{
	static const char *const users[] = {"root", "alice", "bob"},
				 *const mechanisms[] = {"PLAIN", "LOGIN"};
	struct mp_arena *arena = &facts->arena;

	if (facts->hostname == NULL) {
		facts->hostname = "mail.example.org";
	}
	if (!facts->have_local_users) {
		facts->local_users = strings(arena, 3, users);
		facts->have_local_users = true;
	}
	if (!facts->have_sasl_mechanisms) {
		facts->sasl_mechanisms = strings(arena, 2, mechanisms);
		facts->have_sasl_mechanisms = true;
	}
	facts->have_sasl_users = true;
	facts->config_complete = 1;
	facts->dns_complete = true;
	complete_addresses(facts);
	complete_own_names(facts);
	for (size_t i = 0; i < facts->answers.n; i++) {
		struct mp_slice q = facts->answers.entries[i].key;
		if (mp_slice_starts(q, "client.name ")) {
			serve_client_name(facts, q.p + strlen("client.name "),
				facts->answers.entries[i].value);
		}
	}
}

void lab_facts_linux(struct mp_facts *facts)
{
	if (facts->distribution == NULL) {
		facts->distribution = "linux";
	}
}

/* "203.0.113.5 bl.example" as the name that is asked for in DNS. */
static const char *list_name(struct mp_arena *arena, struct mp_slice key)
{
	size_t blank = mp_slice_chr(key, ' ');

	if (blank == MP_NOT_FOUND) {
		return mp_arena_slicedup(arena, key);
	}
	return mp_dns_list_name(arena, mp_arena_slicedup(arena, mp_slice_sub(key, 0, blank)),
		mp_arena_slicedup(arena, mp_slice_from(key, blank + 1)));
}

static void plan_dns(const struct mp_facts *facts, struct mp_arena *arena, struct mp_lab_plan *plan)
{
	static const struct {
		const char *word;
		enum mp_lab_dns_type type;
	} types[] = {{"address ", MP_LAB_DNS_ADDRESS}, {"mx ", MP_LAB_DNS_MX},
		{"ns ", MP_LAB_DNS_NS}, {"txt ", MP_LAB_DNS_TXT}, {"ptr ", MP_LAB_DNS_PTR},
		{"cname ", MP_LAB_DNS_CNAME}, {"list ", MP_LAB_DNS_ADDRESS}};
	static const enum mp_lab_dns_state states[] = {[MP_FACT_FOUND] = MP_LAB_DNS_FOUND,
		[MP_FACT_NONE] = MP_LAB_DNS_NONE,
		[MP_FACT_TEMPFAIL] = MP_LAB_DNS_TEMPFAIL};
	struct mp_lab_dns *list = mp_arena_array(arena, facts->dns.n, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < facts->dns.n; i++) {
		struct mp_slice key = facts->dns.entries[i].key;
		const struct mp_fact_dns *entry = facts->dns.entries[i].value;
		for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
			if (!mp_slice_starts(key, types[t].word)) {
				continue;
			}
			struct mp_slice rest = mp_slice_from(key, strlen(types[t].word));
			bool is_list = mp_slice_starts(key, "list ");
			list[n++] = (struct mp_lab_dns){.type = types[t].type,
				.state = states[entry->kind],
				.name = is_list ? list_name(arena, rest)
						: mp_arena_slicedup(arena, rest),
				.values = entry->values.v,
				.value_count = entry->values.n};
		}
	}
	plan->dns = list;
	plan->dns_count = n;
}

void lab_facts_plan(const struct mp_facts *facts, struct mp_arena *arena, struct mp_lab_plan *plan)
{
	struct mp_lab_user *users = mp_arena_array(arena, facts->sasl_users.n, sizeof *users);

	for (size_t i = 0; i < facts->sasl_users.n; i++) {
		users[i] = (struct mp_lab_user){facts->sasl_users.v[i], facts->sasl_passwords.v[i]};
	}
	plan->hostname = facts->hostname;
	plan->addresses = facts->addresses;
	plan->address_count = facts->address_count;
	plan->local_users = facts->local_users.v;
	plan->local_user_count = facts->local_users.n;
	plan->sasl_mechanisms = facts->sasl_mechanisms.v;
	plan->sasl_mechanism_count = facts->sasl_mechanisms.n;
	plan->sasl_users = users;
	plan->sasl_user_count = facts->sasl_users.n;
	plan_dns(facts, arena, plan);
}

static void add_answer(struct mp_facts *facts, const char *question, const char *answer)
{
	char *copy = mp_arena_strdup(&facts->arena, answer);

	mp_map_put(&facts->answers, mp_slice_str(mp_arena_strdup(&facts->arena, question)), copy);
}

void lab_facts_booted(struct mp_facts *facts, const struct mp_lab *lab)
{
	struct mp_arena *arena = &facts->arena;
	size_t n = 0;
	const char *const *users = mp_lab_users(lab, &n);
	const char *version = mp_lab_version(lab);

	if (n > 0) {
		facts->local_users = strings(arena, n, users);
	}
	if (version != NULL) {
		facts->version = mp_arena_strdup(arena, version);
	}
	if (facts->hostname != NULL) {
		add_answer(facts, "file.text /etc/mailname", facts->hostname);
	}
	const struct mp_lab_supplied *s = mp_lab_supplied(lab, &n);
	for (size_t i = 0; i < n; i++) {
		if (s[i].kind == MP_LAB_SUPPLIED_CERTIFICATE) {
			add_answer(
				facts, mp_arena_printf(arena, "tls.usable %s", s[i].what), "found");
		} else if (s[i].kind == MP_LAB_SUPPLIED_FILE &&
			strcmp(s[i].what, "/etc/aliases") == 0) {
			add_answer(facts, "file.exists /etc/aliases", "found");
			add_answer(facts, "file.text /etc/aliases", "");
		}
	}
}

void lab_facts_write(const struct mp_facts *facts, FILE *out)
{
	struct mp_json_writer w;

	mp_json_writer_init(&w, out, true);
	mp_facts_write(&w, facts, true);
	mp_json_newline(&w);
}

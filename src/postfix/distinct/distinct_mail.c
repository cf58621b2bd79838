/*
 * distinct_mail - senders and recipients that the configuration tells apart.
 *
 * Looked at are the access tables of the restrictions, the lists and tables that give an address
 * its class and transport, those that say which addresses of a class there are, and who owns a
 * sender.
 */
#include "base/buf.h"
#include "postfix/address/mail_addr.h"
#include "postfix/address/rewrite_internal.h"
#include "postfix/check/check_keyword.h"
#include "postfix/distinct/distinct_internal.h"

enum { SAMPLES = 12, LIKE_LENGTH = 4096 };

#define FOREIGN "other.example"

/* What entries are looked at for. */
struct mail {
	struct pf_distinct *d;
	enum mp_aspect aspect;
	const struct pf_look *look; /* of an access table */
	bool domains; /* keys are domains only */
	bool parents; /* a.b finds x.a.b too */
};

/* ---- what is alike ---- */

static bool validates_senders(const struct pf_distinct *d)
{
	if (pf_bool(d->checks->settings, "smtpd_reject_unlisted_sender")) {
		return true;
	}
	for (size_t i = 0; i < d->keywords.n; i++) {
		const struct pf_keyword *k = d->keywords.v[i].keyword;
		if (k->run == pf_run_unlisted && k->object == PF_OF_SENDER) {
			return true;
		}
	}
	return false;
}

static void put(struct mp_buf *like, const char *text)
{
	if (text[0] != '\0') {
		mp_buf_printf(like, "%s%s", like->n > 0 ? "; " : "", text);
	}
}

/* The form of an address, which restrictions look at. */
static const char *form_of(const char *internal)
{
	const char *domain = pf_domain_of(internal);

	if (internal[0] == '\0') {
		return "null";
	}
	if (domain == NULL) {
		return "no domain";
	}
	if (domain[0] == '[') {
		return "literal";
	}
	return strchr(domain, '.') != NULL ? "" : "unqualified";
}

static void put_class(struct pf_distinct *d, struct mp_buf *like, enum mp_aspect aspect,
	const struct pf_resolved *resolved)
{
	static const char *const classes[] = {
		"", "local", "virtual alias", "virtual mailbox", "relay"};
	bool sender = aspect == MP_ASPECT_SENDER;

	put(like, classes[resolved->class]);
	put(like, resolved->routed ? "routed" : "");
	put(like, resolved->fail ? "fails" : "");
	put(like, resolved->error ? "error" : "");
	if (sender && !validates_senders(d)) {
		return;
	}
	struct pf_listed listed =
		pf_validate(d->smtpd->validation, d->world, &d->scratch, resolved, sender);
	if (listed.kind != PF_LISTED) {
		put(like, mp_arena_printf(&d->scratch, "unlisted %u", listed.code));
	}
}

static void put_looks(
	struct pf_distinct *d, struct mp_buf *like, enum mp_aspect aspect, const char *address)
{
	for (size_t i = 0; i < d->looks.n; i++) {
		const struct pf_look *look = &d->looks.v[i];
		struct pf_access access = pf_distinct_access(d, look);
		if (look->aspect != aspect || look->server) {
			continue;
		}
		struct mp_table_result found = address[0] == '\0'
			? pf_access_lookup(&access,
				  pf_str(d->checks->settings, "smtpd_null_access_lookup_key"))
			: pf_access_find_mail(&access, address);
		if (found.status != MP_TABLE_NONE) {
			put(like,
				mp_arena_printf(&d->scratch, "%s %s",
					mp_table_name(look->token->table),
					pf_distinct_effect(&d->scratch, &found)));
		}
	}
}

/* Who owns a sender, and whether it changes where others' mail goes. */
static void put_sender(struct pf_distinct *d, struct mp_buf *like, const char *address)
{
	if (pf_distinct_uses(d, pf_run_login_mismatch) && address[0] != '\0') {
		struct mp_table_result owners =
			pf_mail_addr_find(d->smtpd->validation, d->checks->sender_login_maps,
				d->world, &d->scratch, address, MP_ROLE_VALUE);
		if (owners.status != MP_TABLE_NONE) {
			put(like,
				mp_arena_printf(&d->scratch, "owned by %s",
					owners.status == MP_TABLE_FOUND ? owners.value
									: "(fails)"));
		}
	}
	if (!pf_maps_is_empty(d->smtpd->rewrite->sender_transport)) {
		struct pf_resolved out = pf_resolve(
			d->smtpd->rewrite, d->world, &d->scratch, address, "someone@" FOREIGN);
		put(like, mp_arena_printf(&d->scratch, "by %s", out.transport));
	}
}

/* The address as it is said, in internal form, and resolved; internal is NULL where it cannot be
 * said. The last one is kept, since it is asked for several times over. */
static const struct pf_said_address *resolve(struct pf_distinct *d, const char *said)
{
	struct pf_said_address *a = &d->said;

	if (a->said != NULL && mp_str_eq(a->said, said)) {
		return a;
	}
	struct pf_argument argument = pf_address_parse(
		&d->scratch, mp_arena_printf(&d->scratch, "<%s>", said), true, false);
	*a = (struct pf_said_address){.said = mp_arena_strdup(&d->scratch, said),
		.internal = argument.ok ? argument.internal : NULL,
		.resolved = {.recipient = ""}};
	if (argument.ok && argument.internal[0] != '\0') {
		a->resolved = pf_eval_resolve(&d->eval, "", argument.internal);
	}
	return a;
}

/* All that the configuration says of the address; NULL where it cannot be said in MAIL or RCPT. */
static const char *like_of(struct pf_distinct *d, enum mp_aspect aspect, const char *said)
{
	const struct pf_said_address *a = resolve(d, said);
	struct mp_buf like;

	if (a->internal == NULL || !pf_distinct_spend(d, aspect)) {
		return NULL;
	}
	const char *address = a->resolved.recipient;
	mp_buf_init(&like, LIKE_LENGTH);
	mp_buf_puts(&like, form_of(a->internal));
	if (a->internal[0] != '\0') {
		put_class(d, &like, aspect, &a->resolved);
	}
	put_looks(d, &like, aspect, address);
	if (aspect == MP_ASPECT_SENDER) {
		put_sender(d, &like, address);
	}
	const char *text =
		like.overflow ? NULL : mp_arena_slicedup(&d->scratch, mp_buf_slice(&like));
	mp_buf_release(&like);
	return text;
}

static void add_value(
	struct mail *m, const struct mp_table_entry *entry, const char *pattern, const char *said)
{
	struct mp_distinction out = pf_distinct_of(m->aspect, entry, said);

	out.pattern = pattern;
	out.like = said != NULL ? like_of(m->d, m->aspect, said) : NULL;
	out.example = out.like != NULL ? said : NULL;
	pf_distinct_add(m->d, &out);
}

/* ---- entries of access tables ---- */

/* The address as access tables are searched for it; NULL where it never gets there. */
static const char *searched(struct mail *m, const char *said)
{
	const struct pf_said_address *a = resolve(m->d, said);

	return a->internal != NULL ? a->resolved.recipient : NULL;
}

/* Whether a sender or recipient that is said so finds the entry. */
static bool finds(struct mail *m, const struct mp_table_entry *entry, const char *said)
{
	struct pf_access access = pf_distinct_access(m->d, m->look);
	const char *address = searched(m, said);

	if (address == NULL || (address[0] == '\0' && m->aspect != MP_ASPECT_SENDER)) {
		return false;
	}
	const char *null_key = pf_str(m->d->checks->settings, "smtpd_null_access_lookup_key");
	if (entry->kind == MP_ENTRY_PATTERN &&
		!pf_distinct_finds(m->d, entry, address[0] == '\0' ? null_key : address)) {
		return false;
	}
	struct mp_table_result found = address[0] == '\0' ? pf_access_lookup(&access, null_key)
							  : pf_access_find_mail(&access, address);
	return entry->kind == MP_ENTRY_PATTERN ? found.status == MP_TABLE_FOUND
					       : pf_distinct_hits(m->look, entry, &found);
}

static void add_access_key(struct mail *m, const struct mp_table_entry *entry)
{
	struct mp_arena *scratch = &m->d->scratch;
	const char *key = entry->text, *at = strrchr(key, '@');
	const char *said = key, *below = NULL, *below_pattern = NULL;

	if (m->aspect == MP_ASPECT_SENDER &&
		mp_str_ieq(key, pf_str(m->d->checks->settings, "smtpd_null_access_lookup_key"))) {
		said = "";
	} else if (at == NULL) {
		below_pattern = mp_arena_printf(scratch, "%s%s", key[0] == '.' ? "" : ".", key);
		below = mp_arena_printf(scratch, "someone@sub%s", below_pattern);
		said = mp_arena_printf(scratch, "someone@%s", key);
	} else if (at[1] == '\0') {
		said = mp_arena_printf(scratch, "%s" FOREIGN, key);
	} else if (at == key) {
		said = mp_arena_printf(scratch, "\"\"%s", key);
	}
	bool itself = finds(m, entry, said);
	bool child = below != NULL && finds(m, entry, below);
	if (itself) {
		add_value(m, entry, key, said);
	}
	if (child) {
		add_value(m, entry, below_pattern, below);
	}
	if (!itself && !child) {
		add_value(m, entry, key, NULL);
	}
}

/* An address that the text is a part of, in one of several ways; NULL past the last. */
static const char *complete(struct mp_arena *arena, const char *text, unsigned way)
{
	static const char *const with_at[] = {"someone%s", ("%s" FOREIGN), "%s",
		"someone%s.example", "someone%sexample", "%s.example", "%sexample"};
	static const char *const without[] = {"%s@" FOREIGN, "someone@%s", "someone@other%s",
		"someone@other.%s", "someone@%s.example", "someone%s@" FOREIGN, "%s",
		"someone@other.example"};
	bool at = strchr(text, '@') != NULL;
	size_t n = at ? sizeof with_at / sizeof with_at[0] : sizeof without / sizeof without[0];

	if (way >= n) {
		return NULL;
	}
	const char *form = at ? with_at[way] : without[way];
	const char *percent = strchr(form, '%');
	if (percent == NULL) {
		return form;
	}
	return mp_arena_printf(arena, "%.*s%s%s", (int)(percent - form), form, text, percent + 2);
}

/* Whether an address can be said in MAIL and RCPT; proper: it looks like most addresses, too. */
static bool can_be_said(struct mail *m, const char *said, bool proper)
{
	const struct pf_said_address *a = resolve(m->d, said);
	const struct pf_resolved *r = &a->resolved;

	if (a->internal == NULL || a->internal[0] == '\0' || r->error) {
		return false;
	}
	const char *domain = pf_domain_of(r->recipient);
	return !proper ||
		(!r->fail && !r->routed && said[0] != '"' && said[0] != '@' && domain != NULL &&
			strchr(domain, '.') != NULL);
}

/* What is looked up of an address. */
static const char *key_of(struct mail *m, const char *address)
{
	return m->domains ? pf_domain_of(address) : address;
}

/* Whether an address that is said so finds the rule. Most do not as they are, so that they need not
 * be resolved. */
static bool finds_rule(
	struct mail *m, const struct mp_table_entry *entry, const char *said, bool proper)
{
	const char *key = key_of(m, mp_arena_lower(&m->d->scratch, mp_slice_str(said)));

	if (key == NULL || !pf_distinct_finds(m->d, entry, key) || !can_be_said(m, said, proper)) {
		return false;
	}
	if (m->look != NULL) {
		return finds(m, entry, said);
	}
	const char *address = searched(m, said);
	key = address != NULL ? key_of(m, address) : NULL;
	return key != NULL && pf_distinct_finds(m->d, entry, key);
}

/* An address that finds the rule, or NULL. */
static const char *find_address(struct mail *m, const struct mp_table_entry *entry, bool proper)
{
	struct mp_arena *scratch = &m->d->scratch;

	for (unsigned i = 0; i < SAMPLES; i++) {
		const char *text = mp_table_sample(entry, i, scratch), *said;
		for (unsigned way = 0;
			text != NULL && (said = complete(scratch, text, way)) != NULL; way++) {
			if (finds_rule(m, entry, said, proper)) {
				return said;
			}
		}
	}
	return NULL;
}

/* A domain never matches what needs an @ to match. */
static bool is_for_addresses(struct mail *m, const struct mp_table_entry *entry)
{
	const char *text = mp_table_sample(entry, 0, &m->d->scratch);

	return text != NULL && strchr(text, '@') != NULL;
}

static void add_pattern(struct mail *m, const struct mp_table_entry *entry)
{
	if (m->domains && is_for_addresses(m, entry)) {
		return;
	}
	const char *null_key = pf_str(m->d->checks->settings, "smtpd_null_access_lookup_key");
	const char *said = find_address(m, entry, true);

	if (said == NULL && m->look != NULL && m->aspect == MP_ASPECT_SENDER &&
		pf_distinct_finds(m->d, entry, null_key)) {
		said = "";
	}
	add_value(m, entry, entry->text, said != NULL ? said : find_address(m, entry, false));
}

/* ---- entries of lists of domains, and of tables of addresses ---- */

static void add_domain(struct mail *m, const struct mp_table_entry *entry, const char *domain)
{
	struct mp_arena *scratch = &m->d->scratch;

	if (domain[0] == '.') {
		add_value(m, entry, domain, mp_arena_printf(scratch, "someone@sub%s", domain));
		return;
	}
	add_value(m, entry, domain, mp_arena_printf(scratch, "someone@%s", domain));
	if (m->parents) {
		const char *below = mp_arena_printf(scratch, ".%s", domain);
		add_value(m, entry, below, mp_arena_printf(scratch, "someone@sub%s", below));
	}
}

static void add_list_key(struct mail *m, const struct mp_table_entry *entry)
{
	const char *key = entry->text, *at = strrchr(key, '@');

	if (at == NULL && (m->domains || strchr(key, '.') != NULL)) {
		add_domain(m, entry, key);
	} else if (m->domains || mp_str_eq(key, "*")) {
		return;
	} else if (at == NULL && m->d->own_domain != NULL) {
		add_value(m, entry, key,
			mp_arena_printf(&m->d->scratch, "%s@%s", key, m->d->own_domain));
	} else if (at == key) {
		add_value(m, entry, key, mp_arena_printf(&m->d->scratch, "someone%s", key));
	} else if (at != NULL && at[1] != '\0') {
		add_value(m, entry, key, key);
	}
}

static bool add_entry(void *context, const struct mp_table_entry *entry)
{
	struct mail *m = context;

	if (!pf_distinct_may_go_on(m->d, m->aspect)) {
		return true;
	}
	if (entry->kind == MP_ENTRY_KEY && m->look != NULL) {
		add_access_key(m, entry);
	} else if (entry->kind == MP_ENTRY_KEY) {
		add_list_key(m, entry);
	} else if (entry->kind == MP_ENTRY_PATTERN) {
		add_pattern(m, entry);
	}
	return true;
}

static void add_list(struct mail m, const struct pf_list *list)
{
	struct pf_list_item item;

	m.domains = true;
	m.parents = pf_list_is_parent(list);
	for (size_t i = 0; pf_list_item(list, i, &item); i++) {
		struct mp_table_entry entry = {
			.text = item.pattern, .value = item.text, .loc = item.loc};
		if (item.kind == PF_ITEM_NAME) {
			add_domain(&m, &entry, item.pattern);
		} else if (item.kind == PF_ITEM_TABLE) {
			mp_table_entries(item.table, add_entry, &m);
		}
	}
}

static void add_maps(struct mail m, const struct pf_maps *maps)
{
	struct mp_table *table;

	for (size_t i = 0; (table = pf_maps_table(maps, i)) != NULL; i++) {
		mp_table_entries(table, add_entry, &m);
	}
}

/* ---- what restrictions tell apart by themselves ---- */

static void add_form(struct mail *m, const char *pattern, struct mp_loc loc, const char *said)
{
	struct mp_table_entry entry = {.text = pattern, .value = pattern, .loc = loc};

	add_value(m, &entry, pattern, said);
}

static void add_forms(struct mail m)
{
	int object = m.aspect == MP_ASPECT_SENDER ? PF_OF_SENDER : PF_OF_RECIPIENT;
	struct pf_distinct *d = m.d;

	if (m.aspect == MP_ASPECT_SENDER) {
		add_form(&m, "<>", mp_loc(NULL, 0, 0), "");
	}
	for (size_t i = 0; i < d->keywords.n; i++) {
		const struct pf_keyword *k = d->keywords.v[i].keyword;
		struct mp_loc loc = d->keywords.v[i].loc;
		if (k->object == object &&
			(k->run == pf_run_non_fqdn_address || k->run == pf_run_unknown_domain)) {
			add_form(&m, k->name, loc, "someone");
			add_form(&m, k->name, loc, "someone@unqualified");
			add_form(&m, k->name, loc, "someone@[198.51.100.1]");
		}
	}
}

/* Tables of single addresses. */
static void add_address_maps(struct mail m)
{
	struct pf_distinct *d = m.d;
	const struct pf_rewrite *rewrite = d->smtpd->rewrite;
	struct pf_maps *maps;

	m.parents = true;
	if (m.aspect == MP_ASPECT_SENDER) {
		add_maps(m, rewrite->sender_transport);
	}
	if (m.aspect == MP_ASPECT_SENDER && pf_distinct_uses(d, pf_run_login_mismatch)) {
		add_maps(m, d->checks->sender_login_maps);
	}
	if (m.aspect == MP_ASPECT_SENDER && !validates_senders(d)) {
		return;
	}
	for (size_t i = 0; (maps = pf_validation_maps(d->smtpd->validation, i)) != NULL; i++) {
		add_maps(m, maps);
	}
	add_maps(m, rewrite->relocated);
	add_maps(m, pf_transport_maps(rewrite->transports));
}

/* What most depends on comes first: the rest may be too much. */
static void add_all(struct mail m)
{
	struct pf_distinct *d = m.d;
	const struct pf_rewrite *rewrite = d->smtpd->rewrite;
	bool rewrites = pf_rewrite_fatal(rewrite) == NULL;

	d->work = 0;
	add_forms(m);
	if (rewrites) {
		add_list(m, pf_local_destinations(rewrite->local));
		add_list(m, rewrite->alias_domains);
		add_list(m, rewrite->mailbox_domains);
		add_list(m, rewrite->relay_domains);
	}
	for (size_t i = 0; i < d->looks.n; i++) {
		struct mail access = m;
		access.look = &d->looks.v[i];
		if (access.look->aspect == m.aspect && access.look->server) {
			pf_distinct_literals(d, access.look, "someone@");
		} else if (access.look->aspect == m.aspect) {
			mp_table_entries(access.look->token->table, add_entry, &access);
		}
	}
	if (rewrites) {
		add_address_maps(m);
	}
}

void pf_distinct_mail(struct pf_distinct *d)
{
	add_all((struct mail){.d = d, .aspect = MP_ASPECT_SENDER});
	add_all((struct mail){.d = d, .aspect = MP_ASPECT_RECIPIENT});
}

/*
 * access_mail - access tables searched for a sender or a recipient (access(5), reference 7.1).
 */
#include "postfix/address/mail_addr.h"
#include "postfix/check/check_keyword.h"

/* The key in its quoted form first, where that differs. */
static struct mp_table_result lookup_both_forms(
	const struct pf_access *a, const char *key, const char *quoted)
{
	struct mp_table_result result = pf_access_lookup(a, quoted);

	if (result.status != MP_TABLE_NONE || mp_str_eq(key, quoted)) {
		return result;
	}
	return pf_access_lookup(a, key);
}

static struct mp_table_result lookup_address(const struct pf_access *a, const char *address)
{
	return lookup_both_forms(a, address, pf_address_quote(a->e->arena, address));
}

/* "user@" */
static struct mp_table_result lookup_user(const struct pf_access *a, const char *address)
{
	struct mp_arena *arena = a->e->arena;
	const char *quoted = pf_address_quote(arena, address);
	const char *at = strrchr(address, '@'), *quoted_at = strrchr(quoted, '@');

	return lookup_both_forms(a, mp_arena_memdup(arena, address, (size_t)(at + 1 - address)),
		quoted_at == NULL
			? quoted
			: mp_arena_memdup(arena, quoted, (size_t)(quoted_at + 1 - quoted)));
}

static struct mp_table_result lookup_domain(const struct pf_access *a, const char *domain)
{
	struct mp_table_result result = {.status = MP_TABLE_NONE};

	for (const char *name = domain; *name != '\0';) {
		result = pf_access_lookup(a, name);
		const char *dot = strchr(name + 1, '.');
		if (result.status != MP_TABLE_NONE || dot == NULL) {
			break;
		}
		name = a->e->checks->parent_style ? dot + 1 : dot;
	}
	return result;
}

/* All keys in their order: the whole address, and the others on fixed tables only. */
struct mp_table_result pf_access_find_mail(const struct pf_access *a, const char *address)
{
	struct mp_table_result result = lookup_address(a, address);
	const char *bare = pf_strip_extension(a->e->checks->settings, a->e->arena, address);

	if (result.status != MP_TABLE_NONE || a->table->table == NULL ||
		!mp_table_is_fixed(a->table->table)) {
		return result;
	}
	if (bare != NULL) {
		result = lookup_address(a, bare);
	}
	if (result.status == MP_TABLE_NONE) {
		result = lookup_domain(a, pf_domain_of(address));
	}
	if (result.status == MP_TABLE_NONE) {
		result = lookup_user(a, address);
	}
	if (result.status == MP_TABLE_NONE && bare != NULL) {
		result = lookup_user(a, bare);
	}
	return result;
}

/* A recipient that carries a route of its own is too suspicious to be permitted by a table. */
static bool is_suspicious(struct pf_eval *e, const struct pf_resolved *resolved, int object)
{
	return object == PF_OF_RECIPIENT && resolved->routed &&
		!pf_bool(e->checks->settings, "allow_untrusted_routing");
}

static enum pf_status check_mail(struct pf_eval *e, struct pf_access *access, int object)
{
	struct pf_resolved resolved = pf_eval_resolve(e,
		object == PF_OF_SENDER ? e->recipient : pf_sender_for_resolving(e->s),
		access->name);

	if (resolved.fail) {
		return pf_reject_lookup_failure(e, access->name);
	}
	if (strchr(resolved.recipient, '@') == NULL) {
		return PF_S_DUNNO;
	}
	struct mp_table_result result = pf_access_find_mail(access, resolved.recipient);
	enum pf_status status =
		pf_access_result(e, &result, access->cx, access->name, access->class);
	if (status == PF_S_OK && is_suspicious(e, &resolved, object)) {
		e->permitted = (struct mp_reasons){NULL, 0};
		return PF_S_DUNNO;
	}
	return status;
}

enum pf_status pf_run_mail_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_access access = {.e = e, .table = arg, .cx = cx};
	struct pf_object o;
	bool found;

	if (keyword->object == PF_OF_SENDER && e->s->said.sender != NULL &&
		pf_sender(e->s)[0] == '\0') {
		access.name = "";
		access.class = PF_NAME_SENDER;
		return pf_access_exact(&access,
			pf_str(e->checks->settings, "smtpd_null_access_lookup_key"), &found);
	}
	if (!pf_object_of(e, keyword->object, &o)) {
		return PF_S_DUNNO;
	}
	access.name = o.name;
	access.class = o.class;
	return check_mail(e, &access, keyword->object);
}

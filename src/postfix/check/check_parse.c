/*
 * check_parse - restriction lists as they are parsed when smtpd starts (reference 1.5a, 5.8, 5.9).
 *
 * DESCRIPTION
 *	All lists and classes are split and their tables opened once. Then the start-up checks are
 *	made in Postfix' order; the first that fails keeps the process from starting, and goes to
 *	the settings.
 */
#include "base/limits.h"
#include "postfix/check/check_internal.h"
#include "postfix/lookup/tables.h"

static const char fake_relay[] =
	"permit_mynetworks, permit_sasl_authenticated, permit_auth_destination";

static void set_fatal(
	struct pf_checks *checks, struct mp_loc loc, const char *parameter, const char *text)
{
	struct pf_fatal *fatal = MP_ARENA_NEW(checks->arena, struct pf_fatal);

	*fatal = (struct pf_fatal){.text = text, .loc = loc, .parameter = parameter};
	pf_settings_set_fatal(checks->settings, fatal);
}

/* The pieces of "{type:name {search_order = cert_fingerprint, ...}}": the outer braces go. */
static bool strip_braces(struct mp_arena *arena, struct pf_text *text)
{
	if (text->n < 2 || text->s[0] != '{' || text->s[text->n - 1] != '}') {
		return false;
	}
	*text = pf_text_trim(arena, pf_text_sub(arena, *text, 1, text->n - 1));
	return true;
}

/* Reads one search order; false for an unknown word. */
static bool read_search_order(
	struct pf_checks *checks, struct pf_text attribute, struct pf_token *token)
{
	static const struct {
		const char *name;
		char code;
	} words[] = {{"cert_fingerprint", 'c'}, {"pubkey_fingerprint", 'k'}, {"issuer_cn", '?'},
		{"subject_cn", '?'}};

	if (attribute.s[0] == '{' && !strip_braces(checks->arena, &attribute)) {
		return false;
	}
	size_t equals = mp_slice_chr(mp_slice(attribute.s, attribute.n), '=');
	if (equals == MP_NOT_FOUND ||
		!mp_slice_ieq_str(mp_slice_trim(mp_slice(attribute.s, equals)), "search_order")) {
		return false;
	}
	struct pf_text *v;
	size_t n = pf_split(
		checks->arena, pf_text_sub(checks->arena, attribute, equals + 1, attribute.n), &v);
	char *order = mp_arena_alloc(checks->arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
			if (mp_str_ieq(v[i].s, words[w].name)) {
				order[i] = words[w].code;
			}
		}
		if (order[i] == '\0') {
			return false;
		}
	}
	token->search = PF_SEARCH_LISTED;
	token->search_order = order;
	return true;
}

/* Opens the table of "type:name" or of the long form in braces (3.5 and later). */
static void open_table(struct pf_checks *checks, struct pf_text text, struct pf_token *token)
{
	if (text.s[0] != '{') {
		token->table =
			pf_table_open(checks->engine, checks->settings, "", token->s, token->loc);
		return;
	}
	token->table_unknown = true;
	token->search = PF_SEARCH_UNUSABLE;
	struct pf_text *v;
	if (!strip_braces(checks->arena, &text)) {
		return;
	}
	size_t n = pf_split(checks->arena, text, &v);
	if (n == 0 || strchr(v[0].s, ':') == NULL) {
		return;
	}
	token->search = PF_SEARCH_DEFAULT;
	for (size_t i = 1; i < n; i++) {
		if (!read_search_order(checks, v[i], token)) {
			token->search = PF_SEARCH_UNUSABLE;
			return;
		}
	}
	token->table = pf_table_open(checks->engine, checks->settings, "", v[0].s, token->loc);
}

struct pf_tokens pf_tokens_parse(
	struct pf_checks *checks, struct pf_text value, const char *parameter)
{
	struct pf_text *v;
	size_t n = pf_split(checks->arena, value, &v);
	struct pf_tokens tokens = {
		mp_arena_array(checks->arena, n, sizeof *tokens.v), n, parameter};

	for (size_t i = 0; i < n; i++) {
		struct pf_token *token = &tokens.v[i];
		token->s = v[i].s;
		token->loc = pf_text_loc(v[i], 0, v[i].n);
		token->keyword = pf_keyword_find(mp_slice_str(token->s));
		if (i > 0 && mp_str_ieq(v[i - 1].s, "check_policy_service")) {
			token->policy = pf_policy_parse(checks, v[i]);
		} else if (token->s[0] == '{' || strchr(token->s, ':') != NULL) {
			open_table(checks, v[i], token);
		}
	}
	return tokens;
}

/* A value out of a table is split alike; it cannot name tables. */
struct pf_tokens pf_tokens_parse_action(struct pf_eval *e, const char *value, struct mp_loc at)
{
	struct pf_text *v;
	size_t n = pf_split(e->arena, pf_text_plain(value), &v);
	struct pf_tokens tokens = {mp_arena_array(e->arena, n, sizeof *tokens.v), n, NULL};

	for (size_t i = 0; i < n; i++) {
		tokens.v[i].s = v[i].s;
		tokens.v[i].loc = at;
		tokens.v[i].keyword = pf_keyword_find(mp_slice_str(v[i].s));
	}
	return tokens;
}

static struct pf_tokens parse_parameter(struct pf_checks *checks, const char *parameter)
{
	return pf_tokens_parse(checks, pf_value(checks->settings, parameter), parameter);
}

const struct pf_tokens *pf_class_find(const struct pf_checks *checks, const char *name)
{
	for (size_t i = checks->class_count; i-- > 0;) {
		if (mp_str_eq(checks->classes[i].name, name)) {
			return &checks->classes[i].tokens;
		}
	}
	return NULL;
}

static void add_class(struct pf_checks *checks, struct pf_text value, const char *name)
{
	checks->classes[checks->class_count++] =
		(struct pf_class){name, pf_tokens_parse(checks, value, NULL)};
}

static void parse_classes(struct pf_checks *checks)
{
	struct pf_text *names;
	size_t n = pf_split(
		checks->arena, pf_value(checks->settings, "smtpd_restriction_classes"), &names);

	checks->classes = mp_arena_array(checks->arena, n + 1, sizeof *checks->classes);
	for (size_t i = 0; i < n; i++) {
		struct pf_text body = pf_value(checks->settings, names[i].s);
		if (body.n == 0) {
			set_fatal(checks, pf_text_loc(names[i], 0, names[i].n),
				"smtpd_restriction_classes",
				mp_arena_printf(checks->arena,
					"restriction class `%s' needs a definition", names[i].s));
		} else {
			add_class(checks, body, names[i].s);
		}
	}
	add_class(checks,
		pf_text_plain("reject_authenticated_sender_login_mismatch"
			      " reject_unauthenticated_sender_login_mismatch"),
		"reject_sender_login_mismatch");
}

static const char *const required[] = {"reject_unauth_destination", "defer_unauth_destination",
	"reject", "defer", "defer_if_permit", "check_relay_domains"};

static bool is_required(const char *word)
{
	for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
		if (mp_str_ieq(word, required[i])) {
			return true;
		}
	}
	return false;
}

/* 5.8: a scan of words, arguments included. 1 found, 0 not, -1: classes name each other without
 * an end. */
static int has_required(struct pf_checks *checks, const struct pf_tokens *tokens, unsigned depth)
{
	if (depth > MP_LIMIT_RESTRICTION_DEPTH) {
		return -1;
	}
	for (size_t i = 0; i < tokens->n; i++) {
		const char *word = tokens->v[i].s;
		if (mp_str_ieq(word, "warn_if_reject") && i + 1 < tokens->n) {
			i++;
			continue;
		}
		if (mp_str_ieq(word, "permit")) {
			return 0;
		}
		if (is_required(word)) {
			return 1;
		}
		const struct pf_tokens *class = pf_class_find(checks, word);
		int found = class != NULL ? has_required(checks, class, depth + 1) : 0;
		if (found != 0) {
			return found;
		}
	}
	return 0;
}

static void check_required(struct pf_checks *checks)
{
	static const struct pf_tokens none = {NULL, 0, NULL};
	int found = has_required(checks, &checks->recipient, 0);

	if (found == 0) {
		found = has_required(checks, checks->relay_is_fake ? &none : &checks->relay, 0);
	}
	if (found == 0) {
		set_fatal(checks, pf_loc(checks->settings, "smtpd_recipient_restrictions"),
			"smtpd_recipient_restrictions",
			"in parameter smtpd_relay_restrictions or smtpd_recipient_restrictions, "
			"specify at least one working instance of: reject_unauth_destination, "
			"defer_unauth_destination, reject, defer, defer_if_permit or "
			"check_relay_domains");
	} else if (found < 0) {
		set_fatal(checks, pf_loc(checks->settings, "smtpd_restriction_classes"),
			"smtpd_restriction_classes",
			"restriction classes that name each other without an end: "
			"smtpd crashes");
	}
}

/* Whether the tempfail action is "defer"; "defer_if_permit" is the other, all else fatal. */
static bool tempfail_defers(struct pf_checks *checks, const char *parameter)
{
	const char *action = pf_str(checks->settings, parameter);

	if (!mp_str_ieq(action, "defer") && !mp_str_ieq(action, "defer_if_permit")) {
		set_fatal(checks, pf_loc(checks->settings, parameter), parameter,
			mp_arena_printf(
				checks->arena, "bad configuration: %s = %s", parameter, action));
	}
	return mp_str_ieq(action, "defer");
}

static struct pf_list *parse_list(
	struct pf_checks *checks, const char *parameter, enum pf_list_kind kind)
{
	return pf_list_new(checks->engine, checks->settings, parameter,
		pf_value(checks->settings, parameter), kind);
}

static void parse_networks(struct pf_checks *checks)
{
	static const char *const names[PF_NETWORK_LISTS] = {"mynetworks",
		"smtpd_client_event_limit_exceptions", "smtpd_sasl_exceptions_networks",
		"smtpd_authorized_xclient_hosts", "smtpd_authorized_xforward_hosts",
		"smtpd_authorized_verp_clients", "smtpd_forbid_bare_newline_exclusions"};

	for (size_t i = 0; i < PF_NETWORK_LISTS; i++) {
		checks->networks[i] = (struct pf_network_list){
			names[i], parse_list(checks, names[i], PF_CLIENT_LIST)};
	}
	checks->mynetworks = checks->networks[0].list;
	checks->relay_domains = parse_list(checks, "relay_domains", PF_DOMAIN_LIST);
	checks->mx_networks = parse_list(checks, "permit_mx_backup_networks", PF_CLIENT_LIST);
	checks->local = pf_local_new(checks->engine, checks->settings);
}

/* Whether access tables find parent domains by "example.com" rather than ".example.com". */
static bool has_parent_style(struct pf_checks *checks)
{
	struct pf_text *names;
	size_t n = pf_split(checks->arena,
		pf_value(checks->settings, "parent_domain_matches_subdomains"), &names);

	for (size_t i = 0; i < n; i++) {
		const char *name = names[i].s;
		bool negated = false;
		for (; *name == '!'; name++) {
			negated = !negated;
		}
		if (mp_str_ieq(name, "smtpd_access_maps")) {
			return !negated;
		}
	}
	return false;
}

static bool list_has_word(struct pf_checks *checks, const char *parameter, const char *word)
{
	struct pf_text *words;
	size_t n = pf_split(checks->arena, pf_value(checks->settings, parameter), &words);

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(words[i].s, word)) {
			return true;
		}
	}
	return false;
}

static void parse_restrictions(struct pf_checks *checks)
{
	checks->client = parse_parameter(checks, "smtpd_client_restrictions");
	checks->helo = parse_parameter(checks, "smtpd_helo_restrictions");
	checks->sender = parse_parameter(checks, "smtpd_sender_restrictions");
	checks->relay_is_fake = checks->version >= PF_VERSION_3_3 &&
		!pf_level_at_least(checks->settings, 1, 0) &&
		!pf_is_set(checks->settings, "smtpd_relay_restrictions");
	checks->relay = checks->relay_is_fake
		? pf_tokens_parse(checks, pf_text_plain(fake_relay), NULL)
		: parse_parameter(checks, "smtpd_relay_restrictions");
	checks->recipient = parse_parameter(checks, "smtpd_recipient_restrictions");
	checks->etrn = parse_parameter(checks, "smtpd_etrn_restrictions");
	checks->data = parse_parameter(checks, "smtpd_data_restrictions");
	checks->eod = parse_parameter(checks, "smtpd_end_of_data_restrictions");
}

struct pf_checks *pf_checks_new(struct pf_smtpd *smtpd)
{
	struct pf_checks *checks = MP_ARENA_NEW(smtpd->engine->arena, struct pf_checks);

	checks->smtpd = smtpd;
	checks->engine = smtpd->engine;
	checks->settings = smtpd->settings;
	checks->arena = smtpd->engine->arena;
	checks->version = pf_settings_environment(smtpd->settings)->version;
	parse_networks(checks);
	checks->parent_style = has_parent_style(checks);
	checks->relay_clientcerts =
		pf_maps_new(checks->engine, checks->settings, "relay_clientcerts");
	checks->rbl_reply_maps = pf_maps_new(checks->engine, checks->settings, "rbl_reply_maps");
	checks->sender_login_maps =
		pf_maps_new(checks->engine, checks->settings, "smtpd_sender_login_maps");
	checks->footer_maps =
		pf_maps_new(checks->engine, checks->settings, "smtpd_reject_footer_maps");
	checks->skip_unlisted =
		list_has_word(checks, "receive_override_options", "no_unknown_recipient_checks");
	checks->no_mappings =
		list_has_word(checks, "receive_override_options", "no_address_mappings");
	parse_restrictions(checks);
	parse_classes(checks);
	check_required(checks);
	checks->rewrite_clients = parse_parameter(checks, "local_header_rewrite_clients");
	checks->helo_tempfail_defers =
		tempfail_defers(checks, "unknown_helo_hostname_tempfail_action");
	checks->address_tempfail_defers =
		tempfail_defers(checks, "unknown_address_tempfail_action");
	checks->recipient_tempfail_defers =
		tempfail_defers(checks, "unverified_recipient_tempfail_action");
	checks->sender_tempfail_defers =
		tempfail_defers(checks, "unverified_sender_tempfail_action");
	pf_checks_find_problems(checks);
	return checks;
}

struct pf_list *pf_checks_mynetworks(const struct pf_checks *checks)
{
	return checks->mynetworks;
}

bool pf_checks_skip_mappings(const struct pf_checks *checks)
{
	return checks->no_mappings;
}

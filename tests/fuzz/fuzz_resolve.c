/* fuzz_resolve - addresses through rewriting, resolving and validation, under four configurations;
 * the first byte chooses one */
#include "base/alloc.h"
#include "postfix/address/address.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COMMON                                                                                     \
	"compatibility_level = 3.6\nmyhostname = mail.example.org\nmyorigin = origin.test\n"       \
	"mydestination = local.test, mail.example.org\nrelay_domains = relay.test\n"               \
	"virtual_alias_domains = valias.test\nvirtual_mailbox_domains = vbox.test\n"               \
	"virtual_mailbox_maps = inline:{x@vbox.test=1}\nalias_maps =\n"                            \
	"transport_maps = inline:{ { e@local.test = error:5.4.4 no } { .relay.test = retry:x } "   \
	"}\n"                                                                                      \
	"relocated_maps = inline:{ m=n@x.test }\n"

static const char *const configurations[] = {
	COMMON,
	COMMON "swap_bangpath = no\nallow_percent_hack = no\nrecipient_delimiter = +-\n",
	COMMON
	"resolve_dequoted_address = no\nappend_at_myorigin = no\nappend_dot_mydomain = yes\n",
	COMMON "resolve_numeric_domain = yes\nresolve_null_domain = yes\nallow_min_user = yes\n",
};

static const char *first_answer(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)question;
	(void)n;
	return answers[0];
}

static void try_address(struct pf_engine *engine, const char *argument)
{
	static const struct mp_cidr loopback = {.ip = {.family = 4, .b = {127, 0, 0, 1}}};
	struct pf_environment environment = {.version = 30711,
		.hostname = "mail.example.org",
		.addresses = &loopback,
		.address_count = 1};
	struct pf_rewrite *rewrite = pf_rewrite_new(engine, "rewrite", &environment);
	struct pf_settings *smtpd =
		pf_settings_new(engine->arena, engine->config, NULL, PF_SMTPD, &environment);
	struct pf_validation *validation = pf_validation_new(engine, smtpd);
	struct mp_world *world = mp_world_new_interactive(engine->facts, first_answer, NULL);
	struct pf_argument a = pf_address_parse(engine->arena, argument, false, false);
	struct pf_resolved r =
		pf_resolve(rewrite, world, engine->arena, "s@remote.test", a.internal);
	if (r.fail) {
		MP_BUG("no table fails, and the loop ends by itself");
	}
	if (!r.error) {
		pf_validate(validation, world, engine->arena, &r, false);
		struct pf_resolved again =
			pf_resolve(rewrite, world, engine->arena, "", r.recipient);
		if (!again.error && again.class == PF_CLASS_DEFAULT &&
			pf_address_authorised(&r, false) == PF_AUTHORISED) {
			MP_BUG("an authorised address leads elsewhere");
		}
	}
	mp_world_free(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct pf_config config = {.arena = &arena, .findings = &findings};
	struct mp_table_options options = {.version = 30711, .default_db_type = "hash"};
	struct mp_facts *facts = mp_facts_new();
	const char *text = configurations[size > 0 ? data[0] % 4 : 0];

	mp_findings_init(&findings, &arena);
	struct mp_tables *tables = mp_tables_new(&arena, NULL, &findings, &options);
	pf_maincf_parse(&config.main, &arena,
		mp_source_new(&arena, "main.cf", "main.cf", mp_slice_str(text)), &findings);
	struct pf_engine engine = {&arena, NULL, &findings, &config, tables, facts};
	try_address(&engine,
		mp_arena_memdup(&arena, (const char *)data + (size > 0), size > 0 ? size - 1 : 0));
	mp_tables_free(tables);
	pf_config_release(&config);
	mp_facts_free(facts);
	mp_findings_release(&findings);
	mp_arena_release(&arena);
	return 0;
}

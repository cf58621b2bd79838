/*
 * address_query - prints what the engine makes of addresses, to be held against a real smtpd.
 *
 * Usage: address_query CONFIGDIR FACTS [rewrite=SERVICE] [smtpd=SERVICE]
 * Reads one argument of RCPT TO: a line, in hexadecimal, and prints a line for each:
 *     verdict recipient class authorised listed words
 * verdict: syntax, fail or ok; recipient: the argument's internal form, a colon, and the external
 * form of what it resolves to, in hexadecimal; words: how an unlisted address is refused.
 */
#include "base/ascii.h"
#include "postfix/address/address.h"

#include <stdio.h>

struct asker {
	struct mp_arena arena; /* of one address */
	struct pf_rewrite *rewrite;
	struct pf_validation *validation;
	struct pf_settings *settings;
	struct mp_facts *facts;
};

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)n;
	fprintf(stderr, "address_query: asked %s\n", question);
	return answers[0];
}

static char *from_hex(struct mp_arena *arena, const char *line)
{
	char *out = mp_arena_alloc(arena, strlen(line) / 2 + 1);
	size_t n = 0;
	while (mp_hex_value(line[0]) >= 0 && mp_hex_value(line[1]) >= 0) {
		out[n++] = (char)(mp_hex_value(line[0]) * 16 + mp_hex_value(line[1]));
		line += 2;
	}
	return out;
}

static void print_hex(const char *text)
{
	for (; *text != '\0'; text++) {
		printf("%02x", (unsigned char)*text);
	}
}

static const char *authorised(const struct asker *a, const struct pf_resolved *resolved)
{
	bool untrusted = pf_bool(a->settings, "allow_untrusted_routing");
	switch (pf_address_authorised(resolved, untrusted)) {
	case PF_AUTHORISED:
		return "yes";
	case PF_NOT_AUTHORISED:
		return "no";
	case PF_AUTHORISED_FAIL:
		return "fail";
	}
	return "";
}

static void print_listed(struct asker *a, struct mp_world *world, const struct pf_resolved *r)
{
	struct pf_listed listed = pf_validate(a->validation, world, &a->arena, r, false);
	switch (listed.kind) {
	case PF_LISTED:
		printf(" listed");
		break;
	case PF_UNLISTED:
		printf(" unlisted %u %s %s", listed.code, listed.dsn, listed.text);
		break;
	case PF_LISTED_FAIL:
		printf(" fail");
		break;
	case PF_LISTED_CONFIG:
		printf(" config");
		break;
	}
}

static void ask(struct asker *a, const char *line)
{
	static const char *const classes[] = {"default", "local", "alias", "mailbox", "relay"};
	struct mp_world *world = mp_world_new_interactive(a->facts, answer, NULL);
	struct pf_argument argument = pf_address_parse(&a->arena, from_hex(&a->arena, line), false,
		pf_bool(a->settings, "strict_rfc821_envelopes"));
	struct pf_resolved r = {.error = true, .recipient = ""};
	if (argument.ok) {
		r = pf_resolve(a->rewrite, world, &a->arena, "", argument.internal);
	}
	printf("%s ", r.error ? "syntax" : r.fail ? "fail" : "ok");
	print_hex(argument.internal);
	printf(":");
	print_hex(pf_address_quote(&a->arena, r.recipient));
	if (!r.error) {
		printf(" %s %s", classes[r.class], authorised(a, &r));
		print_listed(a, world, &r);
	}
	printf("\n");
	mp_world_free(world);
	mp_arena_reset(&a->arena);
}

static int ask_all(struct asker *a)
{
	size_t size = 1 << 20;
	char *line = mp_alloc(size);
	while (fgets(line, (int)size, stdin) != NULL) {
		ask(a, line);
	}
	free(line);
	return 0;
}

static struct mp_slice read_file(struct mp_arena *arena, const char *path)
{
	char *text = mp_arena_alloc(arena, 1 << 16);
	FILE *in = fopen(path, "r");
	size_t n = in != NULL ? fread(text, 1, (1 << 16) - 1, in) : 0;
	if (in != NULL) {
		fclose(in);
	}
	return mp_slice(text, n);
}

static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
	size_t n = strlen(name);
	for (int i = 3; i < argc; i++) {
		if (strncmp(argv[i], name, n) == 0 && argv[i][n] == '=') {
			return argv[i] + n + 1;
		}
	}
	return fallback;
}

/* Builds the parts of the engine that addresses need. */
static int run(struct pf_engine *engine, int argc, char **argv)
{
	struct pf_environment environment = {.version = 30711,
		.hostname = engine->facts->hostname,
		.debian = true,
		.addresses = engine->facts->addresses,
		.address_count = engine->facts->address_count};
	struct pf_service *service = NULL;
	const char *name = option(argc, argv, "smtpd", "smtp");
	for (size_t i = 0; i < engine->config->master.services.n; i++) {
		if (strcmp(engine->config->master.services.v[i]->name, name) == 0) {
			service = engine->config->master.services.v[i];
		}
	}
	struct asker a = {.facts = (struct mp_facts *)engine->facts};
	a.settings =
		pf_settings_new(engine->arena, engine->config, service, PF_SMTPD, &environment);
	a.rewrite = pf_rewrite_new(engine, option(argc, argv, "rewrite", "rewrite"), &environment);
	a.validation = pf_validation_new(engine, a.settings);
	int status = ask_all(&a);
	mp_arena_release(&a.arena);
	return status;
}

int main(int argc, char **argv)
{
	struct mp_arena arena = {0};
	struct mp_err err = {0};
	struct mp_findings findings;
	struct mp_facts *facts = mp_facts_new();
	if (argc < 3) {
		fprintf(stderr, "usage: address_query CONFIGDIR FACTS [option=value...]\n");
		return 2;
	}
	struct mp_input *input =
		mp_input_open(argv[1], &(struct mp_input_options){.type = "postfix"}, &err);
	mp_findings_init(&findings, &arena);
	int status = 2;
	if (input != NULL && mp_facts_read(facts, argv[2], read_file(&arena, argv[2]), &err) == 0) {
		mp_input_set_complete(input, true);
		struct pf_config *config = pf_config_load(&arena, input, &findings, &err);
		struct mp_tables *tables = mp_tables_new(&arena, input, &findings,
			&(struct mp_table_options){.version = 30711, .default_db_type = "hash"});
		if (config != NULL) {
			status = run(&(struct pf_engine){&arena, input, &findings, config, tables,
					     facts},
				argc, argv);
			pf_config_release(config);
		}
		mp_tables_free(tables);
	}
	if (status != 0) {
		fprintf(stderr, "address_query: %s\n", err.text);
	}
	mp_findings_release(&findings);
	mp_input_free(input);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return status;
}

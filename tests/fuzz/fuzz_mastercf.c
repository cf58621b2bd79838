/* fuzz_mastercf - master.cf, from bytes to the settings of each of its services */
#include "postfix/config/settings.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use_service(
	struct pf_config *config, const struct pf_service *service, struct mp_arena *arena)
{
	static const struct pf_environment environment = {
		.version = 30711, .hostname = "mail.example.org", .debian = true};
	struct pf_settings *s = pf_settings_new(arena, config, service, PF_SMTPD, &environment);

	pf_settings_fatal(s);
	for (size_t i = 0; i < service->override_count; i++) {
		struct pf_text value = pf_value(s, service->overrides[i]->name);

		mp_loc_position(pf_text_loc(value, 0, value.n));
	}
	mp_loc_position(service->at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mp_input_options options = {.type = "postfix", .isolated = true};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_err err = {MP_ERR_NONE, ""};
	struct pf_config *config;
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &options, &err);

	if (input == NULL) {
		MP_BUG(err.text);
	}
	mp_findings_init(&findings, &arena);
	config = pf_config_load(&arena, input, &findings, &err);
	if (config == NULL) {
		MP_BUG(err.text);
	}
	mp_vec_release(&config->master.services);
	mp_vec_release(&config->master.broken);
	config->master = (struct pf_mastercf){0};
	char *text = mp_arena_memdup(&arena, (const char *)data, size);
	pf_mastercf_parse(&config->master, &arena,
		mp_source_new(&arena, "master.cf", "master.cf", mp_slice(text, size)), &findings);
	/* Enough of them to see each kind; all of a large file would only be slow. */
	for (size_t i = 0; i < config->master.services.n && i < 8; i++) {
		use_service(config, config->master.services.v[i], &arena);
	}
	pf_config_find_service(config, "rewrite", PF_UNIX);
	pf_config_find_service(config, "127.0.0.1:25", PF_INET);
	mp_findings_sort(&findings);
	mp_findings_release(&findings);
	pf_config_release(config);
	mp_input_free(input);
	mp_arena_release(&arena);
	return 0;
}

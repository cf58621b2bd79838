/*
 * fuzz_maincf - main.cf, from bytes to the evaluated settings of each program
 *
 * Every parameter is looked up, so that what the file says is expanded and converted, and every
 * place that comes with it is turned into a line and column.
 */
#include "postfix/config/settings.h"
#include "postfix/lookup/list.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_up(const struct pf_settings *s, struct mp_arena *arena)
{
	size_t count;
	const struct pf_parameter *parameters = pf_parameters(&count);
	struct pf_text *tokens;

	for (size_t i = 0; i < count; i++) {
		struct pf_text value = pf_value(s, parameters[i].name);

		mp_loc_position(pf_text_loc(value, 0, value.n));
		mp_loc_line(pf_loc(s, parameters[i].name));
		pf_split(arena, value, &tokens);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct pf_environment environments[] = {
		{.version = 30711, .hostname = "mail.example.org", .debian = true},
		{.version = 30200, .hostname = "{host.name}"},
	};
	static const struct mp_input_options options = {.type = "postfix", .isolated = true};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_err err = {MP_ERR_NONE, ""};
	struct pf_config *config;
	/* Gives the folder's name, and nothing of the machine is read. */
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &options, &err);

	if (input == NULL) {
		MP_BUG(err.text);
	}
	mp_findings_init(&findings, &arena);
	config = pf_config_load(&arena, input, &findings, &err);
	if (config == NULL) {
		MP_BUG(err.text);
	}
	mp_vec_release(&config->main.entries);
	mp_map_release(&config->main.by_name);
	config->main = (struct pf_maincf){0};
	char *text = mp_arena_memdup(&arena, (const char *)data, size);
	pf_maincf_parse(&config->main, &arena,
		mp_source_new(&arena, "main.cf", "main.cf", mp_slice(text, size)), &findings);
	/* One program an input: the length of the text chooses it. */
	look_up(pf_settings_new(&arena, config, NULL, (enum pf_program)(size % (PF_MASTER + 1)),
			&environments[size / 4 % 2]),
		&arena);
	mp_findings_sort(&findings);
	mp_findings_release(&findings);
	pf_config_release(config);
	mp_input_free(input);
	mp_arena_release(&arena);
	return 0;
}

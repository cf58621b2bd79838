/* load - from CONFIG and the facts to a simulated server. */
#include "cli/load.h"

#include "postfix/server.h"
#include "sendmail/load.h"

/* Whether what is absent here is absent on the server: said by the facts, else true for the
 * system's own folders (design 4.1). */
static bool config_complete(const struct mp_facts *facts, const char *config)
{
	struct mp_slice s = mp_slice_str(config);

	if (facts->config_complete >= 0) {
		return facts->config_complete == 1;
	}
	return mp_slice_starts(s, "/etc/postfix") || mp_slice_starts(s, "/etc/mail");
}

/* The simulated server of a configuration that was opened, by its kind. */
static struct mp_server *build(
	struct mp_loaded *loaded, const struct mp_load_options *options, struct mp_err *err)
{
	struct sm_load_options sendmail = options->sendmail;

	sendmail.root = options->root;
	switch (mp_input_kind(loaded->input)) {
	case MP_CONFIG_POSTFIX:
		break;
	case MP_CONFIG_MC:
	case MP_CONFIG_CF:
		return sm_load(&loaded->arena, loaded->input, &loaded->findings, loaded->facts,
			&sendmail, err);
	}
	return pf_server_new(&loaded->arena, loaded->input, &loaded->findings, loaded->facts, err);
}

/* Opens the configuration and builds the server; the facts are there. */
static int load_config(struct mp_loaded *loaded, const char *config,
	const struct mp_load_options *options, struct mp_err *err)
{
	struct mp_input_options input = {
		.type = options->type,
		.root = options->root,
		.isolated = options->isolated,
		.overlays = options->overlays.v,
		.overlay_count = options->overlays.n,
		.prefer_cf = options->prefer_cf,
	};

	loaded->input = mp_input_open(config, &input, err);
	if (loaded->input == NULL) {
		return -1;
	}
	mp_input_set_complete(loaded->input, config_complete(loaded->facts, config));
	loaded->server = build(loaded, options, err);
	if (loaded->server == NULL) {
		return -1;
	}
	/* Every process is made once, so that its findings are there before anything is played. */
	loaded->view = mp_server_survey(loaded->server, loaded->facts, &loaded->arena);
	return 0;
}

int mp_load_with(struct mp_loaded *loaded, const char *config,
	const struct mp_load_options *options, struct mp_facts *facts, struct mp_err *err)
{
	*loaded = (struct mp_loaded){.facts = facts};
	mp_findings_init(&loaded->findings, &loaded->arena);
	return load_config(loaded, config, options, err);
}

int mp_load(struct mp_loaded *loaded, const char *config, const struct mp_load_options *options,
	struct mp_err *err)
{
	*loaded = (struct mp_loaded){.facts = mp_facts_new()};
	mp_findings_init(&loaded->findings, &loaded->arena);
	if (mp_load_facts(loaded->facts, options, &loaded->arena, err) < 0) {
		return -1;
	}
	return load_config(loaded, config, options, err);
}

void mp_loaded_release(struct mp_loaded *loaded)
{
	if (loaded->server != NULL && mp_input_kind(loaded->input) == MP_CONFIG_POSTFIX) {
		pf_server_free(loaded->server);
	} else if (loaded->server != NULL) {
		sm_unload(loaded->server);
	}
	mp_findings_release(&loaded->findings);
	mp_input_free(loaded->input);
	mp_facts_free(loaded->facts);
	mp_arena_release(&loaded->arena);
}

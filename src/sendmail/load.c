/* load - from a sendmail configuration, .mc or .cf, to a simulated server. */
#include "sendmail/load.h"

/* The .cf: read as it is. */
static const struct mp_source *read_main(struct mp_input *input, struct mp_err *err)
{
	const struct mp_source *source = NULL;

	switch (mp_input_read(input, mp_input_main(input), &source, err)) {
	case MP_READ_OK:
		return source;
	case MP_READ_ABSENT:
	case MP_READ_OPEN:
		mp_err_set(err, MP_ERR_INPUT, "%s: no such file", mp_input_main(input));
		return NULL;
	case MP_READ_ERROR:
		break;
	}
	return NULL;
}

struct mp_server *sm_load(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts,
	const struct sm_load_options *options, struct mp_err *err)
{
	const struct mp_source *source = read_main(input, err);
	struct sm_cf *cf;
	struct mp_server *server;

	(void)options;
	if (source == NULL) {
		return NULL;
	}
	cf = sm_cf_read(arena, input, source, facts, findings);
	server = sm_server_new(arena, cf, input, findings, facts, err);
	if (server == NULL) {
		sm_cf_free(cf);
	}
	return server;
}

void sm_unload(struct mp_server *server)
{
	struct sm_cf *cf = sm_server_cf(server);

	sm_server_free(server);
	sm_cf_free(cf);
}

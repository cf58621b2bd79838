/*
 * load - from a sendmail configuration, .mc or .cf, to a simulated server.
 *
 * A .mc goes through m4, and the .cf that it becomes is executed. Where m4 did not come to its end,
 * what a Makefile would install is no configuration: the server does not start.
 */
#include "sendmail/load.h"

#include "sendmail/mc/mc.h"

/* The file as it is. */
static const struct mp_source *read_file(
	struct mp_input *input, const char *name, struct mp_err *err)
{
	const struct mp_source *source = NULL;

	switch (mp_input_read(input, name, &source, err)) {
	case MP_READ_OK:
		return source;
	case MP_READ_ABSENT:
	case MP_READ_OPEN:
		mp_err_set(err, MP_ERR_INPUT, "%s: no such file", name);
		return NULL;
	case MP_READ_ERROR:
		break;
	}
	return NULL;
}

/* The folder of the file on this machine; NULL when it comes from somewhere else. */
static const char *folder_of(struct mp_arena *arena, struct mp_input *input, const char *name,
	const struct mp_source *source)
{
	struct mp_slice path = mp_slice_str(source->path);
	size_t slash = mp_slice_rchr(path, '/');
	long long changed;

	if (!mp_input_mtime(input, name, &changed)) {
		return NULL;
	}
	return slash == MP_NOT_FOUND ? "." : mp_arena_slicedup(arena, mp_slice(path.p, slash + 1));
}

/* What a .mc becomes; *whole tells whether it is all of it. NULL and err. */
static const struct mp_source *generate(struct mp_arena *arena, struct mp_input *input,
	const char *name, const struct mp_source *source, struct mp_findings *findings,
	const struct sm_load_options *options, bool *whole, struct mp_err *err)
{
	struct sm_mc_options mc_options = {
		.cf_dir = options->cf_dir,
		.root = options->root,
		.folder = folder_of(arena, input, name, source),
		.sandbox = options->sandbox,
	};
	struct sm_mc *mc = sm_mc_build(arena, input, source, &mc_options, findings, err);

	if (mc == NULL) {
		return NULL;
	}
	if (mc->library == NULL && options->cf_dir != NULL) {
		mp_err_set(err, MP_ERR_INPUT,
			"--cf-dir %s: holds no cf library of sendmail (there is no m4/cf.m4 in "
			"it), "
			"without which it is not known what %s says about relaying: name the "
			"folder "
			"that holds m4, feature and ostype",
			options->cf_dir, source->name);
		return NULL;
	}
	if (mc->library == NULL) {
		const char *cf = mp_input_beside(input);

		mp_err_set(err, MP_ERR_INPUT,
			"%s: what it says about relaying is known only with sendmail's cf library, "
			"and there is none here: install it (Debian and Red Hat: package "
			"sendmail-cf), or name its folder with --cf-dir%s%s%s",
			source->name, cf != NULL ? ", or take " : "", cf != NULL ? cf : "",
			cf != NULL ? " beside it, which is what the server reads (--type cf)" : "");
		return NULL;
	}
	*whole = mc->usable;
	return mc->cf != NULL ? mc->cf
			      : mp_source_new(arena, "sendmail.cf", "sendmail.cf", mp_slice("", 0));
}

/* The server of one file. */
static struct mp_server *load(struct mp_arena *arena, struct mp_input *input,
	enum mp_config_kind kind, const char *name, struct mp_findings *findings,
	const struct mp_facts *facts, const struct sm_load_options *options, struct mp_err *err)
{
	const struct mp_source *source = read_file(input, name, err), *text = source;
	bool whole = true;
	struct sm_cf *cf;
	struct mp_server *server;

	if (source != NULL && kind == MP_CONFIG_MC) {
		text = generate(arena, input, name, source, findings, options, &whole, err);
	}
	if (text == NULL) {
		return NULL;
	}
	cf = sm_cf_read(arena, input, text, facts, findings);
	cf->incomplete = !whole;
	if (!whole) {
		sm_cf_refuse(cf, mp_loc(source, 0, 0), "mc/incomplete",
			"mend what m4 complains about",
			"the configuration ends in the middle, where m4 gave up");
	}
	server = sm_server_new(arena, cf, input, findings, facts, err);
	if (server == NULL) {
		sm_cf_free(cf);
	}
	return server;
}

struct mp_server *sm_load(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts,
	const struct sm_load_options *options, struct mp_err *err)
{
	return load(arena, input, mp_input_kind(input), mp_input_main(input), findings, facts,
		options, err);
}

struct mp_server *sm_load_beside(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts,
	const struct sm_load_options *options, struct mp_err *err)
{
	return load(arena, input,
		mp_input_kind(input) == MP_CONFIG_MC ? MP_CONFIG_CF : MP_CONFIG_MC,
		mp_input_beside(input), findings, facts, options, err);
}

void sm_unload(struct mp_server *server)
{
	struct sm_cf *cf = sm_server_cf(server);

	sm_server_free(server);
	sm_cf_free(cf);
}

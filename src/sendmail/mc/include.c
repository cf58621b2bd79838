/*
 * include - the files of the configuration that its .mc includes.
 *
 * m4 itself opens nothing but the library: each file of the configuration's own is read through the
 * input (overlay, --root, a version in git) and given to m4 as a text. What a scan of the text does
 * not show to be included, m4 asks for when it comes to it; it is given in another run.
 */
#include "sendmail/mc/build.h"

#include "input/path.h"

bool sm_include_outside(const char *path)
{
	struct mp_slice p = mp_slice_str(path);

	if (mp_slice_find(p, "..") != MP_NOT_FOUND || p.n == 0) {
		return true;
	}
	return path[0] == '/' && mp_path_below(path, "/etc/mail") == NULL;
}

/* A file as the input has it; NULL when there is none that may be read. */
static const struct mp_source *read_file(struct sm_build *b, const char *path)
{
	const struct mp_source *source;
	const char *home = mp_input_directory(b->input);
	const char *folder = b->options->folder;
	bool inside = !sm_include_outside(path) ||
		(mp_slice_find(mp_slice_str(path), "..") == MP_NOT_FOUND && path[0] == '/' &&
			(mp_path_below(path, home) != NULL || b->options->root != NULL ||
				(folder != NULL && mp_path_below(path, folder) != NULL)));

	if (!inside || mp_input_read(b->input, path, &source, NULL) != MP_READ_OK) {
		return NULL;
	}
	/* A link may lead anywhere, and what is read comes out in the .cf. */
	bool may = !source->outside || path[0] == '/' || b->options->root != NULL;
	return may ? source : NULL;
}

static void add(struct sm_build *b, const char *path, const struct mp_source *source, bool built_in)
{
	struct sm_own *own = MP_ARENA_NEW(b->arena, struct sm_own);
	const char *name = mp_arena_strdup(b->arena, path);
	struct sm_m4_given given = {name, source->text};

	own->name = name;
	own->source = source;
	own->built_in = built_in;
	own->lex = sm_lex(b->arena, source, false);
	mp_vec_push(&b->own, own);
	mp_vec_push(&b->given, given);
}

bool sm_include_give(struct sm_build *b, const char *path)
{
	enum { MOST = 40 };

	if (sm_own_find(b, path) != NULL || b->given.n >= MOST) {
		return false;
	}
	const struct mp_source *source = read_file(b, path);
	const char *text = sm_include_built_in(path);
	if (source != NULL) {
		add(b, path, source, false);
	} else if (text != NULL) {
		add(b, path, mp_source_new(b->arena, path, path, mp_slice_str(text)), true);
	}
	return source != NULL || text != NULL;
}

void sm_include_scan(struct sm_build *b, size_t from)
{
	for (size_t i = from; i < b->own.n; i++) {
		const struct sm_lex *lex = b->own.v[i]->lex;
		for (uint32_t k = 0; k < lex->call_count; k++) {
			const struct sm_lex_call *c = &lex->calls[k];
			struct mp_slice name = sm_lex_text(lex, c->name);
			bool quoted;
			if (c->arg_count == 0 ||
				(!mp_slice_eq_str(name, "include") &&
					!mp_slice_eq_str(name, "sinclude"))) {
				continue;
			}
			struct mp_slice path =
				sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
			if (quoted && !mp_slice_ends(path, "cf.m4")) {
				sm_include_give(b, mp_arena_slicedup(b->arena, path));
			}
		}
	}
}

/*
 * choose - which file of CONFIG is the configuration.
 *
 * Names that everybody uses decide first; then names like them ("main.cf.proto"); then content. A
 * choice between several is said in a note, a choice that nobody can make is an error that names
 * the candidates.
 */
#include "base/buf.h"
#include "input/path.h"
#include "input/private.h"
#include "input/recognise.h"

/* A folder without any known name is read file by file only up to this many. */
enum { MAX_READ = 64 };

static bool has_name(struct mp_input *in, const char *name)
{
	return mp_input_find(in, name).where != MP_PLACE_NOWHERE;
}

static int choose(struct mp_input *in, enum mp_config_kind kind, const char *file)
{
	in->kind = kind;
	in->main = kind == MP_CONFIG_POSTFIX ? "main.cf" : file;
	in->main_file = file;
	return 0;
}

/* The text of a file of CONFIG, read once and forgotten by the list of sources when not used. */
static bool peek(struct mp_input *in, const char *name, struct mp_slice *text, struct mp_err *err)
{
	struct mp_place place = mp_input_find(in, name);

	switch (place.where) {
	case MP_PLACE_DISK:
		return mp_disk_read(&in->arena, place.path, text, err) == MP_READ_OK;
	case MP_PLACE_GIT:
		return mp_git_read(&in->git, place.path, text, err) == MP_READ_OK;
	case MP_PLACE_NOWHERE:
		break;
	}
	mp_err_set(err, MP_ERR_INPUT, "is not there");
	return false;
}

/* A template cannot be read before it is filled in. */
static int refuse_template(struct mp_input *in, const char *name, struct mp_err *err)
{
	struct mp_slice text;
	const char *mark;
	unsigned line;

	if (peek(in, name, &text, NULL) && mp_recognise_template(text, &mark, &line)) {
		return mp_err_set(err, MP_ERR_INPUT,
			"%s:%u: \"%s\" marks a template; fill it in first, or name its kind with "
			"--type if it is none",
			name, line, mark);
	}
	return 0;
}

/* Bytes that are no text would only give a flood of syntax errors. */
static int refuse_binary(struct mp_input *in, const char *name, struct mp_err *err)
{
	struct mp_slice text;

	if (peek(in, name, &text, NULL) && mp_recognise_binary(text)) {
		return mp_err_set(err, MP_ERR_INPUT,
			"%s: is not a text file: it holds NUL bytes and control characters", name);
	}
	return 0;
}

/* Joins names for a message. */
static const char *join_names(struct mp_arena *arena, const struct mp_disk_names *names)
{
	struct mp_buf b;

	mp_buf_init(&b, 400);
	for (size_t i = 0; i < names->v.n; i++) {
		mp_buf_printf(&b, "%s%s", i > 0 ? ", " : "", names->v.v[i]);
	}
	const char *text = mp_arena_printf(arena, "%s%s", b.p, b.overflow ? " ..." : "");
	mp_buf_release(&b);
	return text;
}

/* CONFIG is a file. */
static int recognise_file(struct mp_input *in, const char *name, int forced, struct mp_err *err)
{
	struct mp_slice text;
	int kind = forced;

	if (mp_str_eq(name, "master.cf") && (kind == -1 || kind == MP_CONFIG_POSTFIX)) {
		return choose(in, MP_CONFIG_POSTFIX, "main.cf");
	}
	if (kind == -1) {
		kind = mp_recognise_name(name);
	}
	if (kind != -1) {
		return choose(in, (enum mp_config_kind)kind, name);
	}
	if (!peek(in, name, &text, err)) {
		return mp_err_wrap(err, "%s", name);
	}
	kind = mp_recognise_text(text);
	if (kind != -1) {
		return choose(in, (enum mp_config_kind)kind, name);
	}
	if (refuse_template(in, name, err) != 0) {
		return -1;
	}
	return mp_err_set(err, MP_ERR_INPUT,
		"%s is not a configuration of Postfix or sendmail; if it is one, name its kind "
		"with --type",
		name);
}

/* The submission program's own .mc: "submit.mc", with FreeBSD "freebsd.submit.mc". */
static bool is_submit_mc(const char *name)
{
	return mp_str_eq(name, "submit.mc") || mp_slice_ends(mp_slice_str(name), ".submit.mc");
}

/* FreeBSD keeps the file that a host's own is made from beside it. */
static bool is_model_mc(const char *name)
{
	return mp_str_eq(name, "freebsd.mc");
}

/* The only server's .mc among the names, with or without models; NULL and their number. */
static const char *find_only_mc(const struct mp_disk_names *names, bool models, unsigned *count)
{
	const char *only = NULL;

	*count = 0;
	for (size_t i = 0; i < names->v.n; i++) {
		const char *name = names->v.v[i];
		if (mp_slice_ends(mp_slice_str(name), ".mc") && !is_submit_mc(name) &&
			(models || !is_model_mc(name))) {
			only = name;
			++*count;
		}
	}
	return *count == 1 ? only : NULL;
}

/* The .mc of a folder: sendmail.mc, else the only one that is not submit.mc, else submit.mc. */
static const char *find_mc(struct mp_input *in, const struct mp_disk_names *names)
{
	unsigned count;

	if (has_name(in, "sendmail.mc")) {
		return "sendmail.mc";
	}
	const char *only = find_only_mc(names, false, &count);
	if (only == NULL && count == 0) {
		only = find_only_mc(names, true, &count);
	}
	if (only != NULL) {
		return only;
	}
	return count == 0 && has_name(in, "submit.mc") ? "submit.mc" : NULL;
}

/* main.cf, or what stands in its place beside a master.cf: the only main.cf.SOMETHING. */
static const char *find_main(struct mp_input *in, const struct mp_disk_names *names)
{
	const char *only = NULL;
	unsigned count = 0;

	for (size_t i = 0; i < names->v.n && !has_name(in, "main.cf"); i++) {
		if (strstr(names->v.v[i], "main.cf") != NULL) {
			only = names->v.v[i];
			count++;
		}
	}
	if (count == 1) {
		mp_input_note(in, "%s is read for main.cf, which the folder lacks", only);
		return only;
	}
	if (!has_name(in, "main.cf")) {
		mp_input_note(in, "there is no main.cf, only master.cf");
	}
	return "main.cf";
}

static const char *find_cf(struct mp_input *in)
{
	if (has_name(in, "sendmail.cf")) {
		return "sendmail.cf";
	}
	return has_name(in, "submit.cf") ? "submit.cf" : NULL;
}

/* Names like main.cf.proto, or, when there is none, contents. */
static void find_others(struct mp_input *in, const struct mp_disk_names *names, int forced,
	struct mp_disk_names *found, int *kind)
{
	for (int by_content = 0; by_content < 2 && found->v.n == 0; by_content++) {
		for (size_t i = 0; i < names->v.n && (!by_content || i < MAX_READ); i++) {
			const char *name = names->v.v[i];
			struct mp_slice text;
			int guess = -1;
			if (name[0] == '.') {
				continue;
			}
			if (!by_content) {
				guess = mp_recognise_name(name);
			} else if (peek(in, name, &text, NULL)) {
				guess = mp_recognise_text(text);
			}
			if (guess != -1 && (forced == -1 || guess == forced)) {
				mp_vec_push(&found->v, name);
				*kind = guess;
			}
		}
	}
}

static int recognise_others(
	struct mp_input *in, const struct mp_disk_names *names, int forced, struct mp_err *err)
{
	struct mp_disk_names found = {0};
	int kind = -1;
	int result;

	find_others(in, names, forced, &found, &kind);
	if (found.v.n == 1) {
		mp_input_note(in, "%s is taken for the configuration: the folder holds no %s",
			found.v.v[0], "main.cf, sendmail.mc or sendmail.cf");
		result = choose(in, (enum mp_config_kind)kind, found.v.v[0]);
	} else if (found.v.n > 1) {
		result = mp_err_set(err, MP_ERR_INPUT,
			"the folder holds several candidates (%s): name one",
			join_names(&in->arena, &found));
	} else {
		result = mp_err_set(err, MP_ERR_INPUT,
			"the folder holds no configuration of Postfix or sendmail (no main.cf, "
			"master.cf, "
			"*.mc, sendmail.cf)");
		/* The usual slip: the folder above. */
		if (has_name(in, "postfix/main.cf")) {
			mp_err_set(err, MP_ERR_INPUT,
				"the folder holds no configuration itself, but postfix/main.cf "
				"does: "
				"name the folder postfix in it");
		}
	}
	mp_vec_release(&found.v);
	return result;
}

/* CONFIG is a folder with these names. */
static int recognise_folder(struct mp_input *in, const struct mp_disk_names *names,
	const struct mp_input_options *options, int forced, struct mp_err *err)
{
	bool may_postfix = forced == -1 || forced == MP_CONFIG_POSTFIX;
	const char *mc = forced == -1 || forced == MP_CONFIG_MC ? find_mc(in, names) : NULL;
	const char *cf = forced == -1 || forced == MP_CONFIG_CF ? find_cf(in) : NULL;

	if (may_postfix && (has_name(in, "main.cf") || has_name(in, "master.cf"))) {
		const char *other = mc != NULL ? mc : cf;
		if (other != NULL) {
			mp_input_note(in, "both Postfix' files and %s are here: Postfix' are taken",
				other);
		}
		return choose(in, MP_CONFIG_POSTFIX, find_main(in, names));
	}
	/* The submission program's files belong to another configuration than the server's. */
	if (mc != NULL && cf != NULL && mp_str_eq(mc, "submit.mc") != mp_str_eq(cf, "submit.cf")) {
		if (mp_str_eq(mc, "submit.mc")) {
			mc = NULL;
		} else {
			cf = NULL;
		}
	}
	if (mc != NULL && cf != NULL) {
		mp_input_note(in, "both %s and %s are here: %s is taken", mc, cf,
			options->prefer_cf ? cf : mc);
	}
	if (cf != NULL && (mc == NULL || options->prefer_cf)) {
		return choose(in, MP_CONFIG_CF, cf);
	}
	if (mc != NULL) {
		return choose(in, MP_CONFIG_MC, mc);
	}
	return recognise_others(in, names, forced, err);
}

static int forced_kind(const char *type, struct mp_err *err)
{
	for (int k = MP_CONFIG_POSTFIX; k <= MP_CONFIG_CF; k++) {
		if (mp_str_eq(type, mp_config_kind_name((enum mp_config_kind)k))) {
			return k;
		}
	}
	return mp_err_set(err, MP_ERR_USAGE, "--type %s: the types are postfix, mc and cf", type);
}

static int list_names(struct mp_input *in, struct mp_disk_names *names, struct mp_err *err)
{
	if (in->in_git) {
		mp_git_list(&in->git, names);
		return 0;
	}
	return mp_disk_list(&in->arena, in->folder, names, err);
}

/* ---- the other of a .mc and its .cf -----------------------------------------------------------
 */

/* "submit.cf", "freebsd.submit.cf". */
static bool is_submit_cf(const char *name)
{
	return mp_str_eq(name, "submit.cf") || mp_slice_ends(mp_slice_str(name), ".submit.cf");
}

/* The file of the same name with the other suffix; NULL where it is not there. */
static const char *renamed(struct mp_input *in, const char *suffix)
{
	size_t n = strlen(in->main_file) - 3;
	const char *name = mp_arena_printf(&in->arena, "%.*s%s", (int)n, in->main_file, suffix);

	return has_name(in, name) ? name : NULL;
}

/* The submission program's .mc, where its .cf has another name; NULL where there is none, or
 * several. */
static const char *find_submit_mc(const struct mp_disk_names *names)
{
	const char *only = NULL;
	unsigned count = 0;

	for (size_t i = 0; i < names->v.n; i++) {
		if (is_submit_mc(names->v.v[i])) {
			only = names->v.v[i];
			count++;
		}
	}
	return count == 1 ? only : NULL;
}

/* What Makefiles install as submit.cf is never of the server's .mc, nor the other way round. */
static const char *find_beside(struct mp_input *in, const struct mp_disk_names *names)
{
	bool mc = in->kind == MP_CONFIG_MC;
	const char *name = in->main_file, *same, *found;

	if (!mp_slice_ends(mp_slice_str(name), mc ? ".mc" : ".cf")) {
		return NULL;
	}
	same = renamed(in, mc ? ".cf" : ".mc");
	if (same != NULL) {
		return same;
	}
	if (mc ? is_submit_mc(name) : is_submit_cf(name)) {
		found = mc ? "submit.cf" : find_submit_mc(names);
		return found != NULL && has_name(in, found) ? found : NULL;
	}
	/* A .mc is mostly called as its host, and its .cf, installed, sendmail.cf. */
	found = find_mc(in, names);
	if (mc) {
		return found != NULL && mp_str_eq(found, name) && has_name(in, "sendmail.cf")
			? "sendmail.cf"
			: NULL;
	}
	return mp_str_eq(name, "sendmail.cf") && found != NULL && !is_submit_mc(found) ? found
										       : NULL;
}

static bool is_overlaid(const struct mp_input *in, const char *name)
{
	for (size_t i = 0; i < in->overlays.n; i++) {
		if (mp_str_eq(in->overlays.v[i].name, name)) {
			return true;
		}
	}
	return false;
}

/* Whether the two files can be of one time and one kind: a .mc that is about to be installed is
 * newer than the .cf on purpose, and a template is filled in later. */
static bool can_be_compared(struct mp_input *in, const char *other)
{
	struct mp_slice text;
	const char *mark;
	unsigned line;

	if (is_overlaid(in, in->main_file) != is_overlaid(in, other)) {
		mp_input_note(in,
			"%s and %s are not held against each other: one of them is read from "
			"another place",
			in->main_file, other);
		return false;
	}
	if (in->kind == MP_CONFIG_CF && peek(in, other, &text, NULL) &&
		mp_recognise_template(text, &mark, &line)) {
		mp_input_note(in,
			"%s and %s are not held against each other: line %u of %s marks a template",
			in->main_file, other, line, other);
		return false;
	}
	return true;
}

/* Remembers the other file, and says when no server runs with this one. */
static void look_beside(struct mp_input *in, const struct mp_disk_names *names)
{
	if (in->kind == MP_CONFIG_POSTFIX) {
		return;
	}
	if (is_submit_mc(in->main_file) || is_submit_cf(in->main_file)) {
		mp_input_note(in,
			"%s is of the submission program, with which programs of this host hand "
			"over their mail: the server that others connect to has sendmail.cf",
			in->main_file);
	}

	const char *other = find_beside(in, names);

	if (other != NULL && can_be_compared(in, other)) {
		in->beside = other;
	}
}

int mp_input_recognise(struct mp_input *in, const struct mp_input_options *options,
	const char *given, struct mp_err *err)
{
	struct mp_disk_names names = {0};
	int forced = -1;
	int result;

	if (options->type != NULL) {
		forced = forced_kind(options->type, err);
		if (forced == -1) {
			return -1;
		}
	}
	if (given != NULL) {
		result = recognise_file(in, given, forced, err);
		if (result == 0 && in->kind != MP_CONFIG_POSTFIX) {
			/* Who may read the file alone reads it alone. */
			list_names(in, &names, NULL);
		}
	} else {
		result = list_names(in, &names, err);
		if (result == 0) {
			result = recognise_folder(in, &names, options, forced, err);
		}
	}
	if (result == 0) {
		look_beside(in, &names);
	}
	mp_vec_release(&names.v);
	if (result != 0 || refuse_binary(in, in->main_file, err) != 0) {
		return -1;
	}
	if (forced != -1) {
		return 0;
	}
	if (in->kind != MP_CONFIG_CF && refuse_template(in, in->main_file, err) != 0) {
		return -1;
	}
	return in->kind == MP_CONFIG_POSTFIX ? refuse_template(in, "master.cf", err) : 0;
}

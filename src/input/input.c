/*
 * input - what CONFIG is, and every file that is read because of it.
 *
 * Opening finds the folder (on disk or in git) and the main file in it; reading goes through
 * place.c and remembers what it got, so that a file has one source however often and under
 * whatever name it is read.
 */
#include "input/input.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "input/path.h"
#include "input/private.h"

#include <stdlib.h>
#include <sys/stat.h>

const char *mp_config_kind_name(enum mp_config_kind kind)
{
	switch (kind) {
	case MP_CONFIG_POSTFIX:
		return "postfix";
	case MP_CONFIG_MC:
		return "mc";
	case MP_CONFIG_CF:
		return "cf";
	}
	MP_BUG("kind of configuration out of range");
}

void mp_input_note(struct mp_input *in, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mp_vec_push(&in->notes, mp_arena_vprintf(&in->arena, fmt, ap));
	va_end(ap);
}

static const char *real_path(struct mp_arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = mp_arena_strdup(arena, real != NULL ? real : path);

	free(real);
	return copy;
}

/* CONFIG on disk: sets folder, real_folder, and *given for a file. */
static int locate_disk(
	struct mp_input *in, const char *config, const char **given, struct mp_err *err)
{
	const char *path = mp_path_absolute(&in->arena, config);

	if (path == NULL) {
		return mp_err_set(err, MP_ERR_SYSTEM, "the working folder is gone");
	}
	switch (mp_disk_type(path)) {
	case MP_DISK_FOLDER:
		in->folder = path;
		break;
	case MP_DISK_FILE:
		in->folder = mp_path_folder(&in->arena, path);
		*given = mp_path_base(path);
		break;
	case MP_DISK_ABSENT:
		return mp_err_set(err, MP_ERR_INPUT, "no such file or folder");
	case MP_DISK_OTHER:
		return mp_err_set(
			err, MP_ERR_INPUT, "is neither a file nor a folder that can be read");
	}
	in->real_folder = real_path(&in->arena, in->folder);
	return 0;
}

/* CONFIG as REV:PATH. */
static int locate_git(
	struct mp_input *in, const char *config, const char **given, struct mp_err *err)
{
	const char *colon = strchr(config, ':');
	const char *rev = mp_arena_memdup(&in->arena, config, (size_t)(colon - config));

	in->in_git = true;
	in->isolated = true;
	in->folder = "";
	in->real_folder = "";
	in->label = config;
	return mp_git_open(&in->git, &in->arena, rev, colon + 1, given, err);
}

static int locate(struct mp_input *in, const char *config, const char **given, struct mp_err *err)
{
	if (mp_disk_type(config) == MP_DISK_ABSENT && strchr(config, ':') != NULL) {
		return locate_git(in, config, given, err);
	}
	return locate_disk(in, config, given, err);
}

/* Whether the folder is one that a server itself would use: /etc/postfix, /etc/postfix-out,
 * /usr/local/etc/mail. */
static bool is_system_folder(const char *folder)
{
	static const char *const parents[] = {
		"/etc", "/usr/local/etc", "/usr/pkg/etc", "/opt/local/etc", "/opt/homebrew/etc"};

	for (size_t i = 0; i < sizeof parents / sizeof parents[0]; i++) {
		const char *rest = mp_path_below(folder, parents[i]);
		if (rest != NULL && rest[0] != '\0' && strchr(rest, '/') == NULL) {
			return strstr(rest, "postfix") != NULL || strstr(rest, "mail") != NULL;
		}
	}
	return false;
}

static void set_directory(struct mp_input *in)
{
	in->at_home = !in->in_git && is_system_folder(in->folder);
	if (in->at_home) {
		in->directory = in->folder;
	} else {
		in->directory = in->kind == MP_CONFIG_POSTFIX ? "/etc/postfix" : "/etc/mail";
	}
}

static int add_overlays(
	struct mp_input *in, const struct mp_input_options *options, struct mp_err *err)
{
	for (size_t i = 0; i < options->overlay_count; i++) {
		const struct mp_overlay *o = &options->overlays[i];
		const char *inside = mp_input_inside(in, o->name);
		const char *file = mp_path_absolute(&in->arena, o->file);
		if (file == NULL || mp_disk_type(file) != MP_DISK_FILE) {
			return mp_err_set(err, MP_ERR_INPUT, "--overlay %s=%s: %s", o->name,
				o->file,
				file == NULL || mp_disk_type(file) == MP_DISK_ABSENT
					? "no such file"
					: "is not a regular file");
		}
		const char *name = inside != NULL && inside[0] != '\0'
			? inside
			: mp_path_normalise(&in->arena, o->name);
		struct mp_overlay mine = {name, file};
		mp_vec_push(&in->overlays, mine);
		mp_input_note(in, "%s is read from %s", name, o->file);
	}
	return 0;
}

static int set_root(struct mp_input *in, const char *root, struct mp_err *err)
{
	if (root == NULL) {
		return 0;
	}
	const char *path = mp_path_absolute(&in->arena, root);
	if (path == NULL || mp_disk_type(path) != MP_DISK_FOLDER) {
		return mp_err_set(err, MP_ERR_INPUT, "--root %s: is not a folder", root);
	}
	in->root = real_path(&in->arena, path);
	return 0;
}

struct mp_input *mp_input_open(
	const char *config, const struct mp_input_options *options, struct mp_err *err)
{
	struct mp_input *in = mp_alloc(sizeof *in);
	const char *given = NULL;

	mp_arena_init(&in->arena);
	in->isolated = options->isolated;
	in->complete = -1;
	config = mp_arena_strdup(&in->arena, config);
	int result = locate(in, config, &given, err);
	if (result == 0) {
		result = add_overlays(in, options, err);
	}
	if (result == 0) {
		result = mp_input_recognise(in, options, given, err);
	}
	if (result != 0) {
		mp_err_wrap(err, "%s", config);
	} else {
		result = set_root(in, options->root, err);
	}
	if (result != 0) {
		mp_input_free(in);
		return NULL;
	}
	set_directory(in);
	return in;
}

void mp_input_free(struct mp_input *in)
{
	if (in == NULL) {
		return;
	}
	mp_git_release(&in->git);
	mp_map_release(&in->by_path);
	mp_map_release(&in->by_place);
	mp_vec_release(&in->overlays);
	mp_vec_release(&in->notes);
	mp_vec_release(&in->sources);
	mp_arena_release(&in->arena);
	free(in);
}

enum mp_config_kind mp_input_kind(const struct mp_input *in)
{
	return in->kind;
}

const char *mp_input_main(const struct mp_input *in)
{
	return in->main;
}

const char *mp_input_beside(const struct mp_input *in)
{
	return in->beside;
}

const char *mp_input_directory(const struct mp_input *in)
{
	return in->directory;
}

size_t mp_input_notes(const struct mp_input *in, const char *const **notes)
{
	*notes = in->notes.v;
	return in->notes.n;
}

void mp_input_set_complete(struct mp_input *in, bool complete)
{
	in->complete = complete;
}

/* What it means that a file is not here. Without the user's word, only a configuration in its own
 * place is complete, and what could not be looked for is open. */
static enum mp_read absence(const struct mp_input *in, bool beyond)
{
	bool complete = in->complete;

	if (in->complete < 0) {
		complete = in->at_home && !(beyond && in->isolated);
	}
	return complete ? MP_READ_ABSENT : MP_READ_OPEN;
}

/* Binary content is delivered as it is, but said. */
static void note_nul(struct mp_input *in, const struct mp_source *source)
{
	const char *nul = source->text.n > 0 ? memchr(source->text.p, '\0', source->text.n) : NULL;

	if (nul != NULL) {
		size_t at = (size_t)(nul - source->text.p);
		mp_input_note(in, "%s holds NUL bytes (the first in line %u): is it a text file?",
			source->name, mp_loc_position(mp_loc(source, at, at + 1)).line);
	}
}

static struct mp_input_entry *read_place(struct mp_input *in, const struct mp_place *place)
{
	struct mp_input_entry *entry = MP_ARENA_NEW(&in->arena, struct mp_input_entry);
	struct mp_slice text = {"", 0};
	struct mp_err why = {MP_ERR_NONE, ""};
	const char *path = place->path;

	if (place->where == MP_PLACE_GIT) {
		entry->status = mp_git_read(&in->git, place->path, &text, &why);
		path = mp_arena_printf(&in->arena, "%s (%s)", in->label, place->path);
	} else {
		entry->status = mp_disk_read(&in->arena, place->path, &text, &why);
	}
	if (entry->status == MP_READ_OK) {
		struct mp_source *source = mp_source_new(&in->arena, place->shown, path, text);
		source->outside = place->outside;
		entry->source = source;
		mp_vec_push(&in->sources, source);
		note_nul(in, source);
	} else if (entry->status == MP_READ_ABSENT) {
		entry->status = MP_READ_OPEN;
	} else {
		entry->error = mp_arena_printf(&in->arena, "%s: %s", place->shown, why.text);
	}
	return entry;
}

static struct mp_input_entry *find_entry(struct mp_input *in, const char *path)
{
	struct mp_input_entry *entry = mp_map_get_str(&in->by_path, path);

	if (entry != NULL) {
		return entry;
	}
	struct mp_place place = mp_input_find(in, path);
	if (place.where == MP_PLACE_NOWHERE) {
		entry = MP_ARENA_NEW(&in->arena, struct mp_input_entry);
		entry->status = MP_READ_OPEN;
		entry->beyond = place.beyond;
	} else {
		entry = mp_map_get_str(&in->by_place, place.path);
		if (entry == NULL) {
			entry = read_place(in, &place);
			mp_map_put(&in->by_place, mp_slice_str(place.path), entry);
		}
	}
	mp_map_put(&in->by_path, mp_slice_str(mp_arena_strdup(&in->arena, path)), entry);
	return entry;
}

enum mp_read mp_input_read(
	struct mp_input *in, const char *path, const struct mp_source **source, struct mp_err *err)
{
	const struct mp_input_entry *entry = find_entry(in, path);

	if (entry->status == MP_READ_OPEN) {
		return absence(in, entry->beyond);
	}
	if (entry->status == MP_READ_ERROR) {
		mp_err_set(err, MP_ERR_INPUT, "%s", entry->error);
	} else if (entry->status == MP_READ_OK) {
		*source = entry->source;
	}
	return entry->status;
}

enum mp_read mp_input_exists(struct mp_input *in, const char *path)
{
	struct mp_place place = mp_input_find(in, path);

	return place.where != MP_PLACE_NOWHERE ? MP_READ_OK : absence(in, place.beyond);
}

bool mp_input_mtime(struct mp_input *in, const char *path, long long *seconds)
{
	struct mp_place place = mp_input_find(in, path);
	struct stat st;

	if (place.where != MP_PLACE_DISK || stat(place.path, &st) != 0) {
		return false;
	}
	*seconds = (long long)st.st_mtime;
	return true;
}

size_t mp_input_sources(const struct mp_input *in, const struct mp_source *const **sources)
{
	*sources = in->sources.v;
	return in->sources.n;
}

const char *mp_input_sha256(struct mp_input *in, const struct mp_source *source)
{
	char hex[MP_SHA256_TEXT];

	return mp_arena_strdup(&in->arena, mp_sha256_hex(source->text, hex));
}

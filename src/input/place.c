/*
 * place - where a file that the configuration names is.
 *
 * The order is that of design 3: overlays, --root, CONFIG, this machine. A symbolic link in CONFIG
 * may lead anywhere; what it leads to is then outside, and where only CONFIG may be read it is not
 * followed.
 */
#include "input/path.h"
#include "input/private.h"

#include <stdlib.h>

const char *mp_input_inside(struct mp_input *in, const char *path)
{
	const char *const homes[] = {in->folder, in->directory, "/etc/postfix", "/etc/mail"};
	const char *clean = mp_path_normalise(&in->arena, path);

	if (clean[0] != '/') {
		return mp_path_below(clean, "");
	}
	for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
		if (homes[i] != NULL && homes[i][0] == '/') {
			const char *rest = mp_path_below(clean, homes[i]);
			if (rest != NULL) {
				return rest;
			}
		}
	}
	return NULL;
}

/* The overlay of a path, or NULL. */
static const char *find_overlay(struct mp_input *in, const char *path, const char *inside)
{
	const char *clean = mp_path_normalise(&in->arena, path);

	for (size_t i = 0; i < in->overlays.n; i++) {
		const struct mp_overlay *o = &in->overlays.v[i];
		if ((inside != NULL && strcmp(o->name, inside) == 0) ||
			strcmp(o->name, clean) == 0) {
			return o->file;
		}
	}
	return NULL;
}

/* Whether the file, links resolved, lies below the folder (itself resolved). */
static bool stays_in(const char *path, const char *real_folder)
{
	char *real = realpath(path, NULL);
	bool below = real != NULL && mp_path_below(real, real_folder) != NULL;

	free(real);
	return below;
}

static struct mp_place in_root(struct mp_input *in, const char *path)
{
	const char *full = mp_arena_printf(&in->arena, "%s%s",
		strcmp(in->root, "/") ? in->root : "", mp_path_normalise(&in->arena, path));
	struct mp_place place = {MP_PLACE_NOWHERE, NULL, NULL, false, true};

	if (mp_disk_type(full) == MP_DISK_ABSENT || (in->isolated && !stays_in(full, in->root))) {
		return place;
	}
	bool outside = !stays_in(full, in->real_folder);
	return (struct mp_place){MP_PLACE_DISK, full, full, outside, false};
}

static struct mp_place in_config(struct mp_input *in, const char *inside)
{
	struct mp_place nowhere = {MP_PLACE_NOWHERE, NULL, NULL, false, false};
	const char *file = inside;

	if (in->main_file != NULL && strcmp(inside, in->main) == 0) {
		file = in->main_file;
	}
	if (in->in_git) {
		if (file[0] != '\0' && mp_git_find(&in->git, file) == NULL) {
			return nowhere;
		}
		return (struct mp_place){MP_PLACE_GIT, file, file, false, false};
	}
	const char *full = mp_path_join(&in->arena, in->folder, file);
	if (mp_disk_type(full) == MP_DISK_ABSENT) {
		return nowhere;
	}
	bool outside = !stays_in(full, in->real_folder);
	if (outside && in->isolated) {
		nowhere.beyond = true;
		return nowhere;
	}
	return (struct mp_place){MP_PLACE_DISK, full, outside ? full : file, outside, false};
}

struct mp_place mp_input_find(struct mp_input *in, const char *path)
{
	const char *inside = mp_input_inside(in, path);
	const char *overlay = find_overlay(in, path, inside);
	struct mp_place place = {MP_PLACE_NOWHERE, NULL, NULL, false, inside == NULL};

	if (overlay != NULL) {
		const char *shown = inside != NULL ? inside : path;
		return (struct mp_place){MP_PLACE_DISK, overlay, shown, false, false};
	}
	if (path[0] == '/' && in->root != NULL) {
		struct mp_place rooted = in_root(in, path);
		if (rooted.where != MP_PLACE_NOWHERE) {
			return rooted;
		}
	}
	if (inside != NULL) {
		place = in_config(in, inside);
		if (place.where != MP_PLACE_NOWHERE) {
			return place;
		}
	}
	if (in->isolated || in->in_git || (path[0] != '/' && inside != NULL)) {
		return place;
	}
	const char *full = mp_path_join(&in->arena, in->folder, path);
	if (mp_disk_type(full) != MP_DISK_ABSENT) {
		bool outside = !stays_in(full, in->real_folder);
		place = (struct mp_place){MP_PLACE_DISK, full, full, outside, false};
	}
	return place;
}

/* library - the places where cf.m4 may be, and the version that it has. */
#include "sendmail/m4/library.h"

#include "input/path.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

const char *const sm_library_places[SM_LIBRARY_PLACES] = {"/usr/share/sendmail/cf",
	"/usr/share/sendmail-cf", "/usr/lib/sendmail-cf", "/usr/local/share/sendmail/cf"};

/* Where the library is, seen from a folder of a source tree: beside cf/cf, above it, below the top,
 * and in the folder itself. */
static const char *const around[] = {"..", "../cf", "cf", "."};

enum { VERSION_TEXT = 4096 };

/* The version in the text of version.m4, which writes it as a line "DZ8.17.1.9" and more. */
static const char *version_in(struct mp_arena *arena, struct mp_slice text)
{
	while (text.n > 0) {
		size_t end = mp_slice_chr(text, '\n');
		struct mp_slice line = mp_slice_sub(text, 0, end);
		if (mp_slice_starts(line, "DZ")) {
			struct mp_slice v = mp_slice_from(line, 2);
			size_t n = 0;
			while (n < v.n && ((v.p[n] >= '0' && v.p[n] <= '9') || v.p[n] == '.')) {
				n++;
			}
			return mp_arena_slicedup(arena, mp_slice_sub(v, 0, n));
		}
		text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 1);
	}
	return "";
}

static const char *read_version(struct mp_arena *arena, const char *directory)
{
	char text[VERSION_TEXT];
	FILE *f = fopen(mp_arena_printf(arena, "%sm4/version.m4", directory), "re");

	if (f == NULL) {
		return "";
	}
	size_t n = fread(text, 1, sizeof text, f);
	fclose(f);
	return version_in(arena, mp_slice(text, n));
}

/* The library in a folder, or NULL. */
static const struct sm_library *look_in(struct mp_arena *arena, const char *folder)
{
	const char *absolute = mp_path_absolute(arena, folder);

	if (absolute == NULL) {
		return NULL;
	}
	const char *cf_m4 = mp_path_join(arena, absolute, "m4/cf.m4");
	if (access(cf_m4, R_OK) != 0) {
		return NULL;
	}
	struct sm_library *library = MP_ARENA_NEW(arena, struct sm_library);
	library->directory = mp_arena_printf(arena, "%s/", absolute);
	library->cf_m4 = cf_m4;
	library->version = read_version(arena, library->directory);
	return library;
}

static const struct sm_library *look_around(struct mp_arena *arena, const char *folder)
{
	const struct sm_library *found = NULL;

	for (size_t i = 0; found == NULL && i < sizeof around / sizeof *around; i++) {
		found = look_in(arena, mp_arena_printf(arena, "%s/%s", folder, around[i]));
	}
	return found;
}

const struct sm_library *sm_library_find(
	const struct sm_library_search *search, struct mp_arena *arena, struct mp_err *err)
{
	const struct sm_library *found = NULL;

	if (search->cf_dir != NULL) {
		found = look_in(arena, search->cf_dir);
		if (found == NULL) {
			mp_err_set(err, MP_ERR_INPUT,
				"%s/m4/cf.m4: %s: --cf-dir names the folder that holds m4, feature "
				"and ostype",
				search->cf_dir, strerror(errno));
		}
		return found;
	}
	if (search->folder != NULL) {
		found = look_around(arena, search->folder);
	}
	for (size_t i = 0; found == NULL && i < SM_LIBRARY_PLACES; i++) {
		found = look_in(arena,
			mp_arena_printf(arena, "%s%s", search->root != NULL ? search->root : "",
				sm_library_places[i]));
	}
	if (found == NULL) {
		mp_err_set(err, MP_ERR_INPUT,
			"sendmail's cf library is not installed: install the package sendmail-cf "
			"(Debian, Red Hat), or name its folder with --cf-dir");
	}
	return found;
}

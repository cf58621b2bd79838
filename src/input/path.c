/* path - file names as text. */
#include "input/path.h"

#include <limits.h>
#include <unistd.h>

/* Removes the last part of out, which begins at from; returns the new length. */
static size_t drop_part(const char *out, size_t from, size_t n)
{
	while (n > from && out[n - 1] != '/') {
		n--;
	}
	return n > from ? n - 1 : n;
}

const char *mp_path_normalise(struct mp_arena *arena, const char *path)
{
	bool absolute = path[0] == '/';
	char *out = mp_arena_alloc(arena, strlen(path) + 2);
	size_t keep = absolute ? 1 : 0; /* what ".." cannot take off */
	size_t n = keep;

	if (absolute) {
		out[0] = '/';
	}
	while (*path != '\0') {
		size_t len = strcspn(path, "/");
		bool up = len == 2 && path[0] == '.' && path[1] == '.';
		if (up && n > keep) {
			n = drop_part(out, keep, n);
		} else if (len > 0 && !(len == 1 && path[0] == '.') && !(up && absolute)) {
			if (n > 0 && out[n - 1] != '/') {
				out[n++] = '/';
			}
			memcpy(out + n, path, len);
			n += len;
			if (up) {
				keep = n;
			}
		}
		path += len + (path[len] == '/');
	}
	out[n] = '\0';
	return out;
}

const char *mp_path_join(struct mp_arena *arena, const char *dir, const char *name)
{
	if (name[0] == '/' || dir[0] == '\0') {
		return mp_path_normalise(arena, name);
	}
	return mp_path_normalise(arena, mp_arena_printf(arena, "%s/%s", dir, name));
}

const char *mp_path_absolute(struct mp_arena *arena, const char *path)
{
	char here[PATH_MAX];

	if (path[0] == '/') {
		return mp_path_normalise(arena, path);
	}
	return getcwd(here, sizeof here) != NULL ? mp_path_join(arena, here, path) : NULL;
}

const char *mp_path_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n == 0) {
		bool up = strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0;
		return path[0] == '/' || up ? NULL : path;
	}
	if (strncmp(path, dir, n) != 0) {
		return NULL;
	}
	if (dir[n - 1] == '/' || path[n] == '\0') {
		return path + n;
	}
	return path[n] == '/' ? path + n + 1 : NULL;
}

const char *mp_path_folder(struct mp_arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL) {
		return "";
	}
	return slash == path ? "/" : mp_arena_memdup(arena, path, (size_t)(slash - path));
}

const char *mp_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

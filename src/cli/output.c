/* output - where a result is written. */
#include "cli/output.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

FILE *mp_output_open(const char *path, struct mp_err *err)
{
	FILE *out = path != NULL ? fopen(path, "wb") : stdout;

	if (out == NULL) {
		mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", path, strerror(errno));
	}
	return out;
}

int mp_output_close(FILE *out, const char *path, struct mp_err *err)
{
	if (out == stdout) {
		return 0;
	}
	bool failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		return mp_err_set(err, MP_ERR_SYSTEM, "%s: not everything could be written", path);
	}
	return 0;
}

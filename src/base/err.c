/* err - an operational error: what the program could not do, and why. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int mp_err_set(struct mp_err *err, enum mp_err_code code, const char *fmt, ...)
{
	if (err != NULL) {
		va_list ap;
		va_start(ap, fmt);
		err->code = code;
		vsnprintf(err->text, sizeof err->text, fmt, ap);
		va_end(ap);
	}
	return -1;
}

int mp_err_wrap(struct mp_err *err, const char *fmt, ...)
{
	if (err != NULL) {
		char text[sizeof err->text];
		va_list ap;
		va_start(ap, fmt);
		int n = vsnprintf(text, sizeof text, fmt, ap);
		va_end(ap);
		if (n >= 0 && (size_t)n + 2 < sizeof text) {
			snprintf(text + n, sizeof text - (size_t)n, ": %.*s",
				(int)(sizeof text - (size_t)n - 3), err->text);
			memcpy(err->text, text, sizeof text);
		}
	}
	return -1;
}

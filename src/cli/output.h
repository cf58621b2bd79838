/* output - where a result is written: standard output, or the file of --output. */
#ifndef MP_CLI_OUTPUT_H
#define MP_CLI_OUTPUT_H

#include "base/err.h"

#include <stdio.h>

/* Standard output where path is NULL, else the file, made anew; close it with mp_output_close().
 * NULL and err (MP_ERR_SYSTEM). */
FILE *mp_output_open(const char *path, struct mp_err *err);
/* Closes what mp_output_open() gave for the same path (standard output stays open: main() looks
 * after it). -1 and err (MP_ERR_SYSTEM) where not everything could be written. */
int mp_output_close(FILE *out, const char *path, struct mp_err *err);

#endif

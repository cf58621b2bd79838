/*
 * table_input - a table of any type over the bytes of an input, for the fuzz targets of tables
 *
 * A table is read from a file; the bytes are written to a temporary one, which is laid over a name
 * in a configuration. Nothing else of the machine is read.
 */
#ifndef TABLE_INPUT_H
#define TABLE_INPUT_H

#include "base/slice.h"

/* Opens "type:" with the bytes as its file and looks up every key, in each role. */
void table_input_run(const char *type, struct mp_slice bytes, const char *const *keys, size_t n);

#endif

/* folder - a folder of a test's own, with its files. */
#define _GNU_SOURCE
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

void folder_make(char folder[FOLDER_PATH])
{
	snprintf(folder, FOLDER_PATH, "%s", P_tmpdir "/mtaproof-unit-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void folder_remove(const char *folder)
{
	assert_int_equal(nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

const char *folder_path(const char *folder, const char *name)
{
	static char path[64][512];
	static unsigned turn;

	turn = (turn + 1) % 64;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

void folder_put(const char *folder, const char *name, const char *text)
{
	FILE *file = fopen(folder_path(folder, name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

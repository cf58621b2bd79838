/* folder - a folder of a test's own, with its files. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

enum { FOLDER_PATH = 64 };

/* Makes a new one below P_tmpdir; its path goes to *folder. Removed by folder_remove(). */
void folder_make(char folder[FOLDER_PATH]);
/* Removes it with all that is in it. */
void folder_remove(const char *folder);
/* The path of a name in it; the last 64 stay valid. */
const char *folder_path(const char *folder, const char *name);
/* Writes a file in it. */
void folder_put(const char *folder, const char *name, const char *text);

#endif

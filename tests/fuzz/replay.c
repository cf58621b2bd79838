/*
 * replay - runs a fuzz target over files, without a fuzzing engine
 *
 * Each argument is a file or a folder of files. The target sees the empty input first, then each
 * file, in order of names; every input is one test of the TAP output. A target fails by crashing,
 * so the line of an input comes after the input was survived.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct list {
	char **path;
	size_t n;
	size_t cap;
};

static void *need(void *p)
{
	if (p == NULL) {
		fputs("replay: out of memory\n", stderr);
		exit(2);
	}
	return p;
}

static void list_add(struct list *list, const char *path)
{
	if (list->n == list->cap) {
		list->cap = list->cap == 0 ? 64 : list->cap * 2;
		list->path = need(realloc(list->path, list->cap * sizeof(*list->path)));
	}
	list->path[list->n++] = need(strdup(path));
}

static int list_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_argument(struct list *list, const char *path)
{
	struct stat st;
	DIR *dir;
	struct dirent *entry;

	if (stat(path, &st) != 0) {
		perror(path);
		return -1;
	}
	if (!S_ISDIR(st.st_mode)) {
		list_add(list, path);
		return 0;
	}
	dir = opendir(path);
	if (dir == NULL) {
		perror(path);
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		char *full;
		size_t size = strlen(path) + strlen(entry->d_name) + 2;

		if (entry->d_name[0] == '.') {
			continue;
		}
		full = need(malloc(size));
		snprintf(full, size, "%s/%s", path, entry->d_name);
		list_add(list, full);
		free(full);
	}
	closedir(dir);
	return 0;
}

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t size = 0;
	size_t cap = 0;
	size_t got;

	if (f == NULL) {
		perror(path);
		return -1;
	}
	do {
		if (size == cap) {
			cap = cap == 0 ? 4096 : cap * 2;
			data = need(realloc(data, cap));
		}
		got = fread(data + size, 1, cap - size, f);
		size += got;
	} while (got > 0);
	fclose(f);
	/* Exactly as large as the input, so that a read past its end is seen. */
	if (size > 0) {
		data = need(realloc(data, size));
	}
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	return 0;
}

int main(int argc, char **argv)
{
	struct list list = {NULL, 0, 0};
	int status = 0;

	for (int i = 1; i < argc; i++) {
		if (list_argument(&list, argv[i]) != 0) {
			status = 1;
		}
	}
	if (list.n > 0) {
		qsort(list.path, list.n, sizeof(*list.path), list_order);
	}
	printf("1..%zu\n", list.n + 1);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	puts("ok 1 - empty input");
	for (size_t i = 0; i < list.n; i++) {
		printf("# %s\n", list.path[i]);
		fflush(stdout);
		if (replay(list.path[i]) != 0) {
			printf("not ok %zu - %s\n", i + 2, list.path[i]);
			status = 1;
		} else {
			printf("ok %zu - %s\n", i + 2, list.path[i]);
		}
		free(list.path[i]);
	}
	free(list.path);
	return status;
}

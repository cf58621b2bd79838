/*
 * map - a hash map from byte strings to pointers, iterated in the order of insertion.
 *
 * Keys and values are borrowed: they must outlive the map. The hash is seeded per process, so
 * that a hostile table cannot choose its collisions; the order of iteration does not depend on it.
 */
#ifndef MP_BASE_MAP_H
#define MP_BASE_MAP_H

#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

struct mp_map_entry {
	struct mp_slice key;
	void *value;
	uint64_t hash;
};

struct mp_map {
	struct mp_map_entry *entries; /* entries[0..n-1] in insertion order */
	size_t n, cap;
	uint32_t *slots; /* index + 1 into entries, 0 free */
	size_t slot_count;
	uint64_t seed;
};

/* An empty map may also be made with {0}. */
void mp_map_release(struct mp_map *m);
/* Sets the value for the key; returns the value that it replaces, or NULL. */
void *mp_map_put(struct mp_map *m, struct mp_slice key, void *value);
/* The value, or NULL when the key is absent. */
void *mp_map_get(const struct mp_map *m, struct mp_slice key);
void *mp_map_get_str(const struct mp_map *m, const char *key);

#endif

/* map - a hash map from byte strings to pointers, iterated in the order of insertion. */
#include "base/map.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* FNV-1a with a final mix, started from the map's seed. */
static uint64_t hash_bytes(uint64_t seed, struct mp_slice s)
{
	uint64_t h = 0xcbf29ce484222325u ^ seed;

	for (size_t i = 0; i < s.n; i++) {
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	}
	h ^= h >> 32;
	h *= 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

/* A value that nobody outside this process can foresee. */
static uint64_t new_seed(const struct mp_map *m)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_nsec << 20 ^ (uint64_t)getpid() ^ (uint64_t)(uintptr_t)m;
}

void mp_map_release(struct mp_map *m)
{
	free(m->entries);
	free(m->slots);
	*m = (struct mp_map){0};
}

/* The slot that holds the key, or the free slot where it belongs. */
static size_t find_slot(const struct mp_map *m, struct mp_slice key, uint64_t hash)
{
	size_t mask = m->slot_count - 1;
	size_t i = (size_t)hash & mask;

	for (;; i = (i + 1) & mask) {
		uint32_t at = m->slots[i];
		if (at == 0) {
			return i;
		}
		const struct mp_map_entry *e = &m->entries[at - 1];
		if (e->hash == hash && mp_slice_eq(e->key, key)) {
			return i;
		}
	}
}

static void grow_slots(struct mp_map *m)
{
	if (m->slot_count == 0) {
		m->seed = new_seed(m);
	}
	m->slot_count = m->slot_count ? m->slot_count * 2 : 16;
	free(m->slots);
	m->slots = mp_alloc(m->slot_count * sizeof *m->slots);
	for (size_t i = 0; i < m->n; i++) {
		size_t slot = find_slot(m, m->entries[i].key, m->entries[i].hash);
		m->slots[slot] = (uint32_t)i + 1;
	}
}

void *mp_map_put(struct mp_map *m, struct mp_slice key, void *value)
{
	if ((m->n + 1) * 4 >= m->slot_count * 3) {
		grow_slots(m);
	}
	uint64_t hash = hash_bytes(m->seed, key);
	size_t slot = find_slot(m, key, hash);
	if (m->slots[slot] != 0) {
		struct mp_map_entry *e = &m->entries[m->slots[slot] - 1];
		void *old = e->value;
		e->value = value;
		return old;
	}
	if (m->n >= UINT32_MAX - 1) {
		MP_BUG("map too large");
	}
	if (m->n == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 8;
		m->entries = mp_realloc(m->entries, m->cap, sizeof *m->entries);
	}
	m->entries[m->n] = (struct mp_map_entry){key, value, hash};
	m->slots[slot] = (uint32_t)++m->n;
	return NULL;
}

void *mp_map_get(const struct mp_map *m, struct mp_slice key)
{
	if (m->slot_count == 0) {
		return NULL;
	}
	uint32_t at = m->slots[find_slot(m, key, hash_bytes(m->seed, key))];
	return at != 0 ? m->entries[at - 1].value : NULL;
}

void *mp_map_get_str(const struct mp_map *m, const char *key)
{
	return mp_map_get(m, mp_slice_str(key));
}

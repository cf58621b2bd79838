/*
 * surface_space - the space of client addresses, cut where a configuration tells addresses apart.
 *
 * Networks are nested or apart, so that their borders cut a family into intervals, and what holds
 * an interval is a chain of networks. Intervals with alike chains make one cell: what is answered
 * to one of its clients is answered to all.
 */
#ifndef MP_PREDICT_SURFACE_SPACE_H
#define MP_PREDICT_SURFACE_SPACE_H

#include "server/server.h"

struct mp_range {
	struct mp_ip first, last;
};

enum { MP_CELL_EXAMPLES = 3 };

struct mp_cell {
	unsigned family;
	const struct mp_range *ranges; /* sorted, apart from each other */
	size_t range_count;
	/* Clients of the cell, from the documentation networks where it has any (RFC 5737, RFC
	 * 3849), not at a border where it has others. */
	struct mp_ip examples[MP_CELL_EXAMPLES];
	size_t example_count;
};

struct mp_space {
	const struct mp_cell *cells;
	size_t n;
	bool complete; /* false: too many networks; what is beyond the limit is not told apart */
};

/* Cuts the space at the networks of ADDRESS distinctions and, each for itself, at single addresses
 * that something else is known of; the loopback networks are always told apart. In the arena. */
struct mp_space mp_space_cut(const struct mp_distinction *distinctions, size_t n,
	const struct mp_ip *singles, size_t single_count, struct mp_arena *arena);

/* The cell that holds an address. */
const struct mp_cell *mp_space_find(const struct mp_space *space, const struct mp_ip *ip);

/* The fewest networks that make up the ranges, which need be neither sorted nor apart. Returns how
 * many; in the arena. */
size_t mp_ranges_to_networks(const struct mp_range *ranges, size_t n, struct mp_arena *arena,
	const struct mp_cidr **out);

#endif

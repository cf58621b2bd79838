/*
 * text - a value that remembers where each of its bytes stands.
 *
 * Logical lines are joined from physical ones and parameter values are expanded from others, so the
 * bytes of one value may stand in several places. A text is a NUL-terminated string with a list of
 * segments, each a run of bytes that came from one place.
 */
#ifndef PF_CONFIG_TEXT_H
#define PF_CONFIG_TEXT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "diag/source.h"

struct pf_segment {
	uint32_t at; /* offset in the text where this run begins */
	struct mp_loc loc; /* where its first byte stands; source NULL: a default or made up */
};

struct pf_text {
	const char *s;
	size_t n;
	const struct pf_segment *segments; /* ascending by at; may be empty */
	size_t segment_count;
};

/* A text without a place (a default). */
struct pf_text pf_text_plain(const char *s);
/* Bytes from..to-1 as a text of its own; shares segments (in the arena). */
struct pf_text pf_text_sub(struct mp_arena *arena, struct pf_text t, size_t from, size_t to);
/* Without white space at both ends. */
struct pf_text pf_text_trim(struct mp_arena *arena, struct pf_text t);
/* The place of bytes from..to-1; where they come from several, the place of the first. */
struct mp_loc pf_text_loc(struct pf_text t, size_t from, size_t to);

/* Builds a text piece by piece. */
struct pf_text_builder {
	struct mp_buf bytes;
	MP_VEC(struct pf_segment) segments;
};

void pf_text_begin(struct pf_text_builder *b, size_t max);
/* Appends bytes that stand at loc (or nowhere). */
void pf_text_add(struct pf_text_builder *b, struct mp_slice bytes, struct mp_loc loc);
void pf_text_append(struct pf_text_builder *b, struct pf_text t);
/* The text, in the arena; frees the builder. *overflow (may be NULL) says whether max cut it. */
struct pf_text pf_text_end(struct pf_text_builder *b, struct mp_arena *arena, bool *overflow);

#endif

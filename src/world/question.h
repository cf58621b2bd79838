/*
 * question - the catalogue of questions (design 4.2): what each asks, what its answers mean, and
 * how it is answered.
 *
 * Every question that a simulation asks begins with the word of one of these kinds; `mtaproof
 * explain` and mtaproof-facts(5) say what stands here.
 */
#ifndef MP_WORLD_QUESTION_H
#define MP_WORLD_QUESTION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* One answer, or one form of an answer, and what it means. */
struct mp_question_answer {
	const char *answer; /* a word, or what stands for a value: "VALUE" */
	const char *meaning;
};

enum { MP_QUESTION_ANSWERS = 6 };

struct mp_question_kind {
	const char *word; /* "dns.mx" */
	const char *arguments; /* "NAME"; "" where there are none */
	const char *asks; /* what is asked */
	const char *why; /* why a reply depends on it */
	struct mp_question_answer answers[MP_QUESTION_ANSWERS]; /* up to the first without answer */
	const char *subject; /* arguments of an example: "example.com"; "" where there are none */
	const char *value; /* an answer of an example */
	/* The member of a facts file that answers it, as JSON, with "<>" for the arguments; NULL:
	 * only `answers` does. */
	const char *fact;
	bool live; /* verify --dns live answers it */
	bool reserved; /* no simulation of this release asks it */
};

/* All of them, in the order of the design. */
const struct mp_question_kind *mp_question_kinds(size_t *n);
/* The kind of a question ("dns.mx example.com") or of its word alone; NULL when there is none. */
const struct mp_question_kind *mp_question_kind(const char *question);
/* What stands behind the word: "example.com"; "" where nothing does. */
const char *mp_question_subject(const char *question);

#endif

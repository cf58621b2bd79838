/* text - a value that remembers where each of its bytes stands. */
#include "postfix/config/text.h"

#include "base/ascii.h"

struct pf_text pf_text_plain(const char *s)
{
	return (struct pf_text){.s = s, .n = strlen(s)};
}

/* The index of the last segment that begins at or before the byte, or MP_NOT_FOUND. */
static size_t segment_of(struct pf_text t, size_t at)
{
	size_t low = 0;
	size_t high = t.segment_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t.segments[middle].at <= at) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low == 0 ? MP_NOT_FOUND : low - 1;
}

/* The place of the byte at `at`, whose run goes on to `end` of the text. */
static struct mp_loc shifted(const struct pf_segment *segment, size_t at)
{
	struct mp_loc loc = segment->loc;

	if (loc.source != NULL && at > segment->at) {
		size_t skip = at - segment->at;
		size_t size = loc.end - loc.start;
		loc.start += (uint32_t)(skip < size ? skip : size);
	}
	return loc;
}

struct pf_text pf_text_sub(struct mp_arena *arena, struct pf_text t, size_t from, size_t to)
{
	if (to > t.n) {
		to = t.n;
	}
	if (from > to) {
		from = to;
	}
	if (from == 0 && to == t.n) {
		return t;
	}
	struct pf_text out = {.n = to - from};
	out.s = mp_arena_memdup(arena, t.s + from, out.n);
	size_t first = segment_of(t, from);
	size_t begin = first == MP_NOT_FOUND ? 0 : first;
	size_t end = begin;
	while (end < t.segment_count && (t.segments[end].at < to || end == first)) {
		end++;
	}
	if (end == begin) {
		return out;
	}
	struct pf_segment *segments = mp_arena_array(arena, end - begin, sizeof *segments);
	for (size_t i = begin; i < end; i++) {
		const struct pf_segment *s = &t.segments[i];
		segments[i - begin] = (struct pf_segment){
			.at = s->at > from ? s->at - (uint32_t)from : 0,
			.loc = shifted(s, from),
		};
	}
	out.segments = segments;
	out.segment_count = end - begin;
	return out;
}

struct pf_text pf_text_trim(struct mp_arena *arena, struct pf_text t)
{
	size_t from = 0;
	size_t to = t.n;

	while (from < to && mp_is_space(t.s[from])) {
		from++;
	}
	while (to > from && mp_is_space(t.s[to - 1])) {
		to--;
	}
	return pf_text_sub(arena, t, from, to);
}

struct mp_loc pf_text_loc(struct pf_text t, size_t from, size_t to)
{
	size_t i = segment_of(t, from);

	if (i == MP_NOT_FOUND) {
		return (struct mp_loc){0};
	}
	struct mp_loc loc = shifted(&t.segments[i], from);
	if (loc.source == NULL) {
		return (struct mp_loc){0};
	}
	size_t run = (i + 1 < t.segment_count && t.segments[i + 1].at < to) ? t.segments[i + 1].at
									    : (to < t.n ? to : t.n);
	size_t n = run > from ? run - from : 0;
	if (n < loc.end - loc.start) {
		loc.end = loc.start + (uint32_t)n;
	}
	return loc;
}

void pf_text_begin(struct pf_text_builder *b, size_t max)
{
	*b = (struct pf_text_builder){0};
	mp_buf_init(&b->bytes, max);
}

/* Starts a run at the end of what is there, unless it goes on where the last one ends. */
static void start_run(struct pf_text_builder *b, struct mp_loc loc)
{
	uint32_t at = (uint32_t)b->bytes.n;

	if (b->segments.n > 0) {
		struct pf_segment *last = &b->segments.v[b->segments.n - 1];
		if (last->loc.source == loc.source && loc.source != NULL &&
			last->loc.start + (at - last->at) == loc.start && last->at < at) {
			last->loc.end = loc.end > last->loc.end ? loc.end : last->loc.end;
			return;
		}
		if (last->loc.source == NULL && loc.source == NULL) {
			return;
		}
		if (last->at == at) {
			*last = (struct pf_segment){at, loc};
			return;
		}
	} else if (loc.source == NULL) {
		return;
	}
	struct pf_segment segment = {at, loc};
	mp_vec_push(&b->segments, segment);
}

void pf_text_add(struct pf_text_builder *b, struct mp_slice bytes, struct mp_loc loc)
{
	if (bytes.n == 0 && loc.source == NULL) {
		return;
	}
	start_run(b, loc);
	mp_buf_put(&b->bytes, bytes);
}

void pf_text_append(struct pf_text_builder *b, struct pf_text t)
{
	size_t at = 0;

	if (t.segment_count == 0 || t.segments[0].at > 0) {
		at = t.segment_count == 0 ? t.n : t.segments[0].at;
		pf_text_add(b, mp_slice(t.s, at), (struct mp_loc){0});
	}
	for (size_t i = 0; i < t.segment_count; i++) {
		size_t end = i + 1 < t.segment_count ? t.segments[i + 1].at : t.n;
		pf_text_add(b, mp_slice(t.s + at, end - at), t.segments[i].loc);
		at = end;
	}
}

struct pf_text pf_text_end(struct pf_text_builder *b, struct mp_arena *arena, bool *overflow)
{
	struct pf_text t = {.n = b->bytes.n};

	if (overflow != NULL) {
		*overflow = b->bytes.overflow;
	}
	t.s = mp_arena_memdup(arena, b->bytes.p, b->bytes.n);
	if (b->segments.n > 0) {
		struct pf_segment *copy = mp_arena_array(arena, b->segments.n, sizeof *copy);
		memcpy(copy, b->segments.v, b->segments.n * sizeof *copy);
		t.segments = copy;
		t.segment_count = b->segments.n;
	}
	mp_buf_release(&b->bytes);
	mp_vec_release(&b->segments);
	return t;
}

/*
 * ruleset_bt - the rules of a .cf asked as `sendmail -bt` is asked, to be held against the real
 * one.
 *
 * Usage: ruleset_bt FILE.cf FACTS
 * Reads a command a line and prints what sendmail's address test mode prints, without its prompts:
 *     ruleset,ruleset address      .D{macro}value      $macro  ${macro}
 *     $=class                      /map name key
 * A question that the facts leave open is printed as "!asked: QUESTION".
 */
#include "base/ascii.h"
#include "base/number.h"
#include "sendmail/rule/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

enum { RULESETS_MAX = 100 };

struct asker {
	struct sm_cf *cf;
	struct sm_run run;
	struct mp_arena arena; /* of one command */
	struct mp_arena *kept; /* of the macros, which outlive a command */
	MP_VEC(struct sm_text) macros;
};

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)n;
	printf("!asked: %s\n", question);
	return answers[0];
}

/* As sendmail shows bytes: above 0x7f as M-a; control characters vanish. */
static void print_bytes(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x80) {
			fputs("M-", stdout);
			c &= 0x7f;
		}
		if (c >= 0x20 && c < 0x7f) {
			putchar(c);
		} else if (c == '\n' || c == '\r' || c == '\t') {
			printf("\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
		}
	}
}

static void print_tokens(
	struct asker *a, const char *name, const char *what, const struct sm_tokens *w)
{
	printf("%-16.16s %7s:", name, what);
	for (size_t i = 0; i < w->n; i++) {
		putchar(' ');
		print_bytes(sm_token_show(&w->v[i], a->cf->names, &a->arena));
	}
	putchar('\n');
}

static void enter(void *context, const struct sm_ruleset *ruleset, unsigned depth,
	const struct sm_tokens *workspace)
{
	(void)depth;
	print_tokens(context, ruleset->name, "  input", workspace);
}

static void leave(void *context, const struct sm_ruleset *ruleset, unsigned depth,
	const struct sm_tokens *workspace)
{
	(void)depth;
	print_tokens(context, ruleset->name, "returns", workspace);
}

/* Without the reply code, as the test mode shows it. */
static void said(void *context, const char *text, unsigned depth)
{
	(void)context;
	(void)depth;
	if (mp_is_digit(text[0]) && strlen(text) > 4 && text[3] == ' ') {
		text += 4;
	}
	if (mp_is_digit(text[0]) && text[1] == '.') {
		text += strcspn(text, " ") + 1;
	}
	puts(text);
}

static const struct sm_trace trace = {.enter = enter, .leave = leave, .said = said};

/* The ruleset at the front of "name,name"; a number that nobody uses is an empty one. */
static const struct sm_ruleset *ruleset_of(struct asker *a, const char *names)
{
	size_t n = strspn(names, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	const char *name = mp_arena_memdup(&a->arena, names, n);
	const struct sm_ruleset *r = sm_cf_ruleset(a->cf, name);
	unsigned long number;

	if (names[n] != '\0' && names[n] != ',') {
		return NULL;
	}
	if (r == NULL && mp_parse_uint(mp_slice_str(name), 0, RULESETS_MAX - 1, &number)) {
		struct sm_ruleset *empty = MP_ARENA_NEW(&a->arena, struct sm_ruleset);

		empty->name = mp_arena_printf(&a->arena, "%lu", number);
		r = sm_cf_ruleset(a->cf, empty->name);
		r = r != NULL ? r : empty;
	}
	return r;
}

static void run_rulesets(struct asker *a, const char *names, struct sm_tokens *w)
{
	static const int exits[] = {[SM_OK] = 0,
		[SM_DATA] = 65,
		[SM_CONFIG] = 78,
		[SM_TEMPORARY] = 75,
		[SM_EXHAUSTED] = -1};

	while (*names != '\0') {
		const struct sm_ruleset *r = ruleset_of(a, names);
		size_t n = strcspn(names, ",");

		if (r == NULL) {
			printf("Undefined ruleset %s\n", names);
			return;
		}

		enum sm_status status = sm_run_ruleset(&a->run, r, w);

		if (status != SM_OK) {
			printf("== Ruleset %s (0) status %d\n", names, exits[status]);
		}
		names += n + (names[n] == ',');
	}
}

/* What sendmail takes for no address at all, before it looks at tokens. */
static bool invalid(const char *text)
{
	enum { LONGEST = 255 };

	if (strlen(text) > LONGEST) {
		printf("Address \"%s\" too long (%d bytes max)\n", text, LONGEST);
		return true;
	}
	for (const char *p = text; *p != '\0'; p++) {
		if (((unsigned char)*p & 0xe0) == 0x80) {
			printf("8-bit character in mailbox address \"%s\"\n", text);
			return true;
		}
	}
	return false;
}

static void ask_rulesets(struct asker *a, char *line)
{
	size_t n = strcspn(line, " \t"), end;

	if (line[n] == '\0') {
		puts("No address!");
		return;
	}
	line[n] = '\0';

	const char *text = line + n;

	do {
		struct sm_tokens w = {0};
		enum sm_scan scan;

		text++;
		if (invalid(text)) {
			return;
		}
		scan = sm_tokens_scan_bytes(&w, mp_slice_str(text), &a->cf->chars,
			SM_SCAN_COMMA | (a->cf->level >= 9 ? SM_SCAN_RULES : 0), &end, &a->arena);
		if (scan != SM_SCAN_OK) {
			printf("%s... %s\n", text, sm_scan_text(scan));
		}
		if (w.n > 0) {
			run_rulesets(a, line, &w);
		}
		text += end;
	} while (*text != '\0');
}

/* The number of the name at the front of the text, "{x}" or "x"; *rest is what stands behind it. */
static unsigned name_at(struct asker *a, const char *text, const char **rest)
{
	bool braces = text[0] == '{';
	size_t n = braces ? strcspn(++text, "}") : text[0] != '\0';

	*rest = text + n + (braces && text[n] == '}');
	return n == 0 ? 0 : sm_names_id(a->cf->names, mp_slice(text, n));
}

static void set_macro(struct asker *a, const char *text)
{
	const char *rest;
	unsigned id = name_at(a, text, &rest);

	if (id != 0) {
		sm_macros_set(&a->run.macros, id,
			sm_text_of(mp_slice_str(mp_arena_strdup(a->kept, rest)), a->kept), a->kept);
	}
}

static void print_macro(struct asker *a, const char *text)
{
	const char *rest;
	struct sm_text value = sm_macros_get(&a->run.macros, name_at(a, text, &rest));

	if (value.p == NULL) {
		puts("Undefined");
		return;
	}
	print_bytes(sm_text_bytes(value, a->cf->names, &a->arena));
	putchar('\n');
}

static void print_class(struct asker *a, const char *text)
{
	const char *rest;
	unsigned id = name_at(a, text, &rest);
	const struct sm_class *c = id < a->cf->classes.n ? a->cf->classes.v[id] : NULL;

	for (size_t i = 0; c != NULL && i < c->words.n; i++) {
		puts(c->words.v[i].word);
	}
	for (size_t i = 0; c != NULL && i < c->open.n; i++) {
		printf("!open: %s\n", c->open.v[i].what);
	}
}

static void map_sets(void *context, const char *name, const char *value)
{
	struct asker *a = context;

	sm_names_id(a->cf->names, mp_slice_str(name));
	sm_run_set(&a->run, name, value);
}

static void ask_map(struct asker *a, char *text)
{
	size_t n = strcspn(text, " \t");
	const char *key = text + n + (text[n] != '\0');

	text[n] = '\0';

	struct sm_map *map = sm_maps_find(a->cf->maps, text);

	if (map == NULL) {
		printf("Map named \"%s\" not found\n", text);
		return;
	}

	struct sm_map_result r = sm_map_lookup_plain(map,
		&(struct sm_map_call){.world = a->run.world,
			.arena = &a->arena,
			.key = key,
			.set_macro = map_sets,
			.context = a});

	printf("map_lookup: %s (%s) ", text, key);
	/* What -T says is put in by the rules. */
	if (r.status == SM_MAP_FOUND && !r.temporary) {
		printf("returns %s (0)\n", r.value);
	} else {
		printf("no match (%d)\n", r.status == SM_MAP_TEMPFAIL ? 75 : 0);
	}
}

static void ask(struct asker *a, char *line)
{
	while (*line == ' ') {
		line++;
	}
	if (line[0] == '\0' || line[0] == '#') {
		return;
	}
	if (line[0] == '.' && line[1] == 'D') {
		set_macro(a, line + 2);
	} else if (line[0] == '$') {
		line[1] == '=' ? print_class(a, line + 2) : print_macro(a, line + 1);
	} else if (strncmp(line, "/map ", 5) == 0) {
		ask_map(a, line + 5 + strspn(line + 5, " \t"));
	} else {
		ask_rulesets(a, line);
	}
}

/* What a command has set, and the table itself, may lie in its memory. */
static void keep_macros(struct asker *a)
{
	struct sm_macros *now = &a->run.macros;

	for (size_t i = 0; i < now->n; i++) {
		struct sm_text t = now->v[i];

		if (i == a->macros.n) {
			mp_vec_push(&a->macros, ((struct sm_text){NULL, 0}));
		}
		if (t.p != a->macros.v[i].p && t.p != NULL) {
			sm_unit *copy = mp_arena_array(a->kept, t.n + 1, sizeof *copy);

			memcpy(copy, t.p, t.n * sizeof *copy);
			t.p = copy;
		}
		a->macros.v[i] = t;
	}
}

/* A table for the next command, so that what it sets can be told from what was kept. */
static void restore_macros(struct asker *a)
{
	struct sm_macros *now = &a->run.macros;

	now->v = mp_arena_array(&a->arena, a->macros.n + 1, sizeof *now->v);
	now->n = a->macros.n;
	memcpy(now->v, a->macros.v, now->n * sizeof *now->v);
}

static void ask_all(struct asker *a, const struct mp_facts *facts)
{
	size_t size = 1 << 16;
	char *line = mp_alloc(size);

	while (fgets(line, (int)size, stdin) != NULL) {
		struct mp_world *world = mp_world_new_interactive(facts, answer, NULL);

		mp_arena_reset(&a->arena);
		restore_macros(a);
		line[strcspn(line, "\n")] = '\0';
		a->run.world = world;
		a->run.arena = &a->arena;
		a->run.work = 0;
		a->run.exhausted = false;
		ask(a, line);
		keep_macros(a);
		mp_world_free(world);
	}
	free(line);
}

static struct mp_slice read_file(struct mp_arena *arena, const char *path)
{
	enum { SIZE = 1 << 20 };
	char *text = mp_arena_alloc(arena, SIZE);
	FILE *in = fopen(path, "r");
	size_t n = in != NULL ? fread(text, 1, SIZE - 1, in) : 0;

	if (in != NULL) {
		fclose(in);
	}
	text[n] = '\0';
	return mp_slice(text, n);
}

int main(int argc, char **argv)
{
	struct mp_arena arena = {0};
	struct mp_err err = {0};
	struct mp_findings findings;
	struct mp_facts *facts = mp_facts_new();
	const struct mp_source *source = NULL;
	struct asker a = {.kept = &arena};
	int status = 2;

	if (argc != 3) {
		fputs("usage: ruleset_bt FILE.cf FACTS\n", stderr);
		return 2;
	}
	struct mp_input *input =
		mp_input_open(argv[1], &(struct mp_input_options){.type = "cf"}, &err);
	mp_findings_init(&findings, &arena);
	if (input != NULL && mp_facts_read(facts, argv[2], read_file(&arena, argv[2]), &err) == 0) {
		mp_input_set_complete(input, true);
		if (mp_input_read(input, mp_input_main(input), &source, &err) == MP_READ_OK) {
			a.cf = sm_cf_read(&arena, input, source, facts, &findings);
			sm_run_init(&a.run, a.cf, NULL, &arena);
			a.run.trace = &trace;
			a.run.trace_context = &a;
			keep_macros(&a);
			ask_all(&a, facts);
			sm_run_release(&a.run);
			sm_cf_free(a.cf);
			status = 0;
		}
	}
	if (status != 0) {
		fprintf(stderr, "ruleset_bt: %s\n", err.text);
	}
	mp_vec_release(&a.macros);
	mp_arena_release(&a.arena);
	mp_findings_release(&findings);
	mp_input_free(input);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return status;
}

/*
 * m4 - the command line, the descriptors, and what the end of the run means.
 *
 * m4 reads the guard and the prelude from descriptors, then the library's cf.m4 unless the .mc
 * loads it, then the .mc as standard input.
 */
#define _GNU_SOURCE
#include "sendmail/m4/m4.h"

#include "base/limits.h"
#include "base/vec.h"
#include "input/path.h"
#include "sendmail/m4/guard.h"
#include "sendmail/m4/marks.h"
#include "sendmail/m4/reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder in which a process finds its own descriptors. */
#ifdef __linux__
#define DESCRIPTORS "/proc/self/fd"
#else
#define DESCRIPTORS "/dev/fd"
#endif

enum {
	GUARD = 0, /* place among the further descriptors */
	PRELUDE,
	GIVEN, /* the first */
	GUARD_TEXT = 256 * 1024,
	/* Nested calls inside of arguments. The library has some dozens; m4 would go on until its
	 * stack is full. */
	NESTING = 4096,
	FILE_NAME = 32
};

/* m4 runs once with marks and trace, and perhaps once without, for the text itself. */
struct process {
	bool plain;
	MP_VEC(const char *) argv;
	int in; /* the .mc */
	struct mp_buf out, messages;
	struct sm_sandbox_result result;
};

struct run {
	const struct sm_m4_job *job;
	struct mp_arena *arena;
	struct sm_guard guard;
	size_t given_count;
	const char *given_at[SM_SANDBOX_FILES];
	int files[SM_SANDBOX_FILES];
	size_t file_count;
	const char *program;
	const char *readable[3];
	struct process marked, plain;
};

/* A descriptor from which a text is read; nothing of it is ever seen in the file system. */
static int text_descriptor(struct mp_slice text, struct mp_err *err)
{
#ifdef __linux__
	int fd = memfd_create("mtaproof-m4", MFD_CLOEXEC);
#else
	FILE *f = tmpfile();
	int fd = f != NULL ? dup(fileno(f)) : -1;
	if (f != NULL) {
		fclose(f);
	}
#endif
	size_t done = 0;

	while (fd >= 0 && done < text.n) {
		ssize_t n = write(fd, text.p + done, text.n - done);
		if (n < 0 && errno != EINTR) {
			break;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	if (fd < 0 || done < text.n || lseek(fd, 0, SEEK_SET) != 0) {
		mp_err_set(err, MP_ERR_SYSTEM, "a text for m4: %s", strerror(errno));
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	return fd;
}

static int add_file(struct run *r, struct mp_slice text, struct mp_err *err)
{
	int fd = text_descriptor(text, err);

	if (fd < 0) {
		return -1;
	}
	r->files[r->file_count++] = fd;
	return 0;
}

/* What a file is called in the process that has it at this place. */
static const char *file_path(struct mp_arena *arena, size_t place)
{
	return mp_arena_printf(arena, DESCRIPTORS "/%zu", SM_SANDBOX_FIRST + place);
}

/* GNU m4, by the name that it has where m4 is another one. NULL and err when there is none. */
static const char *find_program(struct mp_arena *arena, struct mp_err *err)
{
	static const char *const names[] = {"gm4", "m4"};
	const char *path = getenv("PATH");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct mp_slice rest = mp_slice_str(path != NULL ? path : "/usr/bin:/bin");
		while (rest.n > 0) {
			size_t end = mp_slice_chr(rest, ':');
			struct mp_slice folder = mp_slice_sub(rest, 0, end);
			const char *file =
				mp_arena_printf(arena, "%.*s/%s", MP_SLICE_ARG(folder), names[i]);
			if (mp_slice_starts(folder, "/") && access(file, X_OK) == 0) {
				return file;
			}
			rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, end + 1);
		}
	}
	mp_err_set(err, MP_ERR_INPUT,
		"m4 is not installed: a .mc is read with it; install the package m4 (GNU m4)");
	return NULL;
}

static int make_files(struct run *r, struct mp_err *err)
{
	const struct sm_m4_given *given = r->job->given;
	struct mp_buf text;

	for (size_t i = 0; given != NULL && given[i].path != NULL; i++) {
		if (GIVEN + i >= SM_SANDBOX_FILES) {
			return mp_err_set(err, MP_ERR_INPUT,
				"the .mc includes more than %d files that have to be given to m4",
				SM_SANDBOX_FILES - GIVEN);
		}
		r->given_at[i] = file_path(r->arena, GIVEN + i);
		r->given_count++;
	}
	mp_buf_init(&text, GUARD_TEXT);
	sm_guard_write(&r->guard, r->job, r->given_at, &text);
	int done = text.overflow
		? mp_err_set(err, MP_ERR_INPUT, "the paths that the .mc includes are too long")
		: add_file(r, mp_buf_slice(&text), err);
	mp_buf_release(&text);
	if (done == 0) {
		done = add_file(r, mp_slice_str(r->job->prelude), err);
	}
	for (size_t i = 0; done == 0 && given != NULL && i < r->given_count; i++) {
		done = add_file(r, given[i].text, err);
	}
	return done;
}

/* The options: which leave a .cf as it is is proven (reference 1.14). */
static void make_argv(const struct run *r, struct process *p)
{
	static const char *const first[] = {"m4", "-G", "-daflqi", "-Usyscmd", "-Umaketemp",
		"-Umkstemp", "-Uunix", "-D_NO_MAKEINFO_"};
	const struct sm_library *library = r->job->library;
	const char *const *own = sm_guard_traced(&r->guard, r->arena);

	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		mp_vec_push(&p->argv, first[i]);
	}
	mp_vec_push(&p->argv, mp_arena_printf(r->arena, "-L%d", NESTING));
	if (library != NULL) {
		mp_vec_push(
			&p->argv, mp_arena_printf(r->arena, "-D_CF_DIR_=%s", library->directory));
	}
	for (; *own != NULL; own++) {
		mp_vec_push(&p->argv, mp_arena_printf(r->arena, "-t%s", *own));
	}
	if (!p->plain) {
		mp_vec_push(&p->argv, "-s");
		for (const char *const *t = sm_m4_behind_hash; *t != NULL; t++) {
			mp_vec_push(&p->argv, mp_arena_printf(r->arena, "-t%s", *t));
		}
		for (const char *const *t = r->job->traced; t != NULL && *t != NULL; t++) {
			mp_vec_push(&p->argv, mp_arena_printf(r->arena, "-t%s", *t));
		}
	}
	mp_vec_push(&p->argv, file_path(r->arena, GUARD));
	mp_vec_push(&p->argv, file_path(r->arena, PRELUDE));
	if (library != NULL && !r->job->loads_library) {
		mp_vec_push(&p->argv, library->cf_m4);
	}
	mp_vec_push(&p->argv, "-");
	mp_vec_push(&p->argv, NULL);
}

static int begin(
	const struct run *r, struct process *p, struct sm_sandbox *sandbox, struct mp_err *err)
{
	p->in = text_descriptor(r->job->mc, err);
	if (p->in < 0) {
		return -1;
	}
	make_argv(r, p);
	struct sm_sandbox_child child = {.program = r->program,
		.argv = p->argv.v,
		.directory = r->job->directory,
		.in = p->in,
		.files = r->files,
		.file_count = r->file_count,
		.readable = r->readable,
		.options = r->job->sandbox};
	return sm_sandbox_begin(sandbox, &child, err);
}

static int prepare(struct run *r, struct mp_err *err)
{
	size_t n = 0;

	r->program = find_program(r->arena, err);
	if (r->program == NULL || make_files(r, err) != 0) {
		return -1;
	}
	if (r->job->library != NULL) {
		r->readable[n++] = r->job->library->directory;
	}
	if (r->job->directory != NULL) {
		r->readable[n++] = r->job->directory;
	}
	return 0;
}

/* Runs one of the two to its end. The first thing that GNU m4 does with these options is to tell
 * that it reads the guard; what does not is another m4. */
static int run_one(const struct run *r, struct process *p, struct mp_err *err)
{
	struct sm_sandbox sandbox;

	if (begin(r, p, &sandbox, err) != 0) {
		return -1;
	}
	p->result = sm_sandbox_end(&sandbox, &p->out, &p->messages);
	if (mp_slice_starts(mp_buf_slice(&p->messages), "m4debug: input read from ")) {
		return 0;
	}
	struct mp_slice said = mp_slice_sub(mp_buf_slice(&p->messages), 0, 200);
	return mp_err_set(err, MP_ERR_INPUT,
		"%s does not work as GNU m4 does, which a .mc is read with; install the package m4 "
		"(GNU m4). It said: %s",
		r->program,
		mp_arena_slicedup(r->arena, mp_slice_sub(said, 0, mp_slice_chr(said, '\n'))));
}

/* What m4 read itself out of, by the complaint that it ended with. */
static enum sm_m4_end end_by_complaint(const struct sm_m4_run *run)
{
	static const struct {
		const char *text;
		enum sm_m4_end end;
	} ends[] = {{"memory exhausted", SM_M4_MEMORY}, {"recursion limit of ", SM_M4_MEMORY},
		{"stack overflow", SM_M4_MEMORY},
		{"cannot create temporary file for diversion", SM_M4_OUTPUT}};
	const struct sm_m4_record *last =
		run->record_count > 0 ? &run->records[run->record_count - 1] : NULL;

	for (size_t i = 0; last != NULL && i < sizeof ends / sizeof *ends; i++) {
		if (last->kind == SM_M4_COMPLAINT &&
			mp_slice_find(last->text, ends[i].text) != MP_NOT_FOUND) {
			return ends[i].end;
		}
	}
	return SM_M4_DONE;
}

static void set_end(const struct sm_sandbox_result *result, struct sm_m4_run *run)
{
	static const enum sm_m4_end ends[] = {[SM_SANDBOX_EXIT] = SM_M4_DONE,
		[SM_SANDBOX_SIGNAL] = SM_M4_KILLED,
		[SM_SANDBOX_CPU] = SM_M4_CPU,
		[SM_SANDBOX_WAIT] = SM_M4_WAIT,
		[SM_SANDBOX_OUTPUT] = SM_M4_OUTPUT,
		[SM_SANDBOX_DENIED] = SM_M4_DENIED};

	run->end = ends[result->end];
	run->status = result->value;
	if (run->end == SM_M4_DONE && run->status != 0) {
		run->end = end_by_complaint(run);
	}
}

/* Names how the run ended, when that was not by itself, at the place that m4 was last heard from.
 */
static void name_end(struct mp_arena *arena, struct sm_m4_run *run)
{
	static const struct {
		enum sm_m4_end end;
		enum sm_m4_attempt_kind kind;
	} kinds[] = {{SM_M4_CPU, SM_M4_TRIED_ENDLESS}, {SM_M4_WAIT, SM_M4_TRIED_ENDLESS},
		{SM_M4_MEMORY, SM_M4_TRIED_MEMORY}, {SM_M4_OUTPUT, SM_M4_TRIED_OUTPUT},
		{SM_M4_DENIED, SM_M4_TRIED_KERNEL}, {SM_M4_KILLED, SM_M4_TRIED_KERNEL}};
	struct sm_m4_attempt a = {.macro = "", .argument = "", .file = ""};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i].end != run->end) {
			continue;
		}
		a.kind = kinds[i].kind;
		if (run->record_count > 0) {
			a.file = run->records[run->record_count - 1].file;
			a.line = run->records[run->record_count - 1].line;
		}
		sm_m4_add_attempt(arena, run, a);
	}
}

static bool is_library(const struct run *r, struct mp_slice path)
{
	return r->job->library != NULL && mp_slice_starts(path, r->job->library->directory) &&
		mp_slice_find(path, "/../") == MP_NOT_FOUND;
}

static bool is_given(const struct run *r, struct mp_slice path)
{
	for (size_t i = 0; i < r->given_count; i++) {
		if (mp_slice_eq_str(path, r->job->given[i].path)) {
			return true;
		}
	}
	return false;
}

/* Whether a file that m4 opened is one that it may: the library's, which is trusted to the links in
 * it, or below the folder with links followed. */
static bool inside(const struct run *r, const char *path)
{
	const char *folder = r->job->directory;

	if (is_library(r, mp_slice_str(path))) {
		return true;
	}
	char *place = folder != NULL ? realpath(folder, NULL) : NULL;
	char *real = folder != NULL ? realpath(mp_path_join(r->arena, folder, path), NULL) : NULL;
	bool found = place != NULL && real != NULL && mp_path_below(real, place) != NULL;
	free(place);
	free(real);
	return found;
}

static bool exists(const struct run *r, const char *path)
{
	struct stat st;
	const char *folder = r->job->directory != NULL ? r->job->directory : "/";

	return stat(mp_path_join(r->arena, folder, path), &st) == 0;
}

/* Where a file was read, for which the reader has a record. */
static void find_place(const struct sm_m4_run *run, struct sm_m4_attempt *attempt)
{
	attempt->file = "";
	attempt->line = 0;
	for (size_t i = 0; i < run->record_count; i++) {
		const struct sm_m4_record *r = &run->records[i];
		if (r->kind == SM_M4_READS && mp_slice_eq_str(r->text, attempt->argument)) {
			attempt->file = r->file;
			attempt->line = r->line;
			return;
		}
	}
}

static bool is_ours(const struct run *r, const char *path)
{
	if (strcmp(path, "stdin") == 0) {
		return true;
	}
	for (size_t i = 0; i < r->file_count; i++) {
		if (strcmp(path, file_path(r->arena, i)) == 0) {
			return true;
		}
	}
	return false;
}

/*
 * Whether the call follows by which the guard lets a file of the folder be read: then the path
 * before has been told to its end. A path with a newline in it, which the guard lets nobody use,
 * would go on there; and no folder can have a name with the nonce in it.
 */
static bool guard_follows(const struct run *r, struct mp_slice rest)
{
	struct mp_slice line = mp_slice_sub(rest, 0, mp_slice_chr(rest, '\n'));
	const char *n = r->guard.nonce;

	return mp_slice_starts(line, "m4trace:") &&
		(mp_slice_find(line, mp_arena_printf(r->arena, "- %slocal(", n)) != MP_NOT_FOUND ||
			mp_slice_find(line, mp_arena_printf(r->arena, "- %ssinclude(", n)) !=
				MP_NOT_FOUND);
}

/* Names each file that m4 opened and may not: false when there is one. */
static bool audit(const struct run *r, struct mp_slice messages, struct sm_m4_run *run)
{
	static const char words[] = ": input read from ";
	struct sm_m4_attempt bad = {.kind = SM_M4_TRIED_READ, .macro = "include"};
	size_t at;

	while ((at = mp_slice_find(messages, words)) != MP_NOT_FOUND) {
		messages = mp_slice_from(messages, at + strlen(words));
		size_t end = mp_slice_chr(messages, '\n');
		struct mp_slice path = mp_slice_sub(messages, 0, end);
		const char *name = mp_arena_slicedup(r->arena, path);
		struct mp_slice rest =
			end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(messages, end + 1);
		bool good = is_ours(r, name) || is_library(r, path) ||
			(guard_follows(r, rest) && inside(r, name));
		if (!good) {
			bad.argument = name;
			find_place(run, &bad);
			sm_m4_add_attempt(r->arena, run, bad);
		}
	}
	return bad.argument == NULL;
}

/*
 * Throws the run away when m4 opened a file that it may not. m4 tells each file that it opens, in
 * these words and whatever macro it was opened by; the words are looked for anywhere, not only
 * where the reader would take them for m4's, and are believed even if errprint said them. So it is
 * with the guard's own names in the output: they are no .cf, and who has them has taken the guard
 * apart.
 */
static void judge(const struct run *r, struct mp_slice messages, struct sm_m4_run *run)
{
	bool keep = audit(r, messages, run);

	if (keep) {
		keep = audit(r, mp_buf_slice(&r->plain.messages), run);
	}
	if (mp_slice_find(run->text, r->guard.nonce) != MP_NOT_FOUND) {
		sm_m4_add_attempt(r->arena, run,
			(struct sm_m4_attempt){SM_M4_TRIED_DEFINITION, "", "", "", 0});
		keep = false;
	}
	if (!keep) {
		run->text = mp_slice("", 0);
		run->mark_count = 0;
		run->records = NULL;
		run->record_count = 0;
	}
}

/* A path that could not be opened: the file is there, so the kernel did not let m4 have it (a link
 * of the folder that leads outside), or it includes itself until no more can be open. */
static void name_unopened(
	const struct run *r, struct sm_m4_run *run, const char *path, const struct sm_m4_record *at)
{
	struct sm_m4_attempt a = {SM_M4_TRIED_READ, "include", path, at->file, at->line};

	if (!exists(r, path)) {
		return;
	}
	if (!inside(r, path)) {
		sm_m4_add_attempt(r->arena, run, a);
	} else if (mp_slice_ends(at->text, ": Too many open files")) {
		a.kind = SM_M4_TRIED_ENDLESS;
		sm_m4_add_attempt(r->arena, run, a);
	}
}

static void name_all_unopened(const struct run *r, struct sm_m4_run *run,
	const struct sm_m4_asked *asked, size_t asked_count)
{
	static const char words[] = "cannot open `";

	for (size_t i = 0; i < run->record_count; i++) {
		const struct sm_m4_record *c = &run->records[i];
		if (c->kind != SM_M4_COMPLAINT || !mp_slice_starts(c->text, words)) {
			continue;
		}
		struct mp_slice path = mp_slice_from(c->text, strlen(words));
		size_t end = mp_slice_rchr(path, '\'');
		const char *name = mp_arena_slicedup(r->arena, mp_slice_sub(path, 0, end));
		if (end != MP_NOT_FOUND) {
			name_unopened(r, run, name, c);
		} else {
			/* It has a newline in it: not by way of the guard. */
			sm_m4_add_attempt(r->arena, run,
				(struct sm_m4_attempt){
					SM_M4_TRIED_READ, "include", name, c->file, c->line});
		}
	}
	for (size_t i = 0; i < asked_count; i++) {
		struct sm_m4_record at = {.file = asked[i].file, .line = asked[i].line};
		name_unopened(r, run, asked[i].path, &at);
	}
}

static struct mp_slice keep(struct mp_arena *arena, const struct mp_buf *b)
{
	return mp_slice(mp_arena_memdup(arena, b->p, b->n), b->n);
}

/* Whether the .mc may have written marks itself: by its own text, by a text that it includes, or by
 * a macro of a name that the library writes behind a "#". */
static bool may_forge(const struct run *r, const struct sm_m4_run *run, bool behind_hash)
{
	if (behind_hash || sm_m4_may_forge(r->job->mc)) {
		return true;
	}
	for (size_t i = 0; i < r->given_count; i++) {
		if (sm_m4_may_forge(r->job->given[i].text)) {
			return true;
		}
	}
	for (size_t i = 0; i < run->record_count; i++) {
		const struct sm_m4_record *f = &run->records[i];
		if (f->kind == SM_M4_READS && !mp_slice_eq_str(f->text, "stdin") &&
			!is_given(r, f->text) && !is_library(r, f->text)) {
			return true;
		}
	}
	return false;
}

static int read_run(struct run *r, struct sm_m4_run *run, struct mp_err *err)
{
	struct sm_m4_alias *aliases = mp_arena_array(r->arena, r->file_count + 1, sizeof *aliases);
	struct mp_slice messages = keep(r->arena, &r->marked.messages);
	struct sm_m4_told told;

	for (size_t i = 0; i < r->file_count; i++) {
		aliases[i].path = file_path(r->arena, i);
		aliases[i].name = i < GIVEN ? "" : r->job->given[i - GIVEN].path;
	}
	struct sm_m4_reader reader = {&r->guard, r->arena, r->job->traced, aliases};
	struct mp_slice marked = mp_buf_slice(&r->marked.out);
	sm_m4_read_messages(&reader, messages, run, &told);
	if (r->marked.result.end != SM_SANDBOX_EXIT || !may_forge(r, run, told.behind_hash)) {
		sm_m4_take_marks(marked, &reader, run);
	} else if (run_one(r, &r->plain, err) != 0) {
		return -1;
	} else {
		sm_m4_compare_marks(marked, keep(r->arena, &r->plain.out), &reader, run);
	}
	name_all_unopened(r, run, told.asked, told.asked_count);
	judge(r, messages, run);
	return 0;
}

static void set_ends(const struct run *r, struct sm_m4_run *run)
{
	set_end(&r->marked.result, run);
	if (run->end == SM_M4_DONE && r->plain.result.end != SM_SANDBOX_EXIT) {
		set_end(&r->plain.result, run);
	}
	name_end(r->arena, run);
}

int sm_m4_run(const struct sm_m4_job *job, struct mp_arena *arena, struct sm_m4_run *run,
	struct mp_err *err)
{
	struct run r = {.job = job,
		.arena = arena,
		.marked = {.in = -1},
		.plain = {.plain = true, .in = -1}};
	struct process *both[] = {&r.marked, &r.plain};

	*run = (struct sm_m4_run){.end = SM_M4_DONE};
	sm_guard_init(&r.guard);
	for (size_t i = 0; i < 2; i++) {
		mp_buf_init(&both[i]->out, MP_LIMIT_M4_OUTPUT);
		mp_buf_init(&both[i]->messages, MP_LIMIT_M4_OUTPUT);
	}
	int done = prepare(&r, err);
	if (done == 0) {
		done = run_one(&r, &r.marked, err);
	}
	if (done == 0) {
		done = read_run(&r, run, err);
	}
	if (done == 0) {
		set_ends(&r, run);
	}
	for (size_t i = 0; i < r.file_count; i++) {
		close(r.files[i]);
	}
	for (size_t i = 0; i < 2; i++) {
		if (both[i]->in >= 0) {
			close(both[i]->in);
		}
		mp_vec_release(&both[i]->argv);
		mp_buf_release(&both[i]->out);
		mp_buf_release(&both[i]->messages);
	}
	return done;
}

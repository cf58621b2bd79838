/* cmd_lab - `mtaproof lab CONFIG`: the real MTA, booted with CONFIG in private namespaces. */
#include "cli/cmd_lab.h"

#include "cli/lab_facts.h"
#include "lab/lab.h"

#include "base/buf.h"
#include "base/limits.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLIENTS_MAX = 64 };

struct options {
	const char *config, *facts, *print_facts, *mta_root;
	char **run;
	bool as_is, show_log, quiet, help;
	struct mp_ip clients[CLIENTS_MAX];
	size_t client_count;
};

static const char usage[] =
	"usage: mtaproof lab CONFIG [--facts FILE] [--mta-root DIR] [--as-is] [--client ADDR]...\n"
	"                    [--print-facts FILE] [--log] [--quiet] --run COMMAND [ARGUMENT...]\n"
	"\n"
	"Boots the real Postfix with CONFIG in private namespaces and runs COMMAND where its "
	"clients\n"
	"are: MTAPROOF_SERVER and MTAPROOF_SERVER6 are the server's addresses, MTAPROOF_LISTENERS\n"
	"where it listens, MTAPROOF_LOG a file with its log. Nothing leaves the machine, and\n"
	"nothing is left behind. Needs root.\n";

static int exit_status(const struct mp_err *err)
{
	return err->code == MP_ERR_USAGE ? 2 : err->code == MP_ERR_LIVE ? 4 : 3;
}

static int add_client(struct options *o, const char *text, struct mp_err *err)
{
	if (o->client_count == CLIENTS_MAX ||
		!mp_ip_parse(mp_slice_str(text), &o->clients[o->client_count])) {
		return mp_err_set(err, MP_ERR_USAGE, "--client %s: not an address", text);
	}
	o->client_count++;
	return 0;
}

static int read_options(int argc, char **argv, struct options *o, struct mp_err *err)
{
	static const struct option longs[] = {{"facts", required_argument, NULL, 'f'},
		{"mta-root", required_argument, NULL, 'm'}, {"as-is", no_argument, NULL, 'a'},
		{"supply", no_argument, NULL, 's'}, {"client", required_argument, NULL, 'c'},
		{"print-facts", required_argument, NULL, 'p'}, {"log", no_argument, NULL, 'l'},
		{"quiet", no_argument, NULL, 'q'}, {"run", no_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	int c;

	while (o->run == NULL && (c = getopt_long(argc, argv, "-h", longs, NULL)) != -1) {
		switch (c) {
		case 1:
			if (o->config != NULL) {
				return mp_err_set(
					err, MP_ERR_USAGE, "one CONFIG, not also %s", optarg);
			}
			o->config = optarg;
			break;
		case 'f':
			o->facts = optarg;
			break;
		case 'm':
			o->mta_root = optarg;
			break;
		case 'a':
			o->as_is = true;
			break;
		case 's':
			o->as_is = false;
			break;
		case 'c':
			if (add_client(o, optarg, err) < 0) {
				return -1;
			}
			break;
		case 'p':
			o->print_facts = optarg;
			break;
		case 'l':
			o->show_log = true;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'r':
			o->run = argv + optind;
			break;
		case 'h':
			o->help = true;
			return 0;
		default:
			return mp_err_set(err, MP_ERR_USAGE, "see mtaproof lab --help");
		}
	}
	if (o->config == NULL) {
		return mp_err_set(err, MP_ERR_USAGE, "which CONFIG? See mtaproof lab --help");
	}
	if (o->run == NULL || o->run[0] == NULL) {
		return mp_err_set(err, MP_ERR_USAGE, "--run COMMAND is missing");
	}
	return 0;
}

/* A whole file; owned by the caller: mp_buf_release(). */
static int read_file(const char *path, struct mp_buf *out, struct mp_err *err)
{
	char block[65536];
	size_t n;
	FILE *in = fopen(path, "rb");

	mp_buf_init(out, MP_LIMIT_FILE);
	if (in == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", path, strerror(errno));
	}
	while ((n = fread(block, 1, sizeof block, in)) > 0) {
		mp_buf_put(out, mp_slice(block, n));
	}
	bool bad = ferror(in) != 0;
	fclose(in);
	return bad || out->overflow ? mp_err_set(err, MP_ERR_INPUT, "%s: %s", path,
					      bad ? "cannot be read" : "too large")
				    : 0;
}

static int read_facts(const struct options *o, struct mp_facts *facts, struct mp_err *err)
{
	struct mp_buf text;

	if (o->facts == NULL) {
		return 0;
	}
	int rc = read_file(o->facts, &text, err);
	if (rc == 0) {
		rc = mp_facts_read(facts, o->facts, mp_buf_slice(&text), err);
	}
	mp_buf_release(&text);
	return rc;
}

/* The unpacked MTA: as told, else the installed one, else the one beside this program's source
 * (build/mta/postfix next to build/mtaproof). */
static const char *find_mta(const struct options *o, struct mp_arena *arena)
{
	char path[4096];
	struct stat st;

	if (o->mta_root != NULL) {
		return o->mta_root;
	}
	if (access("/usr/lib/postfix/sbin/master", X_OK) == 0 ||
		access("/usr/libexec/postfix/master", X_OK) == 0) {
		return NULL;
	}
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	while (n > 0) {
		path[n] = '\0';
		char *slash = strrchr(path, '/');
		if (slash == NULL) {
			break;
		}
		n = slash - path;
		*slash = '\0';
		const char *try = mp_arena_printf(arena, "%s/mta/postfix", path);
		if (stat(try, &st) == 0 && S_ISDIR(st.st_mode)) {
			return try;
		}
	}
	return NULL;
}

/* CONFIG as a folder, or as a main.cf alone. */
static int plan_config(const struct options *o, struct mp_buf *text, struct mp_lab_file *file,
	struct mp_lab_plan *plan, struct mp_err *err)
{
	struct stat st;

	if (stat(o->config, &st) < 0) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", o->config, strerror(errno));
	}
	if (S_ISDIR(st.st_mode)) {
		plan->config_dir = o->config;
		return 0;
	}
	if (read_file(o->config, text, err) < 0) {
		return -1;
	}
	*file = (struct mp_lab_file){"main.cf", mp_buf_slice(text)};
	plan->files = file;
	plan->file_count = 1;
	return 0;
}

static void plan_clients(const struct options *o, struct mp_arena *arena, struct mp_lab_plan *plan)
{
	static const char *const defaults[] = {"203.0.113.5", "2001:db8:113::5"};
	struct mp_ip *list = mp_arena_array(arena, o->client_count + 2, sizeof *list);
	bool has[2] = {false, false};
	size_t n = 0;

	for (size_t i = 0; i < o->client_count; i++) {
		list[n++] = o->clients[i];
		has[o->clients[i].family == 6] = true;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!has[i]) {
			mp_ip_parse(mp_slice_str(defaults[i]), &list[n++]);
		}
	}
	plan->clients = list;
	plan->client_count = n;
}

static void say_what_was_supplied(const struct mp_lab *lab)
{
	static const char *const words[] = {[MP_LAB_SUPPLIED_CERTIFICATE] = "certificate",
		[MP_LAB_SUPPLIED_TABLE] = "table",
		[MP_LAB_SUPPLIED_SASL] = "authentication",
		[MP_LAB_SUPPLIED_USER] = "account",
		[MP_LAB_SUPPLIED_FOLDER] = "folder",
		[MP_LAB_SUPPLIED_FILE] = "file"};
	size_t n = 0;
	const struct mp_lab_supplied *s = mp_lab_supplied(lab, &n);

	for (size_t i = 0; i < n; i++) {
		if (s[i].kind == MP_LAB_MISSING) {
			fprintf(stderr, "mtaproof: lab: missing: %s\n", s[i].what);
		} else {
			fprintf(stderr, "mtaproof: lab: supplied: %s %s\n", words[s[i].kind],
				s[i].what);
		}
	}
}

static void say_log(const struct mp_lab *lab)
{
	char *log = mp_lab_log(lab);

	fputs(log, stderr);
	free(log);
}

static int print_facts(const struct options *o, const struct mp_facts *facts, struct mp_err *err)
{
	if (o->print_facts == NULL) {
		return 0;
	}
	FILE *out = strcmp(o->print_facts, "-") == 0 ? stdout : fopen(o->print_facts, "w");
	if (out == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", o->print_facts, strerror(errno));
	}
	lab_facts_write(facts, out);
	int bad = out == stdout ? fflush(out) : fclose(out);
	return bad != 0 ? mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", o->print_facts, strerror(errno))
			: 0;
}

static int boot_and_run(const struct options *o, struct mp_facts *facts,
	const struct mp_lab_plan *plan, int *status, struct mp_err *err)
{
	struct mp_lab *lab = NULL;

	if (mp_lab_boot(plan, &lab, err) < 0) {
		return -1;
	}
	lab_facts_booted(facts, lab);
	if (!o->quiet) {
		say_what_was_supplied(lab);
	}
	if (!mp_lab_started(lab) && !o->quiet) {
		fputs("mtaproof: lab: the server does not start with this configuration\n", stderr);
		if (!o->show_log) {
			say_log(lab);
		}
	}
	int rc = print_facts(o, facts, err);
	if (rc == 0) {
		rc = mp_lab_run(lab, MP_LAB_CLIENT, o->run, status, err);
	}
	if (o->show_log) {
		say_log(lab);
	}
	mp_lab_free(lab);
	return rc;
}

int mp_cmd_lab(int argc, char **argv)
{
	struct options o = {0};
	struct mp_err err = {0};
	struct mp_lab_plan plan = {0};
	struct mp_lab_file file;
	struct mp_arena arena = {0};
	struct mp_buf text = {0};
	int status = 0;

	if (read_options(argc, argv, &o, &err) < 0) {
		fprintf(stderr, "mtaproof: %s\n", err.text);
		return 2;
	}
	if (o.help) {
		fputs(usage, stdout);
		return 0;
	}
	struct mp_facts *facts = mp_facts_new();
	if (read_facts(&o, facts, &err) == 0 && plan_config(&o, &text, &file, &plan, &err) == 0) {
		lab_facts_complete(facts);
		lab_facts_plan(facts, &arena, &plan);
		plan_clients(&o, &arena, &plan);
		plan.mta_root = find_mta(&o, &arena);
		plan.as_is = o.as_is;
		(void)boot_and_run(&o, facts, &plan, &status, &err);
	}
	if (err.code != MP_ERR_NONE) {
		fprintf(stderr, "mtaproof: %s\n", err.text);
		status = exit_status(&err);
	}
	mp_facts_free(facts);
	mp_arena_release(&arena);
	mp_buf_release(&text);
	return status;
}

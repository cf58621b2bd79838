/* lab_plan - from CONFIG and completed facts to what the lab is to boot. */
#include "cli/lab_plan.h"

#include "base/limits.h"
#include "cli/lab_facts.h"
#include "sendmail/provision.h"
#include "table/table.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LATE_MS = 90 * 1000 };

/* ---- programs ---------------------------------------------------------------------------- */

/* The folder of the unpacked MTA: as told, else NULL where it is installed, else the one beside
 * this program (build/mta/postfix next to build/mtaproof). */
static const char *find_mta(struct lab_planned *p, const char *told)
{
	const char *name = p->plan.mta == MP_LAB_SENDMAIL ? "sendmail" : "postfix";
	char path[4096];
	struct stat st;

	if (told != NULL || mp_lab_installed(p->plan.mta)) {
		return told;
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
		const char *try = mp_arena_printf(&p->arena, "%s/mta/%s", path, name);
		if (stat(try, &st) == 0 && S_ISDIR(st.st_mode)) {
			return try;
		}
	}
	return NULL;
}

/* The cf library that comes with the programs that are to run; NULL: the usual one. */
static const char *find_library(const char *mta_root, struct mp_arena *arena)
{
	struct stat st;

	if (mta_root == NULL) {
		return NULL;
	}
	const char *dir = mp_arena_printf(arena, "%s/usr/share/sendmail/cf", mta_root);
	return stat(dir, &st) == 0 && S_ISDIR(st.st_mode) ? dir : NULL;
}

/* ---- the configuration ------------------------------------------------------------------- */

static void add_file(struct lab_planned *p, const char *path, struct mp_slice text)
{
	p->files = mp_arena_room(
		&p->arena, p->files, p->plan.file_count, &p->file_room, sizeof *p->files, 8);
	p->files[p->plan.file_count++] = (struct mp_lab_file){path, text};
	p->plan.files = p->files;
}

static int add_overlays(
	struct lab_planned *p, const struct mp_load_options *load, struct mp_err *err)
{
	struct mp_slice text;

	for (size_t i = 0; i < load->overlays.n; i++) {
		const struct mp_overlay *o = &load->overlays.v[i];
		if (mp_load_file(o->file, MP_LIMIT_FILE, &p->arena, &text, err) < 0) {
			return -1;
		}
		add_file(p, o->name, text);
	}
	return 0;
}

/* The folder that CONFIG is, or that its file lies in; a file of another name than the server looks
 * for is given by that name. */
static int plan_folder(
	struct lab_planned *p, const char *config, const char *usual, struct mp_err *err)
{
	struct mp_slice path = mp_slice_str(config), text;
	size_t slash = mp_slice_rchr(path, '/');
	struct stat st;

	if (stat(config, &st) < 0) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", config, strerror(errno));
	}
	if (S_ISDIR(st.st_mode)) {
		p->plan.config_dir = config;
		return 0;
	}
	p->plan.config_dir = slash == MP_NOT_FOUND
		? "."
		: mp_arena_slicedup(&p->arena, mp_slice_sub(path, 0, slash > 0 ? slash : 1));
	const char *name = slash == MP_NOT_FOUND ? config : config + slash + 1;
	if (usual == NULL || mp_str_eq(name, usual) || mp_str_eq(name, "master.cf")) {
		return 0;
	}
	if (mp_load_file(config, MP_LIMIT_FILE, &p->arena, &text, err) < 0) {
		return -1;
	}
	add_file(p, usual, text);
	return 0;
}

/* What is installed of a .mc is the .cf that it becomes. Where m4 did not come to its end there is
 * none, and the server has nothing to start with. */
static int plan_sendmail(struct lab_planned *p, const char *config,
	const struct mp_load_options *load, struct mp_facts *facts, struct mp_err *err)
{
	lab_facts_linux(facts);
	int rc = mp_load_with(&p->loaded, config, load, facts, err);
	/* The caller keeps them: the booted server adds to them, and with these the configuration
	 * is read again to predict. */
	p->loaded.facts = NULL;
	if (rc < 0) {
		return -1;
	}
	const struct sm_cf *cf = sm_server_cf(p->loaded.server);
	add_file(p, "sendmail.cf", cf->incomplete ? mp_slice("", 0) : cf->source->text);
	p->plan.provisions = sm_provisions(cf, &p->arena);
	if (sm_server_starts_late(p->loaded.server)) {
		p->plan.starts_late = true;
		p->plan.deadline_ms = LATE_MS;
	}
	return 0;
}

int lab_plan_make(struct lab_planned *p, const char *config, struct mp_load_options *load,
	const char *mta_root, struct mp_facts *facts, struct mp_err *err)
{
	struct mp_input_options input = {.type = load->type, .isolated = true};
	struct mp_input *in = mp_input_open(config, &input, err);

	if (in == NULL) {
		return -1;
	}
	bool sendmail = mp_input_kind(in) != MP_CONFIG_POSTFIX;
	const char *main_file = mp_arena_strdup(&p->arena, mp_input_main(in));
	mp_input_free(in);
	p->plan.mta = sendmail ? MP_LAB_SENDMAIL : MP_LAB_POSTFIX;
	p->plan.provisions.suffix = mp_table_suffix;
	p->plan.mta_root = find_mta(p, mta_root);
	if (sendmail && load->sendmail.cf_dir == NULL) {
		load->sendmail.cf_dir = find_library(p->plan.mta_root, &load->arena);
	}
	/* A sendmail.mc, whatever its name, is there for people to see: the server reads its .cf.
	 */
	if (plan_folder(p, config, sendmail ? NULL : main_file, err) < 0 ||
		add_overlays(p, load, err) < 0 ||
		(sendmail && plan_sendmail(p, config, load, facts, err) < 0)) {
		return -1;
	}
	lab_facts_plan(facts, &p->arena, &p->plan);
	return 0;
}

/* ---- clients ----------------------------------------------------------------------------- */

void lab_plan_clients(struct lab_planned *p, const struct mp_ip *clients, size_t count)
{
	static const char *const defaults[] = {"203.0.113.5", "2001:db8:113::5"};
	struct mp_ip *list = mp_arena_array(&p->arena, count + 2, sizeof *list);
	bool has[2] = {false, false};
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		list[n++] = clients[i];
		has[clients[i].family == 6] = true;
	}
	for (size_t i = 0; i < 2; i++) {
		if (!has[i]) {
			mp_ip_parse(mp_slice_str(defaults[i]), &list[n++]);
		}
	}
	p->plan.clients = list;
	p->plan.client_count = n;
}

void lab_plan_release(struct lab_planned *p)
{
	mp_loaded_release(&p->loaded);
	mp_arena_release(&p->arena);
}

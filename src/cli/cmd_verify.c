/* cmd_verify - mtaproof verify: predict, probe, compare. */
#include "cli/cli.h"
#include "cli/verify_run.h"

enum { OPT_HELP = 1, OPT_DNS };

static const struct mp_option own_options[] = {
	{"dns", "live[@ADDR[:PORT]]",
		"ask the DNS (or this name server) what the prediction leaves open", OPT_DNS},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {
	mp_play_option_set, mp_live_option_set, mp_load_option_set, own_options};

enum { SETS = sizeof sets / sizeof sets[0] };

struct options {
	struct mp_load_options load;
	struct mp_live_options live;
	struct mp_dns_server dns;
	bool ask_dns, help;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	if (id == OPT_HELP) {
		o->help = true;
		return 0;
	}
	if (id == OPT_DNS) {
		o->ask_dns = true;
		return mp_dns_server_parse(value, &o->dns, err);
	}
	int rc = mp_live_option(&o->live, id, value, err);
	return rc == 1 ? mp_load_option(&o->load, id, value, err) : rc;
}

static void help(void)
{
	fputs("usage: mtaproof verify [OPTION...] CONFIG [TARGET...]\n\n"
	      "Predicts what the server of CONFIG answers, plays the same dialogues to TARGET,\n"
	      "and reports every difference. TARGET is host, host:port, [v6]:port, smtp://,\n"
	      "submission:// or smtps://; without one, the predicted listeners of this host.\n"
	      "Nothing is delivered without --deliver.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, SETS);
}

static int play_and_report(
	struct mp_verify_run *run, char *const *words, size_t n, struct mp_err *err)
{
	struct mp_probe_target *targets = NULL;
	size_t count = 0;

	if (mp_live_targets(run->live->options, words, n, &run->arena, &targets, &count, err) < 0) {
		return -1;
	}
	if (count == 0) {
		run->options.one_server = true;
		count = mp_verify_run_listeners(run, NULL, &targets, err);
	}
	if (mp_verify_run_play(run, targets, count, err) < 0) {
		return -1;
	}
	mp_pair_predict_both(run->pair->pair, run->options.scenarios, &run->options.names);
	return mp_verify_run_report(run, err);
}

static int verify(struct options *o, char *const *words, size_t n, struct mp_err *err)
{
	struct mp_loaded loaded = {0};
	struct mp_live live = {0};
	struct mp_live_dns dns = {0};
	struct mp_verify_run run;
	struct mp_pair pair;
	struct mp_pair_verify pair_verify;

	o->load.prefer_cf = true;
	int rc = mp_live_begin(&live, &o->live, err);
	if (rc == 0) {
		rc = mp_load(&loaded, words[0], &o->load, err);
	}
	if (rc == 0) {
		mp_verify_run_begin(&run, &loaded, &live);
		mp_live_dns_begin(&dns, &o->dns, loaded.facts, o->live.timeout_s * 1000);
		run.dns = o->ask_dns ? &dns : NULL;
		mp_pair_begin(&pair, &loaded, &o->load);
		mp_pair_verify_begin(&pair_verify, &pair, &run.options, &run.arena);
		run.pair = &pair_verify;
		rc = play_and_report(&run, words + 1, n - 1, err);
		mp_pair_verify_end(&pair_verify);
		mp_verify_run_end(&run);
		mp_pair_end(&pair);
	}
	mp_live_dns_end(&dns);
	mp_loaded_release(&loaded);
	mp_live_end(&live);
	return rc;
}

int mp_cmd_verify(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	int first;

	mp_live_options_init(&o.live);
	int rc = mp_options_parse(argc, argv, sets, SETS, false, take_option, &o, &first, err);
	if (rc == 0 && o.help) {
		help();
	} else if (rc == 0 && argc - first < 1) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"verify takes a CONFIG and any number of TARGETs (see mtaproof verify "
			"--help)");
	} else if (rc == 0) {
		rc = verify(&o, argv + first, (size_t)(argc - first), err);
	}
	mp_live_options_release(&o.live);
	mp_load_options_release(&o.load);
	return rc;
}

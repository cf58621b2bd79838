/* place - the candidate's configuration, and the files that every host has. */
#include "lab/box.h"
#include "lab/files.h"

#include <stdio.h>

static int put_config(struct lab_box *box, int config_dir, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	char to[512];

	if (config_dir >= 0 && lab_tree_copy(config_dir, box->config_path, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct mp_lab_file *f = &plan->files[i];
		snprintf(to, sizeof to, "%s%s%s", f->path[0] == '/' ? "" : box->config_path,
			f->path[0] == '/' ? "" : "/", f->path);
		if (lab_file_put(to, f->text, 0644, err) < 0) {
			return -1;
		}
	}
	return 0;
}

int lab_place_basics(struct lab_box *box, int config_dir, struct mp_err *err)
{
	static const char resolver[] =
		"nameserver " LAB_RESOLVER "\noptions timeout:3 attempts:1\n";
	static const char sources[] = "passwd: files\ngroup: files\nshadow: files\n"
				      "hosts: files dns\nservices: files\nprotocols: files\n"
				      "networks: files\nnetgroup: files\n";
	static const char hosts[] = "127.0.0.1 localhost\n::1 localhost\n";
	char name[300];

	snprintf(name, sizeof name, "%.255s\n", box->plan->hostname);
	if (lab_file_puts("/etc/resolv.conf", resolver, 0644, err) < 0 ||
		lab_file_puts("/etc/nsswitch.conf", sources, 0644, err) < 0 ||
		lab_file_puts("/etc/hosts", hosts, 0644, err) < 0 ||
		lab_file_puts("/etc/hostname", name, 0644, err) < 0 ||
		lab_file_puts("/etc/mailname", name, 0644, err) < 0 ||
		lab_dirs("/var/lib", 0755, err) < 0) {
		return -1;
	}
	return put_config(box, config_dir, err);
}

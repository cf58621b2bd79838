/* lab - `mtaproof lab` as a program of its own. */
#include "cli/cli.h"

#include <stdio.h>

int main(int argc, char **argv)
{
	struct mp_err err = {0};
	int rc = mp_cmd_lab(argc, argv, &err);

	if (rc < 0) {
		fprintf(stderr, "mtaproof: %s\n", err.text);
		return err.code == MP_ERR_USAGE ? 2 : err.code == MP_ERR_LIVE ? 4 : 3;
	}
	return rc;
}

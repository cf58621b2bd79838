/* lab - `mtaproof lab` as a program of its own. */
#include "cli/cmd_lab.h"

int main(int argc, char **argv)
{
	return mp_cmd_lab(argc, argv);
}

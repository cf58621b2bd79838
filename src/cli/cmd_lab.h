/* cmd_lab - `mtaproof lab CONFIG`. */
#ifndef MP_CLI_CMD_LAB_H
#define MP_CLI_CMD_LAB_H

/* argv[0] is "lab". Returns the exit status. */
int mp_cmd_lab(int argc, char **argv);

#endif

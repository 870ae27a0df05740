#pragma once
/*
 * The daemon as a library: the command line, the configuration, the ordered start, drain and stop of everything
 * else.
 */

/* What main returns: 0, 1 when the daemon cannot start or fails, 2 for a mistake on the command line or in the
 * configuration file; each says why in one line on standard error. */
int app_main(int argc, char **argv);

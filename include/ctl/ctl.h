#pragma once
/* The command-line client of the REST interface: `entretienctl`. Everything but the wording is in its tables.
 */

/* What the process ends with. */
enum ctl_exit {
    CTL_DONE = 0,
    CTL_REFUSED = 1, /* the server understood and said no */
    CTL_MISUSED = 2, /* the command line, the settings or a file given */
    CTL_BROKEN = 3,  /* the server cannot be reached, or what it answers is not of this interface */
};

int ctl_main(int argc, char **argv);

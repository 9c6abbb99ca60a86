/* What Linux offers and Swift can't call: variable arguments, and what GNU's C library hides. */
#ifndef SLUICE_CLINUX_H
#define SLUICE_CLINUX_H

/* No core dump of this process, and no other process of its user looks into its memory (prctl(2), PR_SET_DUMPABLE).
 * 0, or -1 where the kernel refuses. */
int sluice_hide_memory(void);

/* Runs a program whose standard output is read: it has nothing else open but /dev/null, a process group of its own, and
 * these arguments and variables alone, each list ended by NULL. Returns 0, or the error's number; then nothing runs. */
int sluice_run_for_output(
    char *const arguments[], char *const environment[], int *output, int *process);
#endif

/*
 * What the system says of this process. Any thread.
 */
#ifndef ENDPOINT_PROCESS_H
#define ENDPOINT_PROCESS_H

#include <stdint.h>

struct process {
	double cpu_seconds;
	uint64_t resident_bytes, virtual_bytes;
	uint64_t open_files, most_files;
};

/* What cannot be known is 0. */
void process_read(struct process *process);

#endif

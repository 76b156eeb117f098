/*
 * What the disk under the server on trial tells: each operation on the database and its log, in
 * order, in a file; and how many of them are done, in memory that the test shares.
 */
#ifndef TESTS_TRIAL_RECORD_H
#define TESTS_TRIAL_RECORD_H

#include <stdint.h>

#define TRIAL_LOG "TRIAL_LOG" /* variables: the file of the records; none: nothing is recorded */
#define TRIAL_CLOCK                                                                                \
	"TRIAL_CLOCK" /* a file of eight bytes: the number of operations that are done */
#define TRIAL_FAULT                                                                                \
	"TRIAL_FAULT" /* "K KIND": operation K (from 1 on) fails, see enum trial_fault */

enum trial_file { TRIAL_DATABASE, TRIAL_WAL, TRIAL_JOURNAL, TRIAL_FILES };

enum trial_kind {
	TRIAL_MADE, /* the file came to be, empty */
	TRIAL_WRITE,
	TRIAL_TRUNCATE,
	TRIAL_SYNC,
	TRIAL_SYNC_NAMES, /* of the folder: which files there are */
	TRIAL_DELETE,
};

/* Behind it come length bytes, of a write. */
struct trial_record {
	uint32_t kind;
	uint32_t file;
	uint64_t offset; /* of a write; of a truncation the length that is left */
	uint64_t length;
};

/* ONCE: that operation alone; else it and all behind it. */
enum trial_fault {
	TRIAL_NO_FAULT,
	TRIAL_FULL_ONCE,
	TRIAL_FULL,
	TRIAL_EIO_ONCE,
	TRIAL_EIO,
	TRIAL_SHORT_ONCE, /* of a write half the bytes */
	TRIAL_SHORT,
	TRIAL_FAULTS,
};

#endif

/* A case file, taken apart. Its format is told at the head of test_api.c. */
#ifndef TESTS_CASE_FILE_H
#define TESTS_CASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define CASE_COLUMNS_MAX 6
#define CASE_ROWS_MAX 64
#define CASE_TABLES_MAX 2
#define CASE_REPLIES_MAX 4

struct case_table {
	char *names[CASE_COLUMNS_MAX];
	char *values[CASE_ROWS_MAX][CASE_COLUMNS_MAX];
	size_t columns, rows;
};

struct case_reply {
	int line;
	char *status;  /* what stands behind "---" */
	char *headers; /* lines; NULL when nothing at all is expected of the reply */
	char *body;    /* NULL when there is none */
};

struct case_exchange {
	int line;
	char *title;
	long times;
	struct case_table tables[CASE_TABLES_MAX];
	size_t table_count;
	char *request; /* the request line and header lines; all of a RAW request */
	char *body;    /* NULL when there is none */
	struct case_reply replies[CASE_REPLIES_MAX];
	size_t reply_count;
};

struct case_file {
	char *text; /* what every string above points into */
	struct case_exchange *exchanges;
	size_t count;
};

/* Reads the file. 0, or the number of the line that cannot be read: 1 when there is no file. */
int case_file_read(struct case_file *file, const char *path);

void case_file_free(struct case_file *file);

#endif

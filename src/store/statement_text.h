/*
 * What the text of a statement says of it: whether it changes something, its parameters, and the
 * names of its columns. Any thread.
 */
#ifndef STORE_STATEMENT_TEXT_H
#define STORE_STATEMENT_TEXT_H

#include "base/text.h"

#define PARAMETERS_MOST 64
#define COLUMNS_MOST 32

struct statement_text {
	bool writes;
	unsigned parameters;
	struct text parameter[PARAMETERS_MOST]; /* each once, as they come, without "$" */
	unsigned columns;
	struct text column[COLUMNS_MOST]; /* without quotes */
};

/*
 * Read one SELECT, INSERT, UPDATE or DELETE, perhaps after WITH. Keywords are in capitals, and the
 * name of a column is the last word of it. NULL; or what is wrong with it, which points into sql or
 * is a constant.
 */
const char *statement_text_read(const char *sql, struct statement_text *text);

#endif

/* The tables of the API, as far as they say what is where and what it takes. */
#include "tables.h"

#include "api/api.h"
#include "base/memory.h"

#include <string.h>

static void tables_add(struct endpoint **rows, size_t *count, const struct endpoint *row)
{
	struct endpoint *plain;

	*rows = memory_resize(*rows, (*count + 2) * sizeof(**rows));
	plain = &(*rows)[(*count)++];
	*plain = (struct endpoint){ .name = row->name,
		.method = row->method,
		.path = row->path,
		.internal = row->internal };
	memcpy(plain->input, row->input, sizeof(row->input));
	memcpy(plain->value, row->value, sizeof(row->value));
	plain[1] = (struct endpoint){ 0 };
}

const struct endpoint *tables_rows(void)
{
	static struct endpoint *rows;
	size_t count = 0;

	if (rows != NULL)
		return rows;
	for (const struct endpoint *const *table = api_tables; *table != NULL; table++)
		for (const struct endpoint *row = *table; row->path != NULL; row++)
			tables_add(&rows, &count, row);
	return rows;
}

const struct router *tables_router(void)
{
	static struct router *router;

	if (router == NULL)
		router = router_new(NULL, (const struct endpoint *const[]){ tables_rows(), NULL },
			&(struct router_sql){ 0 });
	return router;
}

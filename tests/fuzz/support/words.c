/*
 * The names of the product, as lines of a dictionary for libFuzzer: the members and parameters that
 * the endpoints take, the words that are to be chosen from, and the parts of their paths.
 */
#include "api/api.h"
#include "endpoint/endpoint.h"

#include <stdio.h>
#include <string.h>

/* The words of a text between these separators; what has none of a word's letters is left out. */
static void words_print(const char *text, const char *separators)
{
	while (text != NULL && *text != '\0') {
		size_t length = strcspn(text, separators);

		if (length > 0)
			printf("\"%.*s\"\n", (int)length, text);
		text += length;
		text += strspn(text, separators);
	}
}

static void words_of_row(const struct endpoint *row)
{
	words_print(row->path, "/{}");
	for (int i = 0; i < ENDPOINT_INPUTS && row->input[i].name != NULL; i++) {
		words_print(row->input[i].name, "");
		words_print(row->input[i].choices, " ");
	}
	for (int i = 0; row->list_query != NULL && row->list_query->orders[i].name != NULL; i++)
		words_print(row->list_query->orders[i].name, "");
}

int main(void)
{
	for (const struct endpoint *const *table = api_tables; *table != NULL; table++)
		for (const struct endpoint *row = *table; row->path != NULL; row++)
			words_of_row(row);
	return 0;
}

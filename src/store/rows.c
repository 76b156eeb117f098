/*
 * A packed row is its length, and for each column a type and, where that has one, a value. Numbers
 * are in the machine's byte order, since they never leave the process. Rows are in chunks, which
 * are never copied and are freed as soon as they were run.
 */
#include "store/rows.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES ((size_t)1 << 20) /* a row that is longer has a chunk of its own */

struct rows_chunk {
	struct rows_chunk *next;
	size_t at; /* where the next row to be run begins */
	struct buffer data;
};

static void add_bytes(struct buffer *data, const void *bytes, size_t length)
{
	buffer_add(data, bytes, length);
}

static void add_value(struct buffer *data, const struct value *value)
{
	unsigned char type = (unsigned char)value->type;
	uint32_t length;

	add_bytes(data, &type, 1);
	switch (value->type) {
	case VALUE_NULL:
		break;
	case VALUE_INTEGER:
		add_bytes(data, &value->integer, sizeof(value->integer));
		break;
	case VALUE_REAL:
		add_bytes(data, &value->real, sizeof(value->real));
		break;
	case VALUE_TEXT:
	case VALUE_BLOB:
		length = (uint32_t)value->text.length;
		add_bytes(data, &length, sizeof(length));
		add_bytes(data, value->text.data, value->text.length);
		break;
	}
}

/* The chunk that has room for another row. */
static struct rows_chunk *chunk_to_fill(struct rows *rows)
{
	struct rows_chunk *chunk = rows->last;

	if (chunk != NULL && chunk->data.length < CHUNK_BYTES)
		return chunk;
	chunk = memory_zeroed(sizeof(*chunk));
	if (rows->last != NULL)
		rows->last->next = chunk;
	else
		rows->first = chunk;
	rows->last = chunk;
	return chunk;
}

void rows_add(struct rows *rows, const struct value *values, const int *index)
{
	struct buffer *data = &chunk_to_fill(rows)->data;
	size_t start = data->length;
	uint32_t length = 0;

	add_bytes(data, &length, sizeof(length));
	for (unsigned i = 0; i < rows->columns; i++)
		add_value(data, &values[index[i]]);
	length = (uint32_t)(data->length - start);
	memcpy(data->data + start, &length, sizeof(length));
	rows->count++;
}

/* Copy so many bytes from *at, and move it past them. */
static void take(const char **at, void *to, size_t length)
{
	memcpy(to, *at, length);
	*at += length;
}

static uint32_t row_length(const struct rows_chunk *chunk, size_t at)
{
	uint32_t length;

	memcpy(&length, chunk->data.data + at, sizeof(length));
	return length;
}

unsigned rows_slice(const struct rows *rows, unsigned count, size_t bytes)
{
	const struct rows_chunk *chunk = rows->first;
	size_t at = chunk != NULL ? chunk->at : 0, sum = 0;
	unsigned slice = 0;

	while (slice < count && chunk != NULL) {
		if (at == chunk->data.length) {
			chunk = chunk->next;
			at = 0;
			continue;
		}
		sum += row_length(chunk, at);
		if (slice > 0 && sum > bytes)
			break;
		at += row_length(chunk, at);
		slice++;
	}
	return slice;
}

static void take_value(const char **at, struct value *value)
{
	unsigned char type;
	uint32_t length;

	take(at, &type, 1);
	*value = (struct value){ .type = (enum value_type)type };
	switch (value->type) {
	case VALUE_NULL:
		break;
	case VALUE_INTEGER:
		take(at, &value->integer, sizeof(value->integer));
		break;
	case VALUE_REAL:
		take(at, &value->real, sizeof(value->real));
		break;
	case VALUE_TEXT:
	case VALUE_BLOB:
		take(at, &length, sizeof(length));
		value->text = (struct text){ *at, length };
		*at += length;
		break;
	}
}

static void drop_first(struct rows *rows)
{
	struct rows_chunk *chunk = rows->first;

	rows->first = chunk->next;
	if (rows->first == NULL)
		rows->last = NULL;
	buffer_free(&chunk->data);
	free(chunk);
}

/* The texts of the row before are not used any more: its chunk may be freed. */
bool rows_next(struct rows *rows, struct value *values)
{
	if (rows->first->at == rows->first->data.length)
		drop_first(rows);
	struct rows_chunk *chunk = rows->first;
	const char *at = chunk->data.data + chunk->at + sizeof(uint32_t);

	for (unsigned i = 0; i < rows->columns; i++)
		take_value(&at, &values[rows->slot[i]]);
	chunk->at += row_length(chunk, chunk->at);
	rows->run++;
	if (rows->take != NULL && !rows->take(rows->owner, rows->run - 1))
		return false;
	values[rows->number_slot].integer++;
	return true;
}

void rows_free(struct rows *rows)
{
	while (rows->first != NULL)
		drop_first(rows);
	rows->count = rows->run = 0;
}

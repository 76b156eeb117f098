/*
 * A row is its length, and for each column a type and, where that has one, a value. Numbers stand as
 * the machine has them: they never leave the process.
 */
#include "store/rows.h"

#include <stdint.h>
#include <string.h>

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
		add_bytes(data, value->text.at, value->text.length);
		break;
	}
}

void rows_add(struct rows *rows, const struct value *values, const int *index)
{
	size_t start = rows->data.length;
	uint32_t length = 0;

	add_bytes(&rows->data, &length, sizeof(length));
	for (unsigned i = 0; i < rows->columns; i++)
		add_value(&rows->data, &values[index[i]]);
	length = (uint32_t)(rows->data.length - start);
	memcpy(rows->data.data + start, &length, sizeof(length));
	rows->count++;
}

/* Copy so many bytes from *at, which moves behind them. */
static void take(const char **at, void *to, size_t length)
{
	memcpy(to, *at, length);
	*at += length;
}

static uint32_t row_length(const struct rows *rows, size_t at)
{
	uint32_t length;

	memcpy(&length, rows->data.data + at, sizeof(length));
	return length;
}

unsigned rows_slice(const struct rows *rows, unsigned count, size_t bytes)
{
	size_t at = rows->next;
	unsigned slice = 0;

	while (slice < count && at < rows->data.length) {
		size_t end = at + row_length(rows, at);
		if (slice > 0 && end - rows->next > bytes)
			break;
		at = end;
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

void rows_next(struct rows *rows, struct value *values)
{
	const char *at = rows->data.data + rows->next + sizeof(uint32_t);

	values[rows->number_slot].integer++;
	for (unsigned i = 0; i < rows->columns; i++)
		take_value(&at, &values[rows->slot[i]]);
	rows->next += row_length(rows, rows->next);
	rows->run++;
}

void rows_free(struct rows *rows)
{
	buffer_free(&rows->data);
	rows->count = rows->next = rows->run = 0;
}

/*
 * How a statement is described: parameters become slots, and names of columns become members of
 * JSON.
 */
#include "statement.h"

#include "base/json.h"
#include "base/log.h"
#include "statement_text.h"

#include <stdlib.h>
#include <string.h>

static int find_slot(const struct slot *slots, struct text name)
{
	for (int i = 0; slots[i].name != NULL; i++)
		if (text_equal(text_of(slots[i].name), name))
			return i;
	return -1;
}

/* A fault in a statement is one of the program. */
static _Noreturn void refuse(const char *sql, const char *fault)
{
	log_error("statement is not understood: %s in: %s", fault, sql);
	abort();
}

static struct text opening_text(const char *before, struct text name)
{
	struct buffer opening = { 0 };

	buffer_add_text(&opening, text_of(before));
	json_write_text(&opening, name);
	buffer_add_text(&opening, TEXT(":"));
	memset(buffer_reserve(&opening, BUFFER_SHORT), 0, BUFFER_SHORT); /* padded */
	return (struct text){ opening.data, opening.length };
}

/* "task.name": an object "task", which its neighbours of that name are in, too. */
static void describe_object(struct column *column, struct text name, bool first)
{
	const char *dot = memchr(name.data, '.', name.length);
	const char *before = first ? "{" : ",";
	char *neighbour = first ? NULL : column[-1].object;

	if (dot == NULL) {
		column->opening = opening_text(before, name);
		return;
	}
	size_t length = (size_t)(dot - name.data);
	struct text member = { dot + 1, name.length - length - 1 };

	column->object = memory_copy(name.data, length);
	column->closes = true;
	if (neighbour != NULL && strcmp(neighbour, column->object) == 0) {
		column[-1].closes = false;
		column->opening = opening_text(",", member);
	} else {
		column->opening = opening_text(before, text_of(column->object));
		column->inner = opening_text("{", member);
	}
}

/* "completed:bool": the member's name ends at the colon. */
static void describe_column(
	struct column *column, struct text name, bool first, const struct slot *slots)
{
	const char *colon = memchr(name.data, ':', name.length);

	if (colon != NULL) {
		bool is_bool = text_equal(
			(struct text){ colon, name.length - (size_t)(colon - name.data) },
			TEXT(":bool"));
		column->form = is_bool ? COLUMN_BOOL : COLUMN_JSON;
		name.length = (size_t)(colon - name.data);
	}
	column->name = memory_copy(name.data, name.length);
	column->slot = find_slot(slots, name);
	describe_object(column, name, first);
}

static int find_parameter(const char *sql, struct text name, const struct slot *slots)
{
	int slot = find_slot(slots, name);

	if (slot < 0)
		refuse(sql, "a parameter without a value");
	return slot;
}

struct statement *statement_describe(unsigned id, const char *sql, const struct slot *slots)
{
	struct statement *statement = memory_zeroed(sizeof(*statement));
	struct statement_text text;
	const char *fault = statement_text_read(sql, &text);

	if (fault != NULL)
		refuse(sql, fault);
	*statement = (struct statement){ .sql = sql,
		.id = id,
		.writes = text.writes,
		.parameters = (int)text.parameters,
		.parameter = memory_zeroed(sizeof(struct parameter) * text.parameters),
		.columns = (int)text.columns,
		.column = memory_zeroed(sizeof(struct column) * text.columns) };
	for (unsigned i = 0; i < text.parameters; i++) {
		int slot = find_parameter(sql, text.parameter[i], slots);
		statement->parameter[i] = (struct parameter){ slot, slots[slot].type };
	}
	for (unsigned i = 0; i < text.columns; i++) {
		describe_column(&statement->column[i], text.column[i], i == 0, slots);
		statement->gives |= statement->column[i].slot >= 0;
	}
	return statement;
}

void statement_free(struct statement *statement)
{
	for (int i = 0; i < statement->columns; i++) {
		free(statement->column[i].name);
		free(statement->column[i].object);
		free((char *)statement->column[i].opening.data);
		free((char *)statement->column[i].inner.data);
	}
	free(statement->column);
	free(statement->parameter);
	free(statement);
}

bool store_statement_writes(const struct statement *statement)
{
	return statement->writes;
}

/* An object that some columns make up is one member, of the object's name. */
const char *store_statement_member(const struct statement *statement, unsigned index)
{
	for (int i = 0; i < statement->columns; i++) {
		struct column *column = &statement->column[i];
		bool inside = column->object != NULL && column->inner.data == NULL;
		if (inside || index-- > 0)
			continue;
		return column->object != NULL ? column->object : column->name;
	}
	return NULL;
}

const struct statement *store_prepare_dynamic(const struct statement *like, int columns,
	const char *sql, const struct slot *slots, struct arena **arena)
{
	struct statement *statement = arena_alloc(arena, sizeof(*statement));

	*statement = *like;
	if (columns < statement->columns)
		statement->columns = columns;
	statement->sql = sql;
	statement->slots = slots;
	return statement;
}

/*
 * How a statement is described: parameters become slots, and names of columns become members of
 * JSON.
 */
#include "statement.h"

#include "base/json.h"
#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int find_slot(const struct slot *slots, struct text name)
{
	for (int i = 0; slots[i].name != NULL; i++)
		if (text_equal(text_of(slots[i].name), name))
			return i;
	return -1;
}

_Noreturn void statement_refuse(const char *sql, const char *fault)
{
	log_error("statement does not prepare: %s in: %s", fault, sql);
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
static void describe_object(
	struct column *column, struct text name, bool first, const struct slot *slots)
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
		column->object_slot = find_slot(slots, text_of(column->object));
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
	column->object_slot = -1;
	describe_object(column, name, first, slots);
}

struct statement *statement_new(const char *sql, unsigned id, int parameters, int columns)
{
	struct statement *statement = memory_zeroed(sizeof(*statement));

	if (columns > COLUMNS_MOST)
		statement_refuse(sql, "too many columns");
	statement->sql = sql;
	statement->id = id;
	statement->parameters = parameters;
	statement->parameter = memory_zeroed(sizeof(struct parameter) * (size_t)(parameters + 1));
	statement->columns = columns;
	statement->column = memory_zeroed(sizeof(struct column) * (size_t)(columns + 1));
	return statement;
}

void statement_set_parameter(
	struct statement *statement, int index, const char *name, const struct slot *slots)
{
	int slot = name != NULL ? find_slot(slots, text_of(name)) : -1;

	if (slot < 0)
		statement_refuse(statement->sql, name != NULL ? name : "?");
	statement->parameter[index] = (struct parameter){ slot, slots[slot].type };
}

void statement_set_column(
	struct statement *statement, int index, const char *name, const struct slot *slots)
{
	describe_column(&statement->column[index], text_of(name), index == 0, slots);
	statement->gives |= statement->column[index].slot >= 0 ||
			    statement->column[index].object_slot >= 0;
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
	free(statement->step_slots);
	free(statement->parameter);
	free(statement);
}

void statement_set_step(
	struct statement *statement, const struct slot *slots, job_step_function step)
{
	size_t count = 1;

	while (slots[count - 1].name != NULL)
		count++;
	statement->step = step;
	statement->step_slots = memory_allocate(count * sizeof(*slots));
	memcpy(statement->step_slots, slots, count * sizeof(*slots));
}

bool store_statement_writes(const struct statement *statement)
{
	return statement->writes;
}

struct value *step_value(const struct job_step *step, const char *name)
{
	int slot = find_slot(step->slots, text_of(name));

	assert(slot >= 0);
	return &step->values[slot];
}

void step_set_text(struct job_step *step, const char *name, struct text text)
{
	char *copy = arena_alloc(&step->job->arena, text.length + 1);

	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	*step_value(step, name) = (struct value){ VALUE_TEXT, .text = { copy, text.length } };
}

bool step_refuse(struct job_step *step, int status, const char *member, const char *detail)
{
	step->job->refusal.status = status;
	step->job->refusal.member = member;
	step->job->refusal.detail = detail;
	return false;
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

const struct statement *store_prepare_dynamic(const struct statement *like, const char *sql,
	const struct slot *slots, struct arena **arena)
{
	struct statement *statement = arena_alloc(arena, sizeof(*statement));

	*statement = *like;
	statement->sql = sql;
	statement->slots = slots;
	statement->step = NULL;
	return statement;
}

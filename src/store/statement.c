/*
 * How a statement is described: parameters become slots, and names of columns become members of
 * JSON.
 */
#include "statement.h"

#include "base/json.h"
#include "base/log.h"
#include "statement_text.h"

#include <stdio.h>
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

/* ---- groups of members ---- */

static const struct member_group *member_groups;

void store_define_members(const struct member_group *groups)
{
	member_groups = groups;
}

static const struct member_group *find_group(const char *name)
{
	for (const struct member_group *group = member_groups; group != NULL && group->name != NULL;
		group++)
		if (strcmp(group->name, name) == 0)
			return group;
	return NULL;
}

/* ---- columns ---- */

/* The slot of what a text "x:made" begins with. */
static int made_base(const char *name, const struct slot *slots)
{
	const char *dot = strrchr(name, '.');
	char base[32];

	snprintf(base, sizeof(base), "%s_base", dot != NULL ? dot + 1 : name);
	int slot = find_slot(slots, text_of(base));
	if (slot < 0)
		refuse(name, "made of a value that has no slot");
	return slot;
}

static struct text padded_text(struct text text)
{
	struct buffer padded = { 0 };

	buffer_add_text(&padded, text);
	memset(buffer_reserve(&padded, BUFFER_SHORT), 0, BUFFER_SHORT);
	return (struct text){ padded.data, padded.length };
}

static struct text opening_text(const char *before, struct text name)
{
	struct buffer opening = { 0 };
	struct text padded;

	buffer_add_text(&opening, text_of(before));
	json_write_text(&opening, name);
	buffer_add_text(&opening, TEXT(":"));
	padded = padded_text((struct text){ opening.data, opening.length });
	buffer_free(&opening);
	return padded;
}

/* Whether the name of an object ends in "?", which is taken off. */
static bool take_mark(char *object)
{
	size_t length = strlen(object);
	bool marked = length > 0 && object[length - 1] == '?';

	if (marked)
		object[length - 1] = '\0';
	return marked;
}

/* One more column of the object that the columns before it make up. */
static void join_object(struct column *column)
{
	column[-1].closes = false;
	while ((--column)->inner.data == NULL)
		;
	if (column->left_out > 0)
		column->left_out++;
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
	bool may_be_left_out = take_mark(column->object);
	column->closes = true;
	if (neighbour != NULL && strcmp(neighbour, column->object) == 0) {
		column->opening = opening_text(",", member);
		join_object(column);
	} else {
		column->left_out = may_be_left_out ? 1 : 0;
		column->object_slot = find_slot(slots, text_of(column->object));
		column->opening = opening_text(before, text_of(column->object));
		column->inner = opening_text("{", member);
	}
}

/* "completed:bool": the member's name ends at the colon. */
static struct text describe_form(struct column *column, struct text name)
{
	const char *colon = memchr(name.data, ':', name.length);

	if (colon == NULL)
		return name;
	struct text form = { colon, name.length - (size_t)(colon - name.data) };

	if (text_equal(form, TEXT(":bool")))
		column->form = COLUMN_BOOL;
	else if (text_equal(form, TEXT(":members")))
		column->form = COLUMN_MEMBERS;
	else if (text_equal(form, TEXT(":made")))
		column->form = COLUMN_MADE;
	else
		column->form = COLUMN_JSON;
	name.length -= form.length;
	return name;
}

/* The text names the members itself. It comes behind another column. */
static void describe_members(struct column *column)
{
	const char *dot = strchr(column->name, '.');
	const struct member_group *group = find_group(dot != NULL ? dot + 1 : column->name);

	free((char *)column->opening.data);
	column->opening = padded_text(TEXT(","));
	column->left_out = group == NULL ? 1 : 0;
	if (group == NULL)
		return;
	free(column->name);
	column->name = memory_copy(group->members, strlen(group->members));
	column->absent = text_of(group->absent);
}

static void describe_column(
	struct column *column, struct text name, bool first, const struct slot *slots)
{
	name = describe_form(column, name);
	column->name = memory_copy(name.data, name.length);
	column->slot = find_slot(slots, name);
	column->object_slot = -1;
	describe_object(column, name, first, slots);
	if (column->form == COLUMN_MEMBERS)
		describe_members(column);
	if (column->form == COLUMN_MADE)
		column->base = made_base(column->name, slots);
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
		statement->gives |= statement->column[i].slot >= 0 ||
				    statement->column[i].object_slot >= 0;
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
	free(statement->step_slot);
	free(statement->parameter);
	free(statement);
}

void statement_set_step(struct statement *statement, const struct slot *slots,
	const struct job_step_kind *step)
{
	size_t count = 0;

	while (step->names[count] != NULL)
		count++;
	statement->step = step;
	statement->step_slot = memory_allocate(count * sizeof(int));
	for (size_t i = 0; i < count; i++) {
		statement->step_slot[i] = find_slot(slots, text_of(step->names[i]));
		if (statement->step_slot[i] < 0)
			refuse(statement->sql, step->names[i]);
	}
}

bool store_statement_writes(const struct statement *statement)
{
	return statement->writes;
}

void step_set_text(struct job_step *step, unsigned name, struct text text)
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

/* Take the first of the names with commas between them; false where none is left. */
static bool cut_name(struct text *names, struct text *name)
{
	const char *comma = memchr(names->data, ',', names->length);

	if (names->length == 0)
		return false;
	*name = (struct text){ names->data,
		comma != NULL ? (size_t)(comma - names->data) : names->length };
	names->data += name->length + (comma != NULL);
	names->length -= name->length + (comma != NULL);
	return true;
}

struct text store_statement_member(const struct statement *statement, unsigned index)
{
	for (int i = 0; i < statement->columns; i++) {
		struct column *column = &statement->column[i];
		bool object = column->object != NULL;
		struct text names = text_of(object ? column->object : column->name), name;

		if (object && column->inner.data == NULL)
			continue; /* inside of it */
		if (column->form != COLUMN_MEMBERS && index-- == 0)
			return names;
		while (column->form == COLUMN_MEMBERS && cut_name(&names, &name))
			if (index-- == 0)
				return name;
	}
	return (struct text){ 0 };
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
	statement->step = NULL;
	return statement;
}

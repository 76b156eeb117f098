/*
 * Tasks as lines of a todo.txt file (https://github.com/todotxt/todo.txt). A member that the format
 * does not have is written as "key:value", with the member's name as the key and a percent-encoded
 * value. So is a name that would be read as something else. Any thread.
 */
#include "transfer/format.h"
#include "transfer/todo_txt_rec.h"
#include "transfer/todo_txt_word.h"

#define DAY_LENGTH (sizeof("YYYY-MM-DD") - 1)

/* The parts of one line. */
struct line {
	bool completed;
	char priority;			 /* its letter; '\0': none */
	struct buffer name;		 /* the words with no other meaning */
	bool named;			 /* the name has a word already */
	struct text shown[TASK_COLUMNS]; /* the days in the forms that every program knows */
	struct text exact[TASK_COLUMNS]; /* the values of the columns' own keys */
};

static void line_write_day(struct buffer *out, const struct value *date)
{
	if (column_is_text(date))
		buffer_add_format(out, "%.*s ", (int)DAY_LENGTH, date->text.data);
}

/* Write " note:two%20words", if there is a value. */
static void line_write_key(
	struct buffer *out, const struct value task[TASK_COLUMNS], enum task_column column)
{
	struct buffer value = { 0 };

	column_write(&value, column, &task[column]);
	if (value.length > 0) {
		buffer_add(out, " ", 1);
		buffer_add_text(out, column_name(column));
		buffer_add(out, ":", 1);
		word_encode(out, (struct text){ value.data, value.length });
	}
	buffer_free(&value);
}

/* Whether "due:" or "t:" has all of it already. */
static bool line_is_shown_day(enum task_column column, const struct value *value)
{
	return (column == TASK_due_date || column == TASK_start_date) &&
	       value->type == VALUE_TEXT && value->text.length <= DAY_LENGTH;
}

/* What repeats has a due date: without one "rec:" would not be taken. */
static bool line_write_rec(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	return column_is_text(&task[TASK_repeat]) && column_is_text(&task[TASK_due_date]) &&
	       rec_write(out, task[TASK_repeat].text, column_is_text(&task[TASK_repeat_from]));
}

static bool line_says_repeat(const struct value task[TASK_COLUMNS])
{
	struct buffer value = { 0 };
	bool said = line_write_rec(&value, task);

	buffer_free(&value);
	return said;
}

/* The members with keys of their own; the name is written before, and mostly without one. */
static void line_write_keys(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	bool said = line_says_repeat(task);

	for (const struct word_key *key = word_keys; key->key.length > 0; key++) {
		if (key->shown || key->column == TASK_name)
			continue;
		if (said && (key->column == TASK_repeat || key->column == TASK_repeat_from))
			continue;
		if (!line_is_shown_day(key->column, &task[key->column]))
			line_write_key(out, task, key->column);
	}
}

static void line_write_name(struct buffer *out, struct text name)
{
	if (name.length > 0 && word_name_survives(name)) {
		buffer_add_text(out, name);
		return;
	}
	buffer_add_text(out, TEXT("name:"));
	word_encode(out, name);
}

static void line_write_tags(struct buffer *out, const struct value *value)
{
	json_t *tags = column_strings(value);
	json_t *tag;
	size_t i;

	json_array_foreach (tags, i, tag) {
		buffer_add(out, " +", 2);
		buffer_add(out, json_string_value(tag), json_string_length(tag));
	}
	json_decref(tags);
}

static void line_write_shown(struct buffer *out, const char *key, const struct value *date)
{
	if (column_is_text(date))
		buffer_add_format(out, " %s:%.*s", key, (int)DAY_LENGTH, date->text.data);
}

/*
 * Write "x 2026-11-23 2026-11-22 " or "(A) 2026-11-22 ". The first of two days is that of
 * completion.
 */
static void line_write_start(
	struct buffer *out, const struct value task[TASK_COLUMNS], bool completed, char priority)
{
	if (completed)
		buffer_add(out, "x ", 2);
	else if (priority != '\0')
		buffer_add_format(out, "(%c) ", priority);
	if (completed && !column_is_text(&task[TASK_completed_date]))
		return; /* a single day would be read as the completion date */
	if (completed)
		line_write_day(out, &task[TASK_completed_date]);
	line_write_day(out, &task[TASK_creation_date]);
}

static void line_begin(struct buffer *out)
{
	(void)out;
}

static void line_write(struct buffer *out, const struct value task[TASK_COLUMNS])
{
	static const char letters[] = { '\0', 'C', 'B', 'A' };
	const struct value *priority = &task[TASK_priority];
	bool completed = column_is_true(&task[TASK_completed]);
	bool valid = priority->type == VALUE_INTEGER && priority->integer > 0 &&
		     priority->integer < (int64_t)sizeof(letters);
	char letter = valid ? letters[priority->integer] : '\0';

	line_write_start(out, task, completed, letter);
	line_write_name(out, task[TASK_name].text);
	line_write_tags(out, &task[TASK_tags]);
	line_write_shown(out, "due", &task[TASK_due_date]);
	line_write_shown(out, "t", &task[TASK_start_date]);
	if (line_says_repeat(task)) {
		buffer_add_text(out, TEXT(" rec:"));
		line_write_rec(out, task);
	}
	if (completed && letter != '\0')
		buffer_add_format(out, " pri:%c", letter);
	line_write_keys(out, task);
	buffer_add(out, "\n", 1);
}

/* Take the day at the front, if there is one and text follows it. */
static bool line_take_day(struct text *rest, struct text *day)
{
	struct text after = *rest;
	struct text word = word_take(&after);

	if (!word_is_day(word) || word.length == rest->length)
		return false;
	*day = word;
	*rest = after;
	return true;
}

/* Read the parts before the name, in their order. Returns the rest of the line. */
static struct text line_read_start(struct line *line, struct text rest)
{
	struct text after = rest, first, second;

	if (text_equal(word_take(&after), TEXT("x")) && rest.length > 1) {
		line->completed = true;
		rest = after;
	}
	after = rest;
	line->priority = word_priority(word_take(&after));
	if (line->priority != '\0')
		rest = after;
	if (!line_take_day(&rest, &first))
		return rest;
	if (!line->completed)
		line->shown[TASK_creation_date] = first;
	else
		line->shown[TASK_completed_date] = first;
	if (line->completed && line_take_day(&rest, &second))
		line->shown[TASK_creation_date] = second;
	return rest;
}

/* A "name:" key counts only if it is the whole name. Here it is a word like others. */
static void line_read_word(
	struct reader *reader, struct line *line, json_t **reported, struct text word)
{
	enum task_column column;
	struct text value;
	bool shown;

	if (word_is_tag(word, &value)) {
		if (column_add_tag(reader->task, value))
			reader_report_tags(reader, reported);
		return;
	}
	if (!word_is_key(word, &column, &value, &shown) || column == TASK_name) {
		if (line->named)
			buffer_add(&line->name, " ", 1);
		buffer_add_text(&line->name, word);
		line->named = true;
		if (word_is_foreign(word, &value))
			reader_report(reader, reported, "key", value,
				"is not known and stays in the name.");
	} else if (column != TASK_priority) {
		*(shown ? &line->shown[column] : &line->exact[column]) = value;
	} else if (line->priority == '\0') {
		line->priority = *value.data;
	}
}

/* Set the name from the remaining words, or from the whole line if there are none. */
static void line_set_name(struct reader *reader, struct line *line, struct text whole)
{
	struct text name = text_trim((struct text){ line->name.data, line->name.length });
	struct text value, rest = name;
	enum task_column column;
	struct buffer decoded;
	bool shown;

	if (!word_is_key(word_take(&rest), &column, &value, &shown) || rest.length > 0) {
		column_set(reader->task, TASK_name, name.length > 0 ? name : text_trim(whole));
		return;
	}
	decoded = word_decode(value);
	column_set(reader->task, TASK_name, (struct text){ decoded.data, decoded.length });
	buffer_free(&decoded);
}

/* The exact value counts unless the day beside it is another one: then a person changed that. */
static void line_set_column(struct reader *reader, struct line *line, enum task_column column)
{
	struct text shown = line->shown[column], exact = line->exact[column];
	struct buffer value;

	if (shown.length > 0 &&
		(exact.length < shown.length ||
			!text_equal(shown, (struct text){ exact.data, shown.length }))) {
		column_set(reader->task, column, shown);
	} else if (exact.length > 0) {
		value = word_decode(exact);
		column_set(reader->task, column, (struct text){ value.data, value.length });
		buffer_free(&value);
	}
}

/* The rule of the program's own key counts. */
static void line_set_repeat(struct reader *reader, struct line *line, json_t **reported)
{
	struct text rec = line->shown[TASK_repeat];
	struct buffer rule = { 0 };
	bool from_completion;

	if (line->exact[TASK_repeat].length > 0) {
		column_set(reader->task, TASK_repeat, line->exact[TASK_repeat]);
		return;
	}
	if (rec.length == 0)
		return;
	if (json_object_get(reader->task, "due_date") == NULL) {
		reader_report(reader, reported, "key", TEXT("rec"),
			"has no due date beside it and was left out.");
		return;
	}
	rec_read(rec, &rule, &from_completion);
	column_set(reader->task, TASK_repeat, (struct text){ rule.data, rule.length });
	if (from_completion)
		column_set(reader->task, TASK_repeat_from, TEXT("completion"));
	buffer_free(&rule);
}

static void line_set_priority(struct reader *reader, struct line *line, json_t **reported)
{
	char letter = line->priority;

	if (letter == '\0')
		return;
	if (letter > 'C')
		reader_report(reader, reported, "priority", (struct text){ &letter, 1 },
			"became 1, low.");
	json_object_set_new(
		reader->task, "priority", json_integer(letter > 'C' ? 1 : 'D' - letter));
}

static void line_set(struct reader *reader, struct line *line, json_t **reported)
{
	if (line->completed)
		json_object_set_new(reader->task, "completed", json_true());
	else
		line->exact[TASK_completed_date] = (struct text){ NULL, 0 };
	for (const struct word_key *key = word_keys; key->key.length > 0; key++) {
		if (!key->shown && key->column != TASK_name && key->column != TASK_repeat)
			line_set_column(reader, line, key->column);
	}
	line_set_repeat(reader, line, reported);
	line_set_priority(reader, line, reported);
}

static enum record line_read_task(struct reader *reader, struct text text)
{
	json_t *reported = reader->state;
	const char *why = reader_text_fault(text);
	struct line line = { 0 };
	struct text start, rest;

	reader_at_line(reader, reader->line);
	reader->records++;
	if (text.length > RECORD_MOST)
		return reader_fatal(reader, RECORD_TOO_LONG);
	if (why != NULL)
		return reader_bad(reader, why);
	reader->task = json_object();
	start = rest = line_read_start(&line, text);
	while (rest.length > 0)
		line_read_word(reader, &line, &reported, word_take(&rest));
	line_set_name(reader, &line, start);
	line_set(reader, &line, &reported);
	buffer_free(&line.name);
	reader->state = reported;
	return RECORD_TASK;
}

static enum record line_read(struct reader *reader)
{
	struct text text;

	if (reader->line == 0)
		reader_skip_mark(reader);
	while (reader_next_line(reader, &text)) {
		size_t blank = 0;

		while (blank < text.length && (text.data[blank] == ' ' || text.data[blank] == '\t'))
			blank++;
		if (blank < text.length)
			return line_read_task(reader, text);
	}
	return RECORD_END;
}

static void line_close(struct reader *reader)
{
	json_decref(reader->state);
	reader->state = NULL;
}

const struct format format_todo_txt = {
	.name = "todo.txt",
	.media = "text/plain; charset=\"utf-8\"",
	.file = "todo.txt",
	.begin = line_begin,
	.write = line_write,
	.end = line_begin,
	.read = line_read,
	.close = line_close,
};

/*
 * A heading that is to be called as another one merges with it, and stands where that stood.
 */
#include "tasks/headings.h"

#include "base/buffer.h"
#include "base/json.h"
#include "base/json_read.h"

enum {
	RENAME_HEADING,
	HEADINGS,
	HEADINGS_GIVEN,
	KEPT_HEADINGS,
	NEW_HEADINGS,
	FROM_HEADING,
	TO_HEADING,
};
static const char *const names_of_values[] = { "rename_heading", "headings", "headings_given",
	"kept_headings", "new_headings", "from_heading", "to_heading", NULL };

/* Whether the JSON array of strings, as json_write_text() writes them, has this one. */
static bool has_heading(struct text headings, struct text heading)
{
	struct json_cursor cursor = json_enter(headings);
	struct text element;

	while (json_next_element(&cursor, &element))
		if (text_equal(element, heading))
			return true;
	return false;
}

static void set_text(struct job_step *step, unsigned name, const struct buffer *text)
{
	step_set_text(step, name, (struct text){ text->data, text->length });
}

/* The value of a JSON string. */
static void set_heading(struct job_step *step, unsigned name, struct text json)
{
	struct buffer buffer = { 0 };

	step_set_text(step, name,
		json_unescape((struct text){ json.data + 1, json.length - 2 }, &buffer));
	buffer_free(&buffer);
}

/* The headings with from as to; without from where to is there already. */
static void write_renamed(
	struct text headings, struct text from, struct text to, struct buffer *out)
{
	bool merges = has_heading(headings, to) && !text_equal(from, to);
	struct json_cursor cursor = json_enter(headings);
	struct text element;

	buffer_add_text(out, TEXT("["));
	while (json_next_element(&cursor, &element)) {
		bool renamed = text_equal(element, from);

		if (renamed && merges)
			continue;
		buffer_add_text(out, out->length > 1 ? TEXT(",") : TEXT(""));
		buffer_add_text(out, renamed ? to : element);
	}
	buffer_add_text(out, TEXT("]"));
}

/* names: ["from","to"]. False if there is no heading from. */
static bool rename_one(struct job_step *step, struct text names, struct buffer *out)
{
	struct text headings = step_value(step, KEPT_HEADINGS)->text, from, to;
	struct json_cursor cursor = json_enter(names);

	json_next_element(&cursor, &from);
	json_next_element(&cursor, &to);
	if (!has_heading(headings, from))
		return false;
	set_heading(step, FROM_HEADING, from);
	set_heading(step, TO_HEADING, to);
	write_renamed(headings, from, to, out);
	return true;
}

static bool change_headings(struct job_step *step)
{
	const struct value *renames = step_value(step, RENAME_HEADING);
	const struct value *sent = step_value(step, HEADINGS);
	struct buffer renamed = { 0 };
	bool is_known = true;

	if (!step->row)
		return true; /* there is no such list, and nothing is changed */
	if (renames->type == VALUE_TEXT)
		is_known = rename_one(step, renames->text, &renamed);
	if (step_value(step, HEADINGS_GIVEN)->integer != 0)
		step_set_text(step, NEW_HEADINGS, sent->text);
	else if (renamed.length > 0)
		set_text(step, NEW_HEADINGS, &renamed);
	else
		step_set_text(step, NEW_HEADINGS, step_value(step, KEPT_HEADINGS)->text);
	buffer_free(&renamed);
	return is_known ||
	       step_refuse(step, 422, "rename_heading", "must name a heading of the list as \"from\"");
}

const struct job_step_kind headings_found = { change_headings, names_of_values };

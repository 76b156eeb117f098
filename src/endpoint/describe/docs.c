/*
 * The API's description for people: a page without any script, made from the same rows.
 */
#include "describe/docs.h"

#include "http/method.h"
#include "reply/rows.h"

#include <inttypes.h>

static void add(struct buffer *out, const char *text)
{
	buffer_add_text(out, text_of(text));
}

/* Text as HTML's text; our own names have no other marks. */
static void add_escaped(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '<')
			add(out, "&lt;");
		else if (*text == '&')
			add(out, "&amp;");
		else
			buffer_add(out, text, 1);
	}
}

static const char *type_words(const struct input *input)
{
	static const char *const words[] = {
		[INPUT_LINE] = "a line of text",
		[INPUT_TEXT] = "text, with line breaks",
		[INPUT_STRING] = "text",
		[INPUT_DATE] = "a date: RFC 3339, a day alone, or DD/MM/YYYY HH:MM:SS",
		[INPUT_DAY] = "a day, such as 2026-11-25",
		[INPUT_BOOL] = "true or false",
		[INPUT_USERNAME] = "1 to 64 letters, digits, dots, underscores or hyphens",
		[INPUT_EMAIL] = "an email address",
		[INPUT_PASSWORD] = "8 to 1024 bytes",
		[INPUT_CHOICE] = "one of: ",
		[INPUT_INTEGER] = "an integer",
		[INPUT_REAL] = "a number",
		[INPUT_TAG] = "a word without commas or white space",
		[INPUT_TAGS] = "words without commas or white space: an array, or a list with commas",
		[INPUT_REPEAT] = "a recurrence rule as in RFC 5545, 3.3.10, such as FREQ=WEEKLY;BYDAY=MO,TH",
		[INPUT_REMINDERS] = "durations such as -PT15M, or instants: an array, or a list with commas",
		[INPUT_ZONE] = "the IANA name of a time zone, such as Europe/Berlin",
		[INPUT_LINES] = "lines of text: an array, or a list with commas",
		[INPUT_RENAME] = "an object with the lines from and to",
		[INPUT_COLOR] = "a colour such as #0080ff, or nothing",
		[INPUT_SEARCH] = "words to search for; of the last one its beginning is enough",
		[INPUT_SORT] =
			"names of members with commas between them; -name for the other direction",
		[INPUT_NULL] = "null",
		[INPUT_OBJECT] = "an object",
		[INPUT_ITEMS] = "an array of objects",
	};

	if (input->type == INPUT_TAGS && input->repeated)
		return "a word without commas or white space";
	return words[input->type];
}

static void add_input(struct buffer *out, const struct input *input)
{
	if (input->type == INPUT_READ_ONLY)
		return;
	buffer_add_format(out, "<dt><code>%s%s</code></dt><dd>%s%s",
		input->source == IN_QUERY ? "?" : "", input->name, type_words(input),
		input->type == INPUT_CHOICE ? input->choices : "");
	if (input->type == INPUT_INTEGER)
		buffer_add_format(out, " from %" PRId64 " to %zu", input->min, input->max);
	add(out, input->nullable ? ", or null" : "");
	add(out, input->or_none ? ", or none" : "");
	add(out, input->repeated ? ", once or several times" : "");
	add(out, input->required ? ", required</dd>" : "</dd>");
}

static void add_members(struct buffer *out, const struct endpoint *endpoint)
{
	if (endpoint->shape == NULL)
		return;
	buffer_add_format(out, "<p>Replies %d with", reply_rows_status(endpoint));
	for (const struct member *member = endpoint->shape->members; member->name != NULL;
		member++) {
		struct text name = member_name(member);

		buffer_add_format(out, " <code>%.*s</code>", (int)name.length, name.data);
	}
	if (endpoint->object != NULL)
		buffer_add_format(out, " in <code>%s</code>", endpoint->object);
	if (endpoint->array != NULL)
		buffer_add_format(out, ", each in the list <code>%s</code>", endpoint->array);
	for (int i = 0; i < ENDPOINT_ARRAYS && endpoint->further[i].name != NULL; i++)
		buffer_add_format(
			out, ", beside it the list <code>%s</code>", endpoint->further[i].name);
	for (int i = 0; i < ENDPOINT_EXTRAS && endpoint->extra[i].name != NULL; i++)
		buffer_add_format(out, ", beside it <code>%s</code>", endpoint->extra[i].name);
	add(out, ".</p>");
}

static void add_endpoint(struct buffer *out, const struct endpoint *endpoint)
{
	static const char *const who[] = {
		[ACCESS_ANYONE] = "Anyone may ask.",
		[ACCESS_REGISTRATION] = "Anyone may ask; 403 where no further accounts are made.",
		[SESSION] = "It needs a session or an API token that may write.",
		[OWNER] = "It needs the owner's session or API token.",
	};

	add(out, "<section><h2>");
	add_escaped(out, endpoint->name);
	buffer_add_format(out, "</h2><pre><code>%s %s</code></pre><p>%s</p><dl>",
		method_endpoint_name(endpoint->method), endpoint->path,
		endpoint->person ? "It needs the owner's session: an API token gets 403."
				 : who[endpoint->access]);
	for (int i = 0; i < ENDPOINT_INPUTS && endpoint->input[i].name != NULL; i++)
		add_input(out, &endpoint->input[i]);
	add(out, "</dl>");
	add_members(out, endpoint);
	add(out, "</section>");
}

struct buffer docs_write(const struct router *router)
{
	const struct route *route;
	struct buffer out = { 0 };

	request_html_begin(&out, "todo: the API", "");
	add(&out, "<h1>The API</h1>"
		  "<p>For programs: <a href=\"api/v1/openapi.json\">openapi.json</a>.</p>");
	for (unsigned i = 0; (route = router_route(router, i)) != NULL; i++)
		if (route->endpoint->name != NULL)
			add_endpoint(&out, route->endpoint);
	request_html_end(&out);
	return out;
}

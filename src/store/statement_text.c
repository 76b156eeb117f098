/*
 * A statement is described by its text, since a start would take twice as long if the engine
 * prepared the hundreds of them that there are: it does that when one is first used. What is read
 * here of each of the server's is what SQLite says of it: tests/store/test_sql.c.
 */
#include "statement_text.h"

#include <string.h>

struct reader {
	struct statement_text *text;
	const char *fault;
	unsigned depth; /* of parentheses */
	bool begun;	/* what comes before has been WITH */
	bool in_list;	/* of columns */
	struct text last; /* the token before, outside of parentheses */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$';
}

/* A word, a parameter, what is in quotes, or a single byte. */
static struct text read_token(const char *at)
{
	const char *end = at + 1;

	if (*at == '\'' || *at == '"') {
		const char *quote = strchr(end, *at);
		end = quote != NULL ? quote + 1 : at + strlen(at);
	} else if (is_word(*at)) {
		while (is_word(*end))
			end++;
	}
	return (struct text){ at, (size_t)(end - at) };
}

static bool is_any(struct text token, const char *const *words)
{
	while (*words != NULL && !text_equal(token, text_of(*words)))
		words++;
	return *words != NULL;
}

static void add_parameter(struct reader *reader, struct text name)
{
	struct statement_text *text = reader->text;
	unsigned i = 0;

	while (i < text->parameters && !text_equal(text->parameter[i], name))
		i++;
	if (i == PARAMETERS_MOST)
		reader->fault = "too many parameters";
	else if (i == text->parameters)
		text->parameter[text->parameters++] = name;
}

/* What comes last in a column is its name, with or without AS before. */
static void add_column(struct reader *reader)
{
	struct statement_text *text = reader->text;
	struct text name = reader->last;

	if (text->columns == COLUMNS_MOST) {
		reader->fault = "too many columns";
	} else if (name.length >= 2 && name.data[0] == '"') {
		text->column[text->columns++] = (struct text){ name.data + 1, name.length - 2 };
	} else if (name.length > 0 && is_word(name.data[0])) {
		text->column[text->columns++] = name;
	} else {
		reader->fault = "a column without a name";
	}
}

/* A token outside of parentheses. */
static void read_clause(struct reader *reader, struct text token)
{
	static const char *const changes[] = { "INSERT", "UPDATE", "DELETE", NULL };
	static const char *const ends[] = { "FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "UNION",
		NULL };
	bool selects = text_equal(token, TEXT("SELECT"));

	if (reader->in_list) {
		bool ends_list = is_any(token, ends) &&
				 !text_equal(reader->last, TEXT("DISTINCT")); /* FROM */
		if (ends_list || token.data[0] == ',')
			add_column(reader);
		reader->in_list = !ends_list;
	} else if (!reader->begun) {
		reader->text->writes = is_any(token, changes);
		reader->begun = selects || reader->text->writes;
		reader->in_list = selects;
	} else {
		reader->in_list = reader->text->writes && text_equal(token, TEXT("RETURNING"));
	}
	reader->last = token;
}

static void read_any(struct reader *reader, struct text token)
{
	switch (token.data[0]) {
	case '$':
		add_parameter(reader, text_after(token, 1));
		break;
	case '?':
	case '@':
	case ':':
		reader->fault = "a parameter that is not \"$name\"";
		break;
	case '"':
		if (token.data[token.length] == '"')
			reader->fault = "a quote in a name";
		break;
	case ';':
		reader->fault = "more than one statement";
		break;
	case '(':
		reader->depth++;
		break;
	default:
		break;
	}
	if (reader->depth == 0)
		read_clause(reader, token);
	else if (token.data[0] == ')' && --reader->depth == 0)
		reader->last = token;
}

const char *statement_text_read(const char *sql, struct statement_text *text)
{
	struct reader reader = { .text = text };
	struct text token;

	text->parameters = text->columns = 0;
	for (; *sql != '\0' && reader.fault == NULL; sql += token.length) {
		token = read_token(sql);
		if (*sql != ' ')
			read_any(&reader, token);
	}
	if (reader.fault == NULL && reader.in_list)
		add_column(&reader);
	if (reader.fault == NULL && !reader.begun)
		reader.fault = "neither SELECT, INSERT, UPDATE nor DELETE";
	return reader.fault;
}

/* A statement is cut into tokens, and each rule looks at each of them with its neighbours. */
#include "sql_subset.h"

#include "base/text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKENS_MOST 4096
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789"
#define DIGITS "0123456789."

enum token_kind { END, WORD, QUOTED, STRING, NUMBER, PARAMETER, SIGN };

struct token {
	enum token_kind kind;
	struct text text;
};

/* The first and the last are of the kind END. */
struct statement_text {
	struct token token[TOKENS_MOST + 2];
	unsigned count; /* between them */
};

/* ---- tokens ---- */

static size_t quoted_length(const char *at)
{
	size_t length = 1;

	while (at[length] != at[0] || at[length + 1] == at[0])
		length += at[length] == at[0] ? 2 : 1;
	return length + 1;
}

static size_t sign_length(const char *at)
{
	static const char *const signs[] = { "->>", "->", "<<", ">>", "<=", ">=", "<>",
		"!=", "==", "||" };

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strncmp(at, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 1;
}

static struct token token_at(const char *at)
{
	if (*at == '\'')
		return (struct token){ STRING, { at, quoted_length(at) } };
	if (*at == '"')
		return (struct token){ QUOTED, { at, quoted_length(at) } };
	if (*at == '$')
		return (struct token){ PARAMETER, { at, 1 + strspn(at + 1, LETTERS) } };
	if (isdigit((unsigned char)*at))
		return (struct token){ NUMBER, { at, strspn(at, DIGITS) } };
	if (strspn(at, LETTERS) > 0)
		return (struct token){ WORD, { at, strspn(at, LETTERS) } };
	return (struct token){ SIGN, { at, sign_length(at) } };
}

static void cut(const char *sql, struct statement_text *text)
{
	text->count = 0;
	text->token[0] = (struct token){ END, TEXT("") };
	for (sql += strspn(sql, " "); *sql != '\0'; sql += strspn(sql, " ")) {
		if (text->count == TOKENS_MOST)
			abort();
		text->token[++text->count] = token_at(sql);
		sql += text->token[text->count].text.length;
	}
	text->token[text->count + 1] = (struct token){ END, TEXT("") };
}

static bool is(const struct token *token, const char *word)
{
	return token->kind != STRING && token->text.length == strlen(word) &&
	       strncasecmp(token->text.data, word, token->text.length) == 0;
}

/* Whether it is one of these words, which have spaces around them. */
static bool is_among(const struct token *token, const char *words)
{
	char word[64];

	if (token->kind == STRING || token->text.length == 0 || token->text.length > 60)
		return false;
	word[0] = ' ';
	memcpy(word + 1, token->text.data, token->text.length);
	word[token->text.length + 1] = ' ';
	word[token->text.length + 2] = '\0';
	return strcasestr(words, word) != NULL;
}

/* What closes the bracket that is opened here; the END where nothing does. */
static const struct token *closing(const struct token *open)
{
	unsigned depth = 0;

	for (const struct token *token = open; token->kind != END; token++) {
		depth += is(token, "(");
		if (is(token, ")") && --depth == 0)
			return token;
	}
	return open + 1;
}

/* The token before, or of brackets what stands before them. */
static const struct token *before(const struct token *token)
{
	unsigned depth = 0;

	do {
		token--;
		depth += is(token, ")");
		depth -= is(token, "(") && depth > 0;
	} while (token->kind != END && depth > 0);
	return token;
}

/* ---- rules ---- */

#define FUNCTIONS                                                                                  \
	" count min max sum coalesce nullif length substr replace row_number CAST json_each "     \
	"json_quote json_group_array json_insert json_array json real_to_json members_to_json "    \
	"text_folded date_days_later instants_days_later "
#define BEFORE_BRACKETS                                                                            \
	" SELECT IN AND OR NOT WHERE EXISTS VALUES OVER AS WHEN THEN ELSE FROM JOIN ON SET BY "    \
	"CONFLICT BETWEEN LIMIT OFFSET MATERIALIZED "
#define CLAUSES                                                                                    \
	" WHERE ORDER GROUP LIMIT OFFSET JOIN LEFT CROSS INNER ON UNION RETURNING SET HAVING "
#define RESERVED " some any all user end left right order group limit offset table column "
#define AROUND_CONDITIONS_LEFT " WHEN AND OR NOT WHERE ON HAVING "
#define AROUND_CONDITIONS_RIGHT " THEN AND OR ) ORDER GROUP LIMIT ON RETURNING UNION "
#define CONDITIONS " TRUE FALSE NULL NOT EXISTS CASE SELECT "
#define COMPARISONS " = <> < > <= >= IS IN LIKE BETWEEN EXISTS "

static const char *function_fault(const struct token *token)
{
	if (token->kind != WORD || !is(token + 1, "(") ||
		is_among(token, FUNCTIONS BEFORE_BRACKETS))
		return NULL;
	if (is_among(token - 1, " INTO RECURSIVE "))
		return NULL; /* the columns of a table */
	return "a function of SQLite's";
}

static const char *word_fault(const struct token *token)
{
	if (is_among(token, " GLOB REGEXP ISNULL NOTNULL UNLIKELY AUTOINCREMENT PRAGMA "))
		return "a word of SQLite's";
	if (is(token, "REPLACE") && !is(token + 1, "("))
		return "ON CONFLICT is meant";
	if (is(token, "OR") && is_among(token + 1, " IGNORE ABORT FAIL REPLACE "))
		return "ON CONFLICT is meant";
	return NULL;
}

static const char *is_fault(const struct token *token)
{
	if (!is(token, "IS"))
		return NULL;
	token += 1 + is(token + 1, "NOT");
	return is_among(token, " NULL DISTINCT TRUE FALSE ") ? NULL : "IS DISTINCT FROM is meant";
}

static const char *sign_fault(const struct token *token)
{
	if (is(token, "=="))
		return "= is meant";
	if (token->kind == SIGN && is_among(token, " -> ` [ ] ? ; "))
		return "a sign of SQLite's";
	return NULL;
}

static const char *quoted_fault(const struct token *token)
{
	return token->kind == QUOTED && !is(token - 1, "AS") ? "a text is meant, or a name" : NULL;
}

static const char *limit_fault(const struct token *token)
{
	if (!is(token, "LIMIT"))
		return NULL;
	for (token++; token->kind != END && !is_among(token, CLAUSES); token++)
		if (is(token, "-") && is_among(token - 1, " LIMIT ( , "))
			return "a limit below 0";
	return NULL;
}

static const char *extreme_fault(const struct token *token)
{
	const struct token *end = closing(token + 1);

	if (!is_among(token, " min max ") || !is(token + 1, "("))
		return NULL;
	for (token += 2; token < end; token++) {
		if (is(token, "("))
			token = closing(token);
		else if (is(token, ","))
			return "CASE is meant: min and max are of all rows";
	}
	return NULL;
}

/* What is true or false is no number. */
static const char *number_fault(const struct token *token)
{
	const struct token *end = closing(token + 1);
	unsigned cases = 0;

	if (!is_among(token, " min max sum coalesce nullif ") || !is(token + 1, "("))
		return NULL;
	for (token += 2; token < end; token++) {
		cases += is(token, "CASE");
		cases -= is(token, "END");
		if (is(token, "("))
			token = closing(token);
		else if (cases == 0 && is_among(token, COMPARISONS))
			return "a condition where a value is meant";
	}
	return NULL;
}

/* Whether this AND goes with a BETWEEN. */
static bool is_of_between(const struct token *and)
{
	if (!is(and, "AND"))
		return false;
	for (const struct token *token = before(and); token->kind != END; token = before(token)) {
		if (is(token, "BETWEEN"))
			return true;
		if (is_among(token, " AND OR WHERE WHEN ON ( "))
			return false;
	}
	return false;
}

/* And what is a number is not true or false. */
static const char *condition_fault(const struct token *token)
{
	bool ends = (token + 1)->kind == END || is_among(token + 1, AROUND_CONDITIONS_RIGHT);

	if (token->kind != PARAMETER && (token->kind != WORD || is_among(token, CONDITIONS)))
		return NULL;
	if (!ends || !is_among(token - 1, AROUND_CONDITIONS_LEFT) || is_of_between(token - 1))
		return NULL;
	return "a value where a condition is meant: <> 0";
}

static const char *source_fault(const struct token *token)
{
	const struct token *name = closing(token) + 1;

	if (!is(token, "(") || !is_among(token - 1, " FROM JOIN ") || !is(token + 1, "SELECT"))
		return NULL;
	if (name->kind != WORD || is_among(name, CLAUSES))
		return "a subquery without a name";
	return is_among(name, RESERVED) ? "a name that is reserved" : NULL;
}

/* Behind DO UPDATE SET a column may be the row's own or the one that was refused. */
static const char *upsert_fault(const struct token *token)
{
	if (!is(token, "SET") || !is(token - 1, "UPDATE") || !is(token - 2, "DO"))
		return NULL;
	for (token++; token->kind != END && !is(token, "RETURNING"); token++) {
		bool named = is(token + 1, ".") || is(token - 1, ".");
		bool target = is_among(token - 1, " SET , ") && is(token + 1, "=");
		if (token->kind == WORD && !named && !target && !is(token + 1, "(") &&
			!is_among(token, " CASE WHEN THEN ELSE END AND OR NOT IS NULL "))
			return "a column without its table";
	}
	return NULL;
}

static const char *(*const rules[])(const struct token *token) = { function_fault, word_fault,
	is_fault, sign_fault, quoted_fault, limit_fault, extreme_fault, number_fault,
	condition_fault, source_fault, upsert_fault };

const char *sql_fault(const char *sql, const char **at)
{
	static struct statement_text text;
	const char *fault = NULL;

	cut(sql, &text);
	for (unsigned i = 1; i <= text.count; i++) {
		*at = text.token[i].text.data;
		for (size_t rule = 0; rule < sizeof(rules) / sizeof(rules[0]); rule++)
			if ((fault = rules[rule](&text.token[i])) != NULL)
				return fault;
	}
	return NULL;
}

/* Prometheus's text format, line by line. */
#include "prometheus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_FIRST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:"
#define NAME_MARKS NAME_FIRST "0123456789"

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static const char *read_help(struct prometheus *read, const char *line)
{
	size_t length = strspn(line, NAME_MARKS);
	char before[sizeof(read->family)];

	if (read->family[0] && !read->type[0])
		return "a HELP without its TYPE";
	if (!length || length >= sizeof(read->family) || line[length] != ' ' || !line[length + 1])
		return "a HELP without a name or a text";
	snprintf(read->family, sizeof(read->family), "%.*s", (int)length, line);
	read->type[0] = '\0';
	for (size_t i = 0; i < read->count; i++) {
		snprintf(before, sizeof(before), "%.*s",
			(int)strspn(read->samples[i].series, NAME_MARKS), read->samples[i].series);
		if (strcmp(before, read->family) == 0)
			return "a name comes twice";
	}
	return NULL;
}

static const char *read_type(struct prometheus *read, const char *line)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	size_t length = strlen(read->family);

	if (read->type[0] || strncmp(line, read->family, length) != 0 || line[length] != ' ')
		return "a TYPE that is not behind its HELP";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(line + length + 1, types[i]) == 0)
			snprintf(read->type, sizeof(read->type), "%s", types[i]);
	if (!read->type[0])
		return "not a type";
	if (ends_with(read->family, "_total") != (strcmp(read->type, "counter") == 0))
		return "counters end in _total, and nothing else does";
	return NULL;
}

/* One label, its comma included: behind it, or NULL. */
static const char *skip_label(const char *at)
{
	size_t name = strspn(at, NAME_MARKS);

	if (!name || !strchr(NAME_FIRST, *at) || at[name] != '=' || at[name + 1] != '"')
		return NULL;
	for (at += name + 2; *at != '"'; at++) {
		if (*at == '\0' || (*at == '\\' && !strchr("\\\"n", *++at)) || *at == '\0')
			return NULL;
	}
	at++;
	if (*at == ',' && at[1] != '}')
		return at + 1;
	return *at == '}' ? at : NULL;
}

/* The labels in their braces, but for le, which is given apart: behind them, or NULL. */
static const char *read_labels(const char *at, char *others, size_t size, char *le, size_t le_size)
{
	*others = *le = '\0';
	if (*at != '{')
		return at;
	for (at++; *at != '}';) {
		const char *end = skip_label(at);
		char one[256];

		if (!end)
			return NULL;
		snprintf(one, sizeof(one), "%.*s", (int)(end - at), at);
		if (strncmp(at, "le=\"", 4) == 0) {
			snprintf(le, le_size, "%.*s", (int)strcspn(at + 4, "\""), at + 4);
		} else {
			one[strcspn(one, "=") + 1] = '\0';
			if (strstr(others, one))
				return NULL; /* the same label twice */
			snprintf(others + strlen(others), size - strlen(others), "%.*s,",
				(int)(end - at - (end[-1] == ',')), at);
		}
		at = end;
	}
	return at + 1;
}

static const char *read_bucket(struct prometheus *read, const char *labels, double le, double value)
{
	bool next = read->bucket.le >= 0 && strcmp(labels, read->bucket.labels) == 0;

	if (read->bucket.le >= 0 && !next)
		return "a histogram without its count";
	if (next && (le <= read->bucket.le || value < read->bucket.value))
		return "buckets are not cumulative";
	snprintf(read->bucket.labels, sizeof(read->bucket.labels), "%s", labels);
	read->bucket.le = le;
	read->bucket.value = value;
	return NULL;
}

static const char *read_histogram(struct prometheus *read, const char *suffix, const char *labels,
	const char *le, double value)
{
	char *end;

	if (strcmp(suffix, "_bucket") == 0) {
		double bound = strtod(le, &end);
		return *le && !*end ? read_bucket(read, labels, bound, value) : "not an le";
	}
	if (*le || !isinf(read->bucket.le) || strcmp(labels, read->bucket.labels) != 0)
		return "a histogram without +Inf";
	if (strcmp(suffix, "_sum") == 0)
		return NULL;
	if (strcmp(suffix, "_count") != 0 || value != read->bucket.value)
		return "a count that is not +Inf's";
	read->bucket.le = -1;
	return NULL;
}

static const char *keep(struct prometheus *read, const char *series, double value)
{
	for (size_t i = 0; i < read->count; i++)
		if (strcmp(read->samples[i].series, series) == 0)
			return "a series comes twice";
	read->samples = realloc(read->samples, sizeof(*read->samples) * (read->count + 1));
	if (!read->samples)
		abort();
	read->samples[read->count].series = series;
	read->samples[read->count++].value = value;
	return NULL;
}

static const char *read_sample(struct prometheus *read, char *line)
{
	size_t family = strlen(read->family), name = strspn(line, NAME_MARKS);
	char labels[512], le[64], suffix[64], *end;
	const char *fault = NULL;

	if (!read->type[0] || strncmp(line, read->family, family) != 0 || name < family)
		return "a sample that is not behind its TYPE";
	char *space =
		(char *)(size_t)read_labels(line + name, labels, sizeof(labels), le, sizeof(le));
	if (!space || *space != ' ')
		return "not labels";
	double value = strtod(space + 1, &end);
	if (!space[1] || *end || space[1] == ' ' || isnan(value))
		return "not a value";
	if (strcmp(read->type, "gauge") != 0 && value < 0)
		return "a count below 0";
	snprintf(suffix, sizeof(suffix), "%.*s", (int)(name - family), line + family);
	if (strcmp(read->type, "histogram") == 0)
		fault = read_histogram(read, suffix, labels, le, value);
	else if (*suffix || *le)
		fault = "a sample of another name";
	*space = '\0';
	return fault ? fault : keep(read, line, value);
}

static const char *read_line(struct prometheus *read, char *line)
{
	if (strncmp(line, "# HELP ", 7) == 0)
		return read_help(read, line + 7);
	if (strncmp(line, "# TYPE ", 7) == 0)
		return read_type(read, line + 7);
	return read_sample(read, line);
}

const char *prometheus_read(struct prometheus *read, const char *text)
{
	const char *fault = NULL;

	*read = (struct prometheus){ .text = strdup(text), .bucket.le = -1 };
	if (!read->text)
		abort();
	for (char *line = read->text, *end; *line && !fault; line = end + 1) {
		read->line++;
		end = strchr(line, '\n');
		if (!end)
			return "the last line has no end";
		*end = '\0';
		fault = read_line(read, line);
	}
	return !fault && read->bucket.le >= 0 ? "a histogram without its count" : fault;
}

void prometheus_free(struct prometheus *read)
{
	free(read->samples);
	free(read->text);
	*read = (struct prometheus){ 0 };
}

double prometheus_value(const struct prometheus *read, const char *series)
{
	for (size_t i = 0; i < read->count; i++)
		if (strcmp(read->samples[i].series, series) == 0)
			return read->samples[i].value;
	return 0;
}

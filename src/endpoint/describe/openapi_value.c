/*
 * The API's description: what its parts are made of.
 */
#include "describe/openapi.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

json_t *openapi_schema(const char *text)
{
	json_t *schema = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert(schema != NULL);
	return schema;
}

json_t *openapi_object(void)
{
	return json_pack("{s:s, s:{}, s:[]}", "type", "object", "properties", "required");
}

void openapi_add_member(json_t *object, const char *name, bool required, json_t *schema)
{
	json_object_set_new(json_object_get(object, "properties"), name, schema);
	if (required)
		json_array_append_new(json_object_get(object, "required"), json_string(name));
}

void openapi_add_media(json_t *content, const char *media)
{
	while (media != NULL && *media != '\0') {
		struct text word = { media, strcspn(media, " ") };

		media += word.length + strspn(media + word.length, " ");
		if (!text_equal(word, TEXT("application/json")))
			json_object_setn_new(content, word.at, word.length,
				json_pack("{s:o}", "schema", openapi_schema(SCHEMA_TEXT)));
	}
}

const char *openapi_operation_id(const struct endpoint *endpoint, char id[OPENAPI_ID])
{
	size_t length = 0;

	for (const char *c = endpoint->name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && *c != ' ')
			continue;
		assert(length < OPENAPI_ID - 1);
		id[length++] = *c;
		if (*c == ' ')
			id[length - 1] = '_';
	}
	id[length] = '\0';
	return id;
}

struct buffer description_dump(json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	assert(text != NULL);
	json_decref(value);
	return (struct buffer){ text, strlen(text), strlen(text) };
}

#include "transfer/format.h"

#define FORMAT_ADDRESS(which, name, media) &format_##which,
static const struct format *const formats[] = { &format_json, OTHER_FORMATS(FORMAT_ADDRESS) };

const struct format *format_named(struct text name)
{
	size_t i = 0;

	while (name.length > 0 && !text_equal(text_of(formats[i]->name), name))
		i++;
	return formats[i];
}

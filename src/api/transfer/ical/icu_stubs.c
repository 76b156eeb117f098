/*
 * The functions of ICU that libical calls, as stubs. ICU would add 35 MB of tables to the program,
 * and libical needs it only for recurrence rules, which no task has. No recurrence rule is passed
 * to libical; with these stubs it would refuse one.
 */
#include <unicode/ucal.h>
#include <unicode/uenum.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"

/* A function that returns a constant; and one that also reports that it is not supported. */
#define ANSWER(type, name, parameters, answer)                                                     \
	U_CAPI type U_EXPORT2 name parameters                                                      \
	{                                                                                          \
		return answer;                                                                     \
	}
#define REFUSE(type, name, parameters, answer)                                                     \
	U_CAPI type U_EXPORT2 name parameters                                                      \
	{                                                                                          \
		*status = U_UNSUPPORTED_ERROR;                                                     \
		return answer;                                                                     \
	}

/* clang-format off */
#define NOTHING
#define FIELD const UCalendar *calendar, UCalendarDateFields field
#define DAY UCalendar *calendar, int32_t year, int32_t month, int32_t date

REFUSE(UCalendar *, ucal_open, (const UChar *zone, int32_t length, const char *locale,
	UCalendarType type, UErrorCode *status), NULL)
ANSWER(void, ucal_close, (UCalendar *calendar), NOTHING)
REFUSE(int32_t, ucal_get, (FIELD, UErrorCode *status), 0)
REFUSE(int32_t, ucal_getLimit, (FIELD, UCalendarLimitType type, UErrorCode *status), 0)
REFUSE(UDate, ucal_getMillis, (const UCalendar *calendar, UErrorCode *status), 0)
ANSWER(void, ucal_set, (UCalendar *calendar, UCalendarDateFields field, int32_t value), NOTHING)
ANSWER(void, ucal_setAttribute, (UCalendar *calendar, UCalendarAttribute attribute,
	int32_t value), NOTHING)
REFUSE(void, ucal_setDate, (DAY, UErrorCode *status), NOTHING)
REFUSE(void, ucal_setDateTime, (DAY, int32_t hour, int32_t minute, int32_t second,
	UErrorCode *status), NOTHING)
REFUSE(void, ucal_setMillis, (UCalendar *calendar, UDate time, UErrorCode *status), NOTHING)
REFUSE(void, ucal_add, (UCalendar *calendar, UCalendarDateFields field, int32_t amount,
	UErrorCode *status), NOTHING)
REFUSE(UEnumeration *, ucal_getKeywordValuesForLocale, (const char *key, const char *locale,
	UBool common, UErrorCode *status), NULL)
ANSWER(void, uenum_close, (UEnumeration *names), NOTHING)
REFUSE(const char *, uenum_next, (UEnumeration *names, int32_t *length, UErrorCode *status), NULL)
REFUSE(int32_t, uloc_setKeywordValue, (const char *name, const char *value, char *to, int32_t room,
	UErrorCode *status), 0)
REFUSE(UChar *, u_strFromUTF8Lenient, (UChar *to, int32_t room, int32_t *length, const char *from,
	int32_t from_length, UErrorCode *status), NULL)
/* clang-format on */

#!/usr/bin/python3
"""Compare the occurrences of random rules with those that python-dateutil finds.

    compare.py PRINT [SEED [RULES]]

PRINT is the program of print.c. The rules are those that RFC 5545 allows. Comments below tell what
is left out, because dateutil 2.8 reads it in another way than the RFC.
"""

import datetime
import random
import subprocess
import sys
import warnings

from dateutil import rrule

YEARS = 15  # from the start on, which are compared
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FORM = "%04d-%02d-%02dT%02d:%02d:%02d"


def some(choose, numbers, most):
    """Up to so many of the numbers, each once."""
    return choose.sample(numbers, choose.randint(1, min(most, len(numbers))))


def both_signs(numbers):
    return [*numbers, *(-number for number in numbers)]


def some_days(choose, frequency, parts):
    """A value of BYDAY. dateutil takes what is both in a list of plain weekdays and in one of
    numbered ones, where the RFC takes what is in either: here all are of one kind."""
    days = some(choose, WEEKDAYS, 7)
    if choose.random() < 0.5 or frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts:
        return days
    # dateutil knows no more than six weekdays of a month.
    most = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
    return [f"{choose.choice(both_signs(range(1, most + 1)))}{day}" for day in days]


def random_parts(choose, frequency):
    parts = {"FREQ": [frequency]}
    if choose.random() < 0.5:
        parts["INTERVAL"] = [choose.choice([1, 2, 3, 4, 5, 7, 12, 18])]
    if choose.random() < 0.3:
        parts["COUNT"] = [choose.randint(1, 60)]
    if choose.random() < 0.4:
        parts["WKST"] = [choose.choice(WEEKDAYS)]
    if choose.random() < 0.4:
        parts["BYMONTH"] = some(choose, range(1, 13), 5)
    if frequency == "YEARLY" and choose.random() < 0.25:
        # dateutil looks for 52, 53, -52 and -53 on one side of the new year only; they are in
        # compare_weeks().
        parts["BYWEEKNO"] = some(choose, both_signs(range(1, 52)), 20)
    if frequency == "YEARLY" and choose.random() < 0.25:
        parts["BYYEARDAY"] = some(choose, both_signs(range(1, 367)), 150)
    if frequency != "WEEKLY" and choose.random() < 0.3:
        parts["BYMONTHDAY"] = some(choose, both_signs(range(1, 32)), 12)
    if choose.random() < 0.5:
        parts["BYDAY"] = some_days(choose, frequency, parts)
    if choose.random() < 0.3 and any(name.startswith("BY") for name in parts):
        parts["BYSETPOS"] = some(choose, both_signs([1, 1, 2, 3, 4, 5, 10, 31, 60, 366]), 3)
    return parts


def text_of(parts):
    return ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())


def random_rule(choose):
    """A start, a time after which to look, a last time, and the parts of a rule."""
    frequency = choose.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = random_parts(choose, frequency)
    start = datetime.datetime(choose.choice([2, 1604, 1900, 1969, 1996, 2026, 2099, 9960]), 1, 1)
    start += datetime.timedelta(days=choose.randrange(1500), seconds=choose.randrange(86400))
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        # The first week begins with the start in dateutil; in the RFC it is a whole one.
        first = WEEKDAYS.index(parts.get("WKST", ["MO"])[0])
        start += datetime.timedelta(days=(first - start.weekday()) % 7)
    if "COUNT" not in parts and choose.random() < 0.4:
        until = start + datetime.timedelta(days=choose.randrange(6000))
        parts["UNTIL"] = [until.strftime("%Y%m%dT%H%M%S").rjust(15, "0")]
    after = start - datetime.timedelta(seconds=1)
    if choose.random() < 0.5:
        after += datetime.timedelta(days=choose.randrange(5000))
    last = start.replace(year=start.year + YEARS, day=1)
    return start, after, last, parts


def by_dateutil(start, after, last, parts):
    parts = dict(parts)
    if "BYWEEKNO" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        # It takes whole weeks; as with the other parts, the start tells the day.
        parts["BYDAY"] = [WEEKDAYS[start.weekday()]]
    # A rule that never occurs would take it to the year 9999.
    datetime.MAXYEAR = last.year
    found = []
    for time in rrule.rrulestr(text_of(parts), dtstart=start):
        if time > last:
            break
        if time > after:
            found.append(FORM % time.timetuple()[:6])
    return found


def run(program, lines):
    done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{program} failed: {done.stderr}")
    answers = done.stdout.splitlines()
    if len(answers) != len(lines):
        sys.exit(f"{len(lines)} rules, and {len(answers)} answers")
    return [answer.split() for answer in answers]


def compare(lines, expected, found):
    if expected != found:
        sys.exit(f"{lines}\n    expected {' '.join(expected)}\n    found    {' '.join(found)}")


def compare_rules(program, seed, count):
    choose = random.Random(seed)
    rules = [random_rule(choose) for _ in range(count)]
    lines = [
        " ".join([*(FORM % time.timetuple()[:6] for time in times), text_of(parts)])
        for *times, parts in rules
    ]
    total = 0
    for line, rule, found in zip(lines, rules, run(program, lines)):
        expected = by_dateutil(*rule)
        compare(line, expected, [time for time in found if time != "too-many-steps"])
        total += len(expected)
    if total < count:
        sys.exit(f"only {total} occurrences of {count} rules")
    print(f"{count} rules with {total} occurrences are as dateutil has them")


def compare_weeks(program):
    """Each week number, over 400 years, by Python's own ISO calendar. A week of two years is in the
    set of each year with the days that are in that year."""
    first, last = datetime.date(1900, 1, 1), datetime.date(2299, 12, 31)
    weeks = {}
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = datetime.date.fromordinal(ordinal)
        year, week, _ = day.isocalendar()
        of = datetime.date(year, 12, 28).isocalendar()[1]
        for number in (week, week - of - 1):
            weeks.setdefault(number, []).append(f"{day}T00:00:00")
    for number, expected in weeks.items():
        line = (
            f"{first}T00:00:00 0001-01-01T00:00:00 {last}T00:00:00 "
            f"FREQ=YEARLY;BYWEEKNO={number};BYDAY={','.join(WEEKDAYS)}"
        )
        compare(line, expected, run(program, [line])[0])
    print(f"{len(weeks)} numbers of weeks are as the ISO calendar has them")


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 5545
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 3000
    warnings.simplefilter("ignore")
    print(f"seed {seed}", flush=True)
    compare_rules(program, seed, count)
    compare_weeks(program)


if __name__ == "__main__":
    main()

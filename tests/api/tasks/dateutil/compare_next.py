#!/usr/bin/python3
"""Compare when tasks are due again with what python-dateutil and zoneinfo find.

    compare_next.py PRINT [SEED [TASKS]]

PRINT is the program of print.c. The rules are those of tests/calendar/dateutil/compare.py, in zones
whose clocks change in different ways.
"""

import datetime
import pathlib
import random
import sys
import warnings
import zoneinfo

sys.dont_write_bytecode = True  # beside the sources
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "calendar" / "dateutil"))
import compare

ZONES = [
    "UTC", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Sao_Paulo",
    "America/St_Johns", "America/Havana", "Africa/Casablanca", "Africa/Cairo", "Asia/Tehran",
    "Asia/Gaza", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Pacific/Apia",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Kiritimati",
    "Antarctica/Troll",
]  # fmt: skip
DAY = datetime.timedelta(days=1)
SECOND = datetime.timedelta(seconds=1)
YEARS = 15  # that are searched


def instant_text(instant):
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def to_instant(local, zone):
    """Of two times it is the first; a time that is skipped counts by the offset before."""
    return local.replace(tzinfo=zone, fold=0).astimezone(datetime.UTC).replace(tzinfo=None)


def to_local(instant, zone):
    return instant.replace(tzinfo=datetime.UTC).astimezone(zone).replace(tzinfo=None)


def random_task(choose):
    frequency = choose.choice(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    parts = compare.random_parts(choose, frequency)
    if frequency == "WEEKLY":
        # The first week begins with the start in dateutil; in the RFC it is a whole one.
        parts.pop("BYSETPOS", None)
    zone = choose.choice(ZONES)
    due = datetime.datetime(choose.randint(1972, 2090), 1, 1) + DAY * choose.randrange(365)
    is_day = choose.random() < 0.4
    if not is_day:
        # Most clocks change around these hours.
        due += datetime.timedelta(seconds=choose.randrange(86400))
        if choose.random() < 0.5:
            due = due.replace(hour=choose.randrange(24), minute=choose.choice([0, 15, 30]), second=0)
            due = to_instant(due, zoneinfo.ZoneInfo(zone))
    completed = due + DAY * choose.choice([0, 0, 1, choose.randrange(-40, 400)])
    completed += datetime.timedelta(seconds=choose.randrange(86400))
    if "COUNT" not in parts and choose.random() < 0.4:
        until = due + DAY * choose.randrange(-3, 700)
        form = "%Y%m%d" if is_day or choose.random() < 0.5 else "%Y%m%dT%H%M%SZ"
        parts["UNTIL"] = [until.strftime(form)]
    source = choose.choice(["due", "completion"])
    return source, due, is_day, completed, zone, parts


def allows(until, local, is_day, zone):
    """Whether UNTIL, if there is one, allows an occurrence."""
    if until is None:
        return True
    if len(until) == 8:
        return local.date() <= datetime.datetime.strptime(until, "%Y%m%d").date()
    return to_instant(local, zone) <= datetime.datetime.strptime(until, "%Y%m%dT%H%M%SZ")


def first(start, after, last, parts):
    found = compare.by_dateutil(start, after, last, parts)
    return datetime.datetime.fromisoformat(found[0]) if found else None


def expected_next(source, due, is_day, completed, zone_name, parts):
    """What PRINT should say: None where this cannot tell."""
    zone = zoneinfo.ZoneInfo(zone_name)
    local = due if is_day else to_local(due, zone)
    today = to_local(completed, zone).replace(hour=0, minute=0, second=0)
    rule = {name: values for name, values in parts.items() if name not in ("COUNT", "UNTIL")}
    until = parts.get("UNTIL", [None])[0]
    begin = first(local, local - SECOND, local.replace(year=local.year + YEARS, day=1), rule)
    if begin is None:
        return None
    if not allows(until, begin, is_day, zone):
        return "must occur"
    if parts.get("COUNT") == [1]:
        return "ended"
    if source == "due":
        start, after = local, max(local, today - SECOND)
    else:
        start = today + datetime.timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second
        )
        after = today + DAY - SECOND
    found = first(start, after, after.replace(year=after.year + YEARS, day=1), rule)
    if found is None:
        return None
    if not allows(until, found, is_day, zone):
        return "ended"
    if is_day:
        return f"{found.date()} {(found.date() - local.date()).days}"
    instant = to_instant(found, zone)
    return f"{instant_text(instant)} {(to_local(instant, zone).date() - local.date()).days}"


def line_of(source, due, is_day, completed, zone, parts):
    text = str(due.date()) if is_day else instant_text(due)
    return " ".join([source, text, instant_text(completed), zone, compare.text_of(parts)])


def check(task, answer):
    expected = expected_next(*task)
    parts = task[-1]
    if expected is None:
        return 0
    if not answer.startswith(expected):
        sys.exit(f"{line_of(*task)}\n    expected {expected}\n    found    {answer}")
    if expected[0] in "em":
        return 0
    count = parts.get("COUNT", [0])[0]
    if count and f";COUNT={count - 1}" not in answer:
        sys.exit(f"{line_of(*task)}\n    COUNT does not go down: {answer}")
    return 1


def main():
    program = sys.argv[1]
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 5545
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    warnings.simplefilter("ignore")
    choose = random.Random(seed)
    tasks = [random_task(choose) for _ in range(number)]
    answers = compare.run(program, [line_of(*task) for task in tasks])
    found = sum(check(task, " ".join(answer)) for task, answer in zip(tasks, answers))
    if found < number / 2:
        sys.exit(f"only {found} of {number} tasks are due again")
    print(f"seed {seed}: {found} of {number} tasks are due again as dateutil has it")


main()

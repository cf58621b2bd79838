"""tap - what Python tests share, as tests/tap.sh is for those in sh. Prints TAP.

ok(GOOD, NAME, DETAIL)           passes when GOOD is true; else DETAIL is shown
schema_errors(REPORT, SCHEMA)    what is wrong with a report by doc/schema/SCHEMA.json
skip_all(WHY)                    ends the test as skipped
done_testing()                   the plan and the exit status; the last line of a test
"""
import json
import os
import sys

_counts = {"all": 0, "failed": 0}
_validators = {}


def ok(good, name, detail=""):
    _counts["all"] += 1
    _counts["failed"] += not good
    print("ok" if good else "not ok", _counts["all"], "-", name, flush=True)
    if not good:
        for line in str(detail).splitlines():
            print("#", line)


def _validator(schema):
    if schema not in _validators:
        import jsonschema
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "doc", "schema")
        with open(os.path.join(folder, schema + ".json"), encoding="utf-8") as f:
            _validators[schema] = jsonschema.Draft7Validator(json.load(f))
    return _validators[schema]


def schema_errors(report, schema):
    """A list; None where it cannot be known, without python3-jsonschema."""
    try:
        validator = _validator(schema)
    except ImportError:
        return None
    return list(validator.iter_errors(report))


def skip_all(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def done_testing():
    print("1..%d" % _counts["all"])
    sys.exit(1 if _counts["failed"] else 0)

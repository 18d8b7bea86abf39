"""Verifies every signature of a message with dkimpy.

Arguments: a file with a line "name text" for each record of a key, and the message.
Prints a line "selector algorithm verdict" for each signature.
"""

import sys

import dkim
from dkim.util import parse_tag_value

published = {}
with open(sys.argv[1], encoding="ascii") as lines:
    for line in lines:
        name, text = line.rstrip("\n").split(" ", 1)
        published[name + "."] = text.encode("ascii")


def lookup(name, timeout=5):
    return published.get(name.decode("ascii"))


with open(sys.argv[2], "rb") as file:
    message = file.read()

headers, _ = dkim.rfc822_parse(message)
signatures = [value for name, value in headers if name.lower() == b"dkim-signature"]
for index, signature in enumerate(signatures):
    tags = parse_tag_value(signature)
    try:
        good = dkim.DKIM(message).verify(index, dnsfunc=lookup)
    except dkim.DKIMException as problem:
        print(problem, file=sys.stderr)
        good = False
    print(tags[b"s"].decode(), tags[b"a"].decode(), "pass" if good else "fail")

"""Verify a Comment Desk record without Comment Desk: one file, Python's standard library alone.

    python verify_record.py record.jsonl
    python verify_record.py record.jsonl --anchors anchors.jsonl --key PUBLIC-KEY

record.jsonl is what `comment-desk export` wrote, and anchors.jsonl the signed anchors that the desk
writes once a day. Nothing of the desk's own program is used here, so that whoever does not trust
that may read this instead. It returns 0 if the record is as it was recorded, 1 if not, and 2 if the
files are none.

The record is lines of JSON. A decision's digest is the SHA-256 of its fields, as JSON with sorted
keys, without what is not set, without `digest` and `salts`, and, where it has `seals`, without the
parts that these stand for: a seal is an HMAC-SHA-256 with the part's own salt as the key. Each line
names the digest of the one before. An erasure says which parts of which decisions are gone; their
salts have to be gone too. The steps of contests are a chain of their own, and each names the digest
of the line that was the record's newest then. An anchor is an Ed25519 signature (RFC 8032) over how
many lines there were and the last digest of both chains.
"""

import argparse
import hashlib
import hmac
import json
import sys
from pathlib import Path

GENESIS = "0" * 64
PARTS = {
    "author": ("author_id",),
    "note": ("note",),
    "by": ("by_id", "by_name"),
    "second": ("second_id", "second_name"),
}
NUMBER = {"decision": "id", "erasure": "erasure", "contest step": "contest_step"}
SEALED = {name for names in PARTS.values() for name in names}


class Broken(Exception):
    """The record is not as it was recorded; the words say what was done to it."""


class Unreadable(Exception):
    """A file is not what it should be."""


def as_json(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def hashed(value):
    return hashlib.sha256(as_json(value).encode()).hexdigest()


# What each kind of line is sealed with.


def kind_of(line):
    if "contest_step" in line:
        return "contest step"
    return "erasure" if "erasure" in line else "decision"


def number_of(line):
    return line[NUMBER[kind_of(line)]]


def numbered(line, number):
    return {**line, NUMBER[kind_of(line)]: number}


def digest_of(line):
    if kind_of(line) == "contest step":
        names = ("contest_step", "contest_id", "step", "at", "said", "head", "previous")
        return hashed([line[name] for name in names])
    if kind_of(line) == "erasure":
        return hashed({name: value for name, value in line.items() if name != "digest"})
    aside = {"digest", "salts"} | (SEALED if line.get("seals") is not None else set())
    return hashed({k: v for k, v in line.items() if v is not None and k not in aside})


def is_sealed(line, erased):
    """Whether a line is as it was sealed, but for what an erasure says is gone."""
    try:
        if kind_of(line) != "decision":
            return digest_of(line) == line["digest"]
        return _is_sealed_decision(line, erased.get(line["id"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _is_sealed_decision(line, gone):
    parts = gone[0] if gone else []
    if gone and gone[1] != _left(line, parts):
        return False
    if line.get("seals") is not None:
        return digest_of(line) == line["digest"] and _opens(line, parts)
    if line.get("salts") is not None:
        return False
    if gone:  # of a row from before there were seals: the erasure pins what it left
        return all(_is_tombstone(line, part) for part in parts)
    return digest_of(line) == line["digest"]


def _left(line, parts):
    names = {name for part in parts for name in PARTS[part]} | {"id"}
    if line.get("seals") is None:
        names = set(line) - {"digest"}
    return hashed({name: line[name] for name in names if line[name] is not None})


def _opens(line, gone):
    seals, salts = json.loads(line["seals"]), json.loads(line["salts"])
    if not set(salts) <= set(seals):
        return False
    return all(
        _opens_part(line, part, seals.get(part), salts.get(part), part in gone) for part in PARTS
    )


def _opens_part(line, part, seal, salt, gone):
    values = [line[name] for name in PARTS[part]]
    if seal is None:
        return all(value is None for value in values)
    if gone:
        return salt is None and _is_tombstone(line, part)
    said = as_json([part, *values])
    return salt is not None and hmac.new(salt.encode(), said.encode(), "sha256").hexdigest() == seal


def _is_tombstone(line, part):
    values = [line[name] for name in PARTS[part]]
    if part == "author":
        return str(values[0]).startswith("erased-")
    if part == "note":
        return values[0] == "[erased]"
    return isinstance(values[0], int) and values[0] < 0 and values[1] == "[erased]"


# The walk over both chains.


class Walk:
    def __init__(self, erased):
        self.erased = erased
        self.counts = {"decision": 0, "erasure": 0, "contest step": 0}
        self.heads = {"record": GENESIS, "contests": GENESIS}

    def chain(self, line):
        return "contests" if kind_of(line) == "contest step" else "record"

    def expected(self, line):
        return self.counts[kind_of(line)] + 1

    def head(self, line):
        return self.heads[self.chain(line)]

    def accepts(self, line):
        if type(number_of(line)) is not int or number_of(line) != self.expected(line):
            return False
        if line["previous"] != self.head(line) or not self._is_in_place(line):
            return False
        if not is_sealed(line, self.erased):
            return False
        self.counts[kind_of(line)] += 1
        self.heads[self.chain(line)] = line["digest"]
        return True

    def _is_in_place(self, line):
        made = self.counts["decision"]
        if kind_of(line) == "erasure":
            return line["after"] == made and all(0 < row[0] <= made for row in line["rows"])
        return kind_of(line) == "decision" or line["head"] == self.heads["record"]

    def digest(self):
        """One digest of all so far, which `comment-desk verify` prints as the last."""
        record, contests = self.heads["record"], self.heads["contests"]
        return record if contests == GENESIS else hashed([record, contests])


def verify(lines):
    """Return the walk over a whole record, and the digests that occur in it by their place."""
    erased = {}
    for line in lines:
        if kind_of(line) == "erasure":
            erased.update({number: (parts, left) for number, parts, left in line["rows"]})
    walk, places = Walk(erased), {}
    for place, line in enumerate(lines):
        if not walk.accepts(line):
            raise Broken(what_happened(lines, place, walk))
        places.setdefault(line["digest"], place)
        places.setdefault(walk.digest(), place)
    return walk, places


# What was done where the walk stops.


def what_happened(lines, place, walk):
    line, rest = lines[place], lines[place + 1 :]
    kind, number, expected = kind_of(line), number_of(line), walk.expected(line)
    same = [one for one in rest if kind_of(one) == kind]
    sealed_as = _number_sealed(line, walk.erased)
    if number != expected:
        if number < expected:
            return f"{kind} {number} was inserted"
        if all(number_of(one) != expected for one in same):
            return f"{_some(kind, expected, number - 1)} removed"
        is_moved = sealed_as == number and line["previous"] in {one["digest"] for one in same}
        return f"{kind} {expected} was reordered" if is_moved else f"{kind} {number} was inserted"
    if sealed_as is None:
        is_extra = bool(same) and _number_sealed(same[0], walk.erased) == number
        return f"{kind} {number} was {'inserted' if is_extra else 'changed'}"
    if sealed_as > number:
        chained = [one for one in rest if walk.chain(one) == walk.chain(line)]
        first = [one for one in chained if one["previous"] == walk.head(line)]
        if any(_number_sealed(one, walk.erased) for one in first):
            return f"{kind} {number} was reordered"
        return f"{_some(kind, number, sealed_as - 1)} removed"
    return _out_of_place(lines, place, walk, sealed_as)


def _out_of_place(lines, place, walk, sealed_as):
    line, rest, chain = lines[place], lines[place + 1 :], walk.chain(lines[place])
    before = [one for one in lines[:place] if walk.chain(one) == chain]
    known = [one for one in before[:-1] if one["digest"] == line["previous"]]
    name = f"{kind_of(line)} {number_of(line)}"
    if before and (known or sealed_as < number_of(line)):
        last = before[-1]
        is_same = bool(known) and kind_of(known[0]) == kind_of(last)
        first = number_of(known[0]) + 1 if is_same else number_of(last)
        return f"{_some(kind_of(last), first, number_of(last))} inserted"
    digests = {one["digest"] for one in rest}
    if line["previous"] in digests:
        return f"{name} was reordered"
    if line["previous"] != walk.head(line) and before:
        return f"{kind_of(before[-1])} {number_of(before[-1])} was changed"
    if chain == "contests" and line["head"] in digests | {one["digest"] for one in lines[:place]}:
        return f"{name} was reordered"
    if chain == "contests":
        return _behind_a_step(lines, place, walk)
    return f"{name} was changed"


def _behind_a_step(lines, place, walk):
    """Say what became of the line of the record after which a step of a contest was sealed."""
    expected = walk.counts["decision"] + 1
    later = [number_of(one) for one in lines[place + 1 :] if kind_of(one) == "decision"]
    record = [one for one in lines[:place] if walk.chain(one) == "record"]
    if later and later[0] == expected and record:
        return f"{kind_of(record[-1])} {number_of(record[-1])} was changed"
    last = max(expected, later[0] - 1) if later else expected
    return f"{_some('decision', expected, last)} removed"


def _some(kind, first, last):
    return f"{kind} {first} was" if first == last else f"{kind}s {first} to {last} were"


def _number_sealed(line, erased):
    number = number_of(line)
    if type(number) is not int:
        return None
    tried = [number, number - 1, number + 1, *range(max(1, number - 5000), number + 5000)]
    return next((one for one in tried if is_sealed(numbered(line, one), erased)), None)


# Anchors, and RFC 8032's verification of Ed25519, which is slow here and needs nothing.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _recovered_x(y, sign):
    squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(squared, (P + 3) // 8, P)
    if (x * x - squared) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - squared) % P or (x == 0 and sign):
        raise ValueError("no point")
    return P - x if x & 1 != sign else x


def _point(data):
    number = int.from_bytes(data, "little")
    y, sign = number & (2**255 - 1), number >> 255
    if len(data) != 32 or y >= P:
        raise ValueError("no point")
    x = _recovered_x(y, sign)
    return x, y, 1, x * y % P


def _sum(one, other):
    a, b = (
        (one[1] - one[0]) * (other[1] - other[0]) % P,
        (one[1] + one[0]) * (other[1] + other[0]) % P,
    )
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _sum(total, point)
        point, number = _sum(point, point), number >> 1
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_recovered_x(BASE_Y, 0), BASE_Y, 1, _recovered_x(BASE_Y, 0) * BASE_Y % P)


def is_signed(public, message, signature):
    """Whether an Ed25519 signature of a message is by the holder of a public key; all are bytes."""
    try:
        key, first = _point(public), _point(signature[:32])
    except ValueError:
        return False
    second = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or second >= ORDER:
        return False
    hashed_ = hashlib.sha512(signature[:32] + public + message).digest()
    left, right = (
        _times(second, BASE),
        _sum(first, _times(int.from_bytes(hashed_, "little") % ORDER, key)),
    )
    return not (
        (left[0] * right[2] - right[0] * left[2]) % P
        or (left[1] * right[2] - right[1] * left[2]) % P
    )


def check_anchor(anchor, keys):
    """Return an anchor's public key, or raise if nobody signed it, or somebody else."""
    said = {name: value for name, value in anchor.items() if name != "signature"}
    public = anchor["key"]
    if keys and public not in keys:
        raise Broken(f"the anchor of {anchor['at']} is signed with another key, {public}")
    message = b"comment-desk anchor\n" + as_json(said).encode()
    if not is_signed(bytes.fromhex(public), message, bytes.fromhex(anchor["signature"])):
        raise Broken(f"the anchor of {anchor['at']} is not as it was signed")
    return public


def check_anchors(anchors, lines, keys):
    """Raise at the first anchor that the record does not go through."""
    walk, met = Walk({}), {(0, 0, 0): (GENESIS, GENESIS)}
    for line in lines:
        walk.counts[kind_of(line)] += 1
        walk.heads[walk.chain(line)] = line["digest"]
        met[tuple(walk.counts.values())] = tuple(walk.heads.values())
    before, signers = "the beginning", set()
    for anchor in anchors:
        signers.add(check_anchor(anchor, keys))
        counts = (anchor["decisions"], anchor["erasures"], anchor["contest_steps"])
        if any(there < then for there, then in zip(walk.counts.values(), counts, strict=True)):
            raise Broken(
                f"lines were removed at the end: the anchor of {anchor['at']} is over "
                f"{counts[0]} decisions, and there are {walk.counts['decision']}"
            )
        if met.get(counts) != (anchor["head"], anchor["contest_head"]):
            raise Broken(f"the record was written anew between {before} and {anchor['at']}")
        before = anchor["at"]
    return signers


def read(path):
    try:
        lines = [
            json.loads(one) for one in Path(path).read_text("utf-8").split("\n") if one.strip()
        ]
    except (OSError, UnicodeError, ValueError, RecursionError) as error:
        raise Unreadable(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict):
            raise Unreadable(f"line {number} of {path} is no line of a record")
    return lines


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("record", help="what comment-desk export wrote")
    parser.add_argument("--known", help="a digest that was noted earlier")
    parser.add_argument("--anchors", help="the file of signed anchors")
    parser.add_argument(
        "--key", action="append", help="the public key they are signed with; again for an older one"
    )
    asked = parser.parse_args(argv)
    try:
        lines = read(asked.record)
        walk, places = verify(lines)
        if asked.known and "".join(asked.known.split()).lower() not in places:
            raise Broken(f"the digest {asked.known} is not in it: lines were removed at the end")
        anchors = read(asked.anchors) if asked.anchors else []
        signers = check_anchors(anchors, lines, asked.key)
    except Broken as broken:
        print(f"The record is NOT as it was recorded: {broken}.", file=sys.stderr)
        return 1
    except Unreadable as trouble:
        print(f"{trouble}.", file=sys.stderr)
        return 2
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        print(f"A line is not of the form that it should have: {error!r}.", file=sys.stderr)
        return 2
    counts = [f"{many} {kind}{'s' * (many != 1)}" for kind, many in walk.counts.items()]
    print(f"{', '.join(counts)}: as recorded.")
    if anchors:
        print(
            f"{len(anchors)} anchors hold, the last of {anchors[-1]['at']}; signed by {', '.join(sorted(signers))}."
        )
    print(f"The last digest is {walk.digest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

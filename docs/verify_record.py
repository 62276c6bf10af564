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
from dataclasses import dataclass, replace
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
            raise Broken(what_happened(lines, erased))
        places.setdefault(line["digest"], place)
        places.setdefault(walk.digest(), place)
    return walk, places


# What was done: undo each thing that may have been, and see which lets the walk go on furthest.


@dataclass(frozen=True)
class Item:
    """A line by its ties; `sealed` is the number that it was sealed under, None if it was changed.

    One that `is_any` stands for what is gone or was changed, up to its number.
    """

    kind: str
    number: int
    sealed: int | None = None
    previous: str = ""
    digest: str | None = None
    head: str = ""
    after: int = 0
    is_any: bool = False

    @property
    def chain(self):
        return "contests" if self.kind == "contest step" else "record"

    @property
    def name(self):
        return self.number if self.sealed is None else self.sealed


def items_of(lines, erased):
    numbers = [number_of(line) for line in lines]
    if any(type(one) is not int for one in numbers):
        raise TypeError("a number is none")
    off, searches, highest = 0, 8, min(max(numbers), len(lines) * 2) + 100
    for line, number in zip(lines, numbers, strict=True):
        near = [number, number + off, number - 1, number + 1]
        sealed = next((one for one in near if _is_sealed_as(line, one, erased)), None)
        if sealed is None and searches:
            searches -= 1
            far = range(max(1, min(number, highest) - 5000), min(number + 5000, highest))
            sealed = next((one for one in far if _is_sealed_as(line, one, erased)), None)
        off = off if sealed is None else sealed - number
        ties = (line["previous"], line["digest"], line.get("head", ""), line.get("after", 0))
        yield Item(kind_of(line), number, sealed, *ties)


def _is_sealed_as(line, number, erased):
    line = numbered(line, number)
    if kind_of(line) == "erasure":
        named = all(0 < row[0] <= line["after"] for row in line["rows"])
        return named and is_sealed(line, erased)
    return is_sealed(line, erased) or (kind_of(line) == "decision" and _may_be_erased(line))


def _may_be_erased(line):
    """Whether a decision is as it was sealed, but for what looks as if it had been erased."""
    gone = [part for part in PARTS if _is_tombstone(line, part)]
    if not gone or line.get("seals") is None:
        return bool(gone) and line.get("salts") is None
    try:
        return digest_of(line) == line["digest"] and _opens(line, gone)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


class ItemWalk:
    """A walk by ties alone; what follows on a line that may be any names no line that is known."""

    def __init__(self, known):
        self.known, self.is_loose = known, False
        self.counts = {"decision": 0, "erasure": 0, "contest step": 0}
        self.heads = {"record": GENESIS, "contests": GENESIS}

    def accepts(self, item):
        if not item.is_any and not self.fits(item):
            return False
        self.is_loose |= item.is_any
        self.counts[item.kind] = item.name
        self.heads[item.chain] = item.digest
        return True

    def fits(self, item):
        if item.sealed != self.counts[item.kind] + 1:
            return False
        if not self._follows(item.previous, item.chain):
            return False
        if item.kind == "erasure":
            return item.after == self.counts["decision"]
        if item.kind == "decision" or self._follows(item.head, "record"):
            return True
        return self.is_loose and item.head not in self.known

    def _follows(self, previous, chain):
        head = self.heads[chain]
        return previous == head or (head is None and previous not in self.known)


def what_happened(lines, erased):
    items = list(items_of(lines, erased))
    blank = [one for one in lines if kind_of(one) == "decision" and not is_sealed(one, erased)]
    blank = [one["id"] for one in blank if _may_be_erased(one)]
    walk = ItemWalk({one.digest for one in items})
    for at, item in enumerate(items):
        if item.sealed != item.number or not walk.accepts(item):
            owes = [one for one in blank if one <= walk.counts["decision"]]
            said = Repairs(items, at, bool(owes)).said()
            with_it = said.endswith("removed") and owes and owes[0] not in erased
            is_told = not owes or with_it or said.startswith("erasure")
            return said if is_told else f"decision {owes[0]} was changed"
    if blank and blank[0] not in erased:
        return f"erasure {walk.counts['erasure'] + 1} was removed"
    return f"decision {blank[0]} was changed"


class Repairs:
    """What may have been done to lines of which the walk does not accept the one at a place."""

    def __init__(self, items, at, owes_erasure):
        self.items, self.at, self.owes_erasure = items, at, owes_erasure
        self.known = {one.digest for one in items}
        self.named = {tie for one in items for tie in (one.previous, one.head)}
        self.walk = ItemWalk(self.known)
        for item in items[:at]:
            self.walk.accepts(item)

    def said(self):
        """Return what explains most of the lines; of what explains as much, the first."""
        best, fewest = "", len(self.items) + 1
        for said, lines in self.readings():
            walk = ItemWalk(self.known)
            stop = next((i for i, one in enumerate(lines) if not walk.accepts(one)), len(lines))
            if len(lines) - stop < fewest:
                best, fewest = said, len(lines) - stop
            if not fewest:
                break
        return best

    def readings(self):
        line = self.items[self.at]
        if self.walk.fits(line):
            yield f"{line.kind} {line.name} was changed", self.items
        if self.owes_erasure:
            yield self.without("erasure", self.walk.counts["erasure"] + 1)
        if line.sealed is None:
            yield self.changed(self.at)
        yield from self.moved()
        yield from self.gone()
        yield from self.swapped()
        for said, lines in (*self.moved(), *self.swapped()):
            if said.startswith("decision"):
                yield said, settled(lines)
        yield from map(self.changed, self.before())
        yield from self.put_in()
        yield self.without("decision", self.walk.counts["decision"] + 1)
        yield self.without("erasure", self.walk.counts["erasure"] + 1)
        yield self.changed(self.at)

    def changed(self, at):
        line, lines = self.items[at], list(self.items)
        lines[at] = self.any(line)
        return f"{line.kind} {line.name} was changed", lines

    def any(self, line):
        digest = line.digest if line.digest in self.named else None
        return replace(line, is_any=True, digest=digest)

    def before(self):
        """Yield where the last line of either chain stands before this one."""
        for same in (True, False):
            for at in range(self.at - 1, -1, -1):
                if (self.items[at].chain == self.items[self.at].chain) == same:
                    yield at
                    break

    def fitting(self):
        """Return where lines stand, further on, that name the line before this one."""
        later = range(self.at + 1, len(self.items))
        heads = self.walk.heads
        return [i for i in later if self.items[i].previous == heads[self.items[i].chain]][:4]

    def moved(self):
        moved = [*self.fitting(), self.at, *self.before()]
        for at in sorted(moved, key=lambda one: self.items[one].kind != "decision"):
            line, rest = self.items[at], self.items[:at] + self.items[at + 1 :]
            put = self.any(line) if line.sealed is None else line
            for to in self.places(line, rest):
                if to != at:
                    what = "reordered" if self.is_order(at, to) else "changed"
                    said = f"{line.kind} {line.name} was {what}"
                    yield said, [*rest[:to], put, *rest[to:]]

    def places(self, line, rest):
        """Yield where a line may belong: after what it names, and the contests that follow."""
        ties = {line.previous, line.head}
        starts = [0] if GENESIS in ties else []
        starts += [at + 1 for at, one in enumerate(rest) if one.digest in ties]
        for start in starts:
            for to in range(start, min(start + 20, len(rest)) + 1):
                yield to
                if to == len(rest) or rest[to].chain == "record":
                    break

    def is_order(self, at, to):
        """Whether a line was moved, or else stands elsewhere because its number was changed."""
        line, others = self.items[at], self.items[min(at, to) : max(at, to) + 1]
        if line.sealed is None:
            return False
        anew = any(one.sealed not in {None, one.number} for one in others if one is not line)
        return line.sealed == line.number or anew

    def gone(self):
        missing = [one for kind in NUMBER for one in self.missing(kind)]
        for one in missing:
            yield self.without(*one)
        if len(dict(missing)) > 1:
            yield self.without(*dict(missing).items())

    def missing(self, kind):
        behind, made = self.items[self.at :], self.walk.counts[kind]
        last = [one.sealed - 1 for one in behind if one.kind == kind and one.sealed][:1]
        if kind == "decision":
            last += [one.after for one in behind if one.kind == "erasure" and one.sealed][:1]
        return [(kind, one) for one in sorted(set(last)) if one > made]

    def without(self, *gone):
        gone = [gone] if isinstance(gone[0], str) else gone
        kind, last = gone[0]
        put = [Item(one, number, is_any=True) for one, number in gone]
        lines = [*self.items[: self.at], *put, *self.items[self.at :]]
        return f"{_some(kind, self.walk.counts[kind] + 1, last)} removed", lines

    def swapped(self):
        for at in self.fitting():
            for other in (self.at, *self.before()):
                lines, line = list(self.items), self.items[at]
                lines[other], lines[at] = lines[at], lines[other]
                yield f"{line.kind} {line.name} was reordered", lines

    def put_in(self):
        line, at = self.items[self.at], self.at
        ties = {line.previous, line.head}
        starts = [-1] if GENESIS in ties else []
        starts += [one for one in range(at) if self.items[one].digest in ties]
        runs = [
            [one for one in range(start + 1, at) if self.items[one].chain == chain]
            for start in starts
            for chain in ("record", "contests")
        ]
        runs += [list(range(at, end)) for end in (at + 1, *self.fitting())]
        for run in sorted(filter(None, runs), key=len):
            gone, kind = set(run), self.items[run[0]].kind
            alike = [self.items[one].number for one in run if self.items[one].kind == kind]
            lines = [one for i, one in enumerate(self.items) if i not in gone]
            yield f"{_some(kind, min(alike), max(alike))} inserted", lines


def settled(lines):
    """Put erasures and contests after what they name, as a database does, however it is numbered."""
    decisions = [one for one in lines if one.kind == "decision"]
    erasures = [one for one in lines if one.kind == "erasure"]
    steps = [one for one in lines if one.kind == "contest step"]
    record = [(at, one) for at, one in enumerate(decisions, 1)]
    record += [(one.after, one) for one in erasures]
    record = [one for _, one in sorted(record, key=lambda one: (one[0], one[1].kind != "decision"))]
    ends = {one.digest: at for at, one in enumerate(record)}
    placed = [*enumerate(record), *((ends.get(one.head, -1), one) for one in steps)]
    placed = sorted(placed, key=lambda one: (one[0], one[1].chain == "contests"))
    return [one for _, one in placed]


def _some(kind, first, last):
    return f"{kind} {first} was" if first == last else f"{kind}s {first} to {last} were"


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

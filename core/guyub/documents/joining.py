"""Joins the parts of one document, typeset apart, into one file: still tagged, archivable and with its bookmarks, byte for
byte the same.

A general library would drop the structure that makes a file readable aloud. This one knows the files of one typesetter:
objects in a row, a table of their places at the end, none of them compressed. It renumbers them, hangs all pages, bookmarks
and structure on one tree each, and packs the small objects, which are most of a tagged file, into compressed streams.
"""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_STRUCTURE_PLACE = re.compile(rb"/StructParents? (\d+)")
_CELL = re.compile(rb"\((U\d+x\d+y\d+)\)")
_CELLS = re.compile(rb"/ID\(U\d+x\d+y\d+\)|/Headers\[[^\]]*\]")
_PAGES_SAID = re.compile(rb"<xmpTPg:NPages>\d+</xmpTPg:NPages>")
_INSTANCE = re.compile(rb"(?<=InstanceID>)[A-Za-z0-9+/=]+")
_PACKED = 100
"""Small objects in one compressed stream."""

PAGES, OUTLINES, STRUCTURE, ELEMENT = 1, 2, 3, 4
_FIRST_FREE = 5


class NotJoinable(ValueError):
    """A part is not made as this typesetter makes its files."""


@dataclass(slots=True)
class _Part:
    """The objects of a file by number, each its dictionary (or array) and its stream, where it has one."""

    objects: dict[int, tuple[bytes, bytes | None]]
    trailer: bytes

    def head(self, number: int) -> bytes:
        return self.objects[number][0]

    def reference(self, within: bytes, key: bytes) -> int:
        match = re.search(rb"/" + key + rb"[ \[]?(\d+) 0 R\b", within)
        if match is None:
            raise NotJoinable(f"there is no {key.decode()}")
        return int(match[1])


def pages_of(file: bytes) -> int:
    """Returns how many pages a file of the typesetter has."""
    part = _read(file)
    root = part.head(part.reference(part.trailer, b"Root"))
    return _count(part.head(part.reference(root, b"Pages")))


def join(parts: Iterable[bytes]) -> bytes:
    """Writes one file of all pages. It reads each part when its turn comes, so that only one is unpacked at a time."""
    file = _Joined()
    for place, part in enumerate(parts):
        file.add(_read(part), place, sha256(part).digest())
    return file.finished()


@dataclass(slots=True)
class _Joined:
    written: bytearray = field(default_factory=lambda: bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"))
    places: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """By number: (1, offset, 0) in the file, or (2, number of the stream, place in it)."""
    small: list[tuple[int, bytes]] = field(default_factory=list)
    free: int = _FIRST_FREE
    kids: list[bytes] = field(default_factory=list)
    places_of_structure: list[bytes] = field(default_factory=list)
    cells: list[bytes] = field(default_factory=list)
    elements: list[bytes] = field(default_factory=list)
    bookmarks: int = 0
    first_bookmark: int = 0
    last_bookmark: tuple[int, bytes] | None = None
    role_map: bytes = b""
    catalog: bytes = b""
    metadata: tuple[int, bytes, bytes] | None = None
    info: int = 0
    identity: bytes = b""
    digests: bytes = b""

    def add(self, part: _Part, place: int, digest: bytes) -> None:
        self.digests += digest
        catalog = part.reference(part.trailer, b"Root")
        root = part.head(catalog)
        info, metadata = part.reference(part.trailer, b"Info"), part.reference(root, b"Metadata")
        pages, structure = part.reference(root, b"Pages"), part.reference(root, b"StructTreeRoot")
        element = part.reference(part.head(structure), b"K")
        if b"/S/Document/" not in part.head(element):
            raise NotJoinable("the structure does not begin with a document")
        outlines = part.reference(root, b"Outlines") if b"/Outlines " in root else 0
        base = self.free - 1
        self.free += max(part.objects)
        numbers = {pages: PAGES, structure: STRUCTURE, element: ELEMENT}
        if outlines:
            numbers[outlines] = OUTLINES
        rewritten = _Rewriting(base, numbers, len(self.places_of_structure), b"P%04d" % place)
        self._hang(part, rewritten, pages, structure, element)
        if place == 0:
            self.catalog = root
            self.role_map = _dictionary(part.head(structure), b"RoleMap")
            self.info = rewritten.number(info)
            self.metadata = (rewritten.number(metadata), *_with_stream(part.objects[metadata]))
            self.identity = part.trailer
            self.catalog = rewritten.head(root)
        own = {pages, structure, element, outlines, catalog, metadata}
        dropped = own if place == 0 else own | {info} | _intents(part, root)
        if outlines:
            self._bookmark(part, rewritten, outlines, dropped)
        for number, (head, stream) in part.objects.items():
            if number not in dropped:
                self._write(rewritten.number(number), rewritten.head(head), stream)

    def _hang(self, part: _Part, rewritten: "_Rewriting", pages: int, structure: int, element: int) -> None:
        """Puts the pages and the structure of a part on the trees of the whole."""
        head = part.head(structure)
        for kid in _REFERENCE.findall(_array(part.head(pages), b"Kids")):
            self.kids.append(b"%d 0 R" % rewritten.number(int(kid)))
        for number in re.findall(rb"\d+ (\d+) 0 R", _array(head, b"Nums")):
            place = len(self.places_of_structure)
            self.places_of_structure.append(b"%d %d 0 R" % (place, rewritten.number(int(number))))
        if b"/IDTree" in head:
            for name, number in re.findall(rb"\((U\d+x\d+y\d+)\)(\d+) 0 R", _array(head, b"Names")):
                self.cells.append(b"(%s%s)%d 0 R" % (rewritten.prefix, name, rewritten.number(int(number))))
        self.elements += [
            b"%d 0 R" % rewritten.number(int(match)) for match in _REFERENCE.findall(_array(part.head(element), b"K"))
        ]

    def _bookmark(self, part: _Part, rewritten: "_Rewriting", outlines: int, dropped: set[int]) -> None:
        """Puts the bookmarks of a part behind those before; the last one waits for the next part."""
        head = part.head(outlines)
        first, last = part.reference(head, b"First"), part.reference(head, b"Last")
        before = self.last_bookmark
        if before is None:
            self.first_bookmark = rewritten.number(first)
        else:
            number, words = before
            self._write(number, _with(words, b"/Next %d 0 R" % rewritten.number(first)), None)
            before_first = b"/Prev %d 0 R" % number
            if first == last:
                self.last_bookmark = rewritten.number(last), _with(rewritten.head(part.head(last)), before_first)
            else:
                self._write(rewritten.number(first), _with(rewritten.head(part.head(first)), before_first), None)
                dropped.add(first)
        if before is None or first != last:
            self.last_bookmark = rewritten.number(last), rewritten.head(part.head(last))
        dropped.add(last)
        self.bookmarks += _count(head)

    def _write(self, number: int, head: bytes, stream: bytes | None) -> None:
        if stream is None:
            self.small.append((number, head))
            if len(self.small) == _PACKED:
                self._pack()
            return
        self.places[number] = (1, len(self.written), 0)
        self.written += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number, head, stream)

    def _pack(self) -> None:
        index, content = bytearray(), bytearray()
        number = self.free
        self.free += 1
        for place, (part, head) in enumerate(self.small):
            index += b"%d %d " % (part, len(content))
            content += head + b"\n"
            self.places[part] = (2, number, place)
        packed = zlib.compress(index + content, 6)
        head = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (
            len(self.small),
            len(index),
            len(packed),
        )
        self.small = []
        self._write(number, head, packed)

    def finished(self) -> bytes:
        if self.metadata is None:
            raise NotJoinable("there is no part")
        instance = base64.b64encode(sha256(self.digests).digest()[:16])
        self._write_roots(instance)
        catalog = self.free
        self.free += 1
        self.small.append((catalog, self.catalog))
        self._pack()
        table, start = self.free, len(self.written)
        self.places[table] = (1, start, 0)
        numbers = sorted(self.places)
        entries = b"".join(
            kind.to_bytes(1, "big") + first.to_bytes(4, "big") + second.to_bytes(2, "big")
            for kind, first, second in (self.places[number] for number in numbers)
        )
        index = b" ".join(b"%d %d" % run for run in _runs(numbers))
        identity = re.search(rb"/ID\[\(([^)]*)\)", self.identity)
        packed = zlib.compress(entries, 9)
        head = (
            b"<</Type/XRef/Size %d/Index[%s]/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[(%s)(%s)]/Filter/FlateDecode/Length %d>>"
            % (
                table + 1,
                index,
                catalog,
                self.info,
                identity[1] if identity else instance,
                instance,
                len(packed),
            )
        )
        self.written += b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (table, head, packed)
        self.written += b"startxref\n%d\n%%%%EOF" % start
        return bytes(self.written)

    def _write_roots(self, instance: bytes) -> None:
        assert self.metadata is not None
        number, head, words = self.metadata
        words = _PAGES_SAID.sub(b"<xmpTPg:NPages>%d</xmpTPg:NPages>" % len(self.kids), words)
        words = _INSTANCE.sub(instance, words)
        self._write(number, re.sub(rb"/Length \d+", b"/Length %d" % len(words), head), words)
        self._write(PAGES, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self.kids), b" ".join(self.kids)), None)
        if self.last_bookmark is not None:
            last, bookmark = self.last_bookmark
            self._write(last, bookmark, None)
            ends = (self.first_bookmark, last, self.bookmarks)
            self._write(OUTLINES, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends, None)
        named = b"/IDTree<</Names[%s]>>" % b"".join(self.cells) if self.cells else b""
        self._write(
            STRUCTURE,
            b"<</Type/StructTreeRoot/RoleMap%s/K[%d 0 R]/ParentTree<</Nums[%s]>>%s/ParentTreeNextKey %d>>"
            % (self.role_map, ELEMENT, b" ".join(self.places_of_structure), named, len(self.places_of_structure)),
            None,
        )
        element = b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>" % (STRUCTURE, b" ".join(self.elements))
        self._write(ELEMENT, element, None)


@dataclass(frozen=True, slots=True)
class _Rewriting:
    """Turns a part's numbers into those of the whole; it leaves what is in brackets as text as it is."""

    base: int
    roots: Mapping[int, int]
    structure_base: int
    prefix: bytes

    def number(self, old: int) -> int:
        return self.roots.get(old, old + self.base)

    def head(self, words: bytes) -> bytes:
        if b"(" not in words:
            return self._outside(words)
        words = _CELLS.sub(lambda match: _CELL.sub(rb"(" + self.prefix + rb"\1)", match[0]), words)
        return b"".join(piece if is_text else self._outside(piece) for is_text, piece in _pieces(words))

    def _outside(self, words: bytes) -> bytes:
        words = _REFERENCE.sub(lambda match: b"%d 0 R" % self.number(int(match[1])), words)
        if b"/StructParent" in words:
            words = _STRUCTURE_PLACE.sub(
                lambda match: (
                    match[0][: match.start(1) - match.start()] + b"%d" % (int(match[1]) + self.structure_base)
                ),
                words,
            )
        return words


def _pieces(words: bytes) -> Iterator[tuple[bool, bytes]]:
    """Yields the runs outside and inside of literal strings, whose brackets may nest."""
    at = 0
    while (start := words.find(b"(", at)) >= 0:
        yield False, words[at:start]
        at, depth = start + 1, 1
        while depth:
            sign = words[at : at + 1]
            if not sign:
                raise NotJoinable("a string does not end")
            at += 2 if sign == b"\\" else 1
            depth += (sign == b"(") - (sign == b")")
        yield True, words[start:at]
    yield False, words[at:]


def _read(file: bytes) -> _Part:
    table = int(file[file.rindex(b"startxref") + 9 :].split()[0])
    if file[table : table + 4] != b"xref":
        raise NotJoinable("the table of objects is compressed")
    trailer = file[file.index(b"trailer", table) :]
    lines = file[table:].split(b"trailer", 1)[0].splitlines()[2:]
    starts = sorted((int(line[:10]), number) for number, line in enumerate(lines) if line[17:18] == b"n")
    ends = [start for start, _ in starts[1:]] + [table]
    objects: dict[int, tuple[bytes, bytes | None]] = {}
    for (start, number), end in zip(starts, ends, strict=True):
        body = file[start:end].rstrip().removesuffix(b"endobj").rstrip(b"\n").split(b" obj\n", 1)[1]
        head, stream, content = body.partition(b"\nstream\n")
        objects[number] = (head, content.removesuffix(b"\nendstream")) if stream else (body, None)
    return _Part(objects, trailer)


def _intents(part: _Part, root: bytes) -> set[int]:
    """Returns the colour profile of a part: that of the first one serves the whole."""
    intents = part.reference(root, b"OutputIntents")
    (intent,) = map(int, _REFERENCE.findall(part.head(intents)))
    return {intents, intent}


def _with_stream(part: tuple[bytes, bytes | None]) -> tuple[bytes, bytes]:
    head, stream = part
    if stream is None:
        raise NotJoinable("the properties are no stream")
    return head, stream


def _count(head: bytes) -> int:
    match = re.search(rb"/Count (\d+)", head)
    if match is None:
        raise NotJoinable("a tree does not say how much hangs on it")
    return int(match[1])


def _array(head: bytes, key: bytes) -> bytes:
    """Returns what stands in the array of a key; only for arrays without arrays in them."""
    start = head.index(b"/" + key + b"[") + len(key) + 2
    return head[start : head.index(b"]", start)]


def _dictionary(head: bytes, key: bytes) -> bytes:
    start = head.index(b"/" + key + b"<<") + len(key) + 1
    return head[start : head.index(b">>", start) + 2]


def _with(dictionary: bytes, entry: bytes) -> bytes:
    return dictionary.removesuffix(b">>") + entry + b">>"


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Yields numbers in a row as the first and how many."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield numbers[start], place - start
            start = place

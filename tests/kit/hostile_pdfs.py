"""PDFs that mean harm, made by code: what makes a reader run in circles, swell, or see what people do not."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_LINE = "Bread is made of flour, water and salt, and it rises by the yeast that lives in it."


def pdf(objects: Sequence[bytes], trailer: bytes = b"", *, before: bytes = b"") -> bytes:
    """A PDF of these objects (the first is the root), with a table of where they stand; `trailer` adds to its record,
    `before` stands before everything."""
    body, places = bytearray(before + b"%PDF-1.5\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    body += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(body)


def stream(content: bytes, record: bytes = b"") -> bytes:
    """A stream of `content`, as it is; `record` says how it is to be read."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), record, content)


def drawn(*lines: str, mode: str = "") -> bytes:
    """What draws `lines` under one another; `mode` goes before each (a colour, a way of drawing, another size)."""
    shown = [f"BT /F1 11 Tf {mode} 1 0 0 1 50 {780 - 16 * at} Tm ({line}) Tj ET" for at, line in enumerate(lines)]
    return "\n".join(shown).encode()


def page(content: int, more: bytes = b"", inner: bytes = b"") -> bytes:
    """A page (below object 2, with the font 3) that shows object `content`; `inner` goes into its resources."""
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> %s >> "
        b"/Contents %d 0 R %s >>" % (inner, content, more)
    )


def of_pages(kids: bytes, count: int, *rest: bytes, trailer: bytes = b"") -> bytes:
    """A PDF whose page tree (object 2) says `kids` and `count`; the font is object 3, `rest` come after it."""
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, _FONT, *rest], trailer)


def one_page(content: bytes, *rest: bytes, more: bytes = b"", inner: bytes = b"") -> bytes:
    """A PDF of one page (object 4) with its content (object 5); `rest` come after it."""
    return of_pages(b"4 0 R", 1, page(5, more, inner), content, *rest)


def hundred_thousand_pages() -> bytes:
    """100 000 pages, all of them the same object."""
    return of_pages(b"4 0 R " * 100_000, 100_000, page(5), stream(drawn(_LINE)))


def claims_of_pages() -> bytes:
    """A page tree of trees, each ten times the one below it: a million pages in two kilobytes."""
    trees = [b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % (at + 1) * 10, 10**6) for at in range(6, 12)]
    return of_pages(b"6 0 R", 1, page(5), stream(drawn(_LINE)), *trees, page(5))


def own_ancestor() -> bytes:
    """A page tree that is its own child, a form that draws itself, a length that is its own length."""
    form = stream(b"/X Do", b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 6 0 R >> >>")
    tree = b"<< /Type /Pages /Kids [4 0 R 2 0 R 7 0 R] /Count 3 /Parent 7 0 R >>"
    again = b"<< /Type /Pages /Kids [2 0 R 7 0 R] /Count 9 /Parent 2 0 R >>"
    shown = page(5, inner=b"/XObject << /X 6 0 R >>")
    content = b"<< /Length 5 0 R >>\nstream\n" + drawn(_LINE) + b"\n/X Do\nendstream"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, _FONT, shown, content, form, again])


def forms_of_forms() -> bytes:
    """Forms, each drawing the one below it ten times: the words on the page are there ten million times."""
    forms = []
    for at in range(6, 13):
        record = b"/Type /XObject /Subtype /Form /Resources << /XObject << /X %d 0 R >> >>" % (at + 1)
        forms.append(stream(b"/X Do " * 10, record))
    last = stream(drawn(_LINE), b"/Type /XObject /Subtype /Form /Resources << /Font << /F1 3 0 R >> >>")
    return one_page(stream(b"/X Do " * 10), *forms, last, inner=b"/XObject << /X 6 0 R >>")


def tables_in_a_ring() -> bytes:
    """A table of places that names itself as the one before it."""
    whole = one_page(stream(drawn(_LINE)))
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Size", b"/Prev %d /Size" % start)


def deflate_bomb() -> bytes:
    """A page whose content unpacks to half a gigabyte, packed twice."""
    press, part = zlib.compressobj(1), b" " * 1_000_000
    once = b"".join(press.compress(part) for _ in range(500)) + press.flush()
    return one_page(stream(zlib.compress(once, 9), b"/Filter [/FlateDecode /FlateDecode]"))


def drawing_bomb() -> bytes:
    """A page of 60 kilobytes with millions of words to draw."""
    lines = (drawn(_LINE) + b"\n") * 150_000
    return one_page(stream(zlib.compress(lines, 9), b"/Filter /FlateDecode"))


def run_of_filters() -> bytes:
    """A content packed in a hundred ways, one over the other."""
    packed = drawn(_LINE)
    for _ in range(100):
        packed = packed.hex().encode() + b">" if len(packed) < 2_000_000 else packed
    return one_page(stream(packed, b"/Filter [" + b"/ASCIIHexDecode " * 100 + b"]"))


def million_objects() -> bytes:
    """A million objects that say nothing, and one page."""
    head = one_page(stream(drawn(_LINE)))
    middle = b"".join(b"%d 0 obj 0 endobj\n" % number for number in range(10, 900_000))
    return head.replace(b"xref\n0", middle + b"xref\n0", 1).replace(b"startxref\n", b"startxref\n9")


def one_huge_string() -> bytes:
    """A string of fifteen megabytes to draw."""
    return one_page(stream(b"BT /F1 11 Tf (" + b"bread " * 2_500_000 + b") Tj ET"))


def nested_lists() -> bytes:
    """A record of lists in lists, a hundred thousand deep."""
    return one_page(stream(drawn(_LINE)), b"[" * 100_000 + b"]" * 100_000, more=b"/Annots 6 0 R")


def pixel_flood() -> bytes:
    """A page with a picture of ten thousand million dots in a few bytes."""
    record = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    picture = stream(zlib.compress(b"\0" * 1_000_000), record + b" /Filter /FlateDecode")
    return one_page(stream(b"q 500 0 0 500 0 0 cm /I Do Q"), picture, inner=b"/XObject << /I 6 0 R >>")


def outline_in_a_ring() -> bytes:
    """Bookmarks of which each is the next one of the other."""
    whole = one_page(
        stream(drawn(*[_LINE] * 4)),
        b"<< /Type /Outlines /First 7 0 R /Last 8 0 R /Count 2 >>",
        b"<< /Title (One) /Parent 6 0 R /Next 8 0 R /First 6 0 R /Dest [4 0 R /Fit] >>",
        b"<< /Title (Two) /Parent 6 0 R /Next 7 0 R /Dest [4 0 R /Fit] >>",
    )
    return whole.replace(b"/Type /Catalog", b"/Type /Catalog /Outlines 6 0 R")


def endless_map() -> bytes:
    """A font whose map from signs to letters covers four thousand million of them."""
    ranges = b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange\n" * 100
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Helvetica /Encoding /Identity-H /ToUnicode 6 0 R >>"
    whole = one_page(stream(drawn(_LINE)), stream(b"begincmap\n" + ranges + b"endcmap"))
    return whole.replace(_FONT, font)


def hidden_orders(order: str) -> bytes:
    """A page with an order to whoever reads it that nobody sees: white, of no size, drawn invisibly."""
    seen = drawn(*[_LINE] * 4)
    unseen = b"\n".join(drawn(order, mode=mode) for mode in ("1 1 1 rg", "3 Tr", "/F1 0.1 Tf"))
    return one_page(stream(seen + b"\n" + unseen))

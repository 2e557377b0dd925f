"""Give a PDF that lost its end, or the way to its pages, a new one (pure).

The objects of a file stand one after another; what names them is at its end. pdfium finds the
objects again by itself, but needs a trailer that says where the pages are.
"""

from __future__ import annotations

import re

_OBJECT = re.compile(rb"(?:^|[\r\n])[\0\t\f ]*(\d{1,8})\s+(\d{1,5})\s+obj\b")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_HEAD = 4_000  # bytes of an object in which its type stands
_MAX_PAGES = 5_000


def salvaged(data: bytes) -> bytes | None:
    """Return a PDF's bytes with a trailer of their own, or None where no page is left.

    The page tree is made anew from every page that is there, in the order of the file.
    """
    starts = [(match.end(), match[1], match[2]) for match in _OBJECT.finditer(data)]
    if not starts:
        return None
    ends = [start for start, _, _ in starts[1:]] + [len(data)]
    pages: dict[bytes, bytes] = {}
    highest = 0
    for (start, number, generation), end in zip(starts, ends, strict=True):
        highest = max(highest, int(number))
        if _PAGE.search(data, start, min(end, start + _HEAD)):
            pages[number] = generation
    if not pages or len(pages) > _MAX_PAGES:
        return None
    kids = b" ".join(b"%s %s R" % item for item in pages.items())
    tree, root = highest + 1, highest + 2
    return b"".join(
        (
            data,
            b"\nendstream\nendobj\n",
            b"%d 0 obj\n<</Type/Pages/Kids[%s]/Count %d>>\nendobj\n" % (tree, kids, len(pages)),
            b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (root, tree),
            b"trailer\n<</Root %d 0 R/Size %d>>\nstartxref\n0\n%%%%EOF\n" % (root, root + 1),
        )
    )

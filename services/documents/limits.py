"""What a document may be, said once. Beyond any of these it is refused with a code, never cut silently."""

from __future__ import annotations

FILE_BYTES = 20 * 1024 * 1024
UNPACKED_BYTES = 100 * 1024 * 1024  # what a DOCX may unpack to
UNPACK_RATIO = 200  # and how many times its own size, beyond the first RATIO_FREE_BYTES
RATIO_FREE_BYTES = 10 * 1024 * 1024
ARCHIVE_MEMBERS = 5000
PAGES = 2000
CHARACTERS = 3_000_000
PASSAGES = 30_000  # headings counted; each carries where it stands, so many tiny ones are more than they seem
ANSWER_BYTES = 64 * 1024 * 1024  # of what the process that parses says

PARSE_SECONDS = 25.0  # wall clock, and CPU, of the process that parses
STALL_SECONDS = 4.0  # of its CPU time, without progress (a page of a PDF; a text has no pages)
PARSE_MEMORY_BYTES = 256 * 1024 * 1024  # of its own data: a text of CHARACTERS takes a quarter of it
PARSERS_AT_ONCE = 2

PLACE_CHARACTERS = 200
PASSAGE_CHARACTERS = 1200  # a longer paragraph becomes several passages
CODE_LINES = 40  # a longer block of code becomes several passages
CODE_CHARACTERS = 2000
HEADING_CHARACTERS = 150

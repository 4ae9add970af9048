"""What a file really is: decided by its bytes, with the name only as a tie-breaker between kinds of text."""

from __future__ import annotations

import re
from typing import Literal

from services.errors import DocumentRefused

Kind = Literal["pdf", "docx", "markdown", "plain"]

_PDF_MARK = b"%PDF-"
_ZIP_MARK = b"PK\x03\x04"
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(r"\s*(?:<\?xml|<!doctype\s|<html[\s>]|\{\\rtf)", re.IGNORECASE)
_MARKDOWN_SIGNS = re.compile(
    r"^(?:#{1,6} \S|```|~~~|\[[^\]]+\]: \S|.*\[[^\]]+\]\(\S+\)|\*\*\S|- \S|\* \S)", re.MULTILINE
)
_ATX = re.compile(r"^#{1,6} \S", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKDOWN_NAMES = ("md", "markdown", "mdown", "mkd")
_PLAIN_NAMES = ("txt", "text", "rst")


def extension(name: str) -> str:
    """The part of a file name after its last dot, in small letters; empty if there is none."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def sniff(name: str, data: bytes) -> Kind | None:
    """``pdf`` or ``docx`` by the bytes, None if it may be text.

    Raises `DocumentRefused`: ``wrong_kind`` (an archive that is no DOCX, an old Word file, a text that says it is
    a PDF), ``encrypted`` (a DOCX with a password).
    """
    ending = extension(name)
    if _PDF_MARK in data[:1024] and not data.startswith((_ZIP_MARK, b"MZ", b"\x7fELF")):
        return "pdf"
    if data.startswith(_ZIP_MARK):
        if b"word/document" in data:
            return "docx"
        raise DocumentRefused("wrong_kind", ending)
    if data.startswith(_OLE_MARK):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise DocumentRefused("encrypted" if locked else "wrong_kind", ending)
    if ending in {"pdf", "docx"}:
        raise DocumentRefused("wrong_kind", ending)
    return None


def decode(name: str, data: bytes) -> str:
    """The text in `data`: by byte-order mark, as UTF-8, or as the Windows code page that fits (Western, Cyrillic).

    Raises `DocumentRefused` ``wrong_kind`` if the bytes are no text, or are HTML, XML or RTF.
    """
    text = _decoded(data)
    junk = len(_CONTROLS.findall(text[:100_000])) > 4 + len(text[:100_000]) / 100
    if "\x00" in text or junk or _MARKUP.match(text.lstrip("\ufeff")):
        raise DocumentRefused("wrong_kind", extension(name))
    return text


def _decoded(data: bytes) -> str:
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\x00" in data:
            return "\x00"
    high = sum(byte >= 0xC0 for byte in data[:100_000])
    letters = sum(chr(byte).isalpha() for byte in data[:100_000] if byte < 0x80)
    return data.decode("cp1251" if high > letters else "cp1252", errors="replace")


def text_kind(name: str, text: str) -> Kind:
    """``markdown`` or ``plain``: by the name, and where that says nothing by the signs of Markdown in the text."""
    ending = extension(name)
    if ending in _MARKDOWN_NAMES:
        return "markdown"
    atx = len(_ATX.findall(text[:200_000]))
    if ending in _PLAIN_NAMES:
        return "markdown" if atx >= 3 and ending != "rst" else "plain"
    return "markdown" if atx >= 2 or len(_MARKDOWN_SIGNS.findall(text[:200_000])) >= 5 else "plain"

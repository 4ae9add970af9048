"""The size of a picture, read from its first bytes (PNG, JPEG, GIF, WebP), without a library."""

from __future__ import annotations

import struct


def size(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, or None if this is no picture that Telegram would take as a photo."""
    try:
        if body.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", body[16:24])
        if body[:6] in {b"GIF87a", b"GIF89a"}:
            return struct.unpack("<HH", body[6:10])
        if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
            return _webp(body)
        if body.startswith(b"\xff\xd8"):
            return _jpeg(body)
    except (struct.error, IndexError):
        return None
    return None


def mime(body: bytes) -> str:
    """The type of a picture by its first bytes; empty if it is none."""
    for start, name in ((b"\x89PNG", "png"), (b"GIF8", "gif"), (b"\xff\xd8", "jpeg"), (b"RIFF", "webp")):
        if body.startswith(start) and size(body):
            return f"image/{name}"
    return ""


def _jpeg(body: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(body):
        if body[at] != 0xFF:
            return None
        marker = body[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", body[at + 5 : at + 9])
            return width, height
        at += 1 if marker == 0xFF else 2 + struct.unpack(">H", body[at + 2 : at + 4])[0]
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    kind = body[12:16]
    if kind == b"VP8X":
        return int.from_bytes(body[24:27], "little") + 1, int.from_bytes(body[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(body[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None

"""The bench's client knows where an answer ends, however it comes."""

from __future__ import annotations

import pytest

from benchmarks.http_load import whole

LENGTH = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 7\r\n\r\n{"a":1}'
CHUNKS = b"HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0\r\n\r\n\r\n2;name=value\r\nab\r\n0\r\n\r\n"
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 500\r\n\r\n'
EMPTY = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.mark.parametrize(("answer", "status"), [(LENGTH, 200), (CHUNKS, 409), (UNCHANGED, 304), (EMPTY, 204)])
def test_an_answer_ends_with_its_last_byte_and_not_before(answer: bytes, status: int) -> None:
    assert whole(answer) == (status, len(answer))
    assert [at for at in range(len(answer)) if whole(answer[:at]) is not None] == []

"""A `Source` as plain data (for JSON: between processes, and in storage) and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.authors.protocol import Passage, Source, SourceNode, stands


def source_to_data(source: Source) -> dict[str, Any]:
    """Dictionaries, lists, strings and numbers only."""
    return asdict(source)


def source_from_data(data: dict[str, Any]) -> Source:
    """The inverse of `source_to_data`. Raises KeyError or TypeError if `data` is not that."""
    nodes = tuple(
        SourceNode(
            title=str(node["title"]),
            depth=int(node["depth"]),
            passages=tuple(
                Passage(str(one["id"]), str(one["text"]), str(one["heading"]), *stands(one)) for one in node["passages"]
            ),
        )
        for node in data["nodes"]
    )
    return Source(title=str(data["title"]), language=str(data["language"]), nodes=nodes, words=int(data["words"]))

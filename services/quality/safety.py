"""Check 20: what moderation said, if it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from services.quality.finding import Finding


def safety(flagged: Sequence[str] | None, path: str) -> Iterator[Finding]:
    """The categories that were flagged; None: nobody looked."""
    if flagged:
        found = f"flagged: {', '.join(sorted(flagged))}"
        yield Finding(path, "safety", found, "nothing that could harm")


def safety_of(flagged: Mapping[str, Sequence[str]] | None) -> Iterator[Finding]:
    """The same by path."""
    for path, categories in (flagged or {}).items():
        yield from safety(categories, path)

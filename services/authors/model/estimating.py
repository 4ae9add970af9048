"""What a call used where the provider did not get to say it. Pure numbers."""

from __future__ import annotations

import json
from dataclasses import replace

from services.authors.model.wire import Ask, Receipt, Usage
from services.errors import AuthorBusy, AuthorError

_BYTES_PER_TOKEN = 4  # of UTF-8: near to the truth in English, and in scripts of two and three bytes a letter alike
# After these nobody can say whether the provider had begun to work, and to bill.
_UNSURE = frozenset({"timed_out", "dropped"})


def tokens_of(text: str) -> int:
    """Roughly how many tokens `text` is, in any script."""
    return -(-len(text.encode("utf-8", "replace")) // _BYTES_PER_TOKEN)


def input_tokens(ask: Ask) -> int:
    """Roughly how many tokens of input `ask` is, its schema included."""
    schema = json.dumps(ask.schema, ensure_ascii=False) if ask.schema else ""
    return sum(tokens_of(each) for each in (*(block.text for block in ask.blocks), ask.user, schema))


def used(ask: Ask, receipt: Receipt, written: int, error: BaseException | None) -> Usage | None:
    """What a call used that came to its end or broke off with `error`, having given about `written` tokens of text.

    What the provider said counts; where it was cut short, what came counts too. None if it refused before it began."""
    if receipt.usage is None:
        refused = isinstance(error, AuthorError) and not (isinstance(error, AuthorBusy) and error.why in _UNSURE)
        return None if refused and not written else Usage(fresh=input_tokens(ask), output=written)
    if receipt.stop_reason is None:
        return replace(receipt.usage, output=max(receipt.usage.output, written))
    return receipt.usage

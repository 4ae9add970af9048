from __future__ import annotations

import pytest

from services.authors.claude import claude_provider
from services.authors.model.real_calls import RealCallForbidden, check_address
from services.authors.model.wire import Receipt
from services.authors.openai_compatible import openai_provider
from services.clock import SystemClock
from tests.services.authors.wire_kit import QUESTION


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://localhost:80", "https://[::1]:9", "http://127.8.9.1"])
def test_this_machine_may_be_called(url: str) -> None:
    check_address(url)


@pytest.mark.parametrize(
    "url", ["https://api.anthropic.com", "http://10.0.0.1", "http://localhost.example", "http://0.0.0.0", "", "nowhere"]
)
def test_no_other_may(url: str) -> None:
    with pytest.raises(RealCallForbidden):
        check_address(url)


@pytest.mark.parametrize("name", ["claude", "openai"])
async def test_adapters_refuse_before_anything_is_loaded_or_sent(name: str) -> None:
    clock = SystemClock()
    made = claude_provider(api_key="k", clock=clock) if name == "claude" else openai_provider(api_key="k", clock=clock)
    for call in (made.wire.load(), made.wire.models(1.0), anext(made.wire.stream(QUESTION, 1.0, Receipt()))):
        with pytest.raises(RealCallForbidden):
            await call

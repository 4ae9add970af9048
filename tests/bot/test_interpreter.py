"""How the running bot shares the interpreter between the loop and what is done in threads."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.kit.chat import lectern

PYTHONS_OWN = 0.005


async def test_a_busy_thread_has_to_let_the_loop_go_on_sooner_than_usual(tmp_path: Path) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(PYTHONS_OWN)
    try:
        async with lectern(tmp_path):
            assert sys.getswitchinterval() <= PYTHONS_OWN / 5
    finally:
        sys.setswitchinterval(before)

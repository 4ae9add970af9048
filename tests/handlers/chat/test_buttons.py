from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat import buttons, buttons_asking, buttons_reading
from handlers.chat.buttons import MAX_BYTES, MAX_NUMBER, Button, MarkDone, OpenSection, StaleButton, decode, encode
from handlers.chat.buttons_reading import SetZone
from handlers.chat.zones import names


def every_kind() -> list[type[Button]]:
    modules = (buttons, buttons_asking, buttons_reading)
    found = {thing for module in modules for thing in vars(module).values() if isinstance(thing, type)}
    return sorted((kind for kind in found if "code" in vars(kind)), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", every_kind())
@pytest.mark.parametrize("number", [0, 1, 35, 36, MAX_NUMBER])
def test_every_button_comes_back_and_fits(kind: Any, number: int) -> None:
    values = {field.name: "en" if field.type in {"str", str} else number for field in fields(kind)}
    pressed = kind(**values)
    data = encode(pressed)
    assert len(data.encode()) <= MAX_BYTES
    assert decode(data) == pressed


def test_every_time_zone_fits_a_button() -> None:
    for name in names():
        assert decode(encode(SetZone(name))) == SetZone(name)


def test_no_two_buttons_share_a_code() -> None:
    codes = [kind.code for kind in every_kind()]
    assert len(codes) == len(set(codes)) > 30


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "0d.1",
        "2d.1",
        "1d",
        "1d.",
        "1d.1.2",
        "1d.-1",
        "1d.1\n",
        "1d.É",
        "1zz.1",
        "1d." + "z" * 13,
        "d|1",
        "1D.1",
    ],
)
def test_forged_or_old_data_is_stale_and_never_more(data: str) -> None:
    with pytest.raises(StaleButton):
        decode(data)


@given(st.text(max_size=64))
def test_any_data_is_a_button_or_stale(data: str) -> None:
    try:
        found = decode(data)
    except StaleButton:
        return
    assert decode(encode(found)) == found


def test_what_does_not_fit_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        encode(OpenSection(1, -1))
    with pytest.raises(ValueError, match="does not fit"):
        encode(MarkDone(MAX_NUMBER + 1))
    with pytest.raises(ValueError, match="does not fit"):
        encode(SetZone("Europe/Zürich"))

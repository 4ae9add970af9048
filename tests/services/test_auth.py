from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlencode

import pytest
from sqlalchemy import delete, select

from services.auth import CODE_LENGTH, CODE_SIGNS, MOST_SESSIONS, SignedIn
from services.errors import Forbidden, LimitReached, NotSignedIn
from storage.database import Database
from storage.models import Learner, SignIn, SignInCode
from tests.kit.database import database, postgres, sqlite
from tests.kit.signing import Gate, gate, init_data, login_fields

__all__ = ["database", "postgres", "sqlite"]

LENA = 7_000_000_001


async def whys(*tries: asyncio.Task[SignedIn]) -> list[str]:
    """How each try ended: "" for a sign-in, else why not."""
    ended = await asyncio.gather(*tries, return_exceptions=True)
    return [
        one.why if isinstance(one, NotSignedIn) else "" if isinstance(one, SignedIn) else repr(one) for one in ended
    ]


async def refused(door: Gate, token: str) -> str:
    with pytest.raises(NotSignedIn) as caught:
        await door.auth.caller(token)
    return caught.value.why


async def sessions(database: Database) -> list[SignIn]:
    async with database.reading() as session:
        return list(await session.scalars(select(SignIn).order_by(SignIn.id)))


# --- a Mini App's initData ---


async def test_init_data_signs_in_and_makes_known(database: Database) -> None:
    door = gate(database)
    signed = await door.sign_in()
    learner = await door.auth.caller(signed.access_token)
    assert learner == signed.learner
    assert (learner.telegram_id, learner.name, learner.language, learner.role) == (LENA, "Lena", "de", "learner")
    assert not learner.reachable, "nobody said that the bot may write to them"
    assert (await door.learners.arrive(LENA, "Lena", "lena", "de", door.clock.now())).reachable
    assert (await door.auth.caller(signed.access_token)).reachable
    assert (await door.sign_in()).learner.reachable


@pytest.mark.parametrize("field", ["query_id", "user", "chat_instance", "chat_type", "auth_date", "hash"])
async def test_init_data_with_any_field_flipped_is_refused(sqlite: Database, field: str) -> None:
    door = gate(sqlite)
    fields = dict(parse_qsl(init_data(LENA, door.clock.now())))
    for place in range(len(fields[field])):
        was = fields[field][place]
        flipped = fields[field][:place] + ("1" if was != "1" else "2") + fields[field][place + 1 :]
        with pytest.raises(NotSignedIn):
            await door.auth.with_init_data(urlencode({**fields, field: flipped}))
    left_out = {name: value for name, value in fields.items() if name != field}
    for wrong in (left_out, {**fields, "more": "1"}):
        with pytest.raises(NotSignedIn):
            await door.auth.with_init_data(urlencode(wrong))
    await door.auth.with_init_data(urlencode(fields))
    assert len(await sessions(sqlite)) == 1


@pytest.mark.parametrize(
    ("seconds", "why"), [(0, ""), (-3600, ""), (-3601, "expired"), (3, ""), (6, "not_yet"), (86_400, "not_yet")]
)
async def test_init_data_counts_for_an_hour_and_not_before_its_time(sqlite: Database, seconds: int, why: str) -> None:
    door = gate(sqlite)
    shown = init_data(LENA, door.clock.now())
    door.clock.move(-seconds)
    assert await whys(asyncio.create_task(door.auth.with_init_data(shown))) == [why]


NESTED = '{"id": 1, "first_name": ' + "[" * 3000 + "]" * 3000 + "}"


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "garbage",
        "&&==",
        "hash=" + "0" * 64,
        "auth_date=1&auth_date=2&hash=" + "0" * 64,
        urlencode({"user": NESTED, "auth_date": "1", "hash": "0" * 64}),
        urlencode({"user": "9" * 5000, "auth_date": "1", "hash": "0" * 64}),
        urlencode({"user": '{"id":1,"first_name":"x","id_":NaN}', "auth_date": "9" * 19, "hash": "0" * 64}),
        "x" * 8193,
        "\ud83d=1",
    ],
)
async def test_what_is_no_init_data_is_refused(sqlite: Database, shown: str) -> None:
    with pytest.raises(NotSignedIn):
        await gate(sqlite).auth.with_init_data(shown)


async def test_init_data_for_another_bot_or_of_no_person_is_refused(sqlite: Database) -> None:
    door = gate(sqlite)
    for shown in (
        init_data(LENA, door.clock.now(), token="987654321:" + "x" * 35),
        init_data(LENA, door.clock.now(), is_bot=True),
        init_data(0, door.clock.now()),
        init_data(2**63, door.clock.now()),
    ):
        with pytest.raises(NotSignedIn):
            await door.auth.with_init_data(shown)
    with pytest.raises(Forbidden, match="no_telegram"):
        await gate(sqlite, bot_token=None).auth.with_init_data(init_data(LENA, door.clock.now()))


async def test_init_data_opens_nothing_once_its_session_was_ended(database: Database) -> None:
    door = gate(database)
    shown = init_data(LENA, door.clock.now())
    door.clock.move(5)
    first, again = await door.auth.with_init_data(shown), await door.auth.with_init_data(shown)
    await door.auth.sign_out(first.access_token)
    fields = dict(reversed(parse_qsl(shown)))
    for replayed in (shown, urlencode(fields), urlencode({**fields, "hash": fields["hash"].upper()})):
        assert await whys(asyncio.create_task(door.auth.with_init_data(replayed))) == ["revoked"]
    assert (await door.auth.caller(again.access_token)).telegram_id == LENA
    await door.auth.with_init_data(init_data(LENA, door.clock.now()))


async def test_signing_out_everywhere_spends_what_was_not_even_shown(database: Database) -> None:
    door = gate(database)
    unused, unused_fields = init_data(LENA, door.clock.now()), login_fields(LENA, door.clock.now())
    one, two = await door.sign_in(), await door.sign_in()
    stranger = await door.sign_in(5)
    code = await door.auth.new_code(one.learner)
    door.clock.move(1)
    await door.auth.sign_out_all(one.learner.id)
    for signed in (one, two):
        assert await refused(door, signed.access_token) == "revoked"
        with pytest.raises(NotSignedIn):
            await door.auth.refresh(signed.refresh_token)
    with pytest.raises(NotSignedIn):
        await door.auth.with_init_data(unused)
    with pytest.raises(NotSignedIn):
        await door.auth.with_login(unused_fields)
    with pytest.raises(NotSignedIn):
        await door.auth.with_code(code, "1.2.3.4")
    assert (await door.auth.caller(stranger.access_token)).telegram_id == 5
    door.clock.move(1)
    await door.sign_in()
    await door.auth.with_code(await door.auth.new_code(one.learner), "1.2.3.4")


# --- Telegram's Login widget ---


async def test_the_login_widget_signs_in(database: Database) -> None:
    door = gate(database)
    fields = login_fields(LENA, door.clock.now(), last_name="Ö.", username="lena", photo_url="https://t.me/i/x.jpg")
    learner = (await door.auth.with_login(fields)).learner
    assert (learner.telegram_id, learner.name) == (LENA, "Lena Ö.")


@pytest.mark.parametrize("field", ["id", "first_name", "username", "auth_date", "hash"])
async def test_login_data_with_any_field_flipped_is_refused(sqlite: Database, field: str) -> None:
    door = gate(sqlite)
    fields = login_fields(LENA, door.clock.now(), username="lena")
    was = fields[field]
    left_out = {name: value for name, value in fields.items() if name != field}
    for wrong in (
        {**fields, field: was[:-1] + ("1" if was[-1] != "1" else "2")},
        left_out,
        {**fields, "role": "admin"},
    ):
        with pytest.raises(NotSignedIn):
            await door.auth.with_login(wrong)


async def test_login_data_counts_for_a_day_and_one_field_cannot_pass_for_two(sqlite: Database) -> None:
    door = gate(sqlite)
    now = door.clock.now()
    split = login_fields(LENA, now, first_name="Eve\nid=1")
    with pytest.raises(NotSignedIn):
        await door.auth.with_login(split)
    shown = login_fields(LENA, now)
    door.clock.move(86_400)
    await door.auth.with_login(shown)
    door.clock.move(1)
    assert await whys(asyncio.create_task(door.auth.with_login(shown))) == ["expired"]
    door.clock.move(-86_407)
    assert await whys(asyncio.create_task(door.auth.with_login(shown))) == ["not_yet"]
    with pytest.raises(NotSignedIn):
        await door.auth.with_init_data(urlencode(shown))


# --- one-time codes ---


async def test_a_code_works_once_however_it_is_typed(database: Database) -> None:
    door = gate(database)
    lena = await door.learners.arrive(LENA, "Lena", None, "en", door.clock.now())
    code = await door.auth.new_code(lena)
    assert len(code) == CODE_LENGTH >= 8
    assert set(code) <= set(CODE_SIGNS)
    assert not set(CODE_SIGNS) & set("0O1IL")
    async with database.reading() as session:
        assert code not in str((await session.execute(select(SignInCode.__table__))).all())
    signed = await door.auth.with_code(f" {code[:4].lower()} - {code[4:]}\n", "1.2.3.4")
    assert signed.learner.telegram_id == LENA
    assert (await door.auth.caller(signed.access_token)).id == lena.id
    with pytest.raises(NotSignedIn, match="code"):
        await door.auth.with_code(code, "1.2.3.4")


async def test_a_code_shown_twice_at_once_opens_one_session(database: Database) -> None:
    doors = [gate(database), gate(database)]
    lena = await doors[0].learners.arrive(LENA, "Lena", None, "en", doors[0].clock.now())
    code = await doors[0].auth.new_code(lena)
    ended = await whys(
        *(asyncio.create_task(doors[turn % 2].auth.with_code(code, f"1.2.3.{turn}")) for turn in range(6))
    )
    assert sorted(ended) == [""] + ["code"] * 5
    assert len(await sessions(database)) == 1


async def test_a_code_works_for_five_minutes_and_only_the_last(sqlite: Database) -> None:
    door = gate(sqlite)
    lena = await door.learners.arrive(LENA, "Lena", None, "en", door.clock.now())
    old, new = await door.auth.new_code(lena), await door.auth.new_code(lena)
    with pytest.raises(NotSignedIn):
        await door.auth.with_code(old, "1.2.3.4")
    door.clock.move(299)
    await door.auth.with_code(new, "1.2.3.4")
    late = await door.auth.new_code(lena)
    door.clock.move(300)
    with pytest.raises(NotSignedIn):
        await door.auth.with_code(late, "1.2.3.4")


async def test_five_wrong_codes_a_minute_are_all_an_address_has(sqlite: Database) -> None:
    door = gate(sqlite)
    lena = await door.learners.arrive(LENA, "Lena", None, "en", door.clock.now())
    code = await door.auth.new_code(lena)
    for _ in range(4):
        with pytest.raises(NotSignedIn):
            await door.auth.with_code("WRNGWRNG", "1.2.3.4")
        door.clock.move(1)
    await door.auth.with_code(code, "1.2.3.4")  # one that is right costs nothing
    with pytest.raises(NotSignedIn):
        await door.auth.with_code("WRNGWRNG", "1.2.3.4")
    code = await door.auth.new_code(lena)
    with pytest.raises(LimitReached) as caught:
        await door.auth.with_code(code, "1.2.3.4")
    assert (caught.value.limit, (caught.value.retry_at - door.clock.now()).total_seconds()) == ("sign_in", 56)
    await door.auth.with_code(code, "5.6.7.8")
    door.clock.move(56)
    await door.auth.with_code(await door.auth.new_code(lena), "1.2.3.4")


async def test_many_guesses_at_once_are_no_more_than_five(sqlite: Database) -> None:
    door = gate(sqlite)
    guesses = [asyncio.create_task(door.auth.with_code(f"WRNGWR{number:02}", "1.2.3.4")) for number in range(40)]
    ended = await whys(*guesses)
    assert ended.count("code") == 5
    assert sum("LimitReached" in one for one in ended) == 35


# --- refresh tokens ---


async def test_a_refresh_token_is_exchanged_once(database: Database) -> None:
    door = gate(database)
    first = await door.sign_in()
    second = await door.auth.refresh(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    third = await door.auth.refresh(second.refresh_token)
    assert (await door.auth.caller(third.access_token)).telegram_id == LENA
    assert len(await sessions(database)) == 1
    kept = str([(row.family, row.turn, row.proof) for row in await sessions(database)])
    assert third.refresh_token[:32] not in kept
    assert third.refresh_token[32:] not in kept


async def test_a_refresh_token_used_again_ends_its_session(database: Database) -> None:
    door = gate(database)
    first, other = await door.sign_in(), await door.sign_in()
    second = await door.auth.refresh(first.refresh_token)
    await door.auth.caller(second.access_token)
    with pytest.raises(NotSignedIn, match="reused"):
        await door.auth.refresh(first.refresh_token)
    assert await refused(door, second.access_token) == "revoked"
    assert await refused(door, first.access_token) == "revoked"
    with pytest.raises(NotSignedIn, match="revoked"):
        await door.auth.refresh(second.refresh_token)
    assert (await door.auth.refresh(other.refresh_token)).learner.telegram_id == LENA


async def test_of_many_who_use_a_refresh_token_at_once_one_gets_on_and_the_session_ends(database: Database) -> None:
    doors = [gate(database), gate(database)]
    first = await doors[0].sign_in()
    ended = await whys(*(asyncio.create_task(doors[turn % 2].auth.refresh(first.refresh_token)) for turn in range(6)))
    assert ended.count("") == 1
    assert "reused" in ended
    assert [row.revoked_at is not None for row in await sessions(database)] == [True]


async def test_refresh_tokens_of_two_sessions_do_not_mix_and_end_after_thirty_days(sqlite: Database) -> None:
    door = gate(sqlite)
    one, two = await door.sign_in(), await door.sign_in(5)
    for wrong in ("", "x" * 64, "ü" * 64, one.refresh_token[:-1], "x" * 32 + one.refresh_token[32:]):
        with pytest.raises(NotSignedIn, match="invalid"):
            await door.auth.refresh(wrong)
    door.clock.move(30 * 86_400)
    with pytest.raises(NotSignedIn):
        await door.auth.refresh(one.refresh_token)
    assert (await door.sign_in()).learner.telegram_id == LENA
    assert len(await sessions(sqlite)) == 2, "what has expired is forgotten at the next sign-in"
    with pytest.raises(NotSignedIn):
        await door.auth.refresh(two.refresh_token)


# --- who may, now ---


async def test_signing_out_counts_at_once_for_this_session_only(database: Database) -> None:
    door = gate(database)
    one, two = await door.sign_in(), await door.sign_in()
    for signed in (one, two):
        await door.auth.caller(signed.access_token)
    await door.auth.sign_out(one.access_token)
    assert await refused(door, one.access_token) == "revoked"
    with pytest.raises(NotSignedIn):
        await door.auth.refresh(one.refresh_token)
    with pytest.raises(NotSignedIn):
        await door.auth.refresh((await door.auth.refresh(two.refresh_token)).refresh_token[:32] + "x" * 32)


async def test_a_sign_out_overtakes_a_call_that_is_just_being_looked_up(database: Database) -> None:
    door = gate(database)
    signed = await door.sign_in()
    for _ in range(5):
        calls = [asyncio.create_task(door.auth.caller(signed.access_token)) for _ in range(4)]
        await asyncio.sleep(0)
        await door.auth.sign_out(signed.access_token)
        await asyncio.gather(*calls, return_exceptions=True)
        assert await refused(door, signed.access_token) == "revoked"
        signed = await gate(database, door.clock).sign_in(LENA + 1)
        door.clock.move(1)


async def test_roles_and_blocks_count_at_once_here_and_in_two_seconds_elsewhere(database: Database) -> None:
    here = gate(database)
    elsewhere = gate(database, here.clock)
    admin, signed = await here.admin(), await here.sign_in()
    for door in (here, elsewhere):
        assert (await door.auth.caller(signed.access_token)).role == "learner"
    await here.learners.set_role(admin, signed.learner.id, "instructor")
    assert (await here.auth.caller(signed.access_token)).role == "instructor"
    here.clock.move(2)
    assert (await elsewhere.auth.caller(signed.access_token)).role == "instructor"
    await here.learners.set_blocked(admin, signed.learner.id, True)
    with pytest.raises(Forbidden, match="blocked"):
        await here.auth.caller(signed.access_token)
    here.clock.move(2)
    with pytest.raises(Forbidden, match="blocked"):
        await elsewhere.auth.caller(signed.access_token)
    await here.learners.set_blocked(admin, signed.learner.id, False)
    assert (await here.auth.caller(signed.access_token)).role == "instructor"


async def test_who_is_blocked_comes_in_no_way(sqlite: Database) -> None:
    door = gate(sqlite)
    admin, signed = await door.admin(), await door.sign_in()
    code = await door.auth.new_code(signed.learner)
    await door.learners.set_blocked(admin, signed.learner.id, True)
    for way in (
        door.sign_in(),
        door.auth.with_login(login_fields(LENA, door.clock.now())),
        door.auth.with_code(code, "1.2.3.4"),
        door.auth.refresh(signed.refresh_token),
    ):
        with pytest.raises(Forbidden, match="blocked"):
            await way
    await door.learners.set_blocked(admin, signed.learner.id, False)
    await door.auth.refresh(signed.refresh_token)
    await door.auth.with_code(code, "1.2.3.4")


async def test_who_is_deleted_is_nobody(database: Database) -> None:
    door = gate(database)
    signed = await door.sign_in()
    code = await door.auth.new_code(signed.learner)
    async with database.transaction() as session:
        await session.execute(delete(Learner).where(Learner.id == signed.learner.id))
    assert await refused(door, signed.access_token) == "revoked"
    with pytest.raises(NotSignedIn):
        await door.auth.refresh(signed.refresh_token)
    with pytest.raises(NotSignedIn):
        await door.auth.with_code(code, "1.2.3.4")


async def test_the_access_mode_counts_at_this_door_too(sqlite: Database) -> None:
    door = gate(sqlite, access="allow-list", allow_list={5})
    with pytest.raises(Forbidden, match="not_admitted"):
        await door.sign_in()
    assert await sessions(sqlite) == []
    signed = await door.sign_in(5)
    closed = gate(sqlite, access="allow-list")
    with pytest.raises(Forbidden, match="not_admitted"):
        await closed.auth.caller(signed.access_token)


async def test_sessions_of_one_learner_do_not_pile_up(sqlite: Database) -> None:
    door = gate(sqlite)
    signed = [await door.sign_in() for _ in range(MOST_SESSIONS + 3)]
    assert len(await sessions(sqlite)) == MOST_SESSIONS
    assert await refused(door, signed[2].access_token) == "revoked"
    await door.auth.caller(signed[3].access_token)
    await door.sign_in()  # the same initData still counts: nobody signed out


async def test_another_secret_ends_access_tokens_and_codes_and_nobody_has_to_sign_in_anew(database: Database) -> None:
    before = gate(database)
    signed = await before.sign_in()
    code = await before.auth.new_code(signed.learner)
    after = gate(database, before.clock, secret="another secret of this installation")
    assert await refused(after, signed.access_token) == await refused(after, "garbage")
    assert await whys(asyncio.create_task(after.auth.with_code(code, "1.2.3.4"))) == ["code"]
    renewed = await after.auth.refresh(signed.refresh_token)
    assert (await after.auth.caller(renewed.access_token)).id == signed.learner.id

from __future__ import annotations

from datetime import UTC, datetime

from handlers.chat import zones
from handlers.chat.buttons import encode
from handlers.chat.buttons_reading import OpenSettings, PickCity, PickLanguage, PickZone, SetLanguage, SetZone
from handlers.chat.screens import admin, notes
from handlers.chat.screens import settings as screens
from services.errors import Fault
from services.views import HealthView, LearnerView, NoteView, ProbeView, WorkloadView
from tests.handlers.chat.making import NOW, section
from tests.handlers.chat.test_screens_reading import buttons, labels

SUMMER = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
ADA = LearnerView(1, 70, "Ada", "en", "America/New_York", "learner", True, True)


def test_the_settings_say_what_is_set() -> None:
    screen = screens.settings(ADA, SUMMER)
    assert screen.text == "<b>Settings</b>\nLanguage: English\nTime zone: New York, where it is 08:00 now"
    assert buttons(screen.rows) == [PickLanguage(), PickZone()]


def test_languages_have_a_tick_at_the_one_in_use() -> None:
    rows = screens.languages("en").rows
    assert rows[0][0].label == "✅ English"
    assert buttons(rows)[0] == SetLanguage("en")
    assert buttons(rows)[-1] == OpenSettings()


def test_every_zone_can_be_reached_by_buttons() -> None:
    reached = set()
    for region in zones.REGIONS:
        assert PickCity(region, 0) in buttons(screens.regions("en").rows)
        names = zones.cities(region)
        for page in range(-(-len(names) // screens.CITIES)):
            screen = screens.cities("en", region, names, page, SUMMER)
            reached |= {key.name for key in buttons(screen.rows) if isinstance(key, SetZone)}
            for key in buttons(screen.rows):
                assert key is not None
                assert len(encode(key)) <= 64
    assert reached == set(zones.names())


def test_a_city_is_shown_with_the_time_it_has() -> None:
    assert labels(screens.candidates("en", ["Asia/Kolkata"], SUMMER).rows)[0] == ["Kolkata · 17:30"]


def test_an_unknown_place_gets_the_parts_of_the_world() -> None:
    screen = screens.unknown_place("en", "<b>Atlantis</b>")
    assert "“&lt;b&gt;Atlantis&lt;/b&gt;”" in screen.text
    assert screen.rows == screens.regions("en").rows


def test_the_question_for_a_note_shows_the_earlier_ones() -> None:
    earlier = NoteView(1, 2, "feed <daily>", NOW)
    screen = notes.ask("en", section(2), 0, [earlier])
    assert screen.text == (
        "Your note on <b>Feeding</b>: write it as your next message.\n\nSo far you noted:\n– feed &lt;daily&gt;"
    )
    assert labels(screen.rows) == [["✖ No note"]]


def test_many_long_notes_fit_a_message() -> None:
    long_ones = [NoteView(number, 2, "n" * 4000, NOW) for number in range(50)]
    assert len(notes.ask("en", section(2), 0, long_ones).text) <= 4096


def test_a_note_that_is_too_long_says_by_how_much() -> None:
    said = notes.fault_sentence("en", Fault("note", "too_long", "4090", "1–4000"))
    assert said == "That is 4090 characters; a note holds 4000. A shorter one, or two notes?"
    assert "plain text" in notes.fault_sentence("en", Fault("note", "nothing_visible", "", ""))


def test_the_status_for_admins() -> None:
    probes = (
        ProbeView("database", "ok", 1.23),
        ProbeView("ai", "off", 0.0),
        ProbeView("telegram", "failed", 2000.0, "messages", "timed out <here>"),
    )
    health = HealthView("degraded", NOW, "0.1.0", "development", probes)
    work = WorkloadView({"update": 2, "generation": 1}, 3, 75.0)
    assert admin.status("en", health, work).text == (
        "<b>It works, with something missing</b> · version 0.1.0 · development\n"
        "✅ database · 1.2 ms\n"
        "◻ ai · not set up\n"
        "✖ telegram · 2000 ms · timed out &lt;here&gt;\n"
        "\n"
        "Work waiting: generation 1, update 2\n"
        "The oldest has waited 75 s.\n"
        "3 pieces of work were set aside."
    )


def test_the_status_of_a_quiet_bot() -> None:
    health = HealthView("healthy", NOW, "0.1.0", "production", ())
    assert admin.status("en", health, WorkloadView({}, 0, 0.0)).text.endswith("\n\nNo work is waiting.")

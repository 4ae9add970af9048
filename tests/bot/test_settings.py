"""The settings as a person meets them: names in an environment or a file, and a sentence for what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsError, load_settings
from bot.settings_rules import SECRETS
from services.money.caps import Caps

TOKEN = "123456789:" + "AbC-_" * 7
KEY = "sk-ant-api03-" + "k" * 40
OTHER_KEY = "sk-proj-" + "o" * 40
LONG = "s3cr3t-" * 5
SERVED = {"TELEGRAM_BOT_TOKEN": TOKEN}
HOOKED = {
    **SERVED,
    "TELEGRAM_MODE": "webhook",
    "PUBLIC_URL": "https://learn.example",
    "TELEGRAM_WEBHOOK_SECRET": "a-Secret_1",
}
POSTGRES = "postgresql+asyncpg://lectern:pa55-w0rd@db.example/lectern"

SMTP = "smtp+starttls://lectern:pa55-mail@mail.example:2525"
REDIS = "rediss://:pa55%2Fredis@cache.example:6380/1"


def refused(given: dict[str, str]) -> str:
    """The one sentence that answers `given`."""
    with pytest.raises(SettingsError) as caught:
        load_settings(given, None)
    said = str(caught.value)
    assert said.endswith(".")
    assert "\n" not in said
    assert said.isprintable()
    assert caught.value.__suppress_context__, "the traceback of the cause would show"
    return said


def test_nothing_set_is_the_local_chat_on_this_machine() -> None:
    settings = load_settings({}, None)
    assert settings.local_chat
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///data/lectern.db"
    assert settings.data_dir == Path("data")
    assert (settings.access, settings.allow_list, settings.admin_ids) == ("open", (), ())
    assert (settings.anthropic_plan_model, settings.anthropic_lesson_model) == ("claude-opus-5-5", "claude-sonnet-5-5")
    assert (settings.openai_api_key, settings.openai_base_url, settings.openai_model) == (None, None, "gpt-6.2-sol")
    assert (settings.generations_per_window, settings.generations_window_seconds) == (5, 900)
    assert (settings.progress_items_per_window, settings.progress_items_window_seconds) == (100, 60)
    assert (settings.requests_per_window, settings.requests_window_seconds) == (1000, 900)
    assert (settings.caps, settings.caps.any, settings.prices_file) == (Caps(), False, None)
    assert settings.show_cost == "nobody"
    assert (settings.redis_url, settings.cors_origins, settings.trusted_proxies) == (None, (), ())
    assert (settings.smtp_url, settings.mail_from, settings.public_url) == (None, None, None)
    assert settings.secrets == ()


def test_everything_set_is_read() -> None:
    settings = load_settings(
        {
            **SERVED,
            "TELEGRAM_API_URL": "https://bots.example:8443/api/",
            "TELEGRAM_MODE": "Polling",
            "ACCESS": "Allow-List",
            "ALLOW_LIST": "[7000000001, 7, 7]",
            "ADMIN_IDS": " [42] ",
            "OPERATOR_NAME": "Zoë Müller",
            "SUPPORT_CONTACT": "@zoë",
            "ANTHROPIC_API_KEY": f" {KEY}\n",
            "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/",
            "OPENAI_API_KEY": OTHER_KEY,
            "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/",
            "OPENAI_MODEL": "llama4:70b",
            "CAP_COURSE_USD": "2.50",
            "CAP_LEARNER_DAY_USD": "5",
            "CAP_DAY_USD": "100.000001",
            "PRICES_FILE": "conf/prices.csv",
            "SHOW_COST": "Admins",
            "DATABASE_URL": POSTGRES,
            "REDIS_URL": REDIS,
            "JWT_SECRET": LONG,
            "CORS_ORIGINS": '["https://learn.example", "http://127.0.0.1:5173", "https://learn.example"]',
            "TRUSTED_PROXIES": '["10.0.0.1", "172.16.0.0/12", "fd00::/8"]',
            "SMTP_URL": SMTP,
            "MAIL_FROM": "Lectern <mail@learn.example>",
            "PUBLIC_URL": "https://learn.example/",
            "HTTP_HOST": "0.0.0.0",
            "HTTP_PORT": "0",
            "ENVIRONMENT": "prod-eu.1",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "LECTERN_CONTAINER": "1",
            "PATH": "/bin",
        },
        None,
    )
    assert not settings.local_chat
    assert settings.telegram_api_url == "https://bots.example:8443/api"
    assert settings.anthropic_base_url == "http://127.0.0.1:9"
    assert (settings.openai_base_url, settings.openai_model) == ("http://127.0.0.1:11434/v1", "llama4:70b")
    assert (settings.access, settings.allow_list, settings.admin_ids) == ("allow-list", (7000000001, 7), (42,))
    assert (settings.operator_name, settings.support_contact) == ("Zoë Müller", "@zoë")
    assert (settings.log_level, settings.log_format, settings.environment) == ("DEBUG", "json", "prod-eu.1")
    assert (settings.http_port, settings.lectern_container) == (0, True)
    assert settings.cors_origins == ("https://learn.example", "http://127.0.0.1:5173")
    assert settings.trusted_proxies == ("10.0.0.1", "172.16.0.0/12", "fd00::/8")
    assert settings.caps == Caps(course=2_500_000, learner_day=5_000_000, bot_day=100_000_001)
    assert (settings.prices_file, settings.show_cost) == (Path("conf/prices.csv"), "admins")
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == REDIS
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == SMTP
    assert (settings.mail_from, settings.public_url) == ("Lectern <mail@learn.example>", "https://learn.example")
    assert set(settings.secrets) == {
        TOKEN,
        KEY,
        OTHER_KEY,
        LONG,
        "pa55-w0rd",
        "pa55%2Fredis",
        "pa55/redis",
        "pa55-mail",
    }
    for secret in settings.secrets:
        assert secret not in repr(settings) + str(settings) + settings.model_dump_json()


WRONG = [
    ("TELEGRAM_BOT_TOKEN", "hello-there", "@BotFather"),
    ("TELEGRAM_BOT_TOKEN", "123456789:short", "20 or more"),
    ("TELEGRAM_API_URL", "bots.example", "http:// or https://"),
    ("TELEGRAM_API_URL", "https://me:pw@bots.example", "without user name"),
    ("TELEGRAM_API_URL", "https://bots.example/?a=1", "question mark"),
    ("TELEGRAM_API_URL", "https://bots.example:99999", "port up to 65535"),
    ("TELEGRAM_API_URL", "http://[::1", "http:// or https://"),
    ("TELEGRAM_MODE", "pull", "polling or webhook"),
    ("TELEGRAM_WEBHOOK_SECRET", "no spaces", "1 to 256 of A-Z a-z 0-9 _ -"),
    ("TELEGRAM_WEBHOOK_SECRET", "x" * 257, "1 to 256"),
    ("TELEGRAM_WEBHOOK_SECRET", "schl\u00fcssel", "1 to 256"),
    ("TELEGRAM_MESSAGES_PER_SECOND", "-1", "from 0 (no pacing at all) to 10000"),
    ("ACCESS", "closed", "open, invite or allow-list"),
    ("ALLOW_LIST", "1,2", "a JSON list of Telegram user ids such as [123456789]"),
    ("ALLOW_LIST", '["1"]', "a JSON list"),
    ("ALLOW_LIST", "[true]", "a JSON list"),
    ("ALLOW_LIST", "[" * 100_000, "a JSON list"),
    ("ALLOW_LIST", f"[{'9' * 5_000}]", "a JSON list"),
    ("ADMIN_IDS", "[9223372036854775808]", "a JSON list"),
    ("ADMIN_IDS", "[-1]", "a JSON list"),
    ("ADMIN_IDS", '{"id": 1}', "a JSON list"),
    ("OPERATOR_NAME", "a\nb", "one line of at most 200"),
    ("OPERATOR_NAME", "\udcff", "one line"),
    ("SUPPORT_CONTACT", "x" * 201, "at most 200 characters"),
    ("ANTHROPIC_API_KEY", "two words here", "one word without blanks"),
    ("ANTHROPIC_API_KEY", "schlüssel-mit-umlaut", "one word"),
    ("ANTHROPIC_BASE_URL", "ftp://models.example", "http:// or https://"),
    ("ANTHROPIC_PLAN_MODEL", "claude opus", "a model's id"),
    ("ANTHROPIC_LESSON_MODEL", "x" * 101, "a model's id"),
    ("OPENAI_API_KEY", "two words here", "one word without blanks"),
    ("OPENAI_BASE_URL", "http://me:pw@models.example", "without user name"),
    ("OPENAI_MODEL", "gpt 6", "a model's id"),
    ("OPENAI_IMAGE_MODEL", "gpt image", "a model's id"),
    ("OPENAI_MODERATION_MODEL", "all of it", "a model's id"),
    ("SECOND_OPINION", "perhaps", "0 or 1"),
    ("CAP_COURSE_USD", "$5", "an amount of US dollars from 0.01 to 1000000, such as 2.50"),
    ("CAP_COURSE_USD", "0", "from 0.01"),
    ("CAP_LEARNER_DAY_USD", "-1", "from 0.01"),
    ("CAP_LEARNER_DAY_USD", "NaN", "an amount"),
    ("CAP_DAY_USD", "1000001", "to 1000000"),
    ("CAP_DAY_USD", "Infinity", "an amount"),
    ("CAP_DAY_USD", "1,5", "an amount"),
    ("PRICES_FILE", "a\x00b", "the path of a file"),
    ("SHOW_COST", "me", "nobody, admins or everybody"),
    ("GENERATIONS_PER_WINDOW", "0", "from 1 to 10000"),
    ("GENERATIONS_PER_WINDOW", "5.5", "a whole number"),
    ("GENERATIONS_WINDOW_SECONDS", "15 min", "a whole number of seconds"),
    ("PROGRESS_ITEMS_PER_WINDOW", "0", "from 1 to 1000000"),
    ("PROGRESS_ITEMS_WINDOW_SECONDS", "1 min", "a whole number of seconds"),
    ("REQUESTS_PER_WINDOW", "-1", "from 1 to 100000000"),
    ("REQUESTS_WINDOW_SECONDS", "86401", "a whole number of seconds"),
    ("DISPUTES_PER_DAY", "0", "a whole number from 1 to 1000"),
    ("REDIS_URL", "http://:pa55-w0rd@cache", "redis://host:port/0"),
    ("REDIS_URL", "redis://:pa55-w0rd@cache:99999", "redis://host:port/0"),
    ("REDIS_URL", "redis://cache/lectern", "redis://host:port/0"),
    ("CORS_ORIGINS", "*", "a JSON list of origins"),
    ("CORS_ORIGINS", '["*"]', "a JSON list of origins"),
    ("CORS_ORIGINS", '["null"]', "a JSON list of origins"),
    ("CORS_ORIGINS", '["https://learn.example/"]', "without a path"),
    ("CORS_ORIGINS", '["https://Learn.example"]', "a JSON list of origins"),
    ("CORS_ORIGINS", '["https://learn.example:443"]', "a JSON list of origins"),
    ("TRUSTED_PROXIES", "10.0.0.1", "a JSON list of addresses and networks"),
    ("TRUSTED_PROXIES", '["proxy.example"]', "a JSON list of addresses"),
    ("TRUSTED_PROXIES", "[7]", "a JSON list of addresses"),
    ("DATA_DIR", "da\x00ta", "the path of a folder"),
    ("DATABASE_URL", "mysql://me:pa55-w0rd@db/x", "sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://"),
    ("DATABASE_URL", "sqlite+aiosqlite:///:memory:", "path/to/file.db"),
    ("DATABASE_URL", "sqlite+aiosqlite:///data/", "path/to/file.db"),
    ("DATABASE_URL", "postgresql+asyncpg://me:pa55-w0rd@/x", "host/database"),
    ("DATABASE_URL", "postgresql+asyncpg://me:pa55-w0rd@/x?host=db", "host/database"),
    ("DATABASE_URL", "postgresql+asyncpg://me:pa55-w0rd@db", "host/database"),
    ("JWT_SECRET", "too-short-a-secret", "at least 32 bytes"),
    ("SMTP_URL", "mail.example:25", "smtp://user:password@host:port"),
    ("SMTP_URL", "smtp://me:pa55-w0rd@", "smtp://user:password@host:port"),
    ("SMTP_URL", "smtp://me:pa55-w0rd@mail:99999", "smtp://user:password@host:port"),
    ("SMTP_URL", "smtp://mail/path", "smtp://user:password@host:port"),
    ("MAIL_FROM", "Lectern", "an address such as mail@learn.example"),
    ("MAIL_FROM", "a@b.example\nBcc: c@d.example", "an address such as"),
    ("PUBLIC_URL", "learn.example", "http:// or https://"),
    ("HTTP_HOST", "my host", "an IP address or a host name"),
    ("HTTP_PORT", "65536", "from 0 to 65535"),
    ("HTTP_PORT", "http", "a whole number"),
    ("PORT", "-1", "from 0 to 65535"),
    ("ENVIRONMENT", "my laptop", "a short name"),
    ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING, ERROR or CRITICAL"),
    ("LOG_FORMAT", "xml", "console or json"),
    ("LECTERN_CONTAINER", "perhaps", "0 or 1"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG, ids=[f"{row[0]}-{row[2][:12]}" for row in WRONG])
def test_a_wrong_value_is_answered_with_its_name_and_what_is_allowed(name: str, value: str, allowed: str) -> None:
    said = refused({name: value})
    assert said.startswith(f"{name} ")
    assert allowed in said
    assert len(said) < 400
    if name in SECRETS:
        assert value not in said
        assert "pa55" not in said
    elif value.isprintable() and len(value) < 50 and "pw@" not in value:
        assert f'"{value}"' in said


def test_every_setting_has_a_wrong_value_in_the_table() -> None:
    assert {row[0] for row in WRONG} - {"PORT"} == {name.upper() for name in Settings.model_fields}


def test_another_service_needs_a_model_by_name() -> None:
    said = refused({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"})
    assert said.startswith("OPENAI_BASE_URL is set")
    assert "set OPENAI_MODEL to a model's id" in said


def test_several_wrong_values_make_one_sentence() -> None:
    said = refused({"LOG_LEVEL": "loud", "PORT": "x", "ACCESS": "shut"})
    assert said.count(", but allowed is ") == 3
    assert all(name in said for name in ("LOG_LEVEL", "PORT", "ACCESS"))
    assert "HTTP_PORT" not in said


@pytest.mark.parametrize("secret", [TOKEN, KEY, LONG], ids=["token", "key", "jwt"])
def test_a_secret_in_the_wrong_place_is_not_quoted(secret: str) -> None:
    assert secret not in refused({"LOG_LEVEL": secret, "JWT_SECRET": LONG, "OPERATOR_NAME": f"\x07{secret}"})


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({"HTTP_HOST": "0.0.0.0"}, ["HTTP_HOST", "0.0.0.0", "TELEGRAM_BOT_TOKEN", "127.0.0.1, ::1 or localhost"]),
        ({"HTTP_HOST": "chat.example"}, ["HTTP_HOST", "chat.example"]),
        ({"LECTERN_CONTAINER": "1", "HTTP_HOST": "0.0.0.0"}, ["TELEGRAM_BOT_TOKEN is not set", "container"]),
        ({"DATABASE_URL": POSTGRES}, ["JWT_SECRET is not set", "PostgreSQL", "at least 32 bytes"]),
        ({"DATABASE_URL": POSTGRES, "JWT_SECRET": "0123456789"}, ["JWT_SECRET has 10 bytes", "at least 32 bytes"]),
        ({"SMTP_URL": SMTP}, ["SMTP_URL is set", "MAIL_FROM", "PUBLIC_URL"]),
        ({"SMTP_URL": SMTP, "MAIL_FROM": "a@b.example"}, ["PUBLIC_URL"]),
        ({"TELEGRAM_MODE": "webhook"}, ["TELEGRAM_MODE", "TELEGRAM_BOT_TOKEN"]),
        ({**SERVED, "TELEGRAM_MODE": "webhook"}, ["PUBLIC_URL", "TELEGRAM_WEBHOOK_SECRET"]),
        ({**HOOKED, "TELEGRAM_WEBHOOK_SECRET": ""}, ["TELEGRAM_WEBHOOK_SECRET, 1 to 256"]),
        ({**HOOKED, "PUBLIC_URL": "http://learn.example"}, ["PUBLIC_URL", "http://learn.example", "https://"]),
        ({**SERVED, "ACCESS": "allow-list"}, ["ACCESS", "ALLOW_LIST", "ADMIN_IDS", "nobody"]),
    ],
)
def test_settings_that_do_not_go_together(given: dict[str, str], parts: list[str]) -> None:
    said = refused(given)
    assert all(part in said for part in parts)
    assert "pa55" not in said


def test_webhook_mode_has_what_it_needs_and_keeps_its_secret() -> None:
    settings = load_settings(HOOKED, None)
    assert settings.telegram_mode == "webhook"
    assert "a-Secret_1" in settings.secrets
    assert "a-Secret_1" not in repr(settings)
    own = {**HOOKED, "PUBLIC_URL": "http://10.0.0.5:8080", "TELEGRAM_API_URL": "http://127.0.0.1:8081"}
    assert load_settings(own, None).public_url == "http://10.0.0.5:8080", "a Bot API server of one's own may post there"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LocalHost"])
def test_the_local_chat_may_be_on_any_loopback_address(host: str) -> None:
    assert load_settings({"HTTP_HOST": host}, None).http_host == host


def test_thirty_two_bytes_are_counted_not_characters() -> None:
    assert load_settings({"JWT_SECRET": "ü" * 16}, None).jwt_secret is not None
    assert "31 bytes" in refused({"JWT_SECRET": "x" * 31})


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({"PORT": "9000"}, 9000),
        ({"PORT": "9000", "HTTP_PORT": "9001"}, 9001),
        ({"PORT": "9000", "HTTP_PORT": ""}, 9000),
    ],
)
def test_port_counts_where_http_port_is_not_set(given: dict[str, str], port: int) -> None:
    assert load_settings(given, None).http_port == port


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({"DATA_DIR": "/data"}, "sqlite+aiosqlite:////data/lectern.db"),
        ({"DATA_DIR": "elsewhere"}, "sqlite+aiosqlite:///elsewhere/lectern.db"),
        ({"DATA_DIR": "/data", "DATABASE_URL": "sqlite+aiosqlite:///own.db"}, "sqlite+aiosqlite:///own.db"),
    ],
)
def test_the_default_database_lies_in_the_data_folder(given: dict[str, str], url: str) -> None:
    assert load_settings(given, None).database_url.get_secret_value() == url


def test_an_empty_value_is_not_set_and_lower_case_names_are_not_ours() -> None:
    assert load_settings({"TELEGRAM_BOT_TOKEN": "", "LOG_LEVEL": "  ", "access": "nonsense"}, None).local_chat


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text('ACCESS=invite\nOPERATOR_NAME="Zoë ${HOME} $x"  # me\nexport HTTP_PORT=9000\n', encoding="utf-8")
    settings = load_settings({"ACCESS": "open", "HTTP_PORT": ""}, file)
    assert (settings.access, settings.operator_name, settings.http_port) == ("open", "Zoë ${HOME} $x", 9000)
    assert load_settings({}, tmp_path / "none").access == "open"


def test_a_wrong_value_in_the_file_is_answered_too(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(f"TELEGRAM_BOT_TOKEN={TOKEN}!\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^TELEGRAM_BOT_TOKEN is something else") as caught:
        load_settings({}, file)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("kind", ["folder", "latin-1"])
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(tmp_path: Path, kind: str) -> None:
    file = tmp_path / ".env"
    if kind == "folder":
        file.mkdir()
    else:
        file.write_bytes(b"OPERATOR_NAME=Zo\xeb\n")
    with pytest.raises(SettingsError, match=r"^The settings file \.env .+\.$"):
        load_settings({}, file)


def test_settings_do_not_change_and_do_not_read_the_environment_themselves() -> None:
    command = "from bot.settings import Settings; print(Settings().access)"
    environ = {**os.environ, "ACCESS": "invite"}
    run = subprocess.run([sys.executable, "-c", command], env=environ, capture_output=True, text=True, check=True)
    assert run.stdout == "open\n"
    for name in Settings.model_fields:
        with pytest.raises(ValidationError):
            setattr(Settings(), name, None)


def test_a_postgresql_behind_a_socket_is_an_address() -> None:
    url = "postgresql+asyncpg://me:pa55-w0rd@/lectern?host=/run/postgresql"
    given = {"DATABASE_URL": url, "JWT_SECRET": "x" * 32}
    assert load_settings(given, None).database_url.get_secret_value() == url

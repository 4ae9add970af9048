"""What a setting's value must be: one check and one phrase each, and the sentence made of them."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr, ValidationError

from bot.redaction import Redactor
from services.rules.mail import address_faults

_IDS = "a JSON list of Telegram user ids such as [123456789]"
_MODEL = "a model's id: up to 100 letters, digits and the signs . _ : / @ -"
_URL = "an http:// or https:// address with a port up to 65535 and without user name, question mark and #"
_DOLLARS = "an amount of US dollars from 0.01 to 1000000, such as 2.50"
_LINE = "one line of at most 200 characters"

# What the sentence about a wrong value says after "allowed is".
ALLOWED: Mapping[str, str] = {
    "TELEGRAM_BOT_TOKEN": "a bot's token as @BotFather gives it: digits, a colon, and 20 or more of A-Z a-z 0-9 _ -",
    "TELEGRAM_API_URL": _URL,
    "TELEGRAM_MODE": "polling or webhook",
    "TELEGRAM_WEBHOOK_SECRET": "1 to 256 of A-Z a-z 0-9 _ -, chosen at random",
    "TELEGRAM_MESSAGES_PER_SECOND": "a whole number from 0 (no pacing at all) to 10000",
    "ACCESS": "open, invite or allow-list",
    "ALLOW_LIST": _IDS,
    "ADMIN_IDS": _IDS,
    "OPERATOR_NAME": _LINE,
    "SUPPORT_CONTACT": _LINE,
    "ANTHROPIC_API_KEY": "the key as Anthropic's console shows it: one word without blanks",
    "ANTHROPIC_BASE_URL": _URL,
    "ANTHROPIC_PLAN_MODEL": _MODEL,
    "ANTHROPIC_LESSON_MODEL": _MODEL,
    "OPENAI_API_KEY": "the key as the service's console shows it: one word without blanks",
    "OPENAI_BASE_URL": _URL,
    "OPENAI_MODEL": _MODEL,
    "OPENAI_IMAGE_MODEL": f"{_MODEL}, or none",
    "OPENAI_MODERATION_MODEL": f"{_MODEL}, or none",
    "SECOND_OPINION": "0 or 1",
    "CAP_COURSE_USD": _DOLLARS,
    "CAP_LEARNER_DAY_USD": _DOLLARS,
    "CAP_DAY_USD": _DOLLARS,
    "PRICES_FILE": "the path of a file",
    "SHOW_COST": "nobody, admins or everybody",
    "GENERATIONS_PER_WINDOW": "a whole number from 1 to 10000",
    "GENERATIONS_WINDOW_SECONDS": "a whole number of seconds from 1 to 2592000 (30 days)",
    "PROGRESS_ITEMS_PER_WINDOW": "a whole number from 1 to 1000000",
    "PROGRESS_ITEMS_WINDOW_SECONDS": "a whole number of seconds from 1 to 86400 (a day)",
    "REQUESTS_PER_WINDOW": "a whole number from 1 to 100000000",
    "REQUESTS_WINDOW_SECONDS": "a whole number of seconds from 1 to 86400 (a day)",
    "DISPUTES_PER_DAY": "a whole number from 1 to 1000",
    "DATA_DIR": "the path of a folder",
    "DATABASE_URL": "sqlite+aiosqlite:///path/to/file.db or postgresql+asyncpg://user:password@host/database",
    "REDIS_URL": "redis://host:port/0 or rediss://user:password@host:port/0",
    "JWT_SECRET": "a random text of at least 32 bytes",
    "SMTP_URL": "smtp://user:password@host:port, smtp+starttls:// (never without TLS) or smtps:// (TLS from the start)",
    "MAIL_FROM": "an address such as mail@learn.example or Lectern <mail@learn.example>",
    "PUBLIC_URL": _URL,
    "HTTP_HOST": "an IP address or a host name",
    "HTTP_PORT": "a whole number from 0 to 65535 (0 lets the system choose)",
    "CORS_ORIGINS": 'a JSON list of origins without a path such as ["https://learn.example"]',
    "TRUSTED_PROXIES": 'a JSON list of addresses and networks such as ["10.0.0.1", "172.16.0.0/12"]',
    "ENVIRONMENT": "a short name of letters, digits and . : _ -, such as development or production",
    "LOG_LEVEL": "DEBUG, INFO, WARNING, ERROR or CRITICAL",
    "LOG_FORMAT": "console or json",
    "LECTERN_CONTAINER": "0 or 1",
}
SECRETS = frozenset(
    {
        "TELEGRAM_BOT_TOKEN",
        "TELEGRAM_WEBHOOK_SECRET",
        "ANTHROPIC_API_KEY",
        "OPENAI_API_KEY",
        "JWT_SECRET",
        "DATABASE_URL",
        "REDIS_URL",
        "SMTP_URL",
    }
)
TELEGRAM = "https://api.telegram.org"

_LONGEST_QUOTE = 60
_LARGEST_ID = 2**63 - 1
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,}")
_KEY = re.compile(r"[!-~]{1,500}")
_HOOK = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook


def bot_token(value: SecretStr) -> SecretStr:
    """A Telegram bot's token; raises `ValueError` for what cannot be one."""
    return _secret_like(_TOKEN, value)


def api_key(value: SecretStr) -> SecretStr:
    """A key that can be sent in an HTTP header; raises `ValueError` otherwise."""
    return _secret_like(_KEY, value)


def webhook_secret(value: SecretStr) -> SecretStr:
    """What Telegram shows with every update that it posts; raises `ValueError` for what it would not take."""
    return _secret_like(_HOOK, value)


def _secret_like(shape: re.Pattern[str], value: SecretStr) -> SecretStr:
    if not shape.fullmatch(value.get_secret_value()):
        raise ValueError
    return value


def database_url(value: SecretStr) -> SecretStr:
    """An address of one of the two databases that Lectern knows; raises `ValueError` otherwise. A PostgreSQL on this
    machine may be behind a socket: ``postgresql+asyncpg://user@/database?host=/folder/of/the/socket``."""
    url = value.get_secret_value()
    parts = urlsplit(url)
    path = parts.path.removeprefix("/")
    named = bool(path) and url.isprintable() and not path.endswith("/")
    on_disk = parts.scheme == "sqlite+aiosqlite" and not parts.netloc and not path.startswith(":")
    by_socket = parse_qs(parts.query).get("host", [""])[0].startswith("/")
    served = parts.scheme == "postgresql+asyncpg" and (bool(parts.hostname) or by_socket) and parts.port != 0
    if not (named and (on_disk or served)):
        raise ValueError
    return value


def redis_url(value: SecretStr) -> SecretStr:
    """The address of a Redis; raises `ValueError` otherwise."""
    url = value.get_secret_value()
    parts = urlsplit(url)
    number = parts.path.removeprefix("/")
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname or parts.port == 0 or not url.isprintable():
        raise ValueError
    if (number and not re.fullmatch(r"[0-9]{1,4}", number)) or parts.query or parts.fragment:
        raise ValueError
    return value


def smtp_url(value: SecretStr) -> SecretStr:
    """The address of a mail server; raises `ValueError` otherwise."""
    url = value.get_secret_value()
    parts = urlsplit(url)
    known = parts.scheme in {"smtp", "smtp+starttls", "smtps"} and parts.hostname and parts.port != 0
    if not known or parts.path not in {"", "/"} or parts.query or parts.fragment or not url.isprintable():
        raise ValueError
    return value


def mail_from(value: str) -> str:
    """An e-mail address, with or without a name before it; raises `ValueError` otherwise."""
    _, plain = parseaddr(one_line(value))
    if "@" not in plain or address_faults(plain):
        raise ValueError
    return value


def folder(value: Path) -> Path:
    """A path (of a folder or a file) that can be shown and opened; raises `ValueError` otherwise."""
    if not str(value).isprintable():
        raise ValueError
    return value


def listed_ids(value: object) -> object:
    """A JSON list of whole numbers from 1 to 2⁶³ - 1, as a tuple in its order; raises `ValueError` otherwise."""
    return _listed(value, lambda one: type(one) is int and 0 < one <= _LARGEST_ID)


def listed_origins(value: object) -> object:
    """A JSON list of web origins as browsers send them, as a tuple; raises `ValueError` otherwise."""
    return _listed(value, lambda one: isinstance(one, str) and _is_origin(one))


def listed_networks(value: object) -> object:
    """A JSON list of IP addresses and networks, as a tuple; raises `ValueError` otherwise."""
    return _listed(value, lambda one: isinstance(one, str) and bool(ipaddress.ip_network(one, strict=False)))


def _listed(value: object, allowed: Callable[[Any], bool]) -> object:
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):  # nesting too deep and numbers too long are not JSONDecodeErrors
        raise ValueError from None
    if not isinstance(found, list) or not all(allowed(one) for one in found):
        raise ValueError
    return tuple(dict.fromkeys(found))


def _is_origin(text: str) -> bool:
    """Scheme, host and perhaps a port, in the one spelling that a browser uses; never "*" or "null"."""
    parts = urlsplit(text)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and text == f"{parts.scheme}://{parts.netloc}"
        and re.fullmatch(r"[a-z0-9.:\[\]-]+", parts.netloc) is not None
        and parts.port not in {0, 80 if parts.scheme == "http" else 443}
    )


def web_address(value: str) -> str:
    """An http(s) address without what would end up in logs or be lost when a path is added; no slash at its end."""
    parts = urlsplit(value)
    plain = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if not plain or parts.query or parts.fragment or not value.isprintable() or " " in value:
        raise ValueError
    parts.port  # noqa: B018 - reading it checks it
    return value.rstrip("/")


def model_name(value: str) -> str:
    """A model's id, which goes into a URL or a request as it is; raises `ValueError` otherwise."""
    return _like(r"[A-Za-z0-9._:/@-]{1,100}", value)


def short_name(value: str) -> str:
    """A host, an address or a label in one word; raises `ValueError` otherwise."""
    return _like(r"[A-Za-z0-9.:_-]{1,253}", value)


def one_line(value: str) -> str:
    """A text that people read: one line, printable, at most 200 characters; raises `ValueError` otherwise."""
    if not value.isprintable() or len(value) > 200:
        raise ValueError
    return value


def _like(shape: str, value: str) -> str:
    if not re.fullmatch(shape, value):
        raise ValueError
    return value


def is_loopback(host: str) -> bool:
    """True if `host` (a name or an IP address) can only be reached from this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def lower(value: object) -> object:
    """Words are taken in any case: lower it."""
    return value.strip().lower() if isinstance(value, str) else value


def upper(value: object) -> object:
    """Words are taken in any case: raise it."""
    return value.strip().upper() if isinstance(value, str) else value


def sentence(error: ValidationError, given: Mapping[str, str]) -> str:
    """One sentence about everything in `error`: the variable, what was found in `given`, what is allowed."""
    said = [_part(str(fault["loc"][0]) if fault["loc"] else "", fault["msg"], given) for fault in error.errors()]
    return "; and ".join(dict.fromkeys(said)) + "."


def _part(name: str, message: str, given: Mapping[str, str]) -> str:
    if not name:
        return message.removeprefix("Value error, ")
    spelled = "PORT" if name == "HTTP_PORT" and name not in given else name
    hide = Redactor([given[secret] for secret in SECRETS if secret in given])
    found = "something else (not shown here)" if name in SECRETS else _quoted(hide(given.get(spelled, "")))
    return f"{spelled} is {found}, but allowed is {ALLOWED[name]}"


def _quoted(value: str) -> str:
    """`value` in quotation marks, printable and not too long."""
    cut = value if len(value) <= _LONGEST_QUOTE else value[: _LONGEST_QUOTE - 1] + "…"
    return f'"{cut}"' if cut.isprintable() else json.dumps(cut)

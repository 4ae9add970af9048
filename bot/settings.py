"""The only reader of the environment: one class, one sentence for whatever is wrong in it (product §10)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import unquote, urlsplit

import dotenv
from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot import settings_rules as rules
from services.limits import Kind, Rule
from services.money.caps import Caps, ShownTo

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
LogFormat = Literal["console", "json"]
TelegramMode = Literal["polling", "webhook"]
Access = Literal["open", "invite", "allow-list"]

# Ids are JSON in one variable; pydantic-settings would decode them itself and answer a mistake in its own words.
_Ids = Annotated[tuple[int, ...], NoDecode, BeforeValidator(rules.listed_ids)]
_Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(rules.listed_origins)]
_Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(rules.listed_networks)]
_Line = Annotated[str, AfterValidator(rules.one_line)]
_WebAddress = Annotated[str, AfterValidator(rules.web_address)]
_Model = Annotated[str, AfterValidator(rules.model_name)]
_Dollars = Annotated[Decimal, Field(ge=Decimal("0.01"), le=1_000_000, decimal_places=6)]


class SettingsError(Exception):
    """A setting is wrong; the text is one sentence for the person who starts Lectern, without any secret."""


class Settings(BaseSettings):
    """Everything that can be set. Made by `load_settings`; built directly it reads neither environment nor file."""

    model_config = SettingsConfigDict(
        alias_generator=str.upper,
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_bot_token: Annotated[SecretStr, AfterValidator(rules.bot_token)] | None = None
    telegram_api_url: _WebAddress = rules.TELEGRAM
    telegram_mode: Annotated[TelegramMode, BeforeValidator(rules.lower)] = "polling"
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(rules.webhook_secret)] | None = None
    telegram_messages_per_second: int = Field(default=30, ge=0, le=10_000)

    access: Annotated[Access, BeforeValidator(rules.lower)] = "open"
    allow_list: _Ids = ()
    admin_ids: _Ids = ()
    operator_name: _Line | None = None
    support_contact: _Line | None = None

    anthropic_api_key: Annotated[SecretStr, AfterValidator(rules.api_key)] | None = None
    anthropic_base_url: _WebAddress | None = None
    anthropic_plan_model: _Model = "claude-opus-5-5"
    anthropic_lesson_model: _Model = "claude-sonnet-5-5"
    openai_api_key: Annotated[SecretStr, AfterValidator(rules.api_key)] | None = None
    openai_base_url: _WebAddress | None = None
    openai_model: _Model = "gpt-6.2-sol"
    openai_image_model: _Model = "gpt-image-2.6-flare"
    openai_moderation_model: _Model = "omni-moderation-latest"
    second_opinion: bool = False

    cap_course_usd: _Dollars | None = None
    cap_learner_day_usd: _Dollars | None = None
    cap_day_usd: _Dollars | None = None
    prices_file: Annotated[Path, AfterValidator(rules.folder)] | None = None
    show_cost: Annotated[ShownTo, BeforeValidator(rules.lower)] = "nobody"

    generations_per_window: int = Field(default=5, ge=1, le=10_000)
    generations_window_seconds: int = Field(default=900, ge=1, le=2_592_000)
    progress_items_per_window: int = Field(default=100, ge=1, le=1_000_000)
    progress_items_window_seconds: int = Field(default=60, ge=1, le=86_400)
    requests_per_window: int = Field(default=1000, ge=1, le=100_000_000)
    requests_window_seconds: int = Field(default=900, ge=1, le=86_400)
    disputes_per_day: int = Field(default=5, ge=1, le=1000)

    data_dir: Annotated[Path, AfterValidator(rules.folder)] = Path("data")
    database_url: Annotated[SecretStr, AfterValidator(rules.database_url)] = SecretStr(
        "sqlite+aiosqlite:///data/lectern.db"
    )
    redis_url: Annotated[SecretStr, AfterValidator(rules.redis_url)] | None = None
    jwt_secret: SecretStr | None = None

    smtp_url: Annotated[SecretStr, AfterValidator(rules.smtp_url)] | None = None
    mail_from: Annotated[str, AfterValidator(rules.mail_from)] | None = None

    http_host: Annotated[str, AfterValidator(rules.short_name)] = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65_535, validation_alias=AliasChoices("HTTP_PORT", "PORT"))
    public_url: _WebAddress | None = None
    cors_origins: _Origins = ()
    trusted_proxies: _Networks = ()

    environment: Annotated[str, AfterValidator(rules.short_name)] = "development"
    log_level: Annotated[LogLevel, BeforeValidator(rules.upper)] = "INFO"
    log_format: Annotated[LogFormat, BeforeValidator(rules.lower)] = "console"
    lectern_container: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: the environment and the file are read by `load_settings`, in one place."""
        return (init_settings,)

    @property
    def local_chat(self) -> bool:
        """True without a bot token: the chat is a page on this machine instead of Telegram."""
        return self.telegram_bot_token is None

    @property
    def limits(self) -> dict[Kind, Rule]:
        """How much may be done in which time, for what is not kept in the database."""
        return {
            "requests": Rule(self.requests_per_window, self.requests_window_seconds),
            "progress": Rule(self.progress_items_per_window, self.progress_items_window_seconds),
        }

    @property
    def caps(self) -> Caps:
        """The most that may be spent on models."""
        return Caps(*map(_millionths, (self.cap_course_usd, self.cap_learner_day_usd, self.cap_day_usd)))

    @property
    def image_model(self) -> str | None:
        """The model that paints, if one does."""
        return self._of_openai("openai_image_model")

    @property
    def moderation_model(self) -> str | None:
        """The model that moderates, if one does."""
        return self._of_openai("openai_moderation_model")

    def _of_openai(self, name: str) -> str | None:
        """A model that goes with OpenAI's key: at another address it must be named, since few services have one."""
        model = str(getattr(self, name))
        elsewhere = self.openai_base_url is not None and name not in self.model_fields_set
        return None if self.openai_api_key is None or elsewhere or model == "none" else model

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every secret that is set, for whoever keeps them out of the logs."""
        keys = (self.anthropic_api_key, self.openai_api_key)
        held = (self.telegram_bot_token, self.telegram_webhook_secret, *keys, self.jwt_secret)
        urls = [one.get_secret_value() for one in (self.database_url, self.redis_url, self.smtp_url) if one is not None]
        passwords = [password for url in urls if (password := urlsplit(url).password)]
        in_urls = [spelled for password in passwords for spelled in (password, unquote(password))]
        return (*(one.get_secret_value() for one in held if one is not None), *in_urls)

    @model_validator(mode="after")
    def _agree(self) -> Self:
        """The rules that join several settings, each with its own sentence."""
        if self.lectern_container and self.local_chat:
            raise ValueError(
                "TELEGRAM_BOT_TOKEN is not set, and the local chat does not leave the machine that it runs on, so in a "
                "container set TELEGRAM_BOT_TOKEN to the token that @BotFather gave you"
            )
        if self.local_chat and not rules.is_loopback(self.http_host):
            raise ValueError(
                f'HTTP_HOST is "{self.http_host}", but without a TELEGRAM_BOT_TOKEN the local chat is served, '
                "which allows only 127.0.0.1, ::1 or localhost"
            )
        if self.local_chat and self.http_port == 0:
            raise ValueError("HTTP_PORT is 0, but the local chat needs an address: allowed is a port from 1 to 65535")
        if self.telegram_mode == "webhook":
            self._can_be_posted_to()
        if self.access == "allow-list" and not (self.local_chat or self.allow_list or self.admin_ids):
            raise ValueError(
                "ACCESS is allow-list while ALLOW_LIST and ADMIN_IDS are empty, so nobody could use the bot: "
                "set ALLOW_LIST to a JSON list of Telegram user ids such as [123456789]"
            )
        if self.jwt_secret is not None and (found := len(self.jwt_secret.get_secret_value().encode())) < 32:
            raise ValueError(f"JWT_SECRET has {found} bytes, but allowed is {rules.ALLOWED['JWT_SECRET']}")
        if self.smtp_url is not None and (self.mail_from is None or self.public_url is None):
            raise ValueError(
                "SMTP_URL is set, but letters also need MAIL_FROM, the address that they come from, "
                "and PUBLIC_URL, where the links in them lead to"
            )
        if self.openai_base_url is not None and "openai_model" not in self.model_fields_set:
            raise ValueError(
                "OPENAI_BASE_URL is set, but which model to ask for there is not, so set OPENAI_MODEL to "
                f"{rules.ALLOWED['OPENAI_MODEL']}"
            )
        if self.database_url.get_secret_value().startswith("postgresql") and self.jwt_secret is None:
            raise ValueError(
                "JWT_SECRET is not set, but a DATABASE_URL with PostgreSQL, which several workers may share, "
                f"needs {rules.ALLOWED['JWT_SECRET']}"
            )
        return self

    def _can_be_posted_to(self) -> None:
        """What webhook mode needs: Telegram posts to an https address, and has to show that it is Telegram."""
        if self.local_chat:
            raise ValueError("TELEGRAM_MODE is webhook, but without a TELEGRAM_BOT_TOKEN there is no Telegram to post")
        if self.public_url is None or self.telegram_webhook_secret is None:
            raise ValueError(
                "TELEGRAM_MODE is webhook, which also needs PUBLIC_URL, the address that Telegram posts updates to, "
                f"and TELEGRAM_WEBHOOK_SECRET, {rules.ALLOWED['TELEGRAM_WEBHOOK_SECRET']}"
            )
        if not self.public_url.startswith("https://") and self.telegram_api_url == rules.TELEGRAM:
            raise ValueError(
                f'PUBLIC_URL is "{self.public_url}", but Telegram posts updates to https:// addresses only'
            )


def load_settings(environ: Mapping[str, str], env_file: Path | None) -> Settings:
    """Read the settings from `environ`, and from `env_file` (if it is there) what `environ` does not say.

    An empty value counts as not set. The default database lies in DATA_DIR. Raises `SettingsError` with one sentence
    that names each wrong variable, what was found and what is allowed; a secret's value is never in it."""
    given = _from_file(env_file) | _without_blanks(environ)
    if "DATABASE_URL" not in given and "DATA_DIR" in given:
        given["DATABASE_URL"] = f"sqlite+aiosqlite:///{given['DATA_DIR']}/lectern.db"
    source = EnvSettingsSource(Settings)
    source.env_vars = given
    try:
        return Settings(**source())
    except ValidationError as error:
        raise SettingsError(rules.sentence(error, given)) from None


def _millionths(dollars: Decimal | None) -> int | None:
    return None if dollars is None else int(dollars * 1_000_000)


def _from_file(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.exists():
        return {}
    if env_file.is_dir():  # which dotenv would pass over
        raise SettingsError(f"The settings file {env_file.name} is a folder, which it must not be.")
    try:
        values = dotenv.dotenv_values(env_file, interpolate=False, encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"The settings file {env_file.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"The settings file {env_file.name} is not UTF-8 text, which it must be.") from None
    return _without_blanks({name: value for name, value in values.items() if value is not None})


def _without_blanks(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in values.items() if value.strip()}

"""compose.yaml and the proxy's file agree with each other, with the settings and with the image. No engine is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings, SettingsError, load_settings
from tests.test_docs import ROOT

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
WORKERS = ("worker-1", "worker-2", "worker-3")
OURS = {name.upper() for name in Settings.model_fields}
# What docs/deploy.md has an operator write into .env for the scaled form.
IN_ENV_FILE = {
    "TELEGRAM_BOT_TOKEN": "123456789:AAHfiqksKZ8WmR2zSjiQ7_v4TMAKdiHm9T0",
    "TELEGRAM_WEBHOOK_SECRET": "w" * 32,
    "PUBLIC_URL": "https://learn.example",
    "JWT_SECRET": "j" * 40,
    "POSTGRES_PASSWORD": "p" * 32,
}


def filled(value: str) -> str:
    """A value as compose passes it on, with what .env says put in."""
    return re.sub(r"\$\{([A-Z_]+):-([^}]*)\}", lambda found: IN_ENV_FILE.get(found[1], found[2]), value)


def settings_of(service: str, env_file: dict[str, str]) -> Settings:
    given = {name: filled(value) for name, value in SERVICES[service]["environment"].items()}
    return load_settings(env_file | given, None)


def test_without_the_profile_there_is_one_service() -> None:
    assert [name for name, service in SERVICES.items() if "profiles" not in service] == ["lectern"]
    assert {tuple(service.get("profiles", ["scale"])) for service in SERVICES.values()} == {("scale",)}


def test_every_variable_is_a_setting() -> None:
    for name in ("lectern", *WORKERS):
        assert set(SERVICES[name]["environment"]) <= OURS, name
    assert set(re.findall(r"\$\{([A-Z_]+)", TEXT)) == {"POSTGRES_PASSWORD", "PUBLIC_URL"}


def test_a_worker_starts_with_what_the_document_has_in_the_env_file() -> None:
    for name in WORKERS:
        settings = settings_of(name, IN_ENV_FILE)
        assert (settings.telegram_mode, settings.local_chat) == ("webhook", False)
        assert settings.database_url.get_secret_value().endswith(f":{'p' * 32}@postgres:5432/lectern")
    said = (ROOT / "docs/deploy.md").read_text(encoding="utf-8").split("## Scaled", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^    ([A-Z_]+)=", said, re.MULTILINE)) == set(IN_ENV_FILE)


@pytest.mark.parametrize("missing", ["TELEGRAM_WEBHOOK_SECRET", "JWT_SECRET", "TELEGRAM_BOT_TOKEN", "PUBLIC_URL"])
def test_a_worker_says_what_is_missing(missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        settings_of(WORKERS[0], {name: value for name, value in IN_ENV_FILE.items() if name != missing})


def test_three_workers_are_alike_and_open_to_nobody_but_the_proxy() -> None:
    assert SERVICES["worker-1"] == SERVICES["worker-2"] == SERVICES["worker-3"]
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"lectern", "proxy"}
    subnet = yaml.safe_load(TEXT)["networks"]["default"]["ipam"]["config"][0]["subnet"]
    assert [str(one) for one in settings_of("worker-1", IN_ENV_FILE).trusted_proxies] == [subnet]


def test_whoever_is_needed_is_asked_how_it_is() -> None:
    for name, service in SERVICES.items():
        if name != "lectern":  # the image's own question
            assert service["healthcheck"]["test"][0] == "CMD", name
    for worker in WORKERS:
        assert SERVICES[worker]["depends_on"]["postgres"] == {"condition": "service_healthy"}
        assert SERVICES["proxy"]["depends_on"][worker] == {"condition": "service_healthy"}


def test_no_secret_is_written_down_and_no_image_is_left_to_chance() -> None:
    for name, service in SERVICES.items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|TOKEN|KEY", variable):
                assert re.fullmatch(r"\$\{[A-Z_]+:-\}", value), variable
        assert re.fullmatch(r"lectern|[a-z]+:\d+-alpine", service["image"]), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert service["restart"] == "unless-stopped", name


def test_all_that_is_kept_has_a_volume() -> None:
    named = set(yaml.safe_load(TEXT)["volumes"])
    mounted = {one.split(":")[0] for service in SERVICES.values() for one in service.get("volumes", [])}
    assert {one for one in mounted if not one.startswith(".")} == named
    for one in mounted - named:
        assert (ROOT / one).is_file(), one


def test_the_proxy_knows_the_workers_and_asks_whether_they_are_ready() -> None:
    text = Path(ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
    (upstreams,) = re.findall(r"reverse_proxy ([^{]+) \{", text)
    assert upstreams.split() == [f"{name}:{SERVICES[name]['environment']['HTTP_PORT']}" for name in WORKERS]
    assert "health_uri /health/ready" in text
    assert set(re.findall(r"\{\$([A-Z_]+)\}", text)) == set(SERVICES["proxy"]["environment"]) == {"PUBLIC_URL"}
    assert text.count("{") == text.count("}")

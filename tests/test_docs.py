"""The documents say what is so: every setting, every make target, every package; no address that only we have."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from bot.settings import Settings
from bot.settings_rules import ALLOWED

ROOT = Path(__file__).parent.parent


def tracked() -> list[Path]:
    """The files that git keeps, text or not."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md" and path.parent in {ROOT, ROOT / "docs"}]


def written(default: object) -> str:
    """A default as it stands in `.env.example`."""
    if default is None:
        return ""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, bool):
        return str(int(default))
    return "[]" if default == () else str(default)


def test_env_example_is_the_settings_class() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    said = dict(re.findall(r"^#([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))
    assert said == {name.upper(): written(field.default) for name, field in Settings.model_fields.items()}


def test_env_example_explains_every_setting_and_sets_none() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert all(not line or line.startswith("#") for line in lines)
    for before, line in pairwise(lines):
        if re.match(r"#[A-Z][A-Z0-9_]*=", line):
            assert re.fullmatch(r"# \S.*\.", before), f"{line} has no sentence above it"


def test_every_setting_says_what_is_allowed() -> None:
    assert set(ALLOWED) == {name.upper() for name in Settings.model_fields}


def test_every_make_target_is_documented() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"run", "test", "bench", "soak", "lint", "lock", "clean"} <= set(targets)
    said = "\n".join(path.read_text(encoding="utf-8") for path in documents())
    assert [one for one in targets if f"make {one}" not in said] == []
    assert [one for one in re.findall(r"`make ([a-z]+)`", said) if one not in targets] == []


def test_every_package_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = [re.split(r"[^A-Za-z0-9-]", one, maxsplit=1)[0] for one in wanted]
    said = re.findall(r"^\| ([a-z0-9-]+) \|", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(one for one in said if one != "package") == sorted(names)


def test_locks_hold_the_packages_with_checksums_and_the_test_lock_holds_the_run_lock() -> None:
    run, test = (pins((ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")) for name in ("run", "test"))
    assert run.items() <= test.items()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in project["dependencies"]:
        assert re.split(r"[^A-Za-z0-9-]", wanted, maxsplit=1)[0] in run


def pins(lock: str) -> dict[str, str]:
    """Each package of a lock with what it is pinned to; fails where a pin has no checksum."""
    found = {}
    for block in re.split(r"\n(?=[a-z0-9])", lock):
        if pin := re.match(r"([a-z0-9-]+)==(\S+)( ; [^\\]*)?", block):
            assert "--hash=sha256:" in block, pin[1]
            found[pin[1]] = f"{pin[2]}{(pin[3] or '').rstrip()}"
    return found


FOREIGN = {
    "a registry's host": r"pypi\.org|pythonhosted\.|npmjs\.|registry\.(npm|yarn|hub)|docker\.io",
    "an index": r"--(extra-)?index-url[ =]|--find-links[ =]|PIP_(INDEX|EXTRA|FIND)_",
    "a machine's path": r"(?<![\w.~-])/(root|work|opt/pypi|home/\w+|Users/\w+|tmp/(bash|brief))(/|\b)",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names(what: str) -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):  # it holds what it looks for
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:  # a font or a picture
            continue
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in re.finditer(FOREIGN[what], text)]
    assert found == []


def test_links_between_documents_lead_somewhere() -> None:
    for path in documents():
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith("mailto:"):
                assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_compose_runs_it_locked_down() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["lectern"]
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["env_file"] == ".env"
    assert service["volumes"] == ["lectern-data:/data"]
    assert "lectern-data" in compose["volumes"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert int(service["stop_grace_period"].removesuffix("s")) > 8
    assert set(service["environment"]) <= {name.upper() for name in Settings.model_fields}


def test_the_image_is_made_of_files_that_are_there_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for source in copied.split():
            assert (ROOT / source).exists(), source
            assert source in let_in, f"{source} is kept from the builder by .dockerignore"
    stages = re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
    assert re.search(r"^USER (?!root|0)\w+$", stages[-1], re.MULTILINE)
    assert re.search(r"^STOPSIGNAL SIGTERM$", stages[-1], re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*CMD \[\"python\", \"-m\", \"bot\", \"health\"\]$", stages[-1], re.MULTILINE)
    assert "--require-hashes" in stages[0]
    for name in re.findall(r"^(?:ENV | {4})([A-Z_]+)=", stages[-1], re.MULTILINE):
        assert name in {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"} or name.lower() in Settings.model_fields


def test_ci_is_make_test_with_nothing_left_out() -> None:
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert text.rstrip().endswith("exec make test")
    assert "LECTERN_REQUIRE_ALL=1" in text
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [(hook["entry"], hook["stages"]) for repo in hooks for hook in repo["hooks"]] == [
        ("make lint", ["pre-commit"]),
        ("make test", ["pre-push"]),
    ]


def test_every_test_that_a_document_names_is_there() -> None:
    for path in documents():
        for file, test in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", path.read_text(encoding="utf-8")):
            assert (ROOT / file).is_file(), f"{path.name} names {file}"
            if test:
                assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{path.name} names {test}"

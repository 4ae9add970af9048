"""Every check that applies, over what the offline author makes of texts: those that come with the program, texts in
other scripts, and five documents that nobody here wrote."""

from __future__ import annotations

import pytest

from services.quality.report import Report, report_of
from services.samples import SAMPLES, sample_text
from tests.services.authors.test_installed_packages import descriptions
from tests.services.authors.texts import ARABIC, BREAD, CHINESE, RUSSIAN
from tests.services.quality.offline_kit import offline_course

REAL = ("yarl.rst", "openai.md", "aiohttp-cors.rst", "mammoth.rst", "python-dotenv.md")
# What a text by somebody else may be found to be, without anybody's being able to help it.
OF_THE_TEXT = {"coverage", "readability", "reading_time", "repetition", "shape"}
UNJUDGED = {"grounding", "answerable", "guessable", "safety"}


async def checked(name: str, data: bytes) -> Report:
    report = report_of(await offline_course(name, data), "")
    assert {verdict.rule for verdict in report.having("not_checked")} == UNJUDGED
    assert report.written == report.sections
    return report


@pytest.mark.parametrize("key", [sample.key for sample in SAMPLES])
async def test_courses_from_the_samples(key: str) -> None:
    report = await checked(*sample_text(key))
    assert report.errors == ()
    # Some sections are a minute short, because lessons follow the text's own headings.
    assert [verdict.rule for verdict in report.having("findings")] == ["reading_time"]
    assert len(report.having("passed")) >= 14


@pytest.mark.parametrize("text", [BREAD, RUSSIAN, ARABIC, CHINESE], ids=["en", "ru", "ar", "zh"])
async def test_courses_in_other_scripts(text: str) -> None:
    report = await checked("text.md", text.encode())
    assert report.errors == ()
    assert {verdict.rule for verdict in report.having("findings")} <= OF_THE_TEXT


@pytest.mark.parametrize("name", REAL)
async def test_courses_from_real_documents(name: str) -> None:
    report = await checked(name, dict(descriptions())[name])
    assert report.errors == ()
    assert {verdict.rule for verdict in report.having("findings")} <= OF_THE_TEXT
    assert len(report.having("passed")) >= 10

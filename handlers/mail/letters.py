"""What each letter says, as text and as HTML made of the same sentences. Pure."""

from __future__ import annotations

from html import escape

from handlers.texts import direction, plain
from services.views.mail import Letter, Written

_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.5;max-width:36em"


def write(letter: Letter) -> Written:
    """The letter in words. In the HTML everything is escaped, whoever said it."""
    language = letter.language
    key = f"mail.{letter.what}"
    hello, bye = plain(language, "mail.hello", name=letter.name), plain(language, "mail.bye")
    paragraphs, items, after = _said(letter)
    text = [hello, *paragraphs]
    html = [_p(hello), *map(_p, paragraphs)]
    if items:
        text.append("\n".join(f"- {item}" for item in items))
        html.append(f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")
    if letter.link:
        named = plain(language, f"{key}.link")
        text.append(f"{named}:\n{letter.link}")
        html.append(f"<p>{_a(letter.link, named)}</p>")
    text += [*after, bye]
    html += map(_p, [*after, bye])
    if letter.unsubscribe:
        stop = plain(language, "mail.stop")
        text.append(f"-- \n{stop}: {letter.unsubscribe}")
        html.append(f'<p style="font-size:13px">{_a(letter.unsubscribe, stop)}</p>')
    subject = plain(language, f"{key}.subject", course=letter.course)
    return Written(subject, "\n\n".join(text) + "\n", _document(language, subject, "".join(html)))


def _said(letter: Letter) -> tuple[list[str], list[str], list[str]]:
    """Paragraphs, the items of a list, and paragraphs after it (and after the link)."""
    language, key = letter.language, f"mail.{letter.what}"
    if letter.what == "confirm":
        return [plain(language, f"{key}.body")], [], [plain(language, f"{key}.else")]
    if letter.what != "weekly_digest":
        return [plain(language, f"{key}.body", course=letter.course)], [], [plain(language, f"{key}.more")]
    line = f"{key}.line"
    items = [plain(language, line, course=one.course, n=one.sections, minutes=one.minutes) for one in letter.week]
    after = [plain(language, f"{key}.next", course=letter.course)] if letter.course else []
    return [plain(language, f"{key}.body" if items else f"{key}.nothing")], items, after


def _p(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _a(address: str, text: str) -> str:
    return f'<a href="{escape(address)}">{escape(text)}</a>'


def _document(language: str, title: str, body: str) -> str:
    head = f'<head><meta charset="utf-8"><title>{escape(title)}</title></head>'
    root = f'<html lang="{escape(language)}" dir="{direction(language)}">'
    return f'<!doctype html>{root}{head}<body style="{_STYLE}">{body}</body></html>\n'

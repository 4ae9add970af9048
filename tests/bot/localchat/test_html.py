from __future__ import annotations

from typing import Any

import pytest

from bot.localchat import html
from bot.localchat.limits import ApiError


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length} | more


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [entity("italic", 0, 1), entity("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [entity("underline", 0, 1), entity("underline", 1, 1)]),
        ("<s>a</s><strike>b</strike><del>c</del>", "abc", [entity("strikethrough", at, 1) for at in range(3)]),
        (
            '<span class="tg-spoiler">a</span><tg-spoiler>b</tg-spoiler>',
            "ab",
            [entity("spoiler", n, 1) for n in (0, 1)],
        ),
        ("<b>a<i>b</i></b>", "ab", [entity("italic", 1, 1), entity("bold", 0, 2)]),
        ("<B>a</b>", "a", [entity("bold", 0, 1)]),
        ("<b>a</>", "a", [entity("bold", 0, 1)]),
        ("<code>x</code>", "x", [entity("code", 0, 1)]),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [entity("pre", 0, 1, language="py")]),
        ('<code class="language-py">x</code>', "x", [entity("code", 0, 1)]),
        ("<blockquote>q</blockquote>", "q", [entity("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [entity("expandable_blockquote", 0, 1)]),
        ('<a href="https://a.b/?x=1&amp;y">l</a>', "l", [entity("text_link", 0, 1, url="https://a.b/?x=1&y")]),
        ("<a href='a.b'>l</a>", "l", [entity("text_link", 0, 1, url="http://a.b/")]),
        ("<a>a.b</a>", "a.b", [entity("text_link", 0, 3, url="http://a.b/")]),
        ("<a href='javascript:alert(1)'>l</a>", "l", []),
        ("<a href='/learn'>l</a>", "l", []),
        ("<b></b>x", "x", []),
        ("&lt;p&gt; &amp; &quot; &#65;&#x42; &nbsp; &", '<p> & " AB &nbsp; &', []),
        ("👍<b>b</b>", "👍b", [entity("bold", 2, 1)]),
        ("<b>👍</b>", "👍", [entity("bold", 0, 2)]),
        ('<tg-emoji emoji-id="536">👍</tg-emoji>', "👍", [entity("custom_emoji", 0, 2, custom_emoji_id="536")]),
        ("a > b", "a > b", []),
    ],
)
def test_what_telegram_reads(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert html.parse(source) == (text, entities)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a<br/>", 'Unsupported start tag "br/" at byte offset 1'),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("1 < 2 > 3", 'Unsupported start tag "" at byte offset 2'),
        ("ü<b", "Unclosed start tag at byte offset 2"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x", 'Can\'t find end tag corresponding to start tag "a"'),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ('<a ="x">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/>y</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_what_telegram_refuses(source: str, words: str) -> None:
    with pytest.raises(ApiError) as caught:
        html.parse(source)
    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"

"""Check 15: code is read by its language's parser, never run. Without a parser, only that brackets are closed."""

from __future__ import annotations

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator

from services.quality.finding import Finding, Severity
from services.quality.text import Block, Text

LONGEST = 20_000  # characters that a parser is given: nobody reads more in a chat
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.) ?")
_SHELL = re.compile(r"^\s*[!%].*$", re.MULTILINE)  # a notebook's own commands among lines of Python
_LITERAL = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`[^`]*`|//[^\n]*|/\*.*?\*/", re.DOTALL)
_PAIRS = {")": "(", "]": "[", "}": "{"}
_BRACKETED = frozenset(
    {"js", "javascript", "ts", "typescript", "java", "c", "cpp", "c++", "cs", "csharp", "go", "rust"}
)


def code(text: Text, path: str) -> Iterator[Finding]:
    """Blocks of code that are not code of the language they name."""
    for block in text.code:
        language = re.split(r"[\s,{:]", block.info.lower(), maxsplit=1)[0]
        if parser := _PARSERS.get(language):
            severity: Severity = "error"
            fault = parser(block) if len(block.raw) <= LONGEST else f"{len(block.raw)} characters"
        else:
            severity = "warning"
            fault = _unclosed(block.raw) if language in _BRACKETED else ""
        if fault:
            found = f"{language} that does not parse (line {block.line + 1}): {fault}"
            yield Finding(f"{path}.body", "code", found, f"{language} that its parser takes", severity)


def _python(block: Block) -> str:
    """Of a session at the prompt, only what was typed counts."""
    lines = block.raw.splitlines()
    if any(line.lstrip().startswith(">>>") for line in lines):
        return next((fault for typed in _typed(lines) if (fault := _parsed(typed))), "")
    return _parsed(textwrap.dedent(_SHELL.sub("pass", block.raw) if _SHELL.search(block.raw) else block.raw))


def _typed(lines: list[str]) -> Iterator[str]:
    held: list[str] = []
    for line in [*lines, ">>>"]:
        if line.lstrip().startswith(">>>") and held:
            yield "\n".join(held) + "\n"
            held = []
        if _PROMPT.match(line) or (held and line.lstrip() == "..."):
            held.append(_PROMPT.sub("", line))


def _parsed(source: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in an example is no business of our log
            ast.parse(source)
    except SyntaxError as error:
        return str(error.msg)[:60]
    except (ValueError, RecursionError, MemoryError):
        return "it cannot be read"
    return ""


def _json(block: Block) -> str:
    try:
        json.loads(block.raw)
    except json.JSONDecodeError as error:
        return error.msg[:60]
    except RecursionError:
        return "too deep"
    return ""


def _yaml(block: Block) -> str:
    """By events only: nothing is built from them, and a reference that refers to references is not followed."""
    import yaml

    try:
        for _ in yaml.parse(block.raw, Loader=yaml.SafeLoader):
            pass
    except yaml.YAMLError as error:
        return str(getattr(error, "problem", None) or "not YAML")[:60]
    except RecursionError:
        return "too deep"
    return ""


def _unclosed(source: str) -> str:
    """Whether brackets outside strings and comments are closed in order."""
    if len(source) > LONGEST:
        return ""
    waiting: list[str] = []
    for sign in re.findall(r"[()\[\]{}]", _LITERAL.sub("", source)):
        if sign not in _PAIRS:
            waiting.append(sign)
        elif not waiting or waiting.pop() != _PAIRS[sign]:
            return f"“{sign}” that was not opened"
    return f"“{waiting[-1]}” that is not closed" if waiting else ""


_PARSERS: dict[str, Callable[[Block], str]] = {
    "python": _python,
    "py": _python,
    "python3": _python,
    "pycon": _python,
    "json": _json,
    "yaml": _yaml,
    "yml": _yaml,
}

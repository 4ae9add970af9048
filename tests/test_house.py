"""The house rules that no linter knows: sizes, docstrings, who imports whom, what goes into the package.

``python -m tests.test_house`` prints the measures.
"""

from __future__ import annotations

import ast
import fnmatch
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = ("bot", "handlers", "services", "storage")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
MEDIAN_MODULE = 120

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(*folders: str) -> list[Path]:
    """The files that git keeps under `folders`."""
    listed = subprocess.run(["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def modules(*folders: str) -> list[Path]:
    """The Python files under `folders` that say something (an empty ``__init__`` does not), without migrations, which
    are lists of statements that are never edited again."""
    return [
        path
        for path in files(*folders)
        if path.suffix == ".py" and path.stat().st_size and "versions" not in path.parts
    ]


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with its length in lines, decorators left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", (node.end_lineno or 0) - node.lineno + 1


def undocumented(body: list[ast.stmt], where: str) -> Iterator[str]:
    """The public classes, functions and methods in `body` that have no docstring."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            overrides = isinstance(node, Function) and any("override" in ast.unparse(d) for d in node.decorator_list)
            if not ast.get_docstring(node) and not overrides:
                yield f"{where}:{node.lineno} {node.name}"
            if isinstance(node, ast.ClassDef):
                yield from undocumented(node.body, where)


def test_no_module_is_too_long() -> None:
    assert [
        f"{path.relative_to(ROOT)}: {length(path)}" for path in modules(*FLOORS) if length(path) > LONGEST_MODULE
    ] == []


def test_modules_are_short_as_a_rule() -> None:
    assert statistics.median(map(length, modules(*FLOORS))) <= MEDIAN_MODULE


def test_no_function_is_too_long() -> None:
    found = [(name, lines) for path in modules(*FLOORS) for name, lines in functions(path) if lines > LONGEST_FUNCTION]
    assert found == []


def test_what_is_public_says_what_it_is() -> None:
    found: list[str] = []
    for path in modules(*FLOORS):
        if path.name != "env.py":  # Alembic's own shape
            found += undocumented(ast.parse(path.read_text(encoding="utf-8")).body, str(path.relative_to(ROOT)))
    assert found == []


def test_imports_keep_to_the_contracts() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert " kept, 0 broken" in done.stdout


def test_what_is_no_python_is_listed_as_package_data() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    listed = tools["setuptools"]["package-data"]
    for path in files(*FLOORS):
        floor, *_ = path.relative_to(ROOT).parts
        inside = path.relative_to(ROOT / floor).as_posix()
        if path.suffix != ".py":
            assert any(fnmatch.fnmatch(inside, shape) for shape in listed.get(floor, [])), f"{floor}/{inside}"


def measures() -> str:
    """The house in one line."""
    source, tests = ([length(path) for path in modules(*folders)] for folders in (FLOORS, ("tests",)))
    longest = max(lines for path in modules(*FLOORS) for _, lines in functions(path))
    return (
        f"House: {len(source)} modules, median {statistics.median(source):.0f} lines, longest {max(source)}; "
        f"longest function {longest}; tests to source {sum(tests) / sum(source):.2f}"
    )


def test_the_measures_can_be_told() -> None:
    assert measures().startswith("House: ")


if __name__ == "__main__":
    print(measures())

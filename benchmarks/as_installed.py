"""Runs Lectern without what only the tests install, where a package of the product would load it if it is there."""

from __future__ import annotations

import runpy
import sys

TESTS_ONLY = ("rich", "click", "pygments", "yaml", "cryptography", "_cffi_backend")


def main() -> None:
    for name in TESTS_ONLY:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python is told that there is no such module
    sys.argv = ["bot"]
    runpy.run_module("bot", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

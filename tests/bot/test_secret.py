from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.secret import NAME, SecretError, kept_secret


def test_it_is_made_once_for_the_owners_eyes_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first = kept_secret(folder)
    assert len(first) >= 32
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600
    assert kept_secret(folder) == first
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert kept_secret(tmp_path / "other") != first


def test_all_who_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(kept_secret, [tmp_path / "data"] * 32))) == 1


def test_one_that_others_could_read_is_closed(tmp_path: Path) -> None:
    first = kept_secret(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    assert kept_secret(tmp_path) == first
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_damaged_one_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(SecretError, match=r"^The secret .+ is damaged; delete it.+\.$"):
        kept_secret(tmp_path)


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(SecretError, match=r"set JWT_SECRET instead\.$"):
        kept_secret(tmp_path / "data")

"""`scripts/bootstrap` in a folder of its own: what it makes, what it does not do twice, what it says when it cannot."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Stands for a Python: what it is asked is written down; what it cannot do is in its name's file beside it.
FAKE = """#!/bin/sh
echo "$0 $*" >>"{log}"
if [ "$1" = "-m" ] && [ "$2" = venv ]; then
    {venv}
fi
case "$*" in
    *version_info*) {new_enough} ;;
    *ensurepip*) {ensurepip} ;;
    *"pip --version"*) {pip} ;;
    *" install "*) {install} ;;
    --version) echo "Python 3.99.0" ;;
esac
"""


class House:
    """A folder with the script, two locks without packages, and a PATH with nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        self.log = folder / "log"
        self.tools = folder / "tools"
        for name in ("scripts", "requirements", "tools"):
            (folder / name).mkdir()
        shutil.copy(ROOT / "scripts/bootstrap", folder / "scripts/bootstrap")
        for lock in ("run", "test"):
            (folder / f"requirements/{lock}.txt").write_text(f"# {lock}\nexample==1.0\n", encoding="utf-8")
        for tool in ("sh", "dirname", "cksum", "cat", "grep", "rm", "mkdir", "cp", "chmod"):
            (self.tools / tool).symlink_to(shutil.which(tool) or "")

    def python(self, name: str, **cannot: str) -> Path:
        """Put a Python called `name` on the PATH; it makes environments that hold a copy of itself."""
        path = self.tools / name
        inner = self.folder / f"inside-{name}"
        says = {"new_enough": "exit 0", "ensurepip": "exit 0", "pip": "exit 0", "install": "exit 0"} | cannot
        make = f'for last; do :; done; mkdir -p "$last/bin"; cp "{inner}" "$last/bin/python"; exit 0'
        path.write_text(FAKE.format(log=self.log, **({"venv": make} | says)), encoding="utf-8")
        inner.write_text(FAKE.format(log=self.log, **({"venv": "exit 9"} | says)), encoding="utf-8")
        path.chmod(0o755)
        inner.chmod(0o755)
        return path

    def start(self, what: str = "run", code: int = 0, path: str = "", **environ: str) -> str:
        """Run the script, with nothing on the PATH but the tools unless `path` says otherwise; what it says."""
        done = subprocess.run(
            [self.tools / "sh", "scripts/bootstrap", what],
            cwd=self.folder,
            env={"PATH": path or str(self.tools), **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        return done.stderr

    def asked(self) -> str:
        """What the Pythons were asked since the last time."""
        said = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        self.log.unlink(missing_ok=True)
        return said


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_first_start_installs_what_is_locked_and_the_second_does_nothing(house: House) -> None:
    house.python("python3")
    assert "installing 1 pinned packages from requirements/run.txt" in house.start()
    asked = house.asked()
    assert "--require-hashes --only-binary :all: --requirement requirements/run.txt" in asked
    assert house.start() == ""
    assert "pip" not in house.asked()


def test_a_changed_lock_is_installed_into_the_same_environment(house: House) -> None:
    house.python("python3")
    house.start()
    (house.folder / "requirements/run.txt").write_text("example==2.0\n", encoding="utf-8")
    house.asked()
    assert "making" not in house.start()
    assert house.asked().count(" install ") == 1


def test_what_the_tests_need_holds_what_a_run_needs_but_not_the_other_way_round(house: House) -> None:
    house.python("python3")
    house.start("run")
    assert "requirements/test.txt" in house.start("test")
    assert house.start("run") == ""
    shutil.rmtree(house.venv)
    house.start("test")
    assert house.start("run") == ""


def test_an_interrupted_install_is_done_again(house: House) -> None:
    house.python("python3", install="kill $PPID; exit 1")
    house.start(code=-15)
    inside = house.venv / "bin/python"
    inside.write_text(inside.read_text(encoding="utf-8").replace("kill $PPID; exit 1", "exit 0"), encoding="utf-8")
    assert "installing" in house.start()


def test_a_failed_install_is_said_and_not_taken_for_done(house: House) -> None:
    house.python("python3", install="echo no line >&2; exit 1")
    for _ in range(2):
        said = house.start(code=1)
        assert "no line" in said
        assert "could not be installed" in said


@pytest.mark.parametrize("half", ["empty", "without pip", "of a python that went away"])
def test_half_an_environment_is_made_anew(house: House, half: str) -> None:
    house.python("python3")
    (house.venv / "bin").mkdir(parents=True)
    (house.venv / "left-over").touch()
    if half == "without pip":
        (house.venv / "bin/python").write_text('#!/bin/sh\ncase "$*" in *pip*) exit 1;; esac\n', encoding="utf-8")
        (house.venv / "bin/python").chmod(0o755)
    elif half == "of a python that went away":
        (house.venv / "bin/python").symlink_to("/nowhere/python3")
    assert "making .venv" in house.start()
    assert not (house.venv / "left-over").exists()


def test_no_python_at_all_and_one_too_old_get_a_sentence(house: House) -> None:
    assert "Python 3.11 or newer is needed and none was found" in house.start(code=1)
    house.python("python3", new_enough="exit 1")
    assert "Python 3.11 or newer is needed and none was found" in house.start(code=1)
    assert not house.venv.exists()


def test_the_first_python_that_will_do_is_taken(house: House) -> None:
    house.python("python3", new_enough="exit 1")
    house.python("python3.13", new_enough="exit 127")
    house.python("python3.12")
    house.start()
    assert "/python3.12 -m venv .venv" in house.asked()


def test_the_python_of_the_system_comes_before_that_of_a_version_manager(house: House) -> None:
    house.python("python3", new_enough="exit 0")
    real = Path("/usr/bin/python3")
    able = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"
    if not real.exists() or subprocess.run([real, "-c", able], capture_output=True, check=False).returncode:
        pytest.skip("NOT TESTED: this machine's system has no Python that would do")
    for lock in ("run", "test"):
        (house.folder / f"requirements/{lock}.txt").write_text(f"# {lock}\n", encoding="utf-8")
    house.start(path=f"{house.tools}:/usr/bin")
    assert (house.venv / "bin/python").resolve() == real.resolve()
    assert house.asked() == ""


def test_who_names_a_python_gets_that_one(house: House) -> None:
    named = house.python("python3.14")
    house.python("python3")
    house.start(path=f"{house.tools}:/usr/bin", PYTHON=str(named))
    assert f"{named} -m venv .venv" in house.asked()


def test_a_python_without_pip_and_venv_is_told_what_to_install_and_leaves_nothing(house: House) -> None:
    house.python("python3", ensurepip="exit 1", pip="exit 1")
    said = house.start(code=1)
    assert "python3 comes without pip and venv" in said
    assert "apt install python3-venv" in said
    assert len(said.splitlines()) == 1
    assert not house.venv.exists()


def test_an_environment_that_cannot_be_made_leaves_nothing_behind(house: House) -> None:
    house.python("python3", venv="mkdir -p .venv/bin; exit 1")
    said = house.start(code=1)
    assert "python3 could not make .venv" in said
    assert "apt install python3-venv" in said
    assert not house.venv.exists()


def test_a_python_with_pip_but_without_ensurepip_installs_from_outside(house: House) -> None:
    house.python("python3", ensurepip="exit 1")
    inner = house.folder / "inside-python3"
    inner.write_text(inner.read_text(encoding="utf-8").replace('"pip --version"*) exit 0', '"pip --version"*) exit 1'))
    house.start()
    asked = house.asked()
    assert "-m venv --without-pip .venv" in asked
    assert "/python3 -m pip --python .venv/bin/python install" in asked
    assert "making" not in house.start("test")
    assert house.start("test") == ""


def test_a_wrong_word_is_refused(house: House) -> None:
    assert "usage" in house.start("everything", code=2)


def test_with_a_real_python(house: House) -> None:
    """Once for real, with locks that hold no packages, so that it takes a moment and no network."""
    for lock in ("run", "test"):
        (house.folder / f"requirements/{lock}.txt").write_text(f"# {lock}\n", encoding="utf-8")
    (house.tools / "python3").write_text(f'#!/bin/sh\nexec "{sys.base_prefix}/bin/python3" "$@"\n', encoding="utf-8")
    (house.tools / "python3").chmod(0o755)
    assert "ready" in house.start()
    assert house.start() == ""
    subprocess.run([house.venv / "bin/python", "-m", "pip", "--version"], check=True, capture_output=True)

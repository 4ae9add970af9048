"""The status message of a generation, from accepted to ready, failed or stopped. Pure: view → text and keys."""

from __future__ import annotations

from html import escape

from handlers.chat import buttons_asking as press
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.words import bar, clip, duration, seconds
from handlers.phrases import because_of, without_questions
from handlers.texts import isolated, plain, say
from services.views import GenerationView, StepView

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
OPEN = ("waiting", "running")
_TITLE_SHOWN = (100, 60, 40, 24, 12)  # lessons' titles are clipped until the whole fits
_RETRIES_SHOWN = 4
_FAULTS_SHOWN = 4


def generation(view: GenerationView, language: str, limit: int = TEXT_LIMIT) -> Screen:
    """The status message as it stands; `limit` is 1024 where it is the caption of a picture."""
    for shown in _TITLE_SHOWN:
        screen = _screen(view, language, shown)
        if len(screen.text) <= limit:
            break
    return screen


def _screen(view: GenerationView, language: str, shown: int) -> Screen:
    if view.state in OPEN:
        return _running(view, language, shown)
    if view.state == "ready":
        return _ready(view, language)
    if view.state == "stopped":
        return _stopped(view, language)
    if view.state == "failed":
        return _failed(view, language)
    return discarded(view, language)


def discarded(view: GenerationView, language: str) -> Screen:
    """The course is given up."""
    return Screen(say(language, "status.discarded", title=view.title), _new_request(language))


def rang(view: GenerationView, language: str) -> Screen:
    """The one short message that rings when the course is ready and the learner was away."""
    return Screen(say(language, "status.ready_while_away", title=view.title), _start(view, language))


def _running(view: GenerationView, language: str, shown: int) -> Screen:
    lines = [say(language, "status.title", title=view.title), _figures(view, language), *_steps(view, language, shown)]
    rows: list[Row] = []
    if view.first_section_id is not None:
        label = plain(language, "key.start_lesson", n=view.first_lesson + 1)
        rows.append((Key(label, press.StartReading(view.first_section_id)),))
    rows.append((Key(plain(language, "key.stop"), press.StopMaking(view.id)),))
    return Screen("\n".join(lines), tuple(rows))


def _figures(view: GenerationView, language: str) -> str:
    said = [f"{bar(view.progress)} {plain(language, 'words.percent', percent=view.progress)}"]
    if view.elapsed_seconds >= 5:
        said.append(say(language, "status.elapsed", time=seconds(language, view.elapsed_seconds)))
    if view.remaining_seconds is not None:
        said.append(say(language, "status.remaining", time=seconds(language, view.remaining_seconds)))
    return " · ".join(said)


def _steps(view: GenerationView, language: str, shown: int) -> list[str]:
    if not view.steps:
        return [say(language, "status.planning")]
    lines = [say(language, "status.planned" if view.planned else "status.outlined", n=len(view.steps))]
    waiting: list[str] = []
    for step in view.steps:
        if step.state == "waiting":
            waiting.append(_step(language, step, "◻", shown))
            continue
        lines += _joined(waiting)
        waiting = []
        lines.append(_step(language, step, {"ready": "✅", "writing": "⏳", "failed": "✖"}[step.state], shown))
    lines += _joined(waiting)
    if view.picture != "waiting":
        lines.append(say(language, f"status.picture.{view.picture}"))
    return lines


def _joined(steps: list[str]) -> list[str]:
    """Lessons that wait, side by side: they say nothing yet, so they take little room."""
    return ["   ".join(steps)] if steps else []


def _step(language: str, step: StepView, sign: str, shown: int) -> str:
    title = isolated(language, clip(step.title, shown))
    return f"{sign} {step.position + 1} {escape(title, quote=False)}"


def _ready(view: GenerationView, language: str) -> Screen:
    failed = [step for step in view.steps if step.state == "failed"]
    text = say(
        language,
        "status.ready",
        lessons=plain(language, "amount.lessons", n=len(view.steps)),
        sections=plain(language, "amount.sections", n=view.sections_total),
        time=duration(language, view.minutes),
        title=view.title,
    )
    rows = list(_start(view, language))
    if failed:
        text += "\n\n" + _failures(view, failed, language)
    if view.without_questions:
        text += "\n\n" + without_questions(view.without_questions, view.questions_failure, language)
        rows.append((Key(plain(language, "key.retry_questions"), press.RetryQuestions(view.id)),))
    for step in failed[:_RETRIES_SHOWN]:
        label = plain(language, "key.retry_lesson", n=step.position + 1)
        rows.append((Key(label, press.RetryLesson(view.id, step.lesson_id)),))
    return Screen(text, tuple(rows))


def _failures(view: GenerationView, failed: list[StepView], language: str) -> str:
    """Which lessons could not be written, and of which only sections are missing."""
    whole = [step for step in failed if not step.missing]
    said = [_failed_in_part(step, language) for step in failed if step.missing]
    if whole:
        numbers, because = ", ".join(str(step.position + 1) for step in whole), because_of(whole[0].failure, language)
        said.insert(0, say(language, "status.lessons_failed", n=len(whole), numbers=numbers, because=because))
    rest = "status.others_ready" if len(whole) < len(view.steps) else "status.none_ready"
    return " ".join([*said[:_FAULTS_SHOWN], say(language, rest if whole else "status.rest_ready")])


def _failed_in_part(step: StepView, language: str) -> str:
    numbers = ", ".join(str(place + 1) for place in step.missing)
    because, lesson = because_of(step.failure, language), step.position + 1
    key = "status.sections_failed"
    return say(language, key, n=len(step.missing), numbers=numbers, lesson=lesson, because=because)


def _start(view: GenerationView, language: str) -> tuple[Row, ...]:
    if view.first_section_id is None:
        return ()
    return ((Key(plain(language, "key.start"), press.StartReading(view.first_section_id)),),)


def _new_request(language: str) -> tuple[Row, ...]:
    return ((Key(plain(language, "key.new_request"), press.NewRequest()),),)


def _go_on(view: GenerationView, language: str, label: str) -> Key:
    return Key(plain(language, label), press.GoOn(view.id))


def _discard(view: GenerationView, language: str) -> Key:
    return Key(plain(language, "key.discard"), press.DiscardCourse(view.id))


def _stopped(view: GenerationView, language: str) -> Screen:
    go_on, discard = _go_on(view, language, "key.go_on"), _discard(view, language)
    if view.can_keep:
        keep = Key(plain(language, "key.keep"), press.KeepCourse(view.id))
        text = say(language, "status.stopped.keep", n=view.lessons_written, title=view.title)
        return Screen(text, ((keep, go_on, discard),))
    key = "status.stopped" if view.lessons_written else "status.stopped.early"
    return Screen(say(language, key, n=view.lessons_written, title=view.title), ((go_on, discard),))


def _failed(view: GenerationView, language: str) -> Screen:
    text = say(language, "status.failed", title=view.title, because=because_of(view.failure, language))
    if view.failure in ("declined", "refused", "too_thin"):
        rows: tuple[Row, ...] = (*_new_request(language), (_discard(view, language),))
        return Screen(f"{text} {say(language, 'status.failed.rephrase')}", rows)
    again = _go_on(view, language, "key.try_again")
    return Screen(f"{text} {say(language, 'status.failed.again')}", ((again, _discard(view, language)),))

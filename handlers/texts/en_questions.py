"""English: questions, answers, and disputes about them."""

from __future__ import annotations

from handlers.texts import Text

QUESTIONS: dict[str, Text] = {
    "question.head": "<i>{title} · question {n} of {of}</i>",
    "question.head.voided": "<i>{title} · a question that does not count</i>",
    "question.prompt": "<b>{prompt}</b>",
    "question.option": "{letter} {text}",
    "question.option.gone": "<s>{letter} {text}</s>",
    "question.try_again": "Not that. {hint}",
    "question.try_again.plain": "Not that. One more try.",
    "question.right": "✅ {letter} {text}",
    "question.wrong": "✖ {letter} {text}",
    "question.why": "{explanation}",
    "question.voided": "This question was looked at again and taken out: it counts for nobody.",
    "question.score": "That was the last question of the course: {score} % right at the first try.",
    "question.skip": "Skip",
    "question.flag": "🚩",
    "question.next": "▶ Next question",
    "question.on": "▶ Next: {title}",
    "question.back": "⬅ Back to the section",
    "question.all": "☰ All lessons",
    "question.key": {"one": "❓ {n} question", "other": "❓ {n} questions"},
    "question.key.done": "❓ Questions",
    "question.toast.right": "Right.",
    "question.toast.again": "Not that. One more try.",
    "question.toast.wrong": "Not that.",
    "question.toast.skipped": "Skipped.",
    "question.typed": "I take answers by the buttons above, so that nothing counts by accident. The question stays "
    "open; Skip leaves it.",
    "question.none": "There are no questions here.",
    "questions.head": "<b>The questions of {title}</b>",
    "questions.line.right": "{n} ✅ {prompt}",
    "questions.line.wrong": "{n} ✖ {prompt}",
    "questions.line.skipped": "{n} – {prompt}",
    "questions.line.open": "{n} ◻ {prompt}",
    "questions.count": "{right} of {total} right at the first try.",
    # 🚩, for who raises it
    "flag.noted": "Noted. I will have it solved again without its answer, and tell you what came of it.",
    "flag.noted.owner": "Noted. Whoever made the course decides, and I will tell you.",
    "flag.noted.own": "Noted. This is your own course, so the decision is yours; it is in the message below.",
    "flag.before": "You have flagged this one already. I will tell you what comes of it.",
    "flag.upheld": "You were right to ask. This question was taken out of <b>{course}</b>: it counts for nobody any "
    "more, and your score is counted without it:\n<i>{prompt}</i>",
    "flag.rejected": "I had your question from <b>{course}</b> solved again without its answer, and the answer "
    "stands:\n<i>{prompt}</i>",
    "flag.rejected.owner": "Whoever made <b>{course}</b> has looked at your question, and the answer stands:\n"
    "<i>{prompt}</i>",
    "flag.unsolved": "Your question from <b>{course}</b> was solved again, without a clear result. Whoever made the "
    "course decides now, and I will tell you:\n<i>{prompt}</i>",
    "flag.answered": "A question that you answered in <b>{course}</b> was wrong and is taken out. Your score is "
    "counted without it:\n<i>{prompt}</i>",
    "flag.look": "▶ Look at it",
    # 🚩, for who owns the course
    "dispute.head": {
        "one": "<b>Somebody thinks that this question is wrong.</b>",
        "other": "<b>{n} people think that this question is wrong.</b>",
    },
    "dispute.head.own": "<b>You flagged a question of your own course.</b>",
    "dispute.where": "{course} · {section}",
    "dispute.right": "{letter} counts as right: {explanation}",
    "dispute.secret": "You have not answered it yourself yet, so I do not say which one counts as right.",
    "dispute.wrong": "Void it",
    "dispute.stands": "It is right",
    "dispute.upheld": "It is taken out, for everybody, and scores are counted without it.",
    "dispute.upheld.solved": "I had it solved twice without its answer, and both times another option came out. So it "
    "is taken out, for everybody, and scores are counted without it.",
    "dispute.rejected": "It stays as it is.",
    "dispute.rejected.solved": "I had it solved twice without its answer, and the answer stands. The last word is "
    "yours.",
    "dispute.toast.upheld": "Taken out.",
    "dispute.toast.rejected": "It stays.",
    "error.not_found.question": "That question is not among yours, or is not there any more. Yours: /courses",
    "error.not_found.dispute": "That is not yours to decide, or is not there any more.",
    "error.conflict.voided": "This question was taken out already; it counts for nobody.",
    "error.conflict.answered": "That is answered already.",
    "limit.disputes": "You have flagged {n} questions within a day, which is the limit. The next flag can be raised at "
    "{time}.",
    # Questions that could not be made
    "key.retry_questions": "↻ Make the missing questions",
    "status.without_questions": {
        "one": "The questions of {n} section could not be made: {because}.",
        "other": "The questions of {n} sections could not be made: {because}.",
    },
    "error.conflict.nothing_missing": "No questions are missing, so there is nothing to try again.",
}

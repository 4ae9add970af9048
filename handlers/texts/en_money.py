"""English: what courses cost, the limits on it, and what was spent, for admins."""

from __future__ import annotations

from handlers.texts import Text

_SET = "The people who run me have set a limit on what "

MONEY: dict[str, Text] = {
    "words.about": "about {amount}",
    "words.under": "under {amount}",
    # On the card of a course that is proposed
    "card.cost": "It will cost {amount}.",
    "card.cost.left": "It will cost {amount}; today’s allowance has {left} left.",
    "card.cap_course": _SET + "one course may cost, and this one would not fit. One of {time} would.",
    "card.cap_course.none": _SET + "one course may cost, and this one would not fit. {operator} can change that.",
    "card.cap_learner": _SET + "one person’s courses may cost in a day, and this one would not fit into what is left. "
    "From {until} on it can be made.",
    "card.cap_bot": _SET + "I may spend in a day, and this course would not fit into what is left. From {until} on it "
    "can be made.",
    "card.cap.shorter": "One of {time} fits today.",
    "key.shorter": "✂ {time} instead",
    "limit.cap_learner": _SET + "one person’s courses may cost in a day, and this one would not fit into what is left. "
    "It can be made from {time} on.",
    "limit.cap_bot": _SET + "I may spend in a day, and this course would not fit into what is left. It can be made "
    "from {time} on.",
    "fault.minutes.too_dear": "A course of {found} minutes would cost more than one may here; {allowed} minutes fit.",
    # Reached while something was being made
    "author.cap_course": _SET + "one course may cost, and it is reached. {operator} can change that.",
    "author.cap_learner": _SET + "one person’s courses may cost in a day, and it is reached. Tomorrow it goes on, or "
    "earlier if {operator} changes that.",
    "author.cap_bot": _SET + "I may spend in a day, and it is reached. Tomorrow it goes on, or earlier if {operator} "
    "changes that.",
    "author.price_unknown": "I may not spend without knowing what a model costs, and do not know it of ours. "
    "{operator} can change that.",
    "because.cap_course": "the people who run me have set a limit on what one course may cost, and it is reached; they "
    "can change that",
    "because.cap_learner": "the people who run me have set a limit on what one person’s courses may cost in a day, and "
    "it is reached; tomorrow it goes on",
    "because.cap_bot": "the people who run me have set a limit on what I may spend in a day, and it is reached; "
    "tomorrow it goes on",
    "because.price_unknown": "it is not known what the model costs",
    # /cost
    "cost.head": "<b>Spending on models</b>\nUS dollars; days begin at midnight UTC",
    "cost.today": "<b>Today</b> {amount}",
    "cost.today.cap": "<b>Today</b> {amount} of {cap}",
    "cost.days": "<b>{n} days</b> {amount}",
    "cost.calls": {"one": "{n} call", "other": "{n} calls"},
    "cost.cached": "{percent} of the input from the cache",
    "cost.by_model": "<b>By model</b>, {n} days",
    "cost.by_step": "<b>By step</b>, {n} days",
    "cost.row": "{name} {amount}",
    "cost.open": {
        "one": "{n} call is not settled; it can come to {amount}.",
        "other": "{n} calls are not settled; they can come to {amount}.",
    },
    "cost.estimates": {
        "one": "{n} course was expected to cost {expected} and came to {amount}: {percent} off.",
        "other": "{n} courses were expected to cost {expected} and came to {amount}: {percent} off on average.",
    },
    "cost.dearest": "<b>The dearest courses</b>, {n} days",
    "cost.course": "course {id}: {amount}",
    "cost.course.expected": "course {id}: {amount}, expected {expected}",
    "cost.course.gone": "a deleted course: {amount}",
    "cost.caps": "<b>Caps</b> {caps}",
    "cost.caps.none": "There are no caps; CAP_COURSE_USD, CAP_LEARNER_DAY_USD and CAP_DAY_USD set them.",
    "cost.cap.course": "{amount} a course",
    "cost.cap.learner": "{amount} a person and day",
    "cost.cap.bot": "{amount} a day in all",
}

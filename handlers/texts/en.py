"""English: meeting, asking for a course, watching it being made."""

from __future__ import annotations

from handlers.texts import Text

ASKING: dict[str, Text] = {
    # Small pieces
    "words.minutes": "{minutes} min",
    "words.hours": "{hours} h",
    "words.hours_minutes": "{hours} h {minutes} min",
    "words.seconds": "{seconds} s",
    "words.percent": "{percent} %",
    "words.quarter_hour": "a quarter of an hour",
    "words.operator": "the person who runs this bot",
    "words.picture": {"one": "{n} lesson · {time}", "other": "{n} lessons · {time}"},
    "words.you": "there",
    # Keys
    "key.what_to_ask": "What can I ask for?",
    "key.example": "Show me an example",
    "key.new_request": "Ask for a course",
    "key.continue": "▶ Continue: {title}",
    "key.back": "⬅ Back",
    "key.cancel": "✖ Cancel",
    "key.level.beginner": "Nothing yet",
    "key.level.intermediate": "Some",
    "key.level.advanced": "A lot",
    "key.other": "Other",
    "key.approve": "✅ Make this course",
    "key.change": "✏️ Change something",
    "key.change_title": "✏️ Title",
    "key.field.title": "Title",
    "key.field.description": "Description",
    "key.field.objectives": "What I will be able to do",
    "key.field.level": "Level",
    "key.field.time": "Time",
    "key.use_this": "Use this",
    "key.write_another": "I'll write another",
    "key.try_again": "↻ Try again",
    "key.you_choose": "You choose",
    "key.remind": "Remind me then",
    "key.start_lesson": "▶ Start lesson {n} now",
    "key.stop": "✖ Stop",
    "key.start": "▶ Start",
    "key.retry_lesson": "↻ Try lesson {n} again",
    "key.keep": "Keep",
    "key.go_on": "Go on",
    "key.discard": "Discard",
    "key.open_chat": "Open the chat",
    # Meeting
    "welcome.hello": (
        "<b>Hello {name}.</b> I make short courses and teach them here, a few minutes at a time.\n\n"
        "Tell me what you would like to learn, or send me a document to learn from."
    ),
    "welcome.again": (
        "<b>Hello {name}.</b> Your course is where you left it.\n\n"
        "For another one, tell me what you would like to learn, or send me a document."
    ),
    "what.online": (
        "Anything that can be learned by reading and thinking. Say it as it comes to mind:\n\n"
        "– <i>teach me how sourdough works</i>\n"
        "– <i>C++ and C#: what to use when</i>\n"
        "– <i>enough statistics to read a medical study</i>\n\n"
        "Or send a document, up to 20 MB of PDF, Word, Markdown or text; the course then keeps to it and quotes it."
    ),
    "what.offline": (
        "I work from a text here, and invent nothing. Send me one to learn from: PDF, Word, Markdown or plain text, "
        "up to 20 MB. Headings in it become lessons.\n\nOr begin with one that I brought along:"
    ),
    "examples": "Three texts came with me. Choose one, and I make a course of it while you watch.",
    "help": (
        "<b>What I can do</b>\n"
        "/learn – ask for a course, such as <i>/learn how tides work</i>\n"
        "/continue – on with the course you are in\n"
        "/courses – your courses\n"
        "/progress – how far you are\n"
        "/quality – what I found in a course of yours\n"
        "/settings – language and time zone\n"
        "/login – a code to sign in on the web\n"
        "/cancel – drop what we are in the middle of\n\n"
        "A document sent to me becomes a course as well: PDF, Word, Markdown or text."
    ),
    "help.support": "Something is wrong? {support}",
    "command.learn": "Ask for a course",
    "command.continue": "Go on reading",
    "command.courses": "Your courses",
    "command.progress": "How far you are",
    "command.quality": "How good your course is",
    "command.settings": "Language and time zone",
    "command.login": "A code to sign in on the web",
    "command.help": "What I can do",
    "command.cancel": "Drop what we are in the middle of",
    "small_talk": "Good to hear from you. What would you like to learn? A few words will do.",
    "unreadable": "I can read PDF, Word, Markdown and text. Send me one, or tell me what you would like to learn.",
    "unreadable.dialogue": "I can read PDF, Word, Markdown and text. For now:",
    "unknown_command": "I do not know that command. /help lists those that I do.",
    "cancelled": "Cancelled. Nothing was made, nothing is lost.",
    "cancel.nothing": "There is nothing to cancel.",
    "not_admitted": (
        "I teach a closed circle here, and you are not in it yet. Ask {operator} for an invitation; "
        "its link lets you in."
    ),
    "not_admitted.toast": "I teach a closed circle here. An invitation from {operator} lets you in.",
    "blocked": "{operator} has paused your learning here. What is yours is kept; they can tell you more.",
    "login.code": {
        "one": "Your code to sign in: <code>{code}</code>\n\nIt works once, for a minute. Show it to nobody.",
        "other": "Your code to sign in: <code>{code}</code>\n\nIt works once, for {n} minutes. Show it to nobody.",
    },
    "group": "I teach in private, where your progress is yours.",
    "stale": "That screen is from before. Here is where you are:",
    "stale.request": "That request is under way already, or was dropped.",
    # Asking for a course
    "request.about": "<b>{topic}</b>",
    "request.topic": "What would you like to learn? A few words will do; a document works as well.",
    "request.needs_source": (
        "I work from a text here, and invent nothing. Send me a document – PDF, Word, Markdown or text – "
        "or take one that I brought along:"
    ),
    "request.needs_source.topic": (
        "<b>{topic}</b>\nI need a text for that, because I invent nothing: send me a document (PDF, Word, Markdown or "
        "text). With a key for Claude, a few words would be enough.\n\n"
        "Or take one that I brought along:"
    ),
    "request.level": "How much do you know already?",
    "request.time": "How much time do you have for it?",
    "request.time_other": "How much time do you have? Write it as you would say it: 90, 1.5 h, 2 hours.",
    "request.proposing": "Thinking about it…",
    "request.proposing.wait": "One moment, I am still at it.",
    "request.clarify": "{question}",
    "request.level.again": "One of these three tells me where to begin.",
    "request.time.again": "I did not find a time in that.",
    "request.time.range": "A course takes between {low} and {high}; {found} is outside.",
    "request.faults": "{faults}",
    "request.tap": "One of the buttons decides.",
    "request.topic.document": "I took <b>{title}</b> as what the course rests on.",
    "card.full": "<b>{title}</b>\n<i>{description}</i>\n{level} · about {time}",
    "card.enough": "The text is enough for about {time}, so there are fewer lessons: I make nothing up.",
    "card.able": "You will be able to",
    "card.goal": "{n} {goal}",
    "card.offline": (
        "<b>{title}</b>\n{lessons} · {sections} · about {time}\n\n"
        "Made without AI from <i>{source}</i>: its own words, in lessons, each with its place in the text."
    ),
    "card.making": {"one": "Making it takes about a minute.", "other": "Making it takes about {n} minutes."},
    "card.making.moment": "Making it takes a moment.",
    "card.faults": "Before I can make it:",
    "edit.what": "<b>{title}</b>\nWhat shall I change?",
    "edit.title": "What shall it be called? Now it is\n<code>{now}</code>",
    "edit.description": "What is it about, in a sentence or two? Now it says\n<code>{now}</code>",
    "edit.objectives": (
        "What do you want to be able to do? Send the list, one on each line, three to ten of them. Now it is\n"
        "<code>{now}</code>"
    ),
    "edit.how_about": "How about\n<b>{suggestion}</b>",
    "edit.title.too_short": "“{typed}” is a little short for a title.",
    "edit.title.too_long": "That is a little long for a title.",
    "edit.description.too_short": "That is a little short for a description.",
    "edit.description.too_long": "That is a little long for a description.",
    "edit.objectives.unfit": "Not all of these would do.",
    "suggest.title": "{title}: a short course",
    "suggest.title.beginner": "{title} for beginners",
    "suggest.title.intermediate": "{title}: beyond the basics",
    "suggest.title.advanced": "{title} in depth",
    "suggest.description": "You will be able to {goal}.",
    "approved": "On it.",
    # Limits
    "limit": "That was a lot at once. It can go on at {time}.",
    "limit.progress": "That was a lot in {window}. Nothing is lost: tap ✅ again at {time}.",
    "limit.generations": {
        "one": "You have made a course in {window}, which is the limit. The next one can start at {time}.",
        "other": "You have made {n} courses in {window}, which is the limit. The next one can start at {time}.",
    },
    "limit.kept": "I kept your request.",
    "limit.will_remind": "I will bring your request back at {time}.",
    "limit.over": "The next course can be made now. Here is your request:",
    # Being made
    "status.title": "<b>{title}</b>",
    "status.elapsed": "{time} so far",
    "status.remaining": "about {time} left",
    "status.planning": "⏳ Plan",
    "status.outlined": {"one": "⏳ Plan · {n} lesson", "other": "⏳ Plan · {n} lessons"},
    "status.planned": {"one": "✅ Plan · {n} lesson", "other": "✅ Plan · {n} lessons"},
    "status.picture.drawing": "⏳ Picture",
    "status.picture.ready": "✅ Picture",
    "status.ready": "<b>Your course is ready</b> · {lessons} · {sections} · {time}\n{title}",
    "status.ready_while_away": "Your course <b>{title}</b> is ready.",
    "status.lessons_failed": {
        "one": "Lesson {numbers} could not be written: {because}.",
        "other": "Lessons {numbers} could not be written: {because}.",
    },
    "status.sections_failed": {
        "one": "Section {numbers} of lesson {lesson} could not be written: {because}.",
        "other": "Sections {numbers} of lesson {lesson} could not be written: {because}.",
    },
    "status.others_ready": "The others are ready.",
    "status.rest_ready": "The rest is ready.",
    "status.none_ready": "There is nothing to read yet.",
    "status.stopped.keep": {
        "one": "<b>{title}</b>\nStopped. One lesson is written; keep it as a short course?",
        "other": "<b>{title}</b>\nStopped. {n} lessons are written; keep them as a short course?",
    },
    "status.stopped": {
        "one": "<b>{title}</b>\nStopped after one lesson.",
        "other": "<b>{title}</b>\nStopped after {n} lessons.",
    },
    "status.stopped.early": "<b>{title}</b>\nStopped before the first lesson was written.",
    "status.failed": "<b>{title}</b>\nThis course could not be made: {because}.",
    "status.failed.again": "What is written is kept.",
    "status.failed.rephrase": "Another way of asking may work.",
    "status.discarded": "<b>{title}</b>\nDiscarded.",
    "status.stopping": "Stopping.",
    "status.going_on": "Going on.",
    "status.kept": "Kept.",
    "status.discarding": "Discarded.",
    "because": "it did not work out",
    "because.overloaded": "the model was overloaded each time",
    "because.rate_limited": "the model was asked for too much at the time",
    "because.timed_out": "the model did not answer in time",
    "because.dropped": "the connection to the model kept breaking",
    "because.unreachable": "the model could not be reached",
    "because.resting": "the model failed several times in a row and is left alone for a little",
    "because.service_error": "the model's service had a fault each time",
    "because.invalid_answer": "the model's answers could not be used",
    "because.truncated": "the model's answers broke off",
    "because.declined": "the model declined the subject",
    "because.refused": "the model declined the subject",
    "because.spent": "the money set aside for the model is used up",
    "because.key_refused": "the model's service does not accept our key",
    "because.model_unknown": "the model's service does not know our model",
    "because.request_refused": "the model's service would not take the question",
    "because.no_author": "no model can be reached",
    "because.needs_source": "it needs a text to work from",
    "because.too_thin": "the text is too short for a course",
}

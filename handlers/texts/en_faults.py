"""English: what is in the way, and what can be done about it."""

from __future__ import annotations

from handlers.texts import Text

FAULTS: dict[str, Text] = {
    "error": "That did not work.",
    "error.not_found": "That is not here any more. Yours: /courses",
    "error.not_found.course": "That is not among your courses. Yours: /courses",
    "error.not_found.lesson": "That is not among your courses. Yours: /courses",
    "error.not_found.section": "That is not among your courses. Yours: /courses",
    "error.not_found.generation": "That course is not there any more. Yours: /courses",
    "error.not_found.document": "I do not have that document any more. Send it again, please.",
    "error.not_found.sample": "I do not have that text any more. /learn shows those that I have.",
    "error.forbidden": "That is not yours to change.",
    "error.forbidden.not_owner": "That course belongs to somebody else; you can read it, not change it.",
    "error.forbidden.not_admitted": "I teach a closed circle here. An invitation from {operator} lets you in.",
    "error.forbidden.not_admin": "That is for admins.",
    "error.conflict": "That has moved on already.",
    "error.conflict.too_late": "Completed at {time}. It can be taken back for a minute; that has passed.",
    "error.conflict.too_little": "There is too little to keep: three lessons of two sections make a course.",
    "fault_of_ours": "That did not work, and it is not your doing. Nothing is lost; I am trying again.",
    "alert.aside": "<b>Set aside</b> · {what} failed three times ({error}). Everything else goes on. /status",
    "held_up": "I cannot write anything down at the moment, and it is not your doing. Nothing is lost; I answer as "
    "soon as I can.",
    "gave_up": "I had to give up on it. The people who run me have been told.",
    "gave_up.operator": "I had to give up on it; {operator} has been told.",
    "document": "I cannot make anything of this file. PDF, Word, Markdown and plain text are what I read.",
    "document.empty": "This file is empty. One with text in it will do.",
    "document.too_large": "This file is larger than the {detail} MB that I can take. A part of it may be enough.",
    "document.swells": "This file unpacks to far more than its size, so I left it closed. Saved anew, or as a PDF, "
    "it may do.",
    "document.encrypted": "This file is locked with a password. A version without one will do.",
    "document.no_text": "This PDF is pictures of pages; I cannot read it yet. A version with selectable text will do.",
    "document.wrong_kind": "This file is not what its name says, or of a kind that I cannot read. PDF, Word (.docx), "
    "Markdown and plain text are what I read.",
    "document.not_a_document": "I can read PDF, Word (.docx), Markdown and plain text; this is something else.",
    "document.too_thin": "This text is too short for a course: it takes enough for three lessons of two sections, "
    "about a thousand words.",
    "document.broken": "This file is damaged; I could not open it. Saving it anew may help.",
    "document.too_long": "This text is too long for one course. A chapter of it will do.",
    "author": "The model did not deliver, and nothing is lost.",
    "author.author_refused": "The model declined this subject. Another way of asking may work.",
    "author.declined": "The model declined this subject. Another way of asking may work.",
    "author.unsafe": "This is something that I do not teach, as it could do harm. What lies behind it may make a "
    "course: how it works, its history, or how people protect themselves from it.",
    "author.unsafe_self_harm": "I cannot make a course of this. If you are thinking of hurting yourself, please talk "
    "to someone now: somebody you trust, or a helpline near you (findahelpline.com lists them). A course on hard "
    "days and where help is found, I would gladly make.",
    "author.overloaded": "The model was overloaded each time that I asked. It may have room in a minute.",
    "author.rate_limited": "The model is asked for too much at the moment. It may have room in a minute.",
    "author.timed_out": "The model did not answer in time, each time that I asked. It may in a minute.",
    "author.dropped": "The connection to the model broke each time that I asked. It may hold in a minute.",
    "author.unreachable": "The model cannot be reached at the moment. It may be in a minute.",
    "author.resting": "The model failed several times in a row, so I leave it alone for a little. It may be back in "
    "a few minutes.",
    "author.service_error": "The model's service has a fault. It may be over in a minute.",
    "author.invalid_answer": "The model's answers could not be used. Asking once more often helps.",
    "author.truncated": "The model's answer broke off. Asking once more often helps.",
    "author.spent": "The money set aside for the model is used up. {operator} can change that.",
    "author.key_refused": "The model's service does not accept our key. {operator} can change that.",
    "author.model_unknown": "The model's service does not know our model. {operator} can change that.",
    "author.request_refused": "The model's service would not take the question. Another way of asking may work.",
    "author.no_author": "No model can be reached. {operator} can change that.",
    "author.needs_source": "I need a text to work from: send me a document, or take one of mine with /learn.",
    # Fields and their faults
    "field": "This",
    "field.topic": "The topic",
    "field.title": "The title",
    "field.description": "The description",
    "field.objectives": "The list of objectives",
    "field.objectives.one": "Objective {n}",
    "field.objective": "The objective",
    "field.level": "The level",
    "field.minutes": "The time",
    "field.note": "The note",
    "field.time_zone": "The time zone",
    "field.language": "The language",
    "field.uses": "The number of people",
    "fault": "{field} will not do: {found}. Allowed: {allowed}",
    "fault.too_short": "{field} has {found} characters; {allowed} are allowed.",
    "fault.too_long": "{field} has {found} characters; {allowed} are allowed.",
    "fault.topic.too_long": "That is {found} characters; a topic has up to 300. What is it about, in one sentence? "
    "A longer text can be sent as a file.",
    "fault.topic.too_short": "That is a little short for a topic. What is it about, in a few words?",
    "fault.topic.no_letters": "I see {found}, but no word. What is it about, in a few words?",
    "fault.too_few": "{field} has {found} entries; {allowed} are allowed.",
    "fault.too_many": "{field} has {found} entries; {allowed} are allowed.",
    "fault.out_of_range": "{field} is {found}; {allowed} is allowed.",
    "fault.unknown": "{field} is “{found}”; one of these is allowed: {allowed}.",
    "fault.html_tag": "{field} contains {found}, which reads as an HTML tag. Every other sign is fine.",
    "fault.control_character": "{field} contains an invisible control character ({found}). Typed anew, it will do.",
    "fault.direction_override": "{field} contains a hidden sign that turns the writing round ({found}). "
    "Typed anew, it will do.",
    "fault.nothing_visible": "{field} has nothing in it that can be seen.",
}

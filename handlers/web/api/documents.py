"""Documents over REST: what a course is to be made from, sent by the learner or taken from the bundled texts."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import Field

from handlers.web import answers, upload
from handlers.web.operations import Call, Id, In, Operation, Out
from services.samples import SAMPLES
from services.sources import DocumentService


class UploadQuery(In):
    """What the file is called, where the request does not say it itself."""

    name: Annotated[str, Field(max_length=200)] = ""


class DocumentPath(In):
    """Which document."""

    document_id: Id


class SamplePath(In):
    """Which of the bundled texts."""

    key: Annotated[str, Field(pattern="^[a-z]{1,40}$")]


class DocumentOut(Out):
    """A document after it was read; its `id` is what a course is asked for with."""

    id: int
    name: str
    title: str
    language: str
    words: int


class SampleOut(Out):
    """A bundled text."""

    key: str
    title: str
    emoji: str
    description: str


class SamplesOut(Out):
    """The bundled texts."""

    items: tuple[SampleOut, ...]


async def send(call: Call) -> web.Response:
    """Send a PDF, DOCX, Markdown or text file of at most 10 MB, as the body or as the part `file` of a form."""
    name, data = await upload.received(call.request, call.query.name)
    view = await _documents(call).add(call.me.id, name, data, language_hint=call.me.language)
    return answers.made(DocumentOut.model_validate(view), f"/documents/{view.id}")


async def read(call: Call) -> DocumentOut:
    """What is known of one's document."""
    return DocumentOut.model_validate(await _documents(call).view(call.me.id, call.path.document_id))


async def samples(call: Call) -> SamplesOut:
    """The texts that come with the program."""
    return SamplesOut(items=tuple(map(SampleOut.model_validate, SAMPLES)))


async def take_sample(call: Call) -> web.Response:
    """Take a bundled text as one's document."""
    view = await _documents(call).add_sample(call.me.id, call.path.key)
    return answers.made(DocumentOut.model_validate(view), f"/documents/{view.id}")


def _documents(call: Call) -> DocumentService:
    found: DocumentService = call.services.documents
    return found


_WHERE = {"Location": "Where the document is"}

OPERATIONS = [
    Operation(
        method="POST",
        path="/documents",
        summary="Send a document",
        handler=send,
        query_in=UploadQuery,
        takes=(upload.FORM, *upload.KINDS),
        answers=DocumentOut,
        status=201,
        errors=(413, 415),
        tag="documents",
        headers=_WHERE,
    ),
    Operation(
        method="GET", path="/documents/samples", summary="The bundled texts", handler=samples, answers=SamplesOut
    ),
    Operation(
        method="POST",
        path="/documents/samples/{key}",
        summary="Take a bundled text",
        handler=take_sample,
        path_in=SamplePath,
        answers=DocumentOut,
        status=201,
        headers=_WHERE,
    ),
    Operation(
        method="GET",
        path="/documents/{document_id}",
        summary="One's document",
        handler=read,
        path_in=DocumentPath,
        answers=DocumentOut,
    ),
]

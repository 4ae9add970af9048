"""Every operation of the API, in the order in which its description shows them."""

from __future__ import annotations

from handlers.web.api import (
    admin,
    analytics,
    auth,
    courses,
    documents,
    generations,
    lessons,
    mail,
    progress,
    quality,
    questions,
    spending,
    users,
)
from handlers.web.operations import Operation


def operations() -> list[Operation]:
    """All of them. A module of `handlers.web.api` says in `OPERATIONS` what it adds."""
    return [
        *auth.OPERATIONS,
        *users.OPERATIONS,
        *courses.OPERATIONS,
        *quality.OPERATIONS,
        *generations.OPERATIONS,
        *lessons.OPERATIONS,
        *documents.OPERATIONS,
        *progress.OPERATIONS,
        *questions.OPERATIONS,
        *analytics.OPERATIONS,
        *admin.OPERATIONS,
        *spending.OPERATIONS,
        *mail.OPERATIONS,
    ]

"""What a proposed course would cost, put beside its card: said before the course is approved."""

from __future__ import annotations

from handlers.chat.context import Desk
from handlers.chat.errors import operator
from handlers.chat.request_steps import Data
from services.money.estimate import Size
from services.views import LearnerView


async def with_cost(desk: Desk, learner: LearnerView, step: str, data: Data) -> Data:
    """The data of a request that comes to its card, with ``cost`` where there is something to say of it: the amount for
    those who see money, and the cap that is in the way for everybody. Other steps' data are as they were."""
    if step != "card":
        return data
    card = data["card"]
    quote = await desk.quotes.quote(learner.id, Size(card["minutes"], card.get("source_characters", 0)))
    if quote is None:
        return data
    cost: Data = {}
    if desk.quotes.shown_to(learner):
        cost |= {"amount": quote.amount, "left": quote.left}
    if quote.over is not None:
        named = operator(learner.language, desk)
        until = quote.until.isoformat()
        cost |= {"over": quote.over, "fitting": quote.fitting, "until": until, "operator": named}
    return {**data, "cost": cost} if cost else data

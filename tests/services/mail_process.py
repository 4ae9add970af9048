"""A process that sends what is in the outbox of a SQLite file until it is killed: `python -m … <url> <port>`."""

from __future__ import annotations

import asyncio
import sys

from storage.database import Database
from tests.kit.mail_server import MailServer
from tests.services.mail_kit import post


async def _main(url: str, port: int) -> None:
    database = await Database.open(url)
    async with post(database, MailServer(port=port)):
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], int(sys.argv[2])))

"""Learners in any number, a Telegram with its limits, real workers that are killed, and a ledger of it all."""

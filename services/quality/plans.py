"""What a plan is checked for while it arrives: the outline, each contract, and the whole."""

from __future__ import annotations

from services.authors.protocol import Contract, CoursePlan, Order, Outline
from services.quality.finding import Finding


def outline_findings(outline: Outline, order: Order) -> tuple[Finding, ...]:
    """What is wrong with an outline: how many lessons, empty or equal titles, leftovers. Paths: ``titles.<n>``."""
    return ()


def contract_findings(contract: Contract, outline: Outline, order: Order) -> tuple[Finding, ...]:
    """What is wrong with the contract of one lesson: its place and sections, empty fields, objectives and passages that
    are not there, minutes. Paths: ``lessons.<position>.sections.<n>.focus``…"""
    return ()


def plan_findings(plan: CoursePlan, order: Order) -> tuple[Finding, ...]:
    """What is wrong with a whole plan: every lesson has its contract, each objective of the order is served by a section,
    lessons do not fall back in Bloom's levels, minutes come near what was asked."""
    return ()

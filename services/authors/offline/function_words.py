"""English words that are no terms, and those between which nouns stand."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words(
    """
    a about above across after again against ago all almost alone along already also although always am among an
    and another any anybody anyone anything anywhere are around as at away back be because become becomes been
    before began begin begins behind being below beside besides best better between beyond both but by came can
    cannot case come comes could day did different do does doing done down during each either else end enough
    especially etc even ever every everybody everyone everything example examples far few fewer find finds first
    five following for found four from full further gave get gets give given gives go goes gone good got great
    had half has have having he help helps hence her here him his hour hours how however i if in inside instead
    into is it its itself just keep keeps kept kind knew know known knows large last late later least left less
    let like likely little long longer look looks lot made mainly make makes making many may maybe me mean means
    meant might mine minute minutes moment more most mostly much must my near nearly need needs neither never
    new next no nobody none nor not note nothing now nowhere number of off often old on once one ones only onto
    or order other others our out over own part parts per perhaps place please point possible put puts question
    quite rather reach real really reason rest right said same saw say says second see seem seems seen set
    several shall she should show shows side simply since small so some somebody someone something sometimes
    soon sort still such sure take taken takes tell tells than that the their them then there therefore these
    they thing things think this those though three through thus time times to today together told too took
    toward towards tried try turn two under unless until up upon us use used useful uses using usual usually
    very via want wants was way ways we week well went were what whatever when whenever where whether which
    while who whole whom whose why will with within without word words work works would year years yes yet you
    your yours yourself
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december five six seven eight nine ten dozen hundred thousand million
    bigger closer colder cooler darker deeper earlier easier faster farther greater harder heavier higher larger lighter
    lower newer nearer older quicker shorter simpler slower smaller stronger thicker thinner warmer weaker wider younger
    """
)

ARTICLES = _words("a an every her his its my our the their your")

DETERMINERS = ARTICLES | _words("between each either for from in into no of on per some this under with without")

FOLLOWERS = _words(
    """
    a also although an and are as at because become becomes before but by can cannot could did do does during
    for from had has have if in into is it like made makes may means might must not of on only or over should so
    than that the then they this through to too under until was were what when where which while who will with
    without would you
    """
)

# What a definition in any language is not about.
NO_SUBJECT = _words(
    """
    aim answer advantage benefit best cause challenge danger difference effect example exception fact first
    following goal here idea it key last main matter meaning most next one only other point problem purpose
    question reason result rule second secret sign simplest solution step that there these they third this those
    thing trick trouble truth way what which who why word you your we he she everything something nothing all
    both each such another
    """
)

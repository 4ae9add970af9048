"""English as it is understood when it is typed: regular expressions, matched without regard to case."""

from __future__ import annotations

from handlers.texts import Text

HEARD: dict[str, Text] = {
    "heard.asking": (
        r"^(?:(?:hi|hello|hey)[,!. ]+)?(?:please[, ]+)?(?:(?:can|could|would|will) you (?:please )?)?"
        r"(?:teach me|explain(?: to me)?|make (?:me )?(?:a|one) (?:short )?course|create (?:me )?a course|"
        r"(?:i'?d|i would) like (?:to (?:learn|know|understand)|a course)|"
        r"i (?:want|need) (?:to (?:learn|know|understand)|a course)|a course|course|"
        r"help me (?:learn|understand)|learn|tell me)"
        r"(?: (?:(?:something|anything|everything|a bit|a little|more) )?(?:about|on|in|of))?(?=\W|$)\s*[:,]?\s*"
    ),
    "heard.courtesy": r"(?:, *(?:please|thanks|thank you)|(?<! say) (?:please|pls))[.! ]*$",
    "heard.small_talk": (
        r"hi|hello|hey|hallo|good (?:morning|evening|day|afternoon)|thanks?|thank you(?: very much| so much)?|thx|"
        r"cheers|ok|okay|yes|no|cool|nice|great|bye|goodbye|test|help|what|why|huh|how are you|who are you|"
        r"what can (?:i ask for|you do)"
    ),
    "heard.onward": (
        r"(?:let['’]?s )?(?:continue|go on|carry on|keep going|resume|start|begin)|"
        r"next(?: one| page| section| lesson)?|what(?:['’]?s| is) next|(?:i['’]?m |i am )?(?:done|finished|back)|more"
    ),
    "heard.level.beginner": (
        r"1|a|nothing(?: yet)?|none|no(?:thing)? at all|not (?:much|a lot|anything)|zero|beginner(?:'?s)?|new(?:bie)?|"
        r"(?:i'?m |i am )?(?:a )?(?:complete |total )?(?:beginner|new to (?:it|this))|basics?|easy|little"
    ),
    "heard.level.intermediate": (
        r"2|b|some|some of it|a bit|a little(?: bit)?|(?:an )?intermediate|medium|middle|the basics"
    ),
    "heard.level.advanced": (
        r"3|c|a lot|lots|much|very much|most of it|(?:an )?(?:advanced|expert)|(?:a )?pro(?:fessional)?"
    ),
    "heard.half_hour": r"\bhalf an? hour\b|\bhalf hour\b|½ ?h",
    "heard.one_hour": r"\b(?:an|one|1) hour\b",
    "heard.hours": r"h\b|hrs?\b|hours?\b|h(?=\d)",
    "heard.minutes": r"m|mins?|minutes?",
    "heard.yes": (
        r"yes(?: please)?|y|yep|yeah|ok(?:ay)?|sure|go(?: ahead| on)?|make it|make this(?: course)?|do it|approve|good|"
        r"fine|great|perfect|use (?:this|it)|✅|👍"
    ),
    "heard.no": r"no(?: thanks?| thank you)?|n|nope|cancel|stop|never ?mind|forget it|✖|👎",
    "heard.change": r"change(?: something| it)?|edit|something else|✏️?",
    "heard.back": r"(?:go )?back|previous|⬅️?",
}

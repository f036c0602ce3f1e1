"""How somebody of ours behaved, without repeating what an English complaint says of them."""

from __future__ import annotations

import re

PEOPLE = re.compile(
    r"\b(?P<who>receptionist|front desk|desk clerk|waiter|waitress|server|hostess|manager|cashier|clerk|shop assistant|sales assistant|security guard|guard|driver|conductor|agent|nurse|doctor|dentist|gp|technician|engineer|teller|adviser|advisor|consultant|lady|guy|woman|man|girl|lad|bloke|assistant|bartender|barista|operator|staff|member of staff|employee|steward|stewardess|courier|junior|partner|accountant|solicitor|lawyer|concierge|cleaner|housekeeper|host|rep|supervisor|owner|pharmacist)\b(?! (?:who|that) (?:was|were) (?:lovely|great|kind))",
    re.I,
)
_CONDUCT = re.compile(
    r"\b(?:swore|swear\w*|shout\w*|yell\w*|shrugg\w*|sigh\w*|rolled|ignor\w+|laugh\w*|argu\w+|mock\w*|snapp\w*|smirk\w*|tutted|rude\w*|dismissive|condescending|patroni[sz]\w*|attitude|aggressive\w*|hostile|sarcastic\w*"
    r"|didn't (?:even )?(?:look|apologi[sz]e|say|turn|bother|care)|wouldn't (?:even )?(?:look|listen|help)|on (?:her|his|their) phone|slammed|followed|accus\w+|lectur\w+|refus\w+ to|walked off|drove off|turned (?:his|her) back|couldn't care less|'[^']{3,40}'|talked over|hung up|barked|glared|stared|huff\w*|embarrass\w*|humiliat\w*)\b",
    re.I,
)
_KIN = re.compile(
    r"\b(?:my (?P<kin>\d+[- ]year[- ]old(?: (?:son|daughter))?|son|daughter|kids?|children|child|mum|mom|mother|dad|father|parents|wife|husband|partner|girlfriend|boyfriend|nan|gran\w*|friends?|sister|brother|boy|girl|family|elderly (?:mother|father))|(?P<other>an old (?:lady|man)|an elderly \w+|a lad|a kid|a (?:young )?(?:woman|man|girl|boy|mother|mum|couple)|another (?:customer|passenger|guest)))\b",
    re.I,
)
_COLLEAGUE = {"lady": "colleague", "guy": "colleague", "woman": "colleague", "man": "colleague", "girl": "colleague", "lad": "colleague", "bloke": "colleague", "front desk": "front desk team", "junior": "colleague", "partner": "colleague", "lawyer": "colleague", "owner": "team", "member of staff": "colleague", "employee": "colleague", "gp": "doctor"}  # fmt: skip
_GOOD = re.compile(
    r"\b(?:lovely|great|brilliant|excellent|kind|helpful|friendly|polite|patient|wonderful|amazing)\b", re.I
)


def conduct(sentence: str) -> str | None:
    """How somebody of ours behaved, without repeating what is said of them."""
    plain = re.sub(r"(?<!\w)'[^']{3,60}'", "'quoted'", sentence)
    who, what = PEOPLE.search(plain), _CONDUCT.search(plain)
    if who is None or what is None or _GOOD.search(plain):
        return None
    name = who["who"].lower()
    name = _COLLEAGUE.get(name, name)
    kin = _KIN.search(sentence)
    if kin is not None and kin["kin"]:
        return f"for the way our {name} treated your {kin['kin'].lower()}"
    if kin is not None:
        return f"for the way our {name} behaved"
    return f"for the way our {name} treated you"

"""Who answers for each section of Exampleshire's reports, over six years.

Names are put together from given names and surnames that were made up for this council, so that
none is anybody's. A person is drawn once and never returns to another post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

SOURCE = "made up"

#: The report whose sections are answered for by directors; the other has corporate directors.
MONTHLY = "dashboard"

CABINET = "Cabinet Member"
CORPORATE = "Corporate Director"
DIRECTOR = "Director"

_GIVEN = (
    "Abena", "Adaeze", "Aled", "Amina", "Anselm", "Bethan", "Bogdan", "Chidi", "Ciara", "Dalia",
    "Delphine", "Dermot", "Edwin", "Efua", "Elspeth", "Emeka", "Farida", "Fergus", "Gurdeep",
    "Gwen", "Hanna", "Harpreet", "Henrik", "Ifeoma", "Imran", "Ines", "Isolde", "Jacek", "Jasmin",
    "Kavita", "Kofi", "Lakshmi", "Leila", "Lorcan", "Magda", "Marguerite", "Meera", "Milan",
    "Nadia", "Noor", "Olu", "Orla", "Parveen", "Piotr", "Priya", "Rafael", "Rhodri", "Rosalind",
    "Samira", "Shanelle", "Tamsin", "Tariq", "Thandi", "Tomasz", "Ursula", "Vikram", "Wei",
    "Winston", "Yasmin", "Yusuf", "Zainab", "Zofia",
)  # fmt: skip
_SURNAMES = (
    "Adderquill", "Arkwenden", "Ashquill", "Bramwhistle", "Brindlewick", "Calderfrost",
    "Castlevane", "Corrabeck", "Cressmoor", "Dapplewhite", "Dawnbarrow", "Driftmarsh", "Dunquill",
    "Eskermane", "Everwicket", "Fallowquist", "Feldwick", "Fennimarsh", "Foxhollin", "Galeborne",
    "Glimmerdale", "Hazelquist", "Heronshaw", "Hollowmere", "Inkersole", "Ivorlane", "Jessamore",
    "Kestrelby", "Kilnwright", "Larkenby", "Lindenquay", "Lorimarsh", "Marlequin", "Merriwick",
    "Mossgarnet", "Nettlequist", "Nightmallow", "Oakenquill", "Orrimond", "Pellingrove",
    "Penhazard", "Quillford", "Quincewood", "Ravensholt", "Rookwillow", "Sallowdene", "Sedgequist",
    "Silverquay", "Tarnwhistle", "Tarrowby", "Thistlemoor", "Thornimore", "Timberlane",
    "Underlark", "Vanterpoole", "Vexmoor", "Wharfinger", "Wickenshaw", "Windlequay", "Wrenbarrow",
    "Yarrowquist", "Yewbarrow",
)  # fmt: skip

#: The quarters in which cabinets are made anew: after the elections of May.
_ELECTIONS = ("2021/22 Q1", "2025/26 Q1")
_RESHUFFLE = "2023/24 Q3"

#: The corporate director's post that is held for the time being, and from when.
_INTERIM_FROM, _INTERIM_TO = "2025/26 Q1", "2025/26 Q4"


def officers(
    sections: Sequence[Mapping[str, str]], chance: Random
) -> dict[str, list[dict[str, str]]]:
    """Rows for officers.csv: who answers for each section, from when.

    `sections` are rows of sections.csv of all reports and years (report, section, year,
    directorate). A section's Cabinet Member and Corporate Director, and for the dashboard its
    Director and the same Cabinet Member, are named at the start of every year and again in the
    quarter (dashboard: its first month) in which the holder changes. One Corporate Director of the
    last year is interim. Same sections and same seed, same rows.
    """
    names = _people(chance)
    directorates = list(dict.fromkeys(row["directorate"] for row in sections))
    quarters = [
        f"{y} Q{n}" for y in sorted({row["year"] for row in sections}) for n in (1, 2, 3, 4)
    ]
    cabinet = {d: _cabinet(quarters, names, chance) for d in directorates}
    corporate = {d: _holders(quarters, names, chance) for d in directorates}
    interim = directorates[len(directorates) // 2]
    _hold_for_now(corporate[interim], quarters, names)
    monthly_sections = dict.fromkeys(r["section"] for r in sections if r["report"] == MONTHLY)
    directors = {name: _holders(quarters, names, chance) for name in monthly_sections}
    rows = []
    for section in sections:
        monthly = section["report"] == MONTHLY
        where = section["directorate"]
        leader = directors[section["section"]] if monthly else corporate[where]
        posts = {CABINET: cabinet[where], (DIRECTOR if monthly else CORPORATE): leader}
        for role, holders in posts.items():
            for quarter, name in _named(holders, section["year"]):
                stands_in = (
                    leader is corporate[interim]
                    and role == CORPORATE
                    and _INTERIM_FROM <= quarter < _INTERIM_TO
                )
                rows.append(
                    {
                        "report": section["report"],
                        "section": section["section"],
                        "role": role,
                        "from": first_month(quarter) if monthly else quarter,
                        "name": name,
                        "interim": "true" if stands_in else "false",
                        "source": SOURCE,
                    }
                )
    return {"officers": rows}


def first_month(quarter: str) -> str:
    """The first month of a quarter: `2024-07` for `2024/25 Q2`."""
    number = int(quarter[-1])
    year = int(quarter[:4]) + (number == 4)
    return f"{year}-{(number * 3) % 12 + 1:02d}"


def _people(chance: Random) -> Iterator[str]:
    given, surnames = list(_GIVEN), list(_SURNAMES)
    chance.shuffle(given)
    chance.shuffle(surnames)
    return (f"{first} {last}" for first, last in zip(given, surnames, strict=True))


def _cabinet(quarters: Sequence[str], names: Iterator[str], chance: Random) -> dict[str, str]:
    """The holder in each quarter: new after an election, for some also in a reshuffle."""
    moves = {_ELECTIONS[-1], *chance.sample((_ELECTIONS[0], _RESHUFFLE), 1)}
    return _by_quarter(quarters, moves, names)


def _holders(quarters: Sequence[str], names: Iterator[str], chance: Random) -> dict[str, str]:
    """The holder in each quarter: most posts change hands once, in some quarter of the middle."""
    moves = {chance.choice(quarters[4:-6])} if chance.random() < 0.7 else set()
    return _by_quarter(quarters, moves, names)


def _by_quarter(quarters: Sequence[str], moves: set[str], names: Iterator[str]) -> dict[str, str]:
    holders = {}
    name = next(names)
    for quarter in quarters:
        if quarter in moves and quarter != quarters[0]:
            name = next(names)
        holders[quarter] = name
    return holders


def _hold_for_now(holders: dict[str, str], quarters: Sequence[str], names: Iterator[str]) -> None:
    """Somebody holds the post for three quarters of the last year, and then a successor."""
    stand_in, successor = next(names), next(names)
    for quarter in quarters:
        if _INTERIM_FROM <= quarter < _INTERIM_TO:
            holders[quarter] = stand_in
        elif quarter >= _INTERIM_TO:
            holders[quarter] = successor


def _named(holders: Mapping[str, str], year: str) -> Iterator[tuple[str, str]]:
    """The first quarter of the year, and each later one in which somebody else takes over."""
    before = None
    for quarter, name in holders.items():
        if quarter.startswith(year):
            if name != before:
                yield quarter, name
            before = name

"""Exampleshire's corporate risk register over eight quarters, from `register.toml`.

The changes and the counts are worked out from the levels, so that they cannot disagree.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

SOURCE = "made up"

_LEVELS = {"h": "high", "m": "medium", "l": "low", "t": "tbc"}
_RANK = {"low": 1, "medium": 2, "high": 3}
REMOVED = ("removed", "de-escalated")


def register(chance: Random) -> dict[str, list[dict[str, str]]]:
    """Rows for risks.csv, risk_levels.csv and risk_actions.csv.

    Registers are of August, November, February and May, two months after the quarter whose report
    they go with. A risk that leaves has one last row without a level. Levels are counted without
    those and without risks that have no level yet (tbc). Of an action under regular review,
    `chance` says which sentence stands in which register.
    """
    text = _read()
    months: Sequence[str] = text["registers"]
    risks = sorted(
        (row for risk in text["risk"] for row in _course(risk, months)),
        key=lambda row: (row["period"], row["risk"]),
    )
    actions = [
        row
        for risk in text["risk"]
        for action in risk.get("action", [])
        for row in _action(risk, action, months, chance)
    ]
    actions.sort(key=lambda row: (row["period"], row["risk"]))
    return {"risks": risks, "risk_levels": _levels(risks, months), "risk_actions": actions}


def reasons() -> dict[tuple[str, str], str]:
    """Why a risk moved, came or went, by its code and the month of the register."""
    return {
        (risk["code"], month): why
        for risk in _read()["risk"]
        for month, why in risk.get("why", {}).items()
    }


def _read() -> Mapping[str, Any]:
    path = Path(__file__).with_name("register.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _course(risk: Mapping[str, Any], months: Sequence[str]) -> Iterator[dict[str, str]]:
    """A row for each register that has the risk, and one for that in which it left."""
    before = ""
    for number, (month, letter) in enumerate(zip(months, risk["course"], strict=True)):
        level = _LEVELS.get(letter, "")
        if level or before:
            yield {
                "risk": risk["code"],
                "period": month,
                "title": risk["title"],
                "level": level,
                "change": _change(risk, before, level) if number else "",
                "indicators": " | ".join(risk.get("indicators", [])),
                "source": SOURCE,
            }
        before = level


def _change(risk: Mapping[str, Any], before: str, level: str) -> str:
    if not before:
        return str(risk["arrives"])
    if not level:
        return str(risk["leaves"])
    if before in _RANK and level in _RANK and before != level:
        return "increased" if _RANK[level] > _RANK[before] else "reduced"
    return ""


def _levels(risks: Sequence[Mapping[str, str]], months: Sequence[str]) -> list[dict[str, str]]:
    counts = Counter((row["period"], row["level"]) for row in risks)
    return [
        {
            "period": month,
            **{level: str(counts[month, level]) for level in _RANK},
            "source": SOURCE,
        }
        for month in months
    ]


def _action(
    risk: Mapping[str, Any], action: Mapping[str, Any], months: Sequence[str], chance: Random
) -> Iterator[dict[str, str]]:
    """What each register says of the action while its risk is on it."""
    there = [
        month
        for month, letter in zip(months, risk["course"], strict=True)
        if letter in _LEVELS and month >= months[action["first"]]
    ]
    steps = action.get("steps") or [
        {"status": "regular review", "update": update}
        for update in _in_turn(action["review"], len(there), chance)
    ]
    due = action["due"]
    for month, step in zip(there, steps, strict=False):
        yield {
            "risk": risk["code"],
            "action": action["name"],
            "period": month,
            "due": due,
            "status": step["status"],
            "update": step["update"],
            "source": SOURCE,
        }
        # A new date holds from the next register on: this one still shows what was missed.
        due = step.get("due", due)


def _in_turn(sentences: Sequence[str], count: int, chance: Random) -> list[str]:
    """So many sentences, none twice until all have had their turn, never one twice running."""
    said: list[str] = []
    while len(said) < count:
        turn = list(sentences)
        chance.shuffle(turn)
        if said and turn[0] == said[-1]:
            turn.append(turn.pop(0))
        said += turn
    return said[:count]

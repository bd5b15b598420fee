"""Scores as rows, one row a score: what tables and files are made of."""

from typing import NamedTuple

from mentorkit.scorecard import Scorecard
from mentorkit.scoring import NeedsScores, RelationshipScores, Score


class ScoreRow(NamedTuple):
    """One score of one scorecard."""

    term: str
    mentor: str | None
    revision: int
    scale: str  # need.<area>, practice.<practice>, practice_index …
    score: float | None  # 0–100
    answered: int
    of: int


def named_scores(scores: NeedsScores | RelationshipScores) -> dict[str, Score]:
    """Every score of a worksheet under the name of its scale."""
    if isinstance(scores, NeedsScores):
        parts = {"need": scores.need, "support": scores.support, "unmet": scores.unmet}
        return {f"{part}.{area}": score for part, found in parts.items() for area, score in found.items()}
    found = {f"practice.{name}": score for name, score in scores.practice.items()}
    found |= {f"outcome.{name}": score for name, score in scores.outcome.items()}
    return found | {"practice_index": scores.practice_index, "outcome_index": scores.outcome_index}


def score_rows(card: Scorecard, scores: NeedsScores | RelationshipScores) -> list[ScoreRow]:
    """The rows of one scorecard."""
    about = (card.term, card.mentor, card.revision)
    return [ScoreRow(*about, scale, one.value, one.answered, one.of) for scale, one in named_scores(scores).items()]

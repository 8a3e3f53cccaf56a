"""An evaluation in words and numbers that a person reads: the same in the terminal and on the page. Pure."""

from __future__ import annotations

from indexer.evaluation.curves import aurc, calibration_error
from indexer.evaluation.figures import answered_right, auroc, hit_at, kept, unanswerable_answered
from indexer.evaluation.outcomes import Found
from indexer.evaluation.runs import Run


def lines_of(run: Run) -> list[tuple[str, str, str]]:
    """The overall figures: name, value, and what it says."""
    outcomes = run.outcomes
    answerable = [outcome for outcome in outcomes if outcome.is_answerable]
    return [
        ("hit@1", figure_of(hit_at(1, answerable)), "answerable questions with the right document first"),
        ("hit@5", figure_of(hit_at(5, answerable)), "… with it among the first five"),
        ("answered rightly", figure_of(answered_right(outcomes)), "answerable questions that got the right answer"),
        ("kept@80", figure_of(kept(outcomes)),
         "answerable questions kept, right document first, if 80% of the unanswerable are refused"),
        ("AUROC", figure_of(auroc(outcomes)),
         "how well its confidence tells answerable from unanswerable; 1 is perfect, 0.5 a guess"),
        ("calibration error", figure_of(calibration_error(outcomes)),
         "by how much its confidence is off, on average; 0 is perfect"),
        ("AURC", figure_of(aurc(outcomes)), "share of wrong answers, averaged over all thresholds; less is better"),
        ("threshold", figure_of(run.about.threshold), "the confidence from which on it answers"),
    ]


def false_answers_of(run: Run) -> str:
    """The share of unanswerable questions that got an answer, beside the setting; empty without such questions."""
    measured = unanswerable_answered(run.outcomes)
    if measured is None:
        return ""
    sentence = (f"Unanswerable questions that got an answer: {measured.count:,} of {measured.of:,}, "
                f"{percent(measured.share)} (95% interval {percent(measured.low)} to {percent(measured.high)})")
    setting = run.about.false_answers
    if setting is None:
        return f"{sentence}."
    if measured.low > setting:
        told = "more than the setting allows"
    elif measured.high < setting:
        told = "less than the setting allows"
    else:
        told = "as the setting says"
    return f"{sentence}; answers.false_answers is {setting:g}: {told}."


def where(found: Found) -> str:
    """A document with its title and section."""
    if not found.document:
        return ""
    named = " › ".join(part for part in (found.title, found.section) if part)
    return f"{named} ({found.document})" if named else found.document


def percent(value: float | None) -> str:
    """A share as people read it."""
    if value is None:
        return "–"
    return f"{value:.0%}"


def figure_of(value: float | None) -> str:
    """A figure with three decimals."""
    return "–" if value is None else f"{value:.3f}"

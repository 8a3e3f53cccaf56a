"""Golden questions -> figures, pictures and comparisons: how good the knowledge base is, and what a change did to it.

questions -> outcomes (asked and judged) -> figures, curves, worst -> runs (saved) -> against (two runs compared);
telling, picture and page show a run, golden asks what lies beside the documents after each index run.
"""

from indexer.evaluation.figures import auroc, figures
from indexer.evaluation.outcomes import AnswerLike, Outcome, evaluate, judge
from indexer.evaluation.questions import GoldenQuestion, read_questions

__all__ = ["AnswerLike", "GoldenQuestion", "Outcome", "auroc", "evaluate", "figures", "judge", "read_questions"]

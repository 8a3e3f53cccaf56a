"""The errors that a person may see. The docstring is the default message; `hint` says what to do about it."""

from __future__ import annotations

import inspect


class FloorwalkerError(Exception):
    """Something went wrong."""

    hint: str = ""

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        self.message = message or inspect.cleandoc(type(self).__doc__ or "Something went wrong.")
        if hint:
            self.hint = hint
        super().__init__(self.message)

    @property
    def sentence(self) -> str:
        """Message and cure in one line, as every edge shows it."""
        return f"{self.message} {self.hint}".strip()


class SourceMissing(FloorwalkerError):
    """A source of the knowledge base does not exist."""

    hint = "Check `sources` under [knowledge] in the settings, or the folder named on the command line."


class IndexMissing(FloorwalkerError):
    """There is no index yet."""

    hint = "Run `floorwalker index` first."


class IndexDamaged(FloorwalkerError):
    """The index cannot be read."""

    hint = "Run `floorwalker index --full` to build it anew."


class IndexIncomplete(IndexDamaged):
    """The index is not complete."""

    hint = ("If it is being copied here, wait until the copy has ended; else run `floorwalker index --full` to build "
            "it anew.")


class IndexOutdated(IndexDamaged):
    """The index was made by another version of Floorwalker."""

    hint = "Run `floorwalker index` to build it anew."


class IndexOfAnotherModel(FloorwalkerError):
    """The index was made with another embedding model."""

    hint = "Run `floorwalker index` to embed the knowledge base with the model now set under [model]."


class NothingToUndo(FloorwalkerError):
    """There is no earlier generation of the index to go back to."""

    hint = "Nothing was changed. `floorwalker index --generations` lists what is kept."


class IndexBusy(FloorwalkerError):
    """Another run is indexing into this data folder."""

    hint = "Wait until it has ended; nothing was changed."


class ModelMissing(FloorwalkerError):
    """The embedding model cannot be loaded."""

    hint = "Set [model] name to \"embedded\", to a sentence-transformers name, or to the folder of such a model."


class RerankerMissing(ModelMissing):
    """The reranker cannot be loaded."""

    hint = "Set [model] reranker to \"\", to a sentence-transformers cross-encoder's name, or to the folder of one."


class QuestionsUnreadable(FloorwalkerError):
    """The file of questions cannot be read."""

    hint = 'Each line is a JSON object with "question" and "expect", a list of document ids.'


class IndexNotWritten(FloorwalkerError):
    """The new index could not be written; the one in use stays as it is."""

    hint = "Check the free space and the access rights of the data folder."

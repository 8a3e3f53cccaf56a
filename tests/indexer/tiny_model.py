"""Sentence-transformers models of a few thousand weights, made on the spot, for what must really be run or trained."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any


def make_tiny_model(folder: Path, words: Iterable[str]) -> Path:
    """A model with random weights that knows these words; the same for the same words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    torch.manual_seed(1)
    raw = folder / "raw"
    BertModel(_tiny_bert(raw, words)).save_pretrained(raw)
    transformer = Transformer(str(raw), max_seq_length=32)
    SentenceTransformer(modules=[transformer, Pooling(32, "mean")], device="cpu").save(
        str(folder / "model"), create_model_card=False)
    return folder / "model"


def make_tiny_cross_encoder(folder: Path, words: Iterable[str], figures: int = 1) -> Path:
    """A cross-encoder of that kind; `figures`: what it makes of a text, of which a reranker makes one."""
    import torch
    from transformers import BertForSequenceClassification

    torch.manual_seed(1)
    config = _tiny_bert(folder, words)
    config.num_labels = figures
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def _tiny_bert(folder: Path, words: Iterable[str]) -> Any:
    """Its configuration; writes its tokeniser."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import BertConfig, PreTrainedTokenizerFast

    folder.mkdir(parents=True)
    vocabulary = {word: number for number, word in enumerate(["[PAD]", "[UNK]", *sorted(set(words))])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]").save_pretrained(folder)
    return BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                      intermediate_size=64, max_position_embeddings=64, initializer_range=0.3)

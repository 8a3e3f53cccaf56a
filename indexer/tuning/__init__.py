"""Fit the embedding model to the knowledge base's own phrasings, and keep the result only where it does no harm."""

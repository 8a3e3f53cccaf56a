"""What stands where words are gone, and the tag by which words are published."""

DELETED = "(deleted by its author)"
"""Stands for the question of a ticket whose asker deleted the message."""
NO_LONGER_KEPT = "(no longer kept)"
"""Stands where words were kept long enough."""
WORDLESS = (DELETED, NO_LONGER_KEPT)

KNOWN_ISSUE = "known issue"
"""The tag of an open ticket whose question everybody may see."""

"""Slack's rules for blocks and views, as data and as checks."""

from bot.workspace.block_kit.check import blocks_problems, elements_of, flat, too_large, view_problems
from bot.workspace.block_kit.fill import fill_ids
from bot.workspace.block_kit.objects import SUGGESTIONS
from bot.workspace.block_kit.rules import Problem

__all__ = ["SUGGESTIONS", "Problem", "blocks_problems", "elements_of", "fill_ids", "flat", "too_large", "view_problems"]

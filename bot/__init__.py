"""Floorwalker: help at the elbow for people who must start using a new system at work."""

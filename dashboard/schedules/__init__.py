"""Briefings that are sent by themselves: when, to whom, and what came of it."""

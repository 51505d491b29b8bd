"""Briefings: cards of any page put in order under words of one's own, and the ready ones of each role."""

"""Watching platforms while it happens: the loop, and the small server beside it."""

"""The same pass over rows that lie in parts: pair by pair, account by account, and what is ordinary by repetition.

docs/adr/0025-funnels-over-parts.md says why this gives the same bits as the pass through time.
"""

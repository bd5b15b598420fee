"""Campaigns that try to lose an answer. Each also plays against builds made worse on purpose, and must see it."""

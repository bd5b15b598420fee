"""Campaigns that try to lose an answer. Each also runs against builds made worse on purpose, and must see those fail."""

"""Cohorts: how needs and relationships stand and change, from what students consented to share."""

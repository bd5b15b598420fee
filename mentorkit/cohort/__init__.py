"""What a cohort's shared scores say together."""

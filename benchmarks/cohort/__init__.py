"""How the measure of a cohort grows, beside hand-written SQL and plain pandas."""

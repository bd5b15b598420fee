"""A room at once: our app beside the same worksheet in other frameworks, side by side in one run. Not a test."""

"""What the content asks, for the sides that know nothing of mentorkit.cohort."""

from mentorkit.content import load_content

CONTENT = load_content()
PARTS = {name: {one.id: one.items for one in CONTENT.worksheet(name).subscales} for name in ("needs", "relationship")}
AREAS = [scale.removeprefix("need.") for scale in PARTS["needs"] if scale.startswith("need.")]
INDICES = {"practice_index": ("practice.", 6), "outcome_index": ("outcome.", 4)}  # its scales, and how many are needed

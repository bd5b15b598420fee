"""Sheets as students make them, and two that nobody should have to read."""

from mentorkit.reports.paper import Bar, Bars, Grid, Heading, Pairs, Points, Ruled, Sheet, Words

FOOT = "Written by the student in Mentorkit. A plan between two people, no contract, and not for evaluation."
NOT_VALIDATED = "The questions have not been validated. Scores put my own answers in order, and evaluate nobody."

AGREEMENT = Sheet(
    "agreement",
    "How we will work together",
    "Maya Ortiz and Dr. K · Fall 2026 · written on December 3, 2026",
    (
        Heading("What I would like from our time"),
        Points(
            (
                "Choose two electives that test whether emergency medicine suits me.",
                "Get honest comments on my first case report before I submit it in March.",
                "Learn how you decide what to leave out of a busy week.",
            )
        ),
        Heading("How we work"),
        Pairs(
            (
                ("How often", "About once a month during the semester, 30 minutes."),
                ("Where and how", "In your office when we can, by video otherwise.\nSmall questions by email."),
                ("If one of us cannot", "We say so the day before and choose a new day at once."),
            )
        ),
        Heading("Limits"),
        Words("You are not my assessor this year.\n\nWe do not discuss patients by name."),
        Heading("What stays between us"),
        Words("What we say stays between us, unless somebody may come to harm."),
        Heading("When we look at this again"),
        Pairs((("Date", "June 1, 2027"), ("What we ask then", "What helped, what we change, whether to go on."))),
        Ruled("Added when we talked", 2),
    ),
    FOOT,
)
MEETING = Sheet(
    "meeting",
    "Meeting with Dr. K",
    "Tuesday, January 12, 2027, 4:00 p.m. · room 4.112",
    (
        Heading("Since last time"),
        Points(("Asked the clerkship office about electives – done", "Read the two papers you sent – one of two")),
        Heading("My questions"),
        Points(("Which elective would show me the nights as well as the days?", "What would you cut from my draft?")),
        Ruled("What we said", 9),
        Ruled("What I will do, and by when", 4),
        Ruled("Next meeting", 1),
    ),
    FOOT,
)
NEEDS = Sheet(
    "needs",
    "What I need from mentoring now",
    "Fall 2026 · finished on December 1, 2026",
    (
        Words("Most open now: career planning and research. My needs in feedback are largely met."),
        Bars(
            "How much I need, from 0 (not at all) to 100 (very much)",
            (
                Bar("Career planning", 88, "one of my first three"),
                Bar("Research and scholarship", 75, "one of my first three"),
                Bar("Academic strategies", 62.5, "one of my first three, and the one that I put off longest"),
                Bar("Feedback on my clinical work", 50),
                Bar("Networks and opening doors", 37.5),
                Bar("Well-being and balance", 0),
                Bar(
                    "Finding my own way as a first-generation student in a large hospital", None, "not scored (1 of 4)"
                ),
            ),
        ),
        Heading("Goals until June"),
        Heading("Decide on two electives", 2),
        Pairs((("First step", "Ask the clerkship office which ones have nights."), ("By", "January 31, 2027"))),
    ),
    NOT_VALIDATED,
)
COMPARISON = Sheet(
    "change",
    "What changed with Dr. K",
    "Spring 2026 → Fall 2026",
    (
        Words("What we do together: 58 → 75, more than answers usually vary by chance."),
        Grid(
            "Each index, in points from 0 to 100",
            ("Index", "Spring 2026", "Fall 2026", "Difference", "Larger than noise?"),
            (
                ("What we do together", "58", "75", "+17", "Yes: more than 14 points"),
                ("What I get from it", "54", "60", "+6", "Cannot be told: less than 15 points"),
                ("Trust", "–", "81", "–", "Only asked once"),
            ),
        ),
        Heading("What I decided"),
        Words("Keep, with one change: we start each meeting with my questions."),
    ),
    NOT_VALIDATED,
)
LONG = Sheet(
    "long",
    "A title with so many words in it that it needs a second line to stand on the paper",
    "x" * 150,
    (
        Heading("A" * 120),
        Words("\n\n".join(f"{n}. " + "A sentence that goes on and says what it must. " * 8 for n in range(14))),
        Points(tuple(f"{n}: https://example.org/" + "a/very-long_address" * 6 for n in range(6))),
        Pairs((("L" * 160, "V" * 300), ("A label that has rather a lot of words in it for its column", "short"))),
        Grid(
            "Wide " * 30,
            tuple(f"Head number {n}" for n in range(7)),
            tuple(tuple("otorhinolaryngologist" if c == r % 7 else "W" * 3 * c for c in range(7)) for r in range(40)),
        ),
        Grid("Deep", ("What", "Said"), (("All of it", "A sentence that goes on. " * 400),)),
        Ruled("Lines " * 40, 40),
    ),
    "The last words. " * 30,
)
REAL = (AGREEMENT, MEETING, NEEDS, COMPARISON)
EVERY = (*REAL, LONG)

"""What docs/performance.md says around the figures of a room."""

TOP = """{heading}

What `make bench` measured on {day}; `python -m benchmarks.room --write` measures again and writes this part.
{computer}. {software}; {others}.
{busy}

![The figures of the tables below as bars](images/room.svg)

{verdict}

The same worksheet everywhere: the {items} ratings of “What do I need from mentoring now?”. Each answer is saved to
SQLite at once, in a transaction of its own that is synced to the disk, and then acknowledged on the page. The programs
are in `benchmarks/room/apps/`, a file for each framework, as a user of it would write them: one choice for each item.
Two are more than that: ours, and our notebook through stock kernels, have the whole workbook of eight pages, in which
the worksheet is one; ours seals each answer before it is saved.

"""

BOTTOM = """### How it is measured

One app runs at a time, started anew in an empty folder, with the command that its documentation gives for production:

{commands}

{rounds} rounds go over all apps by turns. *One more visitor* is a fresh Chromium window without a cache, after another
visitor has been there; no other host can be reached. It is timed until the page says that the first answer is saved.
Earlier visitors keep their pages open; processor time and memory are those of the server and all its children, divided
by the visitors. What processes share is counted once (PSS). In ours a visitor trades the join code for a session first:
{joined} of the time.

*At once* are visitors without a browser: each opens the page, connects as the page's own script does, answers an item
and waits for the acknowledgement. They do not load the scripts and styles, which a browser does once. They run on the
same computer and take some of its processor. One who is turned away loads the page again a second later. An app does
not fit when not all are at work after five minutes, when for one minute nobody more is, or when less than 2 GB of
memory are left; then more are not tried. When all are at work each answers once a second for {seconds} seconds; the
time counts from when an answer was due, so a server that falls behind cannot hide it.

### What it cannot say

- The cores are shared by the server and its visitors. A server of one process (Streamlit, Panel, Solara, Shiny) uses
  one core at most; several of them behind a proxy would use more, and each would take its own memory.
- What one visitor needs is the median of {visits} visits in each of {rounds} rounds; 100 and 300 at once were one run.
- Stock Voilà never ends the kernel of a closed page; the figures are for visitors who are there.
- Solara is not its newest version: what its page else asks a CDN for is not published for newer ones.
- The records differ where the app brings its own: our notebook through stock kernels keeps a file for each visitor.
- The static page is the floor: nothing is drawn for a visitor, and nothing is remembered between pages.
{trouble}"""

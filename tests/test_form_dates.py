"""Days as people write them, and times of day: what is understood, what is said about it, and what is saved."""

import copy
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest
from bare_page import BarePage
from hypothesis import example, given, settings
from hypothesis import strategies as st
from small_form import PHONE, open_tab, small_workbook, steps_worksheet

import mentorkit.widgets
from mentorkit.widgets.form import Form

WEB = Path(mentorkit.widgets.__path__[0]) / "web"
SUNDAY = date(2026, 11, 22)
UNREAD = "This date could not be read: try “Dec 15” or “next Friday”."
ENOUGH = settings(max_examples=400, deadline=None)

days = st.dates(date(1000, 1, 1), date(9990, 12, 31))
todays = st.dates(date(2000, 1, 1), date(2150, 12, 31))
styles = st.sampled_from([str, str.upper, str.lower, lambda text: f" {text}. ", lambda text: f"on {text}"])


@pytest.fixture
def read(window):
    """What the form's own reader makes of a text, on a given day."""
    page = BarePage(window()).page
    scripts = [(WEB / name).read_text("utf-8") for name in ("elements.js", "days.js", "dates.js")]
    address = "URL.createObjectURL(new Blob([text], {type: 'text/javascript'}))"
    load = f"async (text) => {{ window.days = await import({address}); }}"
    page.evaluate(load, "\n".join([*scripts, "export { readDay, asWritten };"]))

    def reader(text, today=SUNDAY):
        found = page.evaluate("([text, today]) => days.readDay(text, today)", [text, today.isoformat()])
        return None if found is None else date.fromisoformat(found)

    reader.written = lambda day: page.evaluate("(day) => days.asWritten(day)", day.isoformat())
    return reader


# The grammar, against Python's own calendar


def full(day):
    """Ways to write a day with its year."""
    last = 0 if day.day in (11, 12, 13) else day.day % 10
    month, nth = day.strftime("%B"), {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return [
        day.isoformat(), f"{day:%Y%m%d}", f"{day.year}/{day.month}/{day.day}",
        f"{day.month}/{day.day}/{day.year}", f"{day:%m-%d-}{day.year}", f"{day.month}.{day.day}.{day.year}",
        f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{month[:3]}. {day.day}{nth} {day.year}",
        f"the {day.day}{nth} of {month}, {day.year}", f"{day.day}-{month[:3]}-{day.year}",
        f"{day:%A}, {month} {day.day}, {day.year}", f"{day:%a} {day.day} {month[:4]} {day.year}",
    ]  # fmt: skip


def monthly(day, count):
    """The same day so many months on, or the last one of that month."""
    at = day.year * 12 + day.month - 1 + count
    return date(at // 12, at % 12 + 1, min(day.day, monthrange(at // 12, at % 12 + 1)[1]))


def next_such(today, month, number):
    """The next day from today on with this month and number, None when there never is one."""
    for year in range(today.year, today.year + 9):
        if number <= monthrange(year, month)[1] and date(year, month, number) >= today:
            return date(year, month, number)
    return None


def test_a_day_with_its_year_is_read_in_every_way_to_write_it(read):
    @ENOUGH
    @given(days, todays, st.integers(0, 12), styles)
    def holds(day, today, way, style):
        assert read(style(full(day)[way]), today) == day

    holds()


def test_the_month_comes_first_where_both_would_do_and_second_where_it_must(read):
    assert read("3/4/2027") == date(2027, 3, 4)
    assert read("13/4/2027") == date(2027, 4, 13)
    assert read("13/13/2027") is None


def test_a_day_without_a_year_is_the_next_one_from_today_on(read):
    @ENOUGH
    @given(todays, st.integers(1, 12), st.integers(1, 31), st.integers(0, 3))
    @example(date(2026, 11, 22), 11, 22, 0)
    @example(date(2096, 3, 1), 2, 29, 1)
    def holds(today, month, number, way):
        name = date(2000, month, 1).strftime("%B")
        text = [f"{month}/{number}", f"{name} {number}", f"{number} {name[:3]}", f"the {number}th of {name}"][way]
        assert read(text, today) == next_such(today, month, number)

    holds()


def test_days_weeks_and_months_ahead_are_counted_as_python_counts_them(read):
    @ENOUGH
    @given(todays, st.integers(0, 400), st.sampled_from(["day", "week", "month", "year"]), st.integers(0, 3))
    def holds(today, count, unit, way):
        text = [f"in {count} {unit}s", f"{count} {unit}s from now", f"{count} {unit}s ago", f"{count} {unit}s"][way]
        signed = -count if way == 2 else count
        month = {"month": signed, "year": 12 * signed}.get(unit)
        step = timedelta(days=signed * (7 if unit == "week" else 1))
        assert read(text, today) == (today + step if month is None else monthly(today, month))

    holds()


def test_weekdays_lie_in_this_week_or_the_next(read):
    @ENOUGH
    @given(todays, st.integers(0, 6))
    def holds(today, weekday):
        name = date(2024, 1, 1 + weekday).strftime("%A")  # a Monday and the days after it
        monday = today - timedelta(days=today.weekday())
        coming = next(day for day in (today + timedelta(days=n) for n in range(1, 8)) if day.weekday() == weekday)
        assert read(name, today) == read(f"{name[:3]}.", today) == coming
        assert read(f"this {name}", today) == (today if today.weekday() == weekday else coming)
        assert read(f"next {name}", today) == monday + timedelta(days=7 + weekday)
        assert read(f"last {name}", today) == max(
            today - timedelta(days=n) for n in range(1, 8) if (today - timedelta(days=n)).weekday() == weekday
        )
        assert read(f"a week from {name}", today) == coming + timedelta(days=7)

    holds()


def test_ends_and_beginnings_of_months_are_days(read):
    @ENOUGH
    @given(todays, st.integers(1, 12), st.integers(2000, 2150))
    def holds(today, month, year):
        name = date(2000, month, 1).strftime("%B")
        ends = [date(y, month, monthrange(y, month)[1]) for y in (today.year, today.year + 1)]
        assert read(f"end of {name}", today) == next(day for day in ends if day >= today)
        assert read(f"the end of {name} {year}", today) == date(year, month, monthrange(year, month)[1])
        assert read(f"beginning of {name}", today) == next_such(today, month, 1)
        assert read(f"mid-{name}", today) == next_such(today, month, 15)
        assert read("end of the month", today) == today.replace(day=monthrange(today.year, today.month)[1])
        assert read("end of next month", today) == monthly(today.replace(day=1), 2) - timedelta(days=1)
        assert read("end of the year", today) == date(today.year, 12, 31)

    holds()


@pytest.mark.parametrize(
    ("text", "day"),
    {
        "today": "2026-11-22", "Tomorrow": "2026-11-23", "yesterday": "2026-11-21",
        "the day after tomorrow": "2026-11-24",
        "next Friday": "2026-11-27", "Friday": "2026-11-27", "in two weeks": "2026-12-06", "in a month": "2026-12-22",
        "in a couple of weeks": "2026-12-06", "next week": "2026-11-29", "next month": "2026-12-22",
        "the 15th": "2026-12-15", "Dec 15 ’27": "2027-12-15", "12/15/27": "2027-12-15", "1/1": "2027-01-01",
        "11/21": "2027-11-21", "11/22": "2026-11-22",
        "by Friday": "2026-11-27", "Friday next week": "2026-11-27", "１２/１５": "2026-12-15",
    }.items(),
)  # fmt: skip
def test_what_people_write_on_a_sunday_in_november(read, text, day):
    assert read(text) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text",
    ["", "  ", "soon", "15", "December", "Dec 32", "Feb 30", "2/30", "0/5", "2026-02-29",
     "Monday, December 15, 2026", "next", "end of the semester", "Dec 15 at noon", "in weeks", "2026",
     "12/15/", "Dec 15 20", "end of", "x" * 500],
)  # fmt: skip
def test_what_is_no_day_is_not_made_one(read, text):
    assert read(text) is None


def test_whatever_python_reads_as_a_day_is_read_the_same(read):
    weeks = st.builds(lambda day, way: f"{day:%G-W%V-%u}" if way else f"{day:%G}W{day:%V}{day:%u}", days, st.booleans())

    @ENOUGH
    @given(weeks | st.from_regex(r"\A[0-9]{4}-?(W[0-5][0-9](-?[0-8])?|[01][0-9]-?[0-3][0-9])\Z"))
    def holds(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return
        assert read(text) == day

    holds()


def test_any_text_is_read_as_a_day_or_not_at_all(read):
    known = "the end of mid next last this in a two 3 weeks month from ago dec may friday 15 15th 2026 / - , ."
    words = st.sampled_from(known.split(" "))

    @ENOUGH
    @given(st.text(max_size=80) | st.lists(words, max_size=6).map(" ".join))
    def holds(text):
        assert read(text) is None or read(text).year >= 1

    holds()


def test_a_saved_day_is_written_so_that_it_is_read_again(read):
    @ENOUGH
    @given(st.dates(), todays)
    def holds(day, today):
        assert read(read.written(day), today) == day

    holds()


# In the form


@pytest.fixture
def tab(window, tmp_path):
    page = window()
    page.clock.set_fixed_time("2026-11-22T10:00:00")
    opened = open_tab(page, tmp_path)
    yield opened
    assert opened.page.problems == []


def spoken(tab):
    return tab.page.get_by_role("status").inner_text()


def understood(tab, place=0):
    return tab.page.locator(".mk-understood").nth(place).inner_text()


def test_what_was_understood_stands_under_the_field_at_once_and_is_said_when_it_is_left(tab):
    day = tab.page.get_by_label("On which day?")
    day.press_sequentially("next friday")
    assert understood(tab) == "Friday, November 27, 2026" and spoken(tab) == ""
    day.blur()
    assert spoken(tab) == "Friday, November 27, 2026" and day.input_value() == "next friday"
    described = day.get_attribute("aria-describedby").split()
    assert "Friday, November 27, 2026" in [tab.page.locator(f"#{one}").inner_text() for one in described if one]
    tab.status("Saved")
    assert tab.answers == {"day": "2026-11-27"}
    tab.reload()
    assert day.input_value() == "Nov 27, 2026" and understood(tab) == "Friday, November 27, 2026"


def test_half_a_word_is_not_called_wrong_while_it_is_typed(tab):
    tab.page.get_by_label("On which day?").press_sequentially("Decem")
    assert tab.page.locator(".mk-error:visible").count() == 0 and understood(tab) == ""
    tab.page.get_by_label("On which day?").blur()
    tab.page.locator(".mk-error", has_text=UNREAD).wait_for()
    tab.status("Not saved yet: one answer needs another look")
    assert spoken(tab) == UNREAD and tab.page.get_by_label("On which day?").input_value() == "Decem"


def test_a_day_that_is_taken_away_clears_the_answer(tab):
    tab.write("On which day?", "12/15")
    tab.status("Saved")
    tab.write("On which day?", " ")
    tab.page.get_by_text("0 of 8 answered").wait_for()
    tab.status("Saved")
    assert tab.answers == {} and understood(tab) == ""


def test_an_unreadable_day_in_a_group_marks_its_own_entry_and_keeps_the_rest(tab):
    tab.write("What do you want to have done?", "Sleep")
    tab.write("By when?", "when I can")
    tab.page.locator(".mk-entry .mk-error", has_text=UNREAD).wait_for()
    assert tab.group("Your goals").locator("[aria-invalid]").count() == 1
    tab.reload()
    tab.page.locator(".mk-entry .mk-error", has_text=UNREAD).wait_for()
    assert tab.page.get_by_label("By when?").input_value() == "when I can"
    tab.write("By when?", "end of March")
    tab.status("Saved")
    assert tab.answers == {"goals": [{"goal": "Sleep", "by": "2027-03-31"}]}


def test_a_day_can_be_chosen_in_the_browsers_calendar(tab):
    tab.page.evaluate("HTMLInputElement.prototype.showPicker = function () { window.opened = this; }")
    tab.page.get_by_label("On which day?").fill("tomorrow")
    tab.page.keyboard.press("Tab")
    choose = tab.page.get_by_role("button", name="Choose On which day?")
    assert choose.evaluate("button => button === document.activeElement")
    tab.page.keyboard.press("Enter")
    assert tab.page.evaluate("opened.value") == "2026-11-23"
    tab.page.evaluate("opened.value = '2027-01-05'; opened.dispatchEvent(new Event('change'))")
    assert tab.page.get_by_label("On which day?").input_value() == "Jan 5, 2027"
    assert spoken(tab) == "Tuesday, January 5, 2027"
    tab.status("Saved")
    assert tab.answers == {"day": "2027-01-05"}
    assert choose.evaluate("button => button === document.activeElement")


def test_the_calendar_really_opens(tab):
    tab.page.get_by_role("button", name="Choose On which day?").click()
    assert tab.page.get_by_role("button", name="Choose On which day?").is_visible()  # it hides when it may not open


def test_without_a_calendar_there_is_no_button_for_it(window, tmp_path):
    page = window()
    page.add_init_script("delete HTMLInputElement.prototype.showPicker")
    tab = open_tab(page, tmp_path)
    assert tab.page.get_by_role("button", name="Choose").count() == 0
    tab.write("On which day?", "2026-12-15")
    tab.status("Saved")
    assert tab.answers == {"day": "2026-12-15"}


def test_the_button_is_large_enough_for_a_thumb(window, tmp_path):
    tab = open_tab(window(**PHONE), tmp_path)
    box = tab.page.get_by_role("button", name="Choose On which day?").bounding_box()
    assert box["width"] >= 44 and box["height"] >= 44


@pytest.mark.parametrize("ahead", [False, True])
def test_a_past_day_is_remarked_where_the_future_is_meant_and_never_refused(ahead, window, tmp_path):
    page = window()
    page.clock.set_fixed_time("2026-11-22T10:00:00")
    form = Form(small_workbook(tmp_path), "small")
    spec = copy.deepcopy(form.spec)
    next(item for section in spec["sections"] for item in section["items"] if item["id"] == "day")["ahead"] = ahead
    form.spec = spec
    bare = BarePage(page)
    bare.mount(form)
    day = page.get_by_label("On which day?")
    day.fill("yesterday")
    said = "Saturday, November 21, 2026" + (". That day is past." if ahead else "")
    assert page.locator(".mk-understood").first.inner_text() == said
    day.fill("today")
    assert page.locator(".mk-understood").first.inner_text() == "Sunday, November 22, 2026"
    day.fill("2026-11-01")
    day.blur()
    page.locator(".mk-status", has_text="Saved").wait_for()
    assert dict(small_workbook(tmp_path).draft("small")) == {"day": "2026-11-01"}
    assert page.locator(".mk-error:visible").count() == 0


def test_it_is_today_where_the_student_is(window, tmp_path):
    days = {"Pacific/Auckland": "Monday, November 23, 2026", "America/Los_Angeles": "Sunday, November 22, 2026"}
    for zone, day in days.items():
        page = window(timezone_id=zone)
        page.clock.set_fixed_time("2026-11-22T20:00:00Z")
        tab = open_tab(page, tmp_path / zone)
        page.get_by_label("On which day?").fill("today")
        assert understood(tab) == day


# Times of day


@pytest.fixture
def timed(window, tmp_path):
    return open_tab(window(), tmp_path, steps_worksheet())


def test_a_time_of_day_is_saved_on_the_24_hour_clock(timed):
    call = timed.page.get_by_label("When do you call?")
    assert call.get_attribute("type") == "time"
    call.press_sequentially("0230PM")
    timed.page.get_by_label("At what time?").fill("09:05")
    timed.page.get_by_label("At what time?").blur()
    timed.status("Saved")
    assert timed.answers == {"call": "14:30", "steps": [{"at": "09:05"}]}
    timed.reload()
    assert [call.input_value(), timed.page.get_by_label("At what time?").input_value()] == ["14:30", "09:05"]


@pytest.mark.parametrize("label", ["When do you call?", "At what time?"])
def test_half_a_time_is_asked_to_be_finished_and_finish_leads_to_it(label, timed):
    field = timed.page.get_by_label(label)
    field.press_sequentially("02")
    timed.page.get_by_role("button", name="Finish").click()
    assert timed.page.get_by_text("Finish the time: hour and minute.").is_visible()
    assert field.evaluate("field => field === document.activeElement")
    assert timed.answers == {}

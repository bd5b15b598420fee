"""The commands `mentorkit export` and `mentorkit import`: taking answers along, and bringing them back."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from mentorkit.cli.options import Force, HomeOption, Yes, home_with_records, printable
from mentorkit.errors import BadFile
from mentorkit.takeaway import read_file, write_files


class Form(StrEnum):
    """For which other system a file is written."""

    ANSWERS = "answers"
    REDCAP_DICTIONARY = "redcap-dictionary"
    REDCAP_RECORDS = "redcap-records"
    FHIR = "fhir"
    FHIR_QUESTIONNAIRES = "fhir-questionnaires"


def export(
    target: Annotated[Path, typer.Argument(help="The file to write: .json everything, .csv scores, .ics dates.")],
    home: HomeOption = None,
    force: Force = False,
    form: Annotated[Form | None, typer.Option("--as", help="For another system instead.")] = None,
    record: Annotated[str, typer.Option(help="The record id that the other system knows you by.")] = "1",
    class_year: Annotated[str | None, typer.Option(help="Your class year, as your school calls it.")] = None,
    with_texts: Annotated[bool, typer.Option("--with-texts", help="With --as: words of your own too.")] = False,
) -> None:
    """Take your answers along in one file.

    A JSON file has everything but what is marked “only you see this”, which “mentorkit backup” has too. A CSV file
    has the scores, with a codebook beside it. An ICS file has meetings, follow-ups and the end of the semester.

    For other systems: “--as answers” writes every answer as a row of a CSV file, with a codebook. “redcap-dictionary”
    and “fhir-questionnaires” are the questions alone, “redcap-records” and “fhir” your answers to them. None of them
    has what is marked “only you see this”, and words of your own only with “--with-texts”.

    Example: mentorkit export my-answers.json
    """
    if form is not None:
        _export_as(form, target, home, force, record, class_year, with_texts)
        return
    from mentorkit.reports.exchange import as_json
    from mentorkit.reports.tables import codebook_csv, scores_csv
    from mentorkit.workbook import open_workbook

    book = open_workbook(home_with_records(home).path)
    match target.suffix.lower():
        case ".json":
            write_files({target: as_json(book.content, book.records)}, force)
            typer.echo(f"Wrote all but what is private to {target}.")
        case ".csv":
            codebook = target.with_name(f"{target.stem}-codebook.csv")
            write_files({target: scores_csv(book), codebook: codebook_csv(book)}, force)
            typer.echo(f"Wrote the scores to {target} and what they mean to {codebook}.")
        case ".ics":
            from mentorkit.reports.calendar import calendar_file

            write_files({target: calendar_file(book).decode()}, force)
            typer.echo(f"Wrote what lies ahead to {target}: open it with your calendar.")
        case _:
            raise BadFile(f"{target} ends in none of .json (everything), .csv (scores) and .ics (dates): rename it.")


def _export_as(
    form: Form, target: Path, home: Path | None, force: bool, record: str, class_year: str | None, with_texts: bool
) -> None:
    from mentorkit.content import load_content
    from mentorkit.interchange import codebook, fhir, redcap, tidy
    from mentorkit.interchange.cards import student_of
    from mentorkit.workbook import open_workbook

    beside = {Form.ANSWERS: "codebook", Form.REDCAP_DICTIONARY: "key"}.get(form, "")
    second = target.with_name(f"{target.stem}-{beside}.csv")
    content = load_content()
    if form is Form.REDCAP_DICTIONARY:
        write_files({target: redcap.data_dictionary(content), second: redcap.key_csv(content)}, force)
        typer.echo(f"Wrote REDCap's data dictionary to {target} and what its variables stand for to {second}.")
        return
    if form is Form.FHIR_QUESTIONNAIRES:
        write_files({target: fhir.bundle(content)}, force)
        typer.echo(f"Wrote the questions as FHIR R4 to {target}.")
        return
    book = open_workbook(home_with_records(home).path)
    student = student_of(book, record, class_year, texts=with_texts)
    content = book.content
    match form:
        case Form.ANSWERS:
            write_files({target: tidy.answers_csv(content, student), second: codebook.codebook_csv(content)}, force)
        case Form.REDCAP_RECORDS:
            write_files({target: redcap.records_csv(content, [student])}, force)
        case Form.FHIR:
            write_files({target: fhir.bundle(content, student)}, force)
    words = "with words of your own: read it before you hand it on" if with_texts else "without words of your own"
    count = f"{len(student.cards)} worksheet" + "s" * (len(student.cards) != 1)
    typer.echo(f"Wrote the answers to {count} to {target}, {words}.")


def import_(
    source: Annotated[Path, typer.Argument(help="A file made by “mentorkit export”.")],
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
    yes: Yes = False,
) -> None:
    """Add the answers of an exported file.

    What goes on from what is here is added, and the earlier answers stay in the history. What was changed in both
    places stays as it is here: this asks first, and on the page “Start” you can choose which one counts.

    Example: mentorkit import my-answers.json --dry-run
    """
    from mentorkit.merging import bring_in, in_words, plan
    from mentorkit.reports.along import left_line, lines, namesake_lines
    from mentorkit.reports.exchange import LARGEST, read_export
    from mentorkit.workbook import open_workbook

    raw = read_file(source, LARGEST)
    book = open_workbook(home)
    content, records = book.content, read_export(raw, book.content, [person.id for person in book.people])
    merge = plan(book, records)
    news = in_words(content, merge)
    left = (left_line(content, one) for one in news.differing)
    for line in (*lines(content, news), *left, *namesake_lines(content, news)):
        typer.echo(f"- {printable(line)}")
    if dry_run:
        typer.echo(f"Would add {len(merge.add)} records; {merge.same} say nothing new. Nothing was changed.")
        return
    if merge.differing and not yes:
        typer.confirm("Add what is new, and leave what differs as it is here?", abort=True)
    merge = bring_in(book, records)
    typer.echo(f"Added {len(merge.add)} records; {merge.same} say nothing new.")

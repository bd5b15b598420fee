"""REDCap's data dictionary: a CSV file with 18 columns, from which a project makes its forms."""

from collections.abc import Iterator

from mentorkit.content import Content
from mentorkit.interchange.cells import as_csv
from mentorkit.interchange.redcap.form import CLASS_YEAR, RECORD, STUDENT, Field
from mentorkit.interchange.redcap.laying import forms_of

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)


def data_dictionary(content: Content) -> str:
    """The CSV file for “Data Dictionary” in REDCap, with every worksheet and without anything private."""
    asked = [field for form in forms_of(content) for field in form.fields]
    return as_csv(COLUMNS, (_row(field) for field in (*_student(), *asked)))


def key_csv(content: Content) -> str:
    """Which permanent id each variable stands for, and which of our codes each of REDCap's; a row each."""
    return as_csv(("variable", "form", "item", "entry", "part", "redcap_code", "code", "label"), _key(content))


def _key(content: Content) -> Iterator[tuple[object, ...]]:
    for field in (field for form in forms_of(content) for field in form.fields):
        about = (field.variable, field.form, field.item, field.entry or None, field.part)
        yield (*about, None, None, field.label)
        yield from ((*about, made, code, field.labels[code]) for code, made in field.codes.items())


def _student() -> Iterator[Field]:
    yield Field(RECORD, STUDENT, "text", "Record", note="A number or code. No name and no e-mail address.")
    yield Field(CLASS_YEAR, STUDENT, "text", "Class year", note="As your school calls it, such as m2 or 2030.")


def _row(field: Field) -> tuple[str, ...]:
    annotation = " ".join(filter(None, (_permanent_id(field), field.annotation)))
    return (
        field.variable,
        field.form,
        _shown(field.header),
        field.kind,
        _shown(field.label),
        " | ".join(f"{made}, {_choice(field.labels[code])}" for code, made in field.codes.items()),
        _shown(field.note),
        field.validation,
        field.least,
        field.most,
        "y" if field.identifier else "",
        field.logic,
        "y" if field.required else "",
        "",
        "",
        field.matrix,
        "",
        annotation,
    )


def _permanent_id(field: Field) -> str:
    return f"{field.item}.{field.entry}.{field.part}" if field.part else field.item


def _shown(text: str) -> str:
    """Text as REDCap shows it: it takes < for the beginning of HTML."""
    return text.replace("<", "&lt;")


def _choice(label: str) -> str:
    """A label as it may stand among choices, which a | divides."""
    return _shown(" ".join(label.replace("|", "/").split()))

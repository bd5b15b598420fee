"""FHIR R4 (4.0.1): worksheets as Questionnaires, what a student answered as QuestionnaireResponses, in a Bundle."""

from mentorkit.interchange.fhir.bundle import bundle
from mentorkit.interchange.fhir.coding import BASE
from mentorkit.interchange.fhir.questionnaire import questionnaire
from mentorkit.interchange.fhir.response import response

__all__ = ["BASE", "bundle", "questionnaire", "response"]

"""Errors of measuring.

EvaluationError
├── QuestionFileError   a file of questions, judgements or a run cannot be read: mend that line
└── GateError           a gate names a figure that there is not
"""

from __future__ import annotations


class EvaluationError(Exception):
    """Measuring cannot go on as asked."""


class QuestionFileError(EvaluationError):
    """A file is not what it should be; the message names file, line and remedy."""


class GateError(EvaluationError):
    """A gate cannot be checked: its figure does not exist, or its bound is no number."""

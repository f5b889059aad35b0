"""What every form of the pages shares: Chinese messages, days, and empty choices that stay empty."""

from datetime import date
from typing import Any

from wtforms import Form, SelectField, StringField, ValidationError

from bank.ground.clock import parse_day
from bank.ground.errors import BadInput


class ChineseForm(Form):
    """A form whose built-in messages are Chinese; the token against forged requests is checked before any view."""

    class Meta:
        """Read by WTForms."""

        locales = ("zh",)


class ChoiceField(SelectField):
    """A choice that may be left empty when an empty choice is offered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, filters=[lambda value: value or ""], **kwargs)


class DayField(StringField):
    """A day as 2026-03-14; `day` holds it after validation."""

    day: date

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - the shape is WTForms'
        """Refuse what is no day."""
        try:
            self.day = parse_day(self.data or "")
        except BadInput:
            raise ValidationError("请写成 2026-03-14 这样的日期") from None

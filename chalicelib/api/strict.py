"""The base of all bodies that requests bring."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A body or a part of one: what is not known is refused, and no value is taken for another."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

"""Numbers of the business that the portal cannot count itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, Key


class BusinessFigure(Base):
    """A number of the business that the portal cannot count itself, by branch and month: premium, policies, calls."""

    __tablename__ = "business_figures"

    id: Mapped[Key]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    month: Mapped[date]  # its first day
    name: Mapped[str] = mapped_column(String(24))  # domain.figures.Given
    value: Mapped[int]  # in its unit: cents, pieces, persons, calls
    entered_by: Mapped[int | None]
    entered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    __table_args__ = (UniqueConstraint("branch_id", "month", "name"), CheckConstraint("value >= 0", name="value"))

"""Which line of the regulator's bulletins 险种 a policy belongs to: a proposal for the form, never a decision."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.case_terms import ComplaintLine
from app.domain.policies import DesignType
from app.domain.product_lines import ProductLine

_BY_LINE: Mapping[ProductLine, ComplaintLine] = {
    ProductLine.LIFE: ComplaintLine.LIFE,
    ProductLine.HEALTH: ComplaintLine.MEDICAL,
    ProductLine.ACCIDENT: ComplaintLine.ACCIDENT,
    ProductLine.MOTOR: ComplaintLine.MOTOR,
    ProductLine.ENTERPRISE_PROPERTY: ComplaintLine.BUSINESS_PROPERTY,
    ProductLine.HOME_PROPERTY: ComplaintLine.HOME,
    ProductLine.LIABILITY: ComplaintLine.LIABILITY,
    ProductLine.CREDIT_GUARANTEE: ComplaintLine.SURETY,
    ProductLine.AGRICULTURE: ComplaintLine.AGRICULTURE,
    ProductLine.SHORT_HEALTH_ACCIDENT: ComplaintLine.ACCIDENT,
}
_BY_DESIGN: Mapping[DesignType, ComplaintLine] = {
    DesignType.PARTICIPATING: ComplaintLine.PARTICIPATING,
    DesignType.UNIVERSAL: ComplaintLine.UNIVERSAL,
    DesignType.UNIT_LINKED: ComplaintLine.UNIT_LINKED,
}
# Words in the name of a product that say more than its line does.
_BY_WORD = (
    ("年金", ComplaintLine.ANNUITY),
    ("疾病", ComplaintLine.DISEASE),
    ("重疾", ComplaintLine.DISEASE),
    ("医疗", ComplaintLine.MEDICAL),
)


def complaint_line(line: str, design: str | None = None, product: str = "") -> str:
    """Return the bulletin's line for a policy's; empty when there is none (cargo, hull …)."""
    if line not in set(ProductLine):
        return ""
    if design in set(DesignType) and DesignType(design) in _BY_DESIGN:
        return _BY_DESIGN[DesignType(design)].value
    if line in (ProductLine.LIFE, ProductLine.HEALTH, ProductLine.SHORT_HEALTH_ACCIDENT):
        named = next((found for word, found in _BY_WORD if word in product), None)
        if named is not None:
            return named.value
    found = _BY_LINE.get(ProductLine(line))
    return found.value if found else ""

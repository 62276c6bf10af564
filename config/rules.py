"""The [[rules]] tables of the policy file: the house rules."""

from typing import Annotated, Any, Literal

from pydantic import Field

from bot.domain.dsa_terms import CATEGORIES, KEYWORDS, NO_TERMS, DsaTerms
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.policy import Rule, Severity
from config.table import Table


def _sentence(most: int) -> Any:
    return Field(
        pattern=r"^\s*\S",
        max_length=most,
        description=f"text in quotes, not empty, of at most {most} characters",
    )


class RuleTable(Table):
    """One house rule."""

    number: int = Field(ge=1, le=999, description="a whole number from 1 to 999, such as 3")
    code: str = Field(
        pattern=r"^[a-z][a-z0-9-]{1,31}$",
        description="2 to 32 small letters, digits and hyphens, beginning with a letter, such as "
        '"harassment"',
    )
    name: str = Field(
        pattern=r"^[^\W\d_][^\x00-\x1f]*$",
        max_length=40,
        description="at most 40 characters on one line, beginning with a letter, such as "
        '"Harassment"',
    )
    text: str = _sentence(500)
    severity: Literal["low", "medium", "high", "critical"] = Field(
        description='"low", "medium", "high" or "critical"'
    )
    notice: str = _sentence(500)
    spoiler: bool = Field(False, description="true or false, without quotes")
    legal: bool = Field(False, description="true or false, without quotes")
    wording: bool = Field(False, description="true or false, without quotes")
    urgent: Literal["", "life"] = Field("", description='"life", or left out')
    reasons: list[Annotated[str, Field(min_length=1, max_length=90)]] = Field(
        [],
        max_length=10,
        description='at most 10 texts of at most 90 characters, such as ["It names a victim."]',
    )
    sites: list[Annotated[str, Field(min_length=1, max_length=80)]] | None = Field(
        None,
        min_length=1,
        description='short names of sites, such as ["courier"], or left out for all of them',
    )
    dsa_category: str = Field(
        NO_TERMS.category,
        pattern=f"^({'|'.join(sorted(CATEGORIES))})$",
        description=f"one of the EU database's categories: {', '.join(sorted(CATEGORIES))}",
    )
    dsa_keywords: list[Annotated[str, Field(pattern=f"^({'|'.join(sorted(KEYWORDS))})$")]] = Field(
        [],
        max_length=5,
        description='at most 5 of the EU database\'s keywords, such as ["HATE_SPEECH"]: '
        f"{', '.join(sorted(KEYWORDS))}",
    )

    def rule(self) -> Rule:
        """Return the same as the desk works with it."""
        return Rule(
            number=RuleNumber(self.number),
            code=self.code,
            name=self.name.strip(),
            text=self.text.strip(),
            severity=Severity[self.severity.upper()],
            notice=self.notice.strip(),
            spoiler=self.spoiler,
            legal=self.legal,
            wording=self.wording,
            life=self.urgent == "life",
            reasons=tuple(reason.strip() for reason in self.reasons),
            sites=tuple(sorted({SiteId(one.lower()) for one in self.sites or ()})),
            dsa=DsaTerms(category=self.dsa_category, keywords=tuple(self.dsa_keywords)),
        )

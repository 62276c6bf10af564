"""What the readers' pages know of one site."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.domain.foreign import host_in_ascii
from bot.domain.ids import RuleNumber, SiteId
from bot.domain.policy import Policy, Rule
from bot.domain.site import SiteKeys

OTHER = "other"
"""What the form calls a reason that no rule names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSite:
    """One site whose readers report here.

    `origins` are the pages that may use the form, as ``https://courier.example``; `rules_url` is
    where its house rules are read in full; `other_rule` is the code of the rule that stands for
    what none names; `log_in` asks readers to log in at the site, which then names them.
    """

    id: SiteId
    keys: SiteKeys = field(repr=False)
    origins: frozenset[str] = frozenset()
    rules_url: str | None = None
    other_rule: str | None = None
    log_in: bool = False

    def allows(self, origin: str | None) -> bool:
        """Whether a page of that origin is one of the site's."""
        return origin is not None and normal(origin) in self.origins

    def rule_for(self, reason: str, policy: Policy) -> RuleNumber | None:
        """Return the rule that a reason of the form stands for, `None` if it is none."""
        if reason == OTHER:
            return self._other(policy).number
        known = policy.by_code.get(reason)
        return known.number if known else None

    def _other(self, policy: Policy) -> Rule:
        named = policy.by_code.get(self.other_rule or "")
        return named or policy.mildest


def normal(origin: str) -> str:
    """Return an origin as browsers write it.

    Scheme and host are in small letters, the host in ASCII, and there is no usual port.
    """
    try:
        parts = urlsplit(origin.strip())
        host = host_in_ascii(parts.hostname or "")
        host = f"[{host}]" if ":" in host else host
        usual = {"http": 80, "https": 443}.get(parts.scheme)
        port = "" if parts.port in (None, usual) else f":{parts.port}"
    except ValueError:
        return ""
    return f"{parts.scheme}://{host}{port}" if host else ""

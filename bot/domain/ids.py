"""Identifiers, kept apart by type so that one is never passed for another."""

from typing import NewType

SiteId = NewType("SiteId", str)
"""The name an operator gave a comment platform in the settings, such as ``courier``."""

CaseId = NewType("CaseId", int)
"""The number people say aloud: case 1042."""

DecisionId = NewType("DecisionId", int)
"""Position of a decision in the record, from 1; also the idempotency key at the site."""

EffectId = NewType("EffectId", int)
"""A row of the outbox."""

RuleNumber = NewType("RuleNumber", int)
"""The number of a house rule, as printed."""

PersonId = NewType("PersonId", int)
"""A Discord user."""

ReporterKey = NewType("ReporterKey", bytes)
"""16 bytes standing for one reader at one site; made with the site's secret, not reversible."""

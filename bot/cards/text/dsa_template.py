"""The template of the EU's harmonised report, in its own words: Annex I of Regulation (EU) 2024/2835.

The English template as CSV, by its parts; a blank at the end of a head is the template's. Not here:
what only very large platforms fill in, and the part in free words.
"""

from typing import Final

ALL: Final = "All"
HOSTS: Final = "Only for providers of hosting services, including online platforms"
PLATFORMS: Final = "Only for providers of online platforms"

IDENTIFICATION: Final = ("Applicability", "Service", "Indicator", "Value")
PROVIDER: Final = "Name of the service provider"
PUBLISHED: Final = "Date of the publication of the report"
PUBLISHED_BEFORE: Final = "Date of the publication of the latest previous report"
STARTS: Final = "Starting date of reporting period"
ENDS: Final = "Ending date of reporting period"

_FILED: Final = ("Applicability", "Service", "Reporting period")
_OTHER: Final = 'Description of the sub-category "Other"'
ILLEGAL: Final = "Category of illegal content"
INCOMPATIBLE: Final = "Category of incompatibility with the provider's terms and conditions"
TOTAL: Final = "TOTAL"
NOT_SPECIFIED: Final = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE"

NOTICES: Final = (
    "Number of notices received ",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    (
        "Number of specific items of information included in the total number of notices by Trusted "
        "Flaggers (Trusted Flagger notices)"
    ),
    "Median time to take action",
    "Median time to take action (Trusted Flagger notices)",
    "Number of actions taken on the basis of the law",
    "Number of actions taken on the basis of the law (Trusted Flagger notices)",
    "Number of actions taken on the basis of the terms and conditions of the service",
    (
        "Number of actions taken on the basis of the terms and conditions of the service (Trusted "
        "Flagger notices)"
    ),
)
OWN_MEASURES: Final = "Number of measures taken at the provider's own initiative "
DISABLED: Final = "Visibility restriction Disable"
SUSPENDED: Final = "Provision of the service Suspension"
TERMINATED: Final = "Provision of the service Termination"
MEASURES: Final = (
    OWN_MEASURES,
    "Number of measures taken after detection with solely automated means ",
    "Visibility restriction Removal",
    DISABLED,
    "Visibility restriction Demoted",
    "Visibility restriction Age restricted",
    "Visibility restriction Interaction restricted",
    "Visibility restriction Labelled ",
    "Visibility restriction Other",
    "Monetary restriction Suspension",
    "Monetary restriction Termination",
    "Monetary restriction Other",
    SUSPENDED,
    TERMINATED,
    "Account restriction Suspension",
    "Account restriction Termination",
)


def notices_head() -> tuple[str, ...]:
    context = (f"Contextual information on {one}" for one in NOTICES)
    return (*_FILED, ILLEGAL, _OTHER, *NOTICES, *context)


def measures_head(category: str) -> tuple[str, ...]:
    context = (f"Contextual Information on {one}" for one in MEASURES)
    return (*_FILED, category, _OTHER, *MEASURES, *context)


INDICATORS: Final = (*_FILED, "Section", "Indicator", "Scope", "Value", "Contextual Information")

COMPLAINTS: Final = "Internal complaints mechanism"
DISPUTES: Final = "Out-of-court dispute settlement bodies"
SUSPENSIONS: Final = "Suspensions imposed on repeated offenders"
AUTOMATED: Final = "Use of automated means for content moderation"

SUBMITTED: Final = "Number of complaints submitted to the internal-complaints mechanism"
IMPOSED: Final = "Number of restrictions newly imposed as a result of an internal complaint"
OF_VISIBILITY: Final = (
    "Complaint regarding a decision to remove or disable access to or restrict visibility of "
    "information"
)
OF_SERVICE: Final = (
    "Complaint regarding a decision to suspend or terminate the provision of the service"
)
OF_ACCOUNT: Final = "Complaint regarding a decision to suspend or terminate an account "
OF_MONEY: Final = "Complaint regarding a decision to restrict the ability to monetise information"
OF_NOTICE: Final = (
    "Complaint regarding a decision not to take action on a notice submitted in accordance with "
    "Article 16"
)
OF_FLAGGER: Final = (
    "Complaint regarding a decision not to take action on a notice submitted by a Trusted Flagger "
    "in accordance with Article 16"
)
DISPUTED: Final = "Number of disputes submitted to out-of-court dispute settlement bodies"
FOR_CONTENT: Final = (
    "Number of suspensions enacted for the provision of manifestly illegal content "
)
FOR_NOTICES: Final = (
    "Number of suspensions enacted for the provision of manifestly unfounded notices"
)
FOR_COMPLAINTS: Final = (
    "Number of suspensions enacted for the provision of manifestly unfounded complaints"
)

EVERY: Final = "Total number"
UPHELD: Final = "Decisions upheld"
PARTLY: Final = "Decisions partially reversed"
REVERSED: Final = "Decisions reversed"
MEDIAN: Final = "Median time"
OMITTED: Final = "Decision omitted"
IMPLEMENTED: Final = "Percentage of outcomes implemented"
IN_HOURS: Final = "In hours."

BY_MACHINE: Final = "Number of measures solely taken by automated means "
NOT_BY_MACHINE: Final = "Number of measures not taken by automated means"
NOTICES_BY_MACHINE: Final = "Number of notices solely processed by automated means "
NOTICES_NOT_BY_MACHINE: Final = "Number of notices not processed by automated means"
ACCURACY: Final = (
    "Accuracy of the automated means - Accuracy",
    "Accuracy of the automated means - Precision",
    "Accuracy of the automated means - Recall",
)
OWN_INITIATIVE: Final = "Own-initiative "
NAM: Final = "NAM Total"
NAM_FLAGGER: Final = "NAM Trusted Flagger"

CATEGORIES: Final = {
    "ANIMAL_WELFARE": "ANIMAL_HARM UNLAWFUL_SALE_ANIMALS OTHER",
    "CONSUMER_INFORMATION": "HIDDEN_ADVERTISEMENT INSUFFICIENT_INFORMATION_ON_TRADERS "
    "MISLEADING_INFO_GOODS_SERVICES MISLEADING_INFO_CONSUMER_RIGHTS NONCOMPLIANCE_PRICING OTHER",
    "CYBER_VIOLENCE": "CYBER_BULLYING_INTIMIDATION CYBER_HARASSMENT CYBER_INCITEMENT "
    "CYBER_STALKING NON_CONSENSUAL_IMAGE_SHARING NON_CONSENSUAL_MATERIAL_DEEPFAKE OTHER",
    "CYBER_VIOLENCE_AGAINST_WOMEN": "BULLYING_AGAINST_GIRLS CYBER_HARASSMENT_AGAINST_WOMEN "
    "CYBER_STALKING_AGAINST_WOMEN FEMALE_GENDERED_DISINFORMATION INCITEMENT_AGAINST_WOMEN "
    "NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN "
    "OTHER",
    "DATA_PROTECTION_AND_PRIVACY_VIOLATIONS": "BIOMETRIC_DATA_BREACH DATA_FALSIFICATION "
    "MISSING_PROCESSING_GROUND RIGHT_TO_BE_FORGOTTEN OTHER",
    "ILLEGAL_OR_HARMFUL_SPEECH": "DEFAMATION DISCRIMINATION HATE_SPEECH OTHER",
    "INTELLECTUAL_PROPERTY_INFRINGEMENTS": "COPYRIGHT_INFRINGEMENT DESIGN_INFRINGEMENT "
    "GEOGRAPHIC_INDICATIONS_INFRINGEMENT PATENT_INFRINGEMENT TRADE_SECRET_INFRINGEMENT "
    "TRADEMARK_INFRINGEMENT OTHER",
    "NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS": "MISINFORMATION_DISINFORMATION "
    "VIOLATION_EU_LAW VIOLATION_NATIONAL_LAW OTHER",
    "PROTECTION_OF_MINORS": "AGE_SPECIFIC_RESTRICTIONS_MINORS CHILD_SEXUAL_ABUSE_MATERIAL "
    "CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE GROOMING_SEXUAL_ENTICEMENT_MINORS UNSAFE_CHALLENGES "
    "OTHER",
    "RISK_FOR_PUBLIC_SECURITY": "ILLEGAL_ORGANIZATIONS RISK_ENVIRONMENTAL_DAMAGE "
    "RISK_PUBLIC_HEALTH TERRORIST_CONTENT OTHER",
    "SCAMS_AND_FRAUD": "IMPERSONATION_ACCOUNT_HIJACKING INAUTHENTIC_ACCOUNTS INAUTHENTIC_LISTINGS "
    "INAUTHENTIC_USER_REVIEWS PHISHING PYRAMID_SCHEMES OTHER",
    "SELF_HARM": "CONTENT_PROMOTING_EATING_DISORDERS SELF_MUTILATION SUICIDE OTHER",
    "UNSAFE_AND_PROHIBITED_PRODUCTS": "PROHIBITED_PRODUCTS UNSAFE_PRODUCTS OTHER",
    "VIOLENCE": "COORDINATED_HARM INCITEMENT_VIOLENCE_HATRED HUMAN_EXPLOITATION HUMAN_TRAFFICKING "
    "TRAFFICKING_WOMEN_GIRLS OTHER",
}
"""What may be against the law, in the template's order, each with its keywords."""

OF_TERMS: Final = {
    "OTHER_VIOLATION_TC": "ADULT_SEXUAL_MATERIAL AGE_SPECIFIC_RESTRICTIONS "
    "GEOGRAPHICAL_REQUIREMENTS GOODS_SERVICES_NOT_PERMITTED LANGUAGE_REQUIREMENTS NUDITY OTHER",
}
"""What only the provider's own terms forbid."""

"""Which region a country belongs to: the regional groups of the United Nations, never typed."""

from __future__ import annotations

# Member states by ISO 3166; observers and states of no group stand where they take part.
GROUPS = {
    "africa": (
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG"
        " ML MR MU MW MZ NA NE NG RW SC SD SL SN SO SS ST SZ TD TG TN TZ UG ZA ZM ZW"
    ),
    "asia_pacific": (
        "AE AF BD BH BN BT CN CY FJ FM ID IN IQ IR JO JP KG KH KI KP KR KW KZ LA LB LK MH MM MN MV"
        " MY NP NR OM PG PH PK PS PW QA SA SB SG SY TH TJ TL TM TO TV UZ VN VU WS YE"
    ),
    "eastern_europe": "AL AM AZ BA BG BY CZ EE GE HR HU LT LV MD ME MK PL RO RS RU SI SK UA",
    "latin_america_caribbean": (
        "AG AR BB BO BR BS BZ CL CO CR CU DM DO EC GD GT GY HN HT JM KN LC MX NI PA PE PY SR SV TT"
        " UY VC VE"
    ),
    "western_europe_others": (
        "AD AT AU BE CA CH DE DK ES FI FR GB GR IE IL IS IT LI LU MC MT NL NO NZ PT SE SM TR US VA"
    ),
}
BY_COUNTRY = {
    country: group for group, countries in GROUPS.items() for country in countries.split()
}


def region(country: str | None) -> str | None:
    """Return the group of ``country`` (two letters); ``None`` where it is in none or not told."""
    return BY_COUNTRY.get((country or "").upper())

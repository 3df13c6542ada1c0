"""Codes the fictional feeds use; each list is a subset of the seed of the same name (schema ref).

Names of the tables are those of the seeds. Sources: domain.md 2.2 (YJB conformed model), 2.3 (police),
2.5 (education), 3.1 (disposal tiers), 3.2 (offences), 3.4 (court results).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Offence(NamedTuple):
    """One CJS offence code as the generator uses it."""

    code: str
    title: str
    category: str  # CE CI CS CM CB, domain.md 3.2
    weight: int  # how often it is drawn
    gravity: int  # 1 to 8, the YJB seriousness score
    yjb: str  # YJB offence category, code_yjb_offence_category
    is_knife: bool = False


OFFENCES: tuple[Offence, ...] = (
    Offence("TH68010", "Theft from shop", "CE", 150, 3, "THEFT_AND_HANDLING_STOLEN_GOODS"),
    Offence("CJ88116", "Assault by beating", "CS", 160, 3, "VIOLENCE_AGAINST_THE_PERSON"),
    Offence("CJ88001", "Common assault", "CS", 70, 3, "VIOLENCE_AGAINST_THE_PERSON"),
    Offence(
        "CD71039", "Criminal damage to property valued under 5,000 pounds", "CE", 120, 2, "CRIMINAL_DAMAGE"
    ),
    Offence("PU86116", "Threatening, abusive or insulting words or behaviour", "CS", 70, 2, "PUBLIC_ORDER"),
    Offence("OF61102", "Assault occasioning actual bodily harm", "CE", 70, 4, "VIOLENCE_AGAINST_THE_PERSON"),
    Offence(
        "OF61131", "Wounding or inflicting grievous bodily harm", "CE", 25, 6, "VIOLENCE_AGAINST_THE_PERSON"
    ),
    Offence("OF61016", "Wounding with intent", "CI", 6, 7, "VIOLENCE_AGAINST_THE_PERSON"),
    Offence(
        "CJ88144",
        "Having an article with a blade or point in a public place",
        "CE",
        60,
        4,
        "VIOLENCE_AGAINST_THE_PERSON",
        True,
    ),
    Offence(
        "PC53001",
        "Possessing an offensive weapon in a public place",
        "CE",
        30,
        4,
        "VIOLENCE_AGAINST_THE_PERSON",
        True,
    ),
    Offence("MD71530", "Possessing cannabis", "CE", 70, 2, "DRUGS"),
    Offence("MD71526", "Possessing cannabis with intent to supply", "CE", 25, 4, "DRUGS"),
    Offence("TH68023", "Robbery", "CI", 35, 6, "ROBBERY"),
    Offence("TH68036", "Burglary of a dwelling", "CE", 25, 6, "DOMESTIC_BURGLARY"),
    Offence("TH68037", "Burglary other than of a dwelling", "CE", 20, 4, "NON_DOMESTIC_BURGLARY"),
    Offence("TH68151", "Aggravated vehicle taking", "CE", 15, 5, "VEHICLE_THEFT_UNAUTHORISED_TAKING"),
    Offence("SX03007", "Sexual assault", "CE", 10, 5, "SEXUAL_OFFENCES"),
    Offence("BA76001", "Failing to surrender to bail", "CS", 10, 2, "BREACH_OF_BAIL"),
    Offence("RT88333", "Driving while disqualified", "CM", 6, 4, "MOTORING_OFFENCES"),
    Offence("RA88001", "Using a vehicle without insurance", "CM", 20, 2, "MOTORING_OFFENCES"),
    Offence("SE20001", "Breach of a criminal behaviour order", "CE", 8, 3, "BREACH_OF_STATUTORY_ORDER"),
)
# Seriousness of a breach; its category is that of the order.
BREACH_GRAVITY = 2
# Breaches of an order: category CB, not recordable, never an offence of their own (domain.md 3.2).
BREACH_OFFENCES: dict[str, tuple[str, str]] = {  # order type -> (code, title)
    "REFERRAL_ORDER": ("SE20549", "Further offence during a referral order"),
    "YOUTH_REHABILITATION_ORDER": ("SE20517", "Failing to comply with a youth rehabilitation order"),
    "YRO_ISS": ("SE20521", "Failing to comply with a youth rehabilitation order with ISS"),
    "YRO_FOSTERING": ("SE20530", "Failing to comply with a youth rehabilitation order with fostering"),
    "CUSTODIAL_SENTENCE": ("SE20537", "Failing to comply with detention and training order supervision"),
    "REPARATION_ORDER": ("SE20552", "Failing to comply with a reparation order"),
    "CONDITIONAL_DISCHARGE": ("SE20516", "Breach of a conditional discharge"),
}
# A code no list knows (domain.md 2.8 no. 23); the oddity unknown_code.
UNKNOWN_OFFENCE_CODE = "XX00999"

# code_legal_outcome: code -> (tier, is_substantive, rank: lower is more serious)
LEGAL_OUTCOMES: dict[str, tuple[str, bool, int]] = {
    "SECTION_259": ("CUSTODY", True, 1),
    "SECTION_250": ("CUSTODY", True, 2),
    "SECTION_254": ("CUSTODY", True, 3),
    "DETENTION_AND_TRAINING_ORDER": ("CUSTODY", True, 4),
    "YRO_ISS": ("COMMUNITY", True, 10),
    "YRO_FOSTERING": ("COMMUNITY", True, 11),
    "YOUTH_REHABILITATION_ORDER": ("COMMUNITY", True, 12),
    "REFERRAL_ORDER": ("FIRST_TIER", True, 20),
    "REPARATION_ORDER": ("FIRST_TIER", True, 21),
    "FINE": ("FIRST_TIER", True, 22),
    "COMPENSATION": ("FIRST_TIER", True, 23),
    "CONDITIONAL_DISCHARGE": ("FIRST_TIER", True, 24),
    "ABSOLUTE_DISCHARGE": ("FIRST_TIER", True, 25),
    "YOUTH_CONDITIONAL_CAUTION": ("PRE_COURT", True, 30),
    "YOUTH_CAUTION": ("PRE_COURT", True, 31),
    "COMMUNITY_RESOLUTION": ("DIVERSION", False, 40),
    "OUTCOME_22": ("DIVERSION", False, 41),
    "OUTCOME_21": ("DIVERSION", False, 42),
    "OUTCOME_20": ("DIVERSION", False, 43),
    "NO_FURTHER_ACTION": ("DIVERSION", False, 44),
    "BREACH_DEALT": ("NONE", False, 50),
    "BREACH_NO_ACTION": ("NONE", False, 51),
    "TAKEN_INTO_CONSIDERATION": ("NONE", False, 52),
    "NOT_GUILTY": ("NONE", False, 60),
    "DISMISSED": ("NONE", False, 61),
    "WITHDRAWN": ("NONE", False, 62),
    "ADULT_CUSTODY": ("ADULT", True, 5),  # detention in a young offender institution, 18 and over
}
UNKNOWN_LEGAL_OUTCOME = "DIVERSION_PILOT_B"  # oddity unknown_code

# legal outcome -> code_order_type of the programme that follows (None: no programme)
ORDER_OF_OUTCOME: dict[str, str] = {
    "COMMUNITY_RESOLUTION": "NON_SUBSTANTIVE_OOCD",
    "OUTCOME_22": "NON_SUBSTANTIVE_OOCD",
    "YOUTH_CAUTION": "YOUTH_CAUTION",
    "YOUTH_CONDITIONAL_CAUTION": "YOUTH_CONDITIONAL_CAUTION",
    "REFERRAL_ORDER": "REFERRAL_ORDER",
    "REPARATION_ORDER": "REPARATION_ORDER",
    "YOUTH_REHABILITATION_ORDER": "YOUTH_REHABILITATION_ORDER",
    "YRO_ISS": "YOUTH_REHABILITATION_ORDER",
    "YRO_FOSTERING": "YOUTH_REHABILITATION_ORDER",
    "DETENTION_AND_TRAINING_ORDER": "CUSTODIAL_SENTENCE",
    "SECTION_250": "CUSTODIAL_SENTENCE",
    "SECTION_254": "CUSTODIAL_SENTENCE",
    "SECTION_259": "CUSTODIAL_SENTENCE",
}
ORDER_TYPES: tuple[str, ...] = (  # code_order_type
    "NON_SUBSTANTIVE_OOCD", "YOUTH_CAUTION", "YOUTH_CONDITIONAL_CAUTION", "REFERRAL_ORDER",
    "YOUTH_REHABILITATION_ORDER", "CUSTODIAL_SENTENCE", "REPARATION_ORDER",
)  # fmt: skip
ASSESSED_ORDERS = (*ORDER_TYPES[2:],)  # those that open with an assessment
LIKELIHOODS = ("LOW", "MEDIUM", "HIGH", "VERY_HIGH")  # of reoffending, asset_plus
ORDER_END_REASONS = (
    "COMPLETED", "REVOKED_GOOD_PROGRESS", "REVOKED_BREACH", "TRANSFERRED_OUT", "DECEASED",
)  # fmt: skip
APPEAL_STATUS = ("NOT_APPEALED", "CHANGED_ON_APPEAL", "APPEAL_SUCCESSFUL")

# code_result: the CJS result code a court sends for each outcome (domain.md 3.4)
RESULT_OF_OUTCOME: dict[str, str] = {
    "FINE": "1015",
    "COMPENSATION": "3012",
    "ABSOLUTE_DISCHARGE": "1017",
    "CONDITIONAL_DISCHARGE": "1018",
    "DETENTION_AND_TRAINING_ORDER": "1081",
    "SECTION_259": "1003",
    "SECTION_250": "1007",
    "SECTION_254": "1007",
    "REPARATION_ORDER": "1083",
    "REFERRAL_ORDER": "1097",
    "YOUTH_REHABILITATION_ORDER": "1141",
    "YRO_ISS": "1142",
    "YRO_FOSTERING": "1143",
    "BREACH_NO_ACTION": "1087",
    "BREACH_DEALT": "3502",
    "NOT_GUILTY": "2004",
    "DISMISSED": "2006",
    "WITHDRAWN": "2063",
    "TAKEN_INTO_CONSIDERATION": "3112",
    "ADULT_CUSTODY": "1024",
}
ANCILLARY_RESULTS = ("3012", "1085", "3105", "3111", "3101")  # beside a sentence
RESULT_TEXT: dict[str, str] = {
    "1015": "Fined", "3012": "To pay compensation of", "1017": "Discharged absolutely",
    "1018": "Discharged conditionally for", "1081": "Detention and training order for",
    "1003": "Detained at His Majesty's pleasure", "1007": "Detained for", "1083": "Reparation order",
    "1097": "Referral order for", "1141": "Youth rehabilitation order for",
    "1142": "Youth rehabilitation order with intensive supervision and surveillance for",
    "1143": "Youth rehabilitation order with fostering for", "1087": "No action taken on breach",
    "3502": "Dealt with for breach of the original order", "2004": "Not guilty", "2006": "Dismissed",
    "2063": "Withdrawn", "3112": "Taken into consideration", "1085": "Parenting order for",
    "3105": "Curfew requirement for", "3111": "Attendance centre requirement for", "3101": "Unpaid work for",
    "4542": "Remanded on unconditional bail to", "4027": "Remanded on conditional bail to",
    "4029": "Remanded to local authority accommodation until",
    "4058": "Remanded to youth detention accommodation until",
    "1024": "Committed to a young offender institution for",
}  # fmt: skip

# code_crime_outcome: Home Office crime outcome -> legal outcome of the case system
CRIME_OUTCOMES: dict[str, str] = {
    # A youth conditional caution has the same number: only the case system tells them apart.
    "2": "YOUTH_CAUTION",
    "8": "COMMUNITY_RESOLUTION",
    "20": "OUTCOME_20",
    "21": "OUTCOME_21",
    "22": "OUTCOME_22",
}
CRIME_OUTCOME_OF = {outcome: code for code, outcome in CRIME_OUTCOMES.items()} | {
    "YOUTH_CONDITIONAL_CAUTION": "2",
}

RELEASE_TYPES = ("CHARGE", "BAIL", "RUI", "NFA", "OOCD")  # code_release_type
# Remand decision of a hearing -> code_result the court sends, and the SPI bail status beside it
REMAND_RESULTS: dict[str, tuple[str, str]] = {
    "UB": ("4542", "U"), "CB": ("4027", "B"), "LA": ("4029", "C"), "PR": ("4058", "C"),
}  # fmt: skip
REMAND_DECISIONS = (*REMAND_RESULTS, "NA")
COURT_TYPES = ("MCY", "MCA", "CC")

# code_sex: 1 male, 2 female (case system, police); M and F in education
# code_ethnicity (18+1) -> (weight, DfE code, NCCIS code, officer-observed)
ETHNICITIES: dict[str, tuple[int, str, str, str]] = {
    "W1": (7300, "WBRI", "WHI", "IC1"),
    "W2": (50, "WIRI", "WHR", "IC1"),
    "W3": (90, "WIRT", "WHT", "IC1"),
    "W5": (60, "WROM", "WHG", "IC2"),
    "W9": (400, "WOTH", "WHA", "IC1"),
    "M1": (280, "MWBC", "MXC", "IC3"),
    "M2": (100, "MWBA", "MXA", "IC3"),
    "M3": (120, "MWAS", "MXS", "IC4"),
    "M9": (130, "MOTH", "MXO", "IC3"),
    "A1": (350, "AIND", "IND", "IC4"),
    "A2": (200, "APKN", "PAK", "IC4"),
    "A3": (150, "ABAN", "BAN", "IC4"),
    "A4": (40, "CHNE", "CHI", "IC5"),
    "A9": (130, "AOTH", "AOT", "IC4"),
    "B1": (200, "BCRB", "BLC", "IC3"),
    "B2": (250, "BAFR", "BLA", "IC3"),
    "B9": (110, "BOTH", "BLO", "IC3"),
    "O2": (60, "ARAB", "ARA", "IC6"),
    "O9": (80, "OOTH", "OTH", "IC9"),
    "NS": (200, "REFU", "REF", "IC9"),
}

# code_ete_provision -> (weight school age, weight above, low hours, high hours)
PROVISIONS: dict[str, tuple[int, int, float, float]] = {
    "MAINSTREAM_SCHOOL": (52, 4, 25.0, 30.0),
    "SCHOOL_FULL_TIME": (4, 1, 25.0, 27.5),
    "SCHOOL_PART_TIME": (8, 1, 5.0, 20.0),
    "PUPIL_REFERRAL_UNIT": (12, 1, 10.0, 25.0),
    "ALTERNATIVE_PROVISION": (10, 1, 10.0, 25.0),
    "ELECTIVELY_HOME_EDUCATED": (3, 0, 5.0, 25.0),
    "COLLEGE": (2, 42, 12.0, 24.0),
    "EDUCATION_RE_ENGAGEMENT_PROGRAMME": (2, 6, 6.0, 18.0),
    "TRAINEESHIP": (0, 4, 16.0, 25.0),
    "TRAINING_COURSE_APPRENTICESHIP": (0, 11, 30.0, 37.5),
    "SUPPORTED_INTERNSHIP": (0, 1, 16.0, 20.0),
    "FULL_TIME_EMPLOYMENT": (0, 8, 30.0, 40.0),
    "PART_TIME_EMPLOYMENT": (0, 5, 8.0, 20.0),
    "SELF_EMPLOYMENT": (0, 1, 16.0, 30.0),
    "VOLUNTARY_WORK": (0, 1, 4.0, 16.0),
    "NONE": (7, 14, 0.0, 0.0),
}
SUITABILITY = ("SUITABLE", "UNSUITABLE", "UNKNOWN")

PART_TIME = {"SCHOOL_PART_TIME", "COLLEGE", "PART_TIME_EMPLOYMENT"}  # often with something beside it
# Provisions of a child who is on the roll of a school
SCHOOL_PROVISIONS = {"MAINSTREAM_SCHOOL", "SCHOOL_FULL_TIME", "SCHOOL_PART_TIME", "PUPIL_REFERRAL_UNIT"}

# Provision -> code_nccis_activity
NCCIS_OF_PROVISION: dict[str, str] = {
    "MAINSTREAM_SCHOOL": "210", "SCHOOL_FULL_TIME": "210", "SCHOOL_PART_TIME": "250",
    "PUPIL_REFERRAL_UNIT": "270", "ALTERNATIVE_PROVISION": "270", "ELECTIVELY_HOME_EDUCATED": "270",
    "COLLEGE": "230", "EDUCATION_RE_ENGAGEMENT_PROGRAMME": "430", "TRAINEESHIP": "450",
    "TRAINING_COURSE_APPRENTICESHIP": "310", "SUPPORTED_INTERNSHIP": "460", "FULL_TIME_EMPLOYMENT": "330",
    "PART_TIME_EMPLOYMENT": "360", "SELF_EMPLOYMENT": "380", "VOLUNTARY_WORK": "550",
}  # fmt: skip
# Not in education, employment or training: why, and how often
NCCIS_NEET: dict[str, int] = {
    "619": 46, "610": 9, "615": 6, "616": 7, "620": 4, "640": 11, "670": 2, "680": 9, "540": 2, "530": 4,
}  # fmt: skip
NCCIS_UNKNOWN: dict[str, int] = {"810": 55, "820": 33, "830": 12}
NCCIS_IN_CUSTODY = "290"
CIRCUMSTANCE_LOOKED_AFTER = "110"
CIRCUMSTANCE_CARER = "130"
CIRCUMSTANCE_CARE_LEAVER = "160"
CIRCUMSTANCE_SUPERVISED_BY_YOT = "170"
# code_cohort_status: present, September guarantee only, and those who left
COHORT_PRESENT, COHORT_GUARANTEE, COHORT_MERGED, COHORT_TRANSFERRED, COHORT_AGED = "P", "G", "M", "T", "A"
LEVELS_OF_NEED = ("1", "2", "3")

CARE_STATUSES = ("C1", "C2", "V2", "J1", "J2", "J3")  # legal status, SSDA903
ACCOMMODATION_TYPES = (
    "LIVING_WITH_PARENT_S", "LIVING_WITH_FAMILY_NOT_PARENTS", "FOSTER_CARE_LA", "RESIDENTIAL_UNIT_LA",
    "RESIDENTIAL_UNIT_PRIVATE", "SUPPORTED_ACCOMMODATION_SUPPORTED_LODGINGS", "TEMPORARY_ACCOMMODATION",
    "INDEPENDENT_LIVING", "NO_FIXED_ABODE", "YOI", "OTHER",
)  # fmt: skip

SEN_PROVISIONS = ("N", "K", "E")
OLD_SEN_PROVISIONS = ("A", "P", "S")  # before 2014; real returns still carry them
SEN_TYPES = ("SPLD", "MLD", "SEMH", "SLCN", "ASD")
ENROLMENT_STATUSES = ("C", "M", "S", "F", "O")
ATTENDANCE_SINCE = date(2024, 8, 19)  # of the codes of 2024
ATTENDANCE_PRESENT = ("/", "\\")  # morning, afternoon
ATTENDANCE_FURTHER = ("L", "#", "Y5", "E", "B")
ATTENDANCE_LATE, ATTENDANCE_CLOSED, ATTENDANCE_DETAINED, ATTENDANCE_SUSPENDED, ATTENDANCE_ELSEWHERE = (
    ATTENDANCE_FURTHER
)
# Withdrawn and new ones of the same meaning: before and from the day on
ATTENDANCE_PART_TIME = ("C", "C2")
ATTENDANCE_APPROVED = (("V", "P", "W", "J"), ("V", "P", "W", "K"))
ATTENDANCE_ABSENT: tuple[dict[str, int], dict[str, int]] = (
    {"I": 40, "M": 9, "O": 26, "N": 8, "U": 8, "G": 3, "H": 2, "R": 1, "Y": 2, "C": 1},
    {"I": 40, "M": 9, "O": 26, "N": 8, "U": 8, "G": 3, "J1": 2, "R": 1, "Y1": 1, "Y7": 1, "Q": 1},
)
EXCLUSION_REASONS = ("PP", "PA", "VP", "VA", "OW", "BU", "RA", "SM", "DA", "DM", "TH", "DB", "MT")
EXCLUSION_CATEGORIES = ("SUSP", "PERM", "LNCH")
OLD_EXCLUSION_CATEGORY = "FIXD"  # SUSP before 2020/21; real returns still carry it

# Finance: cost centre, subjective, reserve, contributor -> what it is. The fourth cost centre is kept in the ledger of the
# second council.
COST_CENTRES: dict[str, str] = {
    "YJ100": "Youth justice teams", "YJ200": "Prevention and diversion", "YJ300": "Management and premises",
    "YJ400": "Rushmere team",
}  # fmt: skip
SUBJECTIVES: dict[str, str] = {
    "A1000": "Salaries", "A1100": "Employer national insurance", "A1200": "Employer pension",
    "A1900": "Agency staff", "B3000": "Travel", "B3100": "Children's transport", "C4000": "Premises",
    "D5000": "Programmes for children", "D5100": "Interpreters", "D5200": "Placements",
    "E6000": "Information systems", "E6100": "Supplies", "F7000": "Payments to other bodies",
    "G9000": "Government grant", "G9100": "Contributions of partners", "G9200": "Fees and charges",
    "G9300": "Transfers from and to reserves",
}  # fmt: skip
INCOME = ("G9000", "G9100", "G9200", "G9300")
RESERVES: dict[str, str] = {
    "YJ_ALLOCATED": "Youth justice reserve (allocated)", "YJ_GRANTS": "Grants not yet spent",
}  # fmt: skip
CONTRIBUTORS: dict[str, tuple[str, bool]] = {  # kind, is_reserve
    "police_and_crime_commissioner": ("POLICE_AND_CRIME_COMMISSIONER", False),
    "probation_service": ("PROBATION", False),
    "health": ("HEALTH", False),
    "local_authority_chief_executives": ("LOCAL_AUTHORITY", False),
    "local_authority_children_services": ("LOCAL_AUTHORITY", False),
    "local_authority_reserve_allocated": ("LOCAL_AUTHORITY", True),
    "rushmere": ("LOCAL_AUTHORITY", False),
    "youth_justice_grant": ("GRANT", False),
    "stepping_stones": ("OTHER", False),
    "bright_doors": ("GRANT", False),
}
# Project of a posting -> programme. A posting of the core service has no project.
PROJECTS: dict[str, str] = {"SS100": "STEPPING_STONES", "SS200": "STEPPING_STONES", "BD100": "GRANTS"}
PROGRAMMES: dict[str, str] = {"STEPPING_STONES": "Stepping Stones", "GRANTS": "Grants"}  # beside CORE
SUPPLIER_TYPES = ("EMPLOYEES", "AGENCY", "TRANSPORT", "PLACEMENT", "PUBLIC_BODY", "VOLUNTARY", "COMPANY")
# How the two ledgers write a posting's status and source
STATUS_WORDS: dict[str, tuple[str, str]] = {
    "ACTUAL": ("ACTUAL", "ACT"), "COMMITMENT": ("COMMITMENT", "COM"), "ACCRUAL": ("ACCRUAL", "ACC"),
}  # fmt: skip
SOURCE_WORDS: dict[str, tuple[str, str]] = {
    "AP": ("AP", "Purchase"), "AR": ("AR", "Sales"), "PAYROLL": ("PAYROLL", "Payroll"),
    "JOURNAL": ("JOURNAL", "Journal"),
}  # fmt: skip
SECONDMENT_ROLES = ("POLICE_OFFICER", "PROBATION_OFFICER", "NURSE", "PSYCHOLOGIST", "SUBSTANCE_WORKER")
GRANT_CONDITIONS = (
    "PLAN_SUBMITTED", "QUARTERLY_RETURN", "YEAR_END_RETURN", "AUDIT_CERTIFICATE", "UNSPENT_RETURNED", "OTHER",
)  # fmt: skip

OUT_OF_AREA_DISTRICT = "F99999999"  # an address outside the service
COURTS: dict[str, str] = {"MCY": "B00OA01", "MCA": "B00OA00", "CC": "C00OA00"}  # organisation units, force 00
PSA_CODE = "9901"
STATIONS = ("00AL1", "00DU1", "00RU1")  # custody suites
APPROPRIATE_ADULTS = ("Parent or carer", "Oakshire YOS", "Rushmere volunteers", "Emergency duty team")

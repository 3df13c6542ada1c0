"""Court result messages in the Libra/SPI shape the courts send (schema 0.6g), one message a file.

The shape is that of the public end-to-end messages of the Bichard7 project (MIT): an envelope DeliverRequest,
in it one ResultedCaseMessage with one hearing, one defendant and its offences. Most senders prefix the inner
elements with ``DC:``, some make the namespace the default one: both are written.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from yos_warehouse.fictional import codes

LIBRA = "http://www.dca.gov.uk/xmlschemas/libra"
_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- FICTIONAL -->
<DeliverRequest xmlns="http://schemas.cjse.gov.uk/messages/deliver/2006-05" \
xmlns:ex="http://schemas.cjse.gov.uk/messages/exception/2006-06" \
xmlns:mf="http://schemas.cjse.gov.uk/messages/format/2006-05" \
xmlns:mm="http://schemas.cjse.gov.uk/messages/metadata/2006-05" \
xmlns:msg="http://schemas.cjse.gov.uk/messages/messaging/2006-05" \
xmlns:xmime="http://www.w3.org/2005/05/xmlmime" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
	<msg:MessageIdentifier>{identifier}</msg:MessageIdentifier>
	<msg:RequestingSystem>
		<msg:Name>CJSE</msg:Name>
		<msg:OrgUnitCode>Z000000</msg:OrgUnitCode>
		<msg:Environment>Fictional</msg:Environment>
	</msg:RequestingSystem>
	<msg:AckRequested>1</msg:AckRequested>
	<mm:MessageMetadata SchemaVersion="1.0">
		<mm:OriginatingSystem>
			<msg:Name>FICTIONAL</msg:Name>
			<msg:OrgUnitCode>C000000</msg:OrgUnitCode>
			<msg:Environment>Fictional</msg:Environment>
		</mm:OriginatingSystem>
		<mm:CreationDateTime>{created}</mm:CreationDateTime>
	</mm:MessageMetadata>
	<mf:MessageFormat SchemaVersion="1.0">
		<mf:MessageType>
			<msg:Type>SPIResults</msg:Type>
			<msg:Version>1.200</msg:Version>
		</mf:MessageType>
		<mf:MessageSchema>
			<msg:Namespace>http://www.dca.gov.uk/xmlschemas/libra</msg:Namespace>
			<msg:Version>TBC</msg:Version>
		</mf:MessageSchema>
	</mf:MessageFormat>
	<Message>
"""
# An element is (name, text) or (name, [elements]); None and empty texts are left out.
Element = tuple[str, Any]


def _write(element: Element, prefix: str, depth: int, lines: list[str], attributes: str = "") -> None:
    name, content = element
    indent = "\t" * depth
    if isinstance(content, list):
        lines.append(f"{indent}<{prefix}{name}{attributes}>")
        for child in content:
            if child[1] not in (None, ""):
                _write(child, prefix, depth + 1, lines)
        lines.append(f"{indent}</{prefix}{name}>")
    else:
        lines.append(f"{indent}<{prefix}{name}>{escape(str(content))}</{prefix}{name}>")


def result_text(result: dict[str, Any]) -> str:
    """Words of the court for a result."""
    units = {"M": "months", "W": "weeks", "D": "days", "H": "hours", "Y": "years"}
    if result.get("text"):
        return str(result["text"])
    text = codes.RESULT_TEXT.get(result.get("code", ""), "Result")
    if result.get("duration"):
        text += f" {result['duration']} {units.get(result.get('unit', ''), '')}"
    if result.get("amount"):
        text += f" {result['amount']}"
    if result.get("next"):
        text += f" {result['next'][0]:%d/%m/%Y}"
    return text + "."


def _unless_empty(elements: list[Element]) -> list[Element] | None:
    return elements if any(content for _, content in elements) else None


def _result(result: dict[str, Any]) -> Element:
    second = result.get("second") or (None, None)
    duration: list[Element] = [
        ("DurationValue", result.get("duration")),
        ("DurationUnit", result.get("unit", "M") if result.get("duration") else None),
        ("DurationStartDate", result.get("from")),
        ("DurationEndDate", result.get("until")),
        ("SecondaryDurationValue", second[0]),
        ("SecondaryDurationUnit", second[1]),
    ]
    outcome: list[Element] = [
        ("Duration", _unless_empty(duration)),
        ("ResultAmountSterling", result.get("amount")),
        ("PenaltyPoints", result.get("points")),
    ]
    following = result.get("next")
    return (
        "Result",
        [
            ("ResultCode", result.get("code")),
            ("ResultText", result_text(result)),
            *[("ResultCodeQualifier", qualifier) for qualifier in result.get("qualifiers", [])],
            ("Outcome", _unless_empty(outcome)),
            (
                "NextHearing",
                [
                    (
                        "NextHearingDetails",
                        [
                            ("CourtHearingLocation", following[1]),
                            ("DateOfHearing", following[0]),
                            ("TimeOfHearing", "10:00:00"),
                        ],
                    ),
                    ("NextHearingReason", result.get("reason", "for pre-sentence report;")),
                    ("BailStatusOffence", result.get("bail")),
                ]
                if following
                else None,
            ),
        ],
    )


def _offence(one: dict[str, Any]) -> Element:
    alcohol = one.get("alcohol") or (None, None)
    return (
        "Offence",
        [
            (
                "BaseOffenceDetails",
                [
                    ("OffenceSequenceNumber", f"{one['sequence']:03d}"),
                    ("OffenceCode", one["code"]),
                    ("OffenceWording", one["wording"]),
                    (
                        "OffenceTiming",
                        [
                            ("OffenceDateCode", one["date_code"]),
                            ("OffenceStart", [("OffenceDateStartDate", one["start"])]),
                            ("OffenceEnd", [("OffenceEndDate", one["end"])] if one["end"] else None),
                        ],
                    ),
                    ("ChargeDate", one["charge"]),
                    ("ArrestDate", one["arrest"]),
                    ("LocationOfOffence", one["location"]),
                    (
                        "AlcoholRelatedOffence",
                        _unless_empty(
                            [("AlcoholLevelAmount", alcohol[0]), ("AlcoholLevelMethod", alcohol[1])]
                        ),
                    ),
                ],
            ),
            ("InitiatedDate", one["charge"]),
            ("Plea", one["plea"]),
            ("ModeOfTrial", one["mode"]),
            ("FinalDisposalIndicator", "Y" if one["final"] else "N"),
            ("ConvictionDate", one["conviction"]),
            ("ConvictingCourt", codes.PSA_CODE if one["conviction"] else None),
            ("Finding", one["finding"]),
            *[_result(result) for result in one["results"]],
        ],
    )


def court_message(message: dict[str, Any], hearing_date: str | None = None) -> bytes:
    """One message as the bytes of a file.

    Args:
        message: a record of the book's table ``police_message``.
        hearing_date: text to write for the day of the hearing instead of the real one (bad messages).
    """
    day: date = message["day"]
    given = message["given"].split()
    person: list[Element] = [
        (
            "BasePersonDetails",
            [
                (
                    "PersonName",
                    [
                        ("PersonTitle", message["title"]),
                        *[(f"PersonGivenName{i + 1}", name) for i, name in enumerate(given[:3])],
                        ("PersonFamilyName", message["family"]),
                    ],
                ),
                (
                    "TelephoneDetails",
                    _unless_empty(
                        [
                            (f"TelephoneNumber{kind}", number)
                            for kind, number in zip(
                                ("Business", "Home", "Mobile"), message.get("telephones", ()), strict=False
                            )
                        ]
                    ),
                ),
                (
                    "EmailDetails",
                    _unless_empty(
                        [
                            (f"EmailAddress{i}", address)
                            for i, address in enumerate(message.get("emails", ()), 1)
                        ]
                    ),
                ),
                ("Birthdate", message["birth"]),
                ("Gender", message["sex"]),
            ],
        ),
        ("PNCidentifier", message["pnc"]),
        ("PersonStatedNationality", message.get("nationality")),
        ("BailConditions", message["conditions"]),
    ]
    lines_of_address: list[Element] = [
        (f"AddressLine{i}", line) for i, line in enumerate(message["address"], 1)
    ]
    body: Element = (
        "ResultedCaseMessage",
        [
            (
                "Session",
                [
                    (
                        "CourtHearing",
                        [
                            (
                                "Hearing",
                                [
                                    ("CourtHearingLocation", message["court"]),
                                    ("DateOfHearing", hearing_date or day),
                                    ("TimeOfHearing", message["time"]),
                                ],
                            ),
                            ("PSAcode", codes.PSA_CODE),
                        ],
                    ),
                    (
                        "Case",
                        [
                            ("PTIURN", message["ptiurn"]),
                            (
                                "Defendant",
                                [
                                    ("ProsecutorReference", message["asn"]),
                                    (
                                        "CourtIndividualDefendant",
                                        [
                                            ("PersonDefendant", person),
                                            ("BailStatus", message["bail"]),
                                            (
                                                "Address",
                                                [("SimpleAddress", lines_of_address)],
                                            ),
                                            ("PresentAtHearing", message["present"]),
                                            (
                                                "ReasonForBailConditionsOrCustody",
                                                message.get("reason_for_bail"),
                                            ),
                                        ],
                                    ),
                                    *[_offence(one) for one in message["offences"]],
                                ],
                            ),
                        ],
                    ),
                ],
            )
        ],
    )
    prefix, declared = ("DC:", "xmlns:DC") if message["style"] == "prefixed" else ("", "xmlns")
    attributes = (
        f' {declared}="{LIBRA}" Flow="ResultedCasesForThePolice" '
        'Interface="LibraStandardProsecutorPolice" SchemaVersion="0.6g"'
    )
    lines: list[str] = []
    _write(body, prefix, 2, lines, attributes)
    head = _ENVELOPE.format(identifier=message["name"], created=f"{day.isoformat()}T17:00:00Z")
    return (head + "\n".join(lines) + "\n\t</Message>\n</DeliverRequest>\n").encode()

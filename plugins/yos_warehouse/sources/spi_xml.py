"""Court results: Libra/SPI ``ResultedCaseMessage`` elements into rows of the police contract.

The schema is the one of the Standard Prosecutor Interface (namespace ``http://www.dca.gov.uk/xmlschemas/libra``);
elements are found by that namespace, whatever prefix a court's software gives it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from yos_warehouse.errors import DropRejected
from yos_warehouse.sources.naming import told_path
from yos_warehouse.sources.safe_xml import read_records

NAMESPACE = "http://www.dca.gov.uk/xmlschemas/libra"
_L = {"l": NAMESPACE}
_WHITE = re.compile(r"[ \t\r\n]+")
_MESSAGE = f"{{{NAMESPACE}}}ResultedCaseMessage"

Values = dict[str, str]


@dataclass(frozen=True)
class CourtMessage:
    """One defendant at one hearing.

    Attributes:
        message: the columns of entity court_message.
        offences: the columns of court_offence, in document order.
        results: the columns of court_result, in document order.
    """

    message: Values
    offences: list[Values]
    results: list[Values]

    def rows(self) -> Iterator[tuple[str, Values]]:
        """(entity, values) of all rows of the message."""
        yield "court_message", self.message
        for offence in self.offences:
            yield "court_offence", offence
        for result in self.results:
            yield "court_result", result


def read_messages(path: Path) -> Iterator[CourtMessage]:
    """The messages of a file, in document order; a file may hold several.

    A message's id is computed from what was extracted, so that the same message sent again, however
    laid out, keeps its id. A message about several defendants is several court messages.

    Raises:
        DropRejected: as safe_xml.read_records; SCHEMA when the file holds no message at all.
    """
    is_empty = True
    for element in read_records(path, lambda tag: tag == _MESSAGE):
        is_empty = False
        yield from _messages(element)
    if is_empty:
        raise DropRejected(
            "SCHEMA", f"{told_path(path)} holds no ResultedCaseMessage", "send court results only"
        )


def read_rows(path: Path) -> Iterator[tuple[str, Values]]:
    """(entity, values) of all rows of all messages of a file; raises as :func:`read_messages`."""
    return (row for message in read_messages(path) for row in message.rows())


def _text(element: Element | None, path: str = ".") -> str:
    """Text at a path with its white space folded (layout differs between senders); '' if absent."""
    found = element.find(path, _L) if element is not None else None
    return _fold(found.text) if found is not None else ""


def _fold(text: str | None) -> str:
    # XML's own white space only: a no-break space is part of the text.
    return _WHITE.sub(" ", text or "").strip(" ")


def _messages(root: Element) -> Iterator[CourtMessage]:
    case = root.find("l:Session/l:Case", _L)
    defendants = case.findall("l:Defendant", _L) if case is not None else []
    for defendant in defendants or [Element("none")]:
        yield _message(root, case, defendant)


def _message(root: Element, case: Element | None, defendant: Element) -> CourtMessage:
    hearing = root.find("l:Session/l:CourtHearing", _L)
    # A company is a CourtCorporateDefendant: bail status and address only.
    who = defendant.find("l:CourtIndividualDefendant", _L)
    if who is None:
        who = defendant.find("l:CourtCorporateDefendant", _L)
    person = who.find("l:PersonDefendant", _L) if who is not None else None
    name = person.find("l:BasePersonDetails/l:PersonName", _L) if person is not None else None
    given = [_text(name, f"l:PersonGivenName{number}") for number in range(1, 5)]
    found = [
        _offence(offence, number) for number, offence in enumerate(defendant.findall("l:Offence", _L), 1)
    ]
    message = {
        "ptiurn": _text(case, "l:PTIURN"),
        "asn": _text(defendant, "l:ProsecutorReference"),
        "court_code": _text(hearing, "l:Hearing/l:CourtHearingLocation"),
        "hearing_date": _text(hearing, "l:Hearing/l:DateOfHearing"),
        "hearing_time": _text(hearing, "l:Hearing/l:TimeOfHearing"),
        "psa_code": _text(hearing, "l:PSAcode"),
        "pnc_id": _text(person, "l:PNCidentifier"),
        "title": _text(name, "l:PersonTitle"),
        "given_name": " ".join(part for part in given if part),
        "family_name": _text(name, "l:PersonFamilyName"),
        "date_of_birth": _text(person, "l:BasePersonDetails/l:Birthdate"),
        "sex": _text(person, "l:BasePersonDetails/l:Gender"),
        "bail_status": _text(who, "l:BailStatus"),
        "address": _address(who),
        "present_at_hearing": _text(who, "l:PresentAtHearing"),
        "offence_count": str(len(found)),
    }
    offences = [offence for offence, _ in found]
    results = [result for _, given_results in found for result in given_results]
    content = json.dumps(
        [message, offences, results], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    message_id = {"message_id": hashlib.sha256(content.encode()).hexdigest()[:32]}
    return CourtMessage(
        message=message_id | message,
        offences=[message_id | offence for offence in offences],
        results=[message_id | result for result in results],
    )


def _address(who: Element | None) -> str:
    """The lines of a simple or structured address, separated by a comma."""
    address = who.find("l:Address", _L) if who is not None else None
    if address is None:
        return ""
    return ", ".join(line for line in (_fold(part.text) for part in address.iter() if not len(part)) if line)


def _offence(offence: Element, number: int) -> tuple[Values, list[Values]]:
    base = offence.find("l:BaseOffenceDetails", _L)
    values = {
        "offence_number": str(number),
        "offence_sequence": _text(base, "l:OffenceSequenceNumber"),
        "cjs_code": _text(base, "l:OffenceCode"),
        "offence_wording": _text(base, "l:OffenceWording"),
        "offence_date_code": _text(base, "l:OffenceTiming/l:OffenceDateCode"),
        "offence_date": _text(base, "l:OffenceTiming/l:OffenceStart/l:OffenceDateStartDate"),
        "offence_end_date": _text(base, "l:OffenceTiming/l:OffenceEnd/l:OffenceEndDate"),
        "charge_date": _text(base, "l:ChargeDate"),
        "arrest_date": _text(base, "l:ArrestDate"),
        "location": _text(base, "l:LocationOfOffence"),
        "plea": _text(offence, "l:Plea"),
        "mode_of_trial": _text(offence, "l:ModeOfTrial"),
        "is_final": _text(offence, "l:FinalDisposalIndicator"),
        "conviction_date": _text(offence, "l:ConvictionDate"),
        "finding": _text(offence, "l:Finding"),
    }
    results = [
        _result(result, number, position)
        for position, result in enumerate(offence.findall("l:Result", _L), start=1)
    ]
    return values, results


def _result(result: Element, offence_number: int, result_number: int) -> Values:
    qualifiers = (_fold(found.text) for found in result.findall("l:ResultCodeQualifier", _L))
    hearing = result.find("l:NextHearing", _L)
    return {
        "offence_number": str(offence_number),
        "result_number": str(result_number),
        "result_code": _text(result, "l:ResultCode"),
        "qualifiers": " ".join(found for found in qualifiers if found),
        "result_text": _text(result, "l:ResultText"),
        "duration_value": _text(result, "l:Outcome/l:Duration/l:DurationValue"),
        "duration_unit": _text(result, "l:Outcome/l:Duration/l:DurationUnit"),
        "amount_gbp": _text(result, "l:Outcome/l:ResultAmountSterling"),
        "bail_status": _text(hearing, "l:BailStatusOffence"),
        "next_hearing_date": _text(hearing, "l:NextHearingDetails/l:DateOfHearing"),
        "next_hearing_court": _text(hearing, "l:NextHearingDetails/l:CourtHearingLocation"),
    }

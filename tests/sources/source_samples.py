"""Small fictional files: PNC years 2090-2099, force 00, authority 999, postcode ZZ99."""

from __future__ import annotations

from pathlib import Path

ARREST_HEADER = (
    "ASN,PNC ID,Forename,Surname,Date of birth,Sex,Self-defined ethnicity,Postcode,"
    "Arrest date,Station,Release type"
)


def arrest(number: int = 1, forename: str = "Ada", surname: str = "Invented") -> str:
    """One arrest as the force would write it, without line end."""
    return (
        f"2500ZZ01000000{number:05d}A,2090/000000{number}A,{forename},{surname},03/04/2010,2,W1,ZZ99 3WZ,"
        f"31/03/2026,ST1,CHARGE"
    )


def arrests(
    path: Path, *lines: str, header: str = ARREST_HEADER, end: str = "\n", encoding: str = "utf-8"
) -> Path:
    """An arrests file of the given lines."""
    path.write_bytes((end.join([header, *lines]) + end).encode(encoding))
    return path


def spi(*messages: str) -> str:
    """A document with SPI messages, with a prefix no court uses."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Deliver xmlns:zz="http://www.dca.gov.uk/xmlschemas/libra">'
        + "".join(messages)
        + "</Deliver>\n"
    )


MESSAGE = """
<zz:ResultedCaseMessage>
 <zz:Session>
  <zz:CourtHearing>
   <zz:Hearing>
    <zz:CourtHearingLocation>B00AA00</zz:CourtHearingLocation>
    <zz:DateOfHearing>2026-03-30</zz:DateOfHearing>
    <zz:TimeOfHearing>10:00:00</zz:TimeOfHearing>
   </zz:Hearing>
   <zz:PSAcode>0000</zz:PSAcode>
  </zz:CourtHearing>
  <zz:Case>
   <zz:PTIURN>00ZZ0000001</zz:PTIURN>
   <zz:Defendant>
    <zz:ProsecutorReference>2500ZZ0100000000001A</zz:ProsecutorReference>
    <zz:CourtIndividualDefendant>
     <zz:PersonDefendant>
      <zz:PNCidentifier>2090/0000001A</zz:PNCidentifier>
      <zz:BasePersonDetails>
       <zz:PersonName>
        <zz:PersonGivenName1>Zoë</zz:PersonGivenName1><zz:PersonGivenName2>Ann</zz:PersonGivenName2>
        <zz:PersonFamilyName>O’Invented</zz:PersonFamilyName>
       </zz:PersonName>
       <zz:Birthdate>2010-02-28</zz:Birthdate><zz:Gender>2</zz:Gender>
      </zz:BasePersonDetails>
     </zz:PersonDefendant>
     <zz:BailStatus>U</zz:BailStatus>
     <zz:Address><zz:SimpleAddress>
      <zz:AddressLine1>1 Invented Row</zz:AddressLine1><zz:AddressLine2>Alderbrook</zz:AddressLine2>
     </zz:SimpleAddress></zz:Address>
     <zz:PresentAtHearing>Y</zz:PresentAtHearing>
    </zz:CourtIndividualDefendant>
    <zz:Offence>
     <zz:BaseOffenceDetails>
      <zz:OffenceSequenceNumber>001</zz:OffenceSequenceNumber><zz:OffenceCode>TH68010</zz:OffenceCode>
      <zz:OffenceWording>Stole, "allegedly",
         a bicycle</zz:OffenceWording>
      <zz:OffenceTiming><zz:OffenceDateCode>4</zz:OffenceDateCode>
       <zz:OffenceStart><zz:OffenceDateStartDate>2026-01-01</zz:OffenceDateStartDate></zz:OffenceStart>
       <zz:OffenceEnd><zz:OffenceEndDate>2026-01-02</zz:OffenceEndDate></zz:OffenceEnd>
      </zz:OffenceTiming>
     </zz:BaseOffenceDetails>
     <zz:FinalDisposalIndicator>Y</zz:FinalDisposalIndicator>
     <zz:Result>
      <zz:ResultCode>1002</zz:ResultCode><zz:ResultText>Four months</zz:ResultText>
      <zz:Outcome><zz:Duration><zz:DurationValue>4</zz:DurationValue><zz:DurationUnit>M</zz:DurationUnit>
      </zz:Duration></zz:Outcome>
      <zz:ResultCodeQualifier>BA</zz:ResultCodeQualifier><zz:ResultCodeQualifier>CG</zz:ResultCodeQualifier>
     </zz:Result>
     <zz:Result>
      <zz:ResultCode>1015</zz:ResultCode>
      <zz:Outcome><zz:ResultAmountSterling>100.00</zz:ResultAmountSterling></zz:Outcome>
      <zz:NextHearing><zz:NextHearingDetails>
       <zz:CourtHearingLocation>B00BB00</zz:CourtHearingLocation>
       <zz:DateOfHearing>2026-04-20</zz:DateOfHearing>
      </zz:NextHearingDetails><zz:BailStatusOffence>C</zz:BailStatusOffence></zz:NextHearing>
     </zz:Result>
    </zz:Offence>
   </zz:Defendant>
  </zz:Case>
 </zz:Session>
</zz:ResultedCaseMessage>
"""

NCCIS = """<?xml version="1.0" encoding="UTF-8"?>
<NCCISExtract Authority="999" Period="2026-03" FICTIONAL="true">
 <YoungPerson>
  <YoungPersonID>YP1</YoungPersonID><GivenName>Zoë</GivenName><FamilyName>Invented</FamilyName>
  <BirthDate>2009-02-28</BirthDate><Sex>F</Sex><Ethnicity>WHI</Ethnicity><UPN/><ULN/><LeadLA>999</LeadLA>
  <Postcode>ZZ99 3WZ</Postcode><CohortStatus>P</CohortStatus><LevelOfNeed>2</LevelOfNeed>
  <CurrentActivity><Code>210</Code><StartDate>2025-09-01</StartDate><DueToLapseDate>2026-08-31</DueToLapseDate>
   <Establishment>E1</Establishment></CurrentActivity>
  <Circumstances><Circumstance Code="110" StartDate="2025-01-01"/>
   <Circumstance Code="170" StartDate=""/></Circumstances>
 </YoungPerson>
 <YoungPerson>
  <YoungPersonID>YP2</YoungPersonID><GivenName>Bo</GivenName><FamilyName>Null</FamilyName>
  <Circumstances><Circumstance Code="130" StartDate="2025-01-01"/>
   <Circumstance Code="170" StartDate="2025-01-01" EndDate="2025-06-30"/></Circumstances>
 </YoungPerson>
</NCCISExtract>
"""


def ctf(*pupils: str, sent: str = "2025-10-06T09:15:00", schools: tuple[str, str] = ("4001", "4002")) -> str:
    """A transfer file, in a namespace as some systems write it."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CTfile xmlns="urn:ctf">'
        "<Header><DocumentName>Common Transfer File</DocumentName><CTFversion>24.0</CTFversion>"
        f"<DateTime>{sent}</DateTime><SourceSchool><LEA>999</LEA><Estab>{schools[0]}</Estab></SourceSchool>"
        f"<DestSchool><LEA>999</LEA><Estab>{schools[1]}</Estab></DestSchool></Header>"
        f"<CTFpupilData>{''.join(pupils)}</CTFpupilData></CTfile>\n"
    )


PUPIL = """
<Pupil>
 <UPN>A950000178301</UPN><UniqueLearnerNumber>9999999999</UniqueLearnerNumber>
 <Surname>O’Invented</Surname><Forename>Zoë</Forename><DOB>2011-02-28</DOB><Sex>F</Sex>
 <BasicDetails><FormerUPN>H243278544154</FormerUPN><PreferredSurname>Other</PreferredSurname>
  <Ethnicity>WBRI</Ethnicity></BasicDetails>
 <SEN><SENhistory><SEN><StartDate>2023-09-01</StartDate><SENprovision>K</SENprovision></SEN>
  <SEN><StartDate>2025-01-06</StartDate><SENprovision>E</SENprovision></SEN></SENhistory></SEN>
 <SchoolHistory>
  <School><LEA>999</LEA><Estab>4001</Estab><EntryDate>2022-09-05</EntryDate><LeavingDate>2025-10-03</LeavingDate></School>
  <School><LEA>999</LEA><Estab>2001</Estab><EntryDate>2015-09-07</EntryDate><LeavingDate>2022-07-22</LeavingDate></School>
 </SchoolHistory>
</Pupil>
"""

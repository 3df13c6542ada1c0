"""Headers of the school census files: the autumn's and the spring's, which differ (domain.md 2.5).

Taken from the public samples of the liia-tools pipeline (Social Finance Digital Labs, MIT).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Layout:
    """Files of one term: name without the term -> header."""

    term: str
    files: dict[str, tuple[str, ...]]

    @staticmethod
    def meaning(column: str) -> str:
        """What a column holds, for the columns named after their file: row ids and their order."""
        if column in ("pupilonrolltableid", "pupilnolongeronrolltableid"):
            return "table_id"
        if column.endswith("orderseqcolumn"):
            return "order"
        return "row_id" if column.endswith("tableid") and column != "schoolcensustableid" else column


def _columns(header: str) -> tuple[str, ...]:
    return tuple(header.split())


AUTUMN = Layout(
    "autumn",
    {
        "addressesoffroll": _columns(
            "pupilnolongeronrolltableid NativeId addressesoffrolltableid addressesoffrollorderseqcolumn "
            "sourceid uniquepropertyreferencenumber postcode"
        ),
        "fsmperiodsonroll": _columns(
            "pupilonrolltableid NativeId fsmperiodsonrolltableid fsmperiodsonrollorderseqcolumn "
            "sourceid fsmstartdate fsmenddate ukcountry"
        ),
        "pupilnolongeronroll": _columns(
            "pupilnolongeronrolltableid NativeId dob surname forename middlenames preferredsurname "
            "formersurname upn formerupn uniquelearnernumber sex entrydate leavingdate "
            "pupilnolongeronrollorderseqcolumn sourceid schoolcensustableid parttime "
            "termlysessionspossible termlysessionsauthorised termlysessionsunauthorised moveonrollflag "
            "missingaddress summerhalfterm2sessionsauthorised summerhalfterm2sessionspossible "
            "summerhalfterm2sessionsunauthorised qualhrs qualhrspreviousyear nonqualhrspreviousyear "
            "tlevelqualhrs tlevelnonqualhrs nonqualhrs summerhalfterm2sessionseducational "
            "summerhalfterm2sessionsexceptional summerhalfterm2sessionscoronavirus boarder language "
            "ncyearleaving mathsgcsehighestpriorattainment mathsgcsepriorattainmentyear11 "
            "englishgcsehighestpriorattainment englishgcsepriorattainmentyear11 "
            "mathsgcsefundingexemption englishgcsefundingexemption "
            "mathsgcsehighestpriorattainmentpreviousyear englishgcsehighestpriorattainmentpreviousyear"
        ),
        "pupilonroll": _columns(
            "pupilonrolltableid NativeId dob surname forename middlenames preferredsurname "
            "formersurname upn formerupn uniquelearnernumber sex entrydate pupilonrollorderseqcolumn "
            "sourceid schoolcensustableid hoursatsetting schoollunchtaken parttime topupfunding "
            "termlysessionspossible termlysessionsauthorised termlysessionsunauthorised "
            "senunitindicator resourcedprovisionindicator nonqualhrs ftemp qualhrs qualhrspreviousyear "
            "nonqualhrspreviousyear tlevelqualhrs tlevelnonqualhrs moveoffrollflag fundedhours "
            "missingaddress duplicatenotfunded summerhalfterm2sessionspossible extendedhours "
            "eligibilitycode summerhalfterm2sessionsauthorised summerhalfterm2sessionsunauthorised "
            "dafindicator summerhalfterm2sessionseducational summerhalfterm2sessionsexceptional "
            "summerhalfterm2sessionscoronavirus yssa servicechild language classtype enrolstatus "
            "boarder plaa senprovision ncyearactual mathsgcsehighestpriorattainment "
            "mathsgcsepriorattainmentyear11 englishgcsehighestpriorattainment "
            "englishgcsepriorattainmentyear11 mathsgcsefundingexemption englishgcsefundingexemption "
            "mathsgcsehighestpriorattainmentpreviousyear englishgcsehighestpriorattainmentpreviousyear "
            "eyppr eyppbf"
        ),
        "summerhalfterm2sessiondetailsoffroll": _columns(
            "pupilnolongeronrolltableid NativeId summerhalfterm2sessiondetailsoffrolltableid "
            "summerhalfterm2sessiondetailsoffrollorderseqcolumn sourceid sessions attendancereason"
        ),
        "summerhalfterm2sessiondetailsonroll": _columns(
            "pupilonrolltableid NativeId summerhalfterm2sessiondetailsonrolltableid "
            "summerhalfterm2sessiondetailsonrollorderseqcolumn sourceid sessions attendancereason"
        ),
        "termlyexclusionsoffroll": _columns(
            "pupilnolongeronrolltableid NativeId termlyexclusionsoffrolltableid "
            "termlyexclusionsoffrollorderseqcolumn sourceid startdate sessions reason1 reason2 reason3 "
            "category senprovision"
        ),
        "termlyexclusionsonroll": _columns(
            "pupilonrolltableid NativeId termlyexclusionsonrolltableid "
            "termlyexclusionsonrollorderseqcolumn sourceid startdate sessions reason1 reason2 reason3 "
            "category senprovision"
        ),
        "termlysessiondetailsoffroll": _columns(
            "pupilnolongeronrolltableid NativeId termlysessiondetailsoffrolltableid "
            "termlysessiondetailsoffrollorderseqcolumn sourceid sessions attendancereason"
        ),
        "termlysessiondetailsonroll": _columns(
            "pupilonrolltableid NativeId termlysessiondetailsonrolltableid "
            "termlysessiondetailsonrollorderseqcolumn sourceid sessions attendancereason"
        ),
    },
)
SPRING = Layout(
    "spring",
    {
        "pupilnolongeronroll": _columns(
            "pupilnolongeronrolltableid NativeId dob surname forename middlenames preferredsurname "
            "formersurname upn formerupn uniquelearnernumber sex entrydate leavingdate "
            "pupilnolongeronrollorderseqcolumn sourceid schoolcensustableid parttime "
            "termlysessionspossible moveonrollflag ethnicity boarder language"
        ),
        "pupilonroll": _columns(
            "pupilonrolltableid NativeId dob surname forename middlenames preferredsurname "
            "formersurname upn formerupn uniquelearnernumber sex entrydate pupilonrollorderseqcolumn "
            "sourceid schoolcensustableid hoursatsetting schoollunchtaken parttime topupfunding "
            "unitcontacttime termlysessionspossible senunitindicator resourcedprovisionindicator "
            "moveoffrollflag fundedhours missingaddress duplicatenotfunded extendedhours "
            "eligibilitycode dafindicator ethnicity yssa servicechild language classtype enrolstatus "
            "boarder plaa senprovision ncyearactual eyppr eyppbf youngcarer"
        ),
        "senneeds": _columns(
            "pupilonrolltableid NativeId senneedstableid senneedsorderseqcolumn sourceid sentyperank sentype"
        ),
        "termlyexclusionsoffroll": _columns(
            "pupilnolongeronrolltableid NativeId termlyexclusionsoffrolltableid "
            "termlyexclusionsoffrollorderseqcolumn sourceid startdate sessions reason1 reason2 reason3 "
            "category senprovision"
        ),
        "termlyexclusionsonroll": _columns(
            "pupilonrolltableid NativeId termlyexclusionsonrolltableid "
            "termlyexclusionsonrollorderseqcolumn sourceid startdate sessions reason1 reason2 reason3 "
            "category senprovision"
        ),
        "termlysessiondetailsoffroll": _columns(
            "pupilnolongeronrolltableid NativeId termlysessiondetailsoffrolltableid "
            "termlysessiondetailsoffrollorderseqcolumn sourceid sessions attendancereason"
        ),
        "termlysessiondetailsonroll": _columns(
            "pupilonrolltableid NativeId termlysessiondetailsonrolltableid "
            "termlysessiondetailsonrollorderseqcolumn sourceid sessions attendancereason"
        ),
    },
)

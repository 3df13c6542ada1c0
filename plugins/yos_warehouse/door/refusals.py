"""Why a delivery is refused, or held, as a whole: every code that the door gives, with its words, in one place.

In the order in which they are looked for. What is special to one delivery (which file, which column, how many rows)
is in the refusal itself.
"""

# ruff: noqa: E501 - the sentences stay whole

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Refusal:
    """One reason.

    Attributes:
        code: as in ``ops.load.reason_code``.
        says: when it happens.
        remedy: what its owner should do.
        owner: ``partner`` (the sender) or ``us`` (the data team).
        effect: ``hold``: it waits for somebody's yes; ``refuse``: it does not.
    """

    code: str
    says: str
    remedy: str
    owner: Literal["partner", "us"] = "partner"
    effect: Literal["refuse", "hold"] = "refuse"


_AGAIN = "correct it and send the whole delivery again for the same date"
REFUSALS = (
    Refusal("NOT_FICTIONAL", "The manifest does not say that all children are invented. Real data is not taken until its protections are built.", "take real data away from the drop store; pack invented data with yos pack --fictional"),
    Refusal("MANIFEST", "The manifest is not as documented.", "write it with yos pack"),
    Refusal("FILE_NAME", "A file name is not plain (letters, digits, dots, dashes).", "rename the file and pack it again"),
    Refusal("WRONG_SERVICE", "The manifest is for another service.", "send it to the service it belongs to"),
    Refusal("WRONG_FEED", "The manifest is for another feed than its folder.", "pack it again under the right feed"),
    Refusal("WRONG_DATE", "The manifest is for another date than its folder.", "pack it again for the day it is about"),
    Refusal("MISSING_FILE", "A file that the manifest names is not there.", "send the whole delivery again"),
    Refusal("TOO_LARGE", "A file is larger than 2 GiB, or a line larger than 1 MiB.", "look at the export; send what is truly so large in parts"),
    Refusal("CHECKSUM", "A file is not the one the manifest vouches for.", "send the delivery again as it was packed"),
    Refusal("INCOMPLETE", "A file that is expected in each delivery is missing.", "send the whole delivery, with the file names agreed"),
    Refusal("EMPTY", "A file has no bytes, no header, or no rows where there must be some.", "send the file with its rows"),
    Refusal("TRUNCATED", "A file stops inside a row.", "send the whole file again"),
    Refusal("ENCODING", "The text is not in the encoding named below; letters such as ë or ’ would come out wrong.", "save the file in that encoding and send it again"),
    Refusal("SCHEMA", "A column that is not marked optional, or that the layout of the day demands, is missing; or the file is another kind of document.", "send the file with its columns; tell us if one was renamed"),
    Refusal("DUPLICATE_HEADER", "A column is there twice.", "send each column once"),
    Refusal("FIELD_COUNT", "More of a file's rows than the agreed share have too many or too few fields.", "put quotes around values that hold a comma, and send again"),
    Refusal("ROWCOUNT", "A file has another number of rows than the manifest says.", "pack the files again and send the whole delivery"),
    Refusal("XML_UNSAFE", "An XML file declares a document type or entities, or is nested beyond measure.", "find out where the file comes from before anybody opens it"),
    Refusal("XML_MALFORMED", "An XML file is not well-formed.", _AGAIN),
    Refusal("UNREADABLE", "The database cannot read a file, though each of its rows was looked at.", "export the file again; the data team looks at it if it stays", owner="us"),
    Refusal("CONTROL_TOTAL", "A column does not add up to the total that the manifest states, or the total is of no column.", "send the whole month again, with the right total"),
    Refusal("ALL_BAD", "Every row of a file breaks a rule.", "look what changed in the export, and send it again"),
    Refusal("VOLUME", "A delivery has far fewer or far more rows than usual. It waits for somebody's yes.", "send the whole file again, or let it through with a reason", effect="hold"),
    Refusal("TOLERANCE", "More rows break a rule than the rule tolerates.", _AGAIN),
    Refusal("QUARANTINE_RATE", "A larger share of the rows would be held back than the contract allows. It waits for somebody's yes.", "correct the rows and send them again, or let it through with a reason", effect="hold"),
    Refusal("DISAGREE", "Two counts of the same rows or pence differ. This is a fault of the warehouse.", "look for what was counted twice; the delivery is kept", owner="us"),
)  # fmt: skip


def refusal_of(code: str) -> Refusal | None:
    """The reason with this code; None for a code that no delivery is refused for."""
    return next((refusal for refusal in REFUSALS if refusal.code == code), None)

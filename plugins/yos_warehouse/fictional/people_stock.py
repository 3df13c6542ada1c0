"""A large stock of names and streets, as unequally frequent as real ones: what linkage is measured on.

A few thousand family names made of syllables, several hundred given names with their short forms. The n-th is drawn about
1/n as often as the first, so that name and date of birth of two children meet now and then.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate, product
from random import Random

from yos_warehouse.fictional import people


def _words(text: str) -> list[str]:
    return text.split()


# A name and what people with it are called.
_SHORT_MALE = """
ALEXANDER ALEX SANDY AL XANDER|ANDREW ANDY DREW|ANTHONY TONY ANT|BENJAMIN BEN BENJI|CHARLES CHARLIE CHAZ|
CHRISTOPHER CHRIS KIT TOPHER|DANIEL DAN DANNY|DAVID DAVE DAI|DOMINIC DOM NICK|EDWARD ED EDDIE TED TEDDY|
FREDERICK FRED FREDDIE|GABRIEL GABE|GEORGE GEORDIE|GREGORY GREG|HARRISON HARRY|HENRY HARRY HAL|ISAAC ZAK|JACOB JAKE|
JAMES JIM JIMMY JAMIE|JEREMIAH JERRY JEZ|JOHN JACK JOHNNY|JONATHAN JON JONNY|JOSEPH JOE JOEY|JOSHUA JOSH|
KENNETH KEN KENNY|LAWRENCE LARRY LAZ|LEONARD LEN LEO|LEWIS LEW|MATTHEW MATT MATTY|MAXIMILIAN MAX|MICHAEL MIKE MICK MICKEY|
MOHAMMED MOHAMMAD MUHAMMAD MO|NATHANIEL NATHAN NAT NATE|NICHOLAS NICK NICKY|OLIVER OLLIE OLLY|PATRICK PADDY PAT|
PETER PETE|PHILIP PHIL PIP|RAYMOND RAY|RICHARD RICH RICK DICK|ROBERT ROB BOB BOBBY ROBBIE|RONALD RON RONNIE|
SAMUEL SAM SAMMY|SEBASTIAN SEB BASTIAN|SIMON SI|STEPHEN STEVE STEVEN STE|THEODORE THEO TEDDY|THOMAS TOM TOMMY|
TIMOTHY TIM TIMMY|TOBIAS TOBY|VINCENT VINNIE VINCE|WILLIAM WILL BILL BILLY LIAM|ZACHARY ZAC ZACK
"""
_SHORT_FEMALE = """
ABIGAIL ABBY GAIL|ALEXANDRA ALEX SANDRA LEXI SANDY|AMELIA MILLIE AMY|ANASTASIA STACEY ANA|ANTONIA TONI|BEATRICE BEA TRIXIE|
CAROLINE CARRIE CARO|CASSANDRA CASS CASSIE|CATHERINE CATH CATHY KATE KATIE|CHARLOTTE CHARLIE LOTTIE|CHRISTINA CHRIS TINA|
CONSTANCE CONNIE|DEBORAH DEBBIE DEB|DOROTHY DOT DOLLY|ELEANOR ELLIE NELL|ELIZABETH LIZ BETH BETTY LIBBY ELIZA|
EMILY EM MILLY|FRANCESCA FRAN FRANKIE|GABRIELLA GABBY ELLA|GEORGINA GEORGIE GINA|GWENDOLINE GWEN|HARRIET HATTIE|
ISABELLA BELLA IZZY|JACQUELINE JACKIE|JENNIFER JEN JENNY|JESSICA JESS JESSIE|JOSEPHINE JO JOSIE|JUDITH JUDY|
KATHERINE KATE KATHY KIT|KIMBERLEY KIM|LILIAN LILY|LUCINDA LUCY CINDY|MADELEINE MADDIE|MARGARET MAGGIE MEG PEGGY|
MATILDA TILLY|MELANIE MEL|MICHELLE SHELL|NATALIE NAT|NICOLA NICKY NIKKI|OLIVIA LIV LIVVY|PATRICIA PAT TRISH PATTY|
PENELOPE PENNY|PHILIPPA PIPPA|REBECCA BECKY BECCA|ROSEMARY ROSE ROSIE|SAMANTHA SAM SAMMY|STEPHANIE STEPH|SUSANNAH SUE SUSIE|
TABITHA TABBY|THERESA TESS TERRY|VERONICA RONNIE|VICTORIA VICKY TORI|WILHELMINA MINA BILLIE|WINIFRED WINNIE FREDA
"""
_ONSETS = _words(
    "AL BAR BEL BRIN CAL CAR COR DAL DEN DOR EL FAL FEN GAR GRIS HAL HAR IL JOR KEL KIR LAN LOR MAL MER NAR NOR"
)
_ONSETS += _words("OR PAL PEN QUIL RAL RIN SAL SHEL TAL TREN UL VAL VER WAL WIN YAR ZEL")
_MIDDLES = ["", "A", "DE", "E", "FORE", "GAL", "I", "LING", "MER", "NO", "O", "RI", "STAN", "TER", "VE"]
_ENDS = _words(
    "BY COMBE CROFT DALE DON FIELD FORD GATE HAM HOLT KIN LEY LOCK MAN MERE MORE NELL RIDGE SON STOW TON WELL WICK"
)
_GIVEN_ENDS = {
    "1": _words("AN DEN DON EK EN IAN IN IS O ON OR US"),
    "2": _words("A ANNE ELLE ETTE IA INA IS LYN NA RA SHA YA"),
}
_ROADS = _words("AVENUE CLOSE COURT DRIVE GARDENS GROVE LANE PLACE RISE ROAD STREET TERRACE WAY")
TOWNS = (
    "ALDERBROOK", "DUNMARSH", "FERNWICK", "HERONSTOW", "LARKHOLM", "MARLGATE", "OAKSHIRE", "PELLCOMBE", "QUILLFORD",
    "RUSHMERE", "SEDGEMORE", "THORNBY",
)  # fmt: skip
FAMILIES, GIVEN = 4000, 320  # of each sex


class Stock:
    """Words with Zipf-like frequencies."""

    def __init__(self, words: list[str], exponent: float) -> None:
        self.words = words
        self._weights = list(accumulate((rank + 2) ** -exponent for rank in range(len(words))))

    def draw(self, source: Random) -> str:
        """One word, as often as its place says."""
        return source.choices(self.words, cum_weights=self._weights)[0]


def _shuffled(words: list[str]) -> list[str]:
    Random("stock").shuffle(words)
    return words


@cache
def family_names() -> Stock:
    """Invented family names; one in twelve is of two parts."""
    words = ["".join(parts) for parts in product(_ONSETS, _MIDDLES, _ENDS)]
    words = _shuffled(sorted(set(words)))[:FAMILIES]
    words[7::12] = [f"{word} {other}" for word, other in zip(words[7::12], words[3::12], strict=False)]
    return Stock(words, 0.75)


@cache
def short_names() -> dict[str, tuple[str, ...]]:
    """What a child with a given name is called besides."""
    groups = [row.split() for text in (_SHORT_MALE, _SHORT_FEMALE) for row in text.split("|")]
    return {group[0]: tuple(group[1:]) for group in groups}


@cache
def given_names(sex: str) -> Stock:
    """Given names of sex code 1 or 2: those with short forms, those of the service's children, invented ones."""
    known = [row.split()[0] for row in (_SHORT_MALE if sex == "1" else _SHORT_FEMALE).split("|")]
    known += [name.upper() for name in (people.GIVEN_MALE if sex == "1" else people.GIVEN_FEMALE)]
    made = _shuffled(sorted({"".join(parts) for parts in product(_ONSETS, _GIVEN_ENDS[sex])}))
    return Stock(_shuffled(sorted(set(known))) + made[: GIVEN - len(set(known))], 0.85)


@cache
def streets() -> list[str]:
    """Some hundred streets."""
    names = [name.rsplit(" ", 1)[0].upper() for name in people.STREETS]
    return [f"{name} {road}" for name, road in product(names, _ROADS)]

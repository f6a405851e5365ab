"""Makes the fonts of `ui/src/fonts` from those of the two fontsource packages: `python3 scripts/fonts.py`.

Needs fonttools and brotli from PyPI. What the first page shows is in files of its own; accents, Greek and italics are
fetched by whoever meets them (`ui/src/fonts.css`). Weights that no page uses are left out. The licence keeps the name
"Source" for the unchanged font, so the serif is renamed.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).resolve().parent.parent
FROM = HERE / "node_modules/@fontsource-variable"
TO = HERE / "ui/src/fonts"

# English as it is written: letters, digits, quotes, dashes, dots, minus and multiplication.
FIRST = {*range(0x20, 0x7F), 0xA0, 0xB0, 0xB1, 0xB5, 0xB7, 0xD7, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D,
         0x2022, 0x2026, 0x2212}
SERIF = "source-serif-4/files/source-serif-4-{}-wght-{}.woff2"
FILES = [
    ("sans", "instrument-sans/files/instrument-sans-latin-wght-normal.woff2", True),
    ("sans-more", "instrument-sans/files/instrument-sans-latin-wght-normal.woff2", False),
    ("serif", SERIF.format("latin", "normal"), True),
    ("serif-more", SERIF.format("latin", "normal"), False),
    ("serif-italic", SERIF.format("latin", "italic"), None),
    ("serif-greek", SERIF.format("greek", "normal"), None),
]
FEATURES = ["ccmp", "liga", "kern", "mark", "mkmk", "tnum", "pnum"]


def make(name: str, source: str, first: bool | None) -> None:
    font = TTFont(FROM / source)
    known = set(font.getBestCmap())
    wanted = known if first is None else known & FIRST if first else known - FIRST
    options = Options(layout_features=FEATURES, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 4, 6, 13, 14])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": (400, 400, 700)}, updateFontNames=False)
    family = "Medai Sans" if name.startswith("sans") else "Medai Serif"
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = family.replace(" ", "") if record.nameID == 6 else family
    font.flavor = "woff2"
    font.save(TO / f"{name}.woff2")
    print(f"{(TO / name).with_suffix('.woff2').stat().st_size:7} {name}: {len(wanted)} signs")


TO.mkdir(exist_ok=True)
for entry in FILES:
    make(*entry)

"""Makes the PDFs beside it whose pages were read wrong once. Run once, by hand:

    pip install 'pypdf[crypto]' && python3 make_wrong.py
"""

import base64
import io
import pathlib
import struct
import zlib

import pypdf

HERE = pathlib.Path(__file__).parent
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def file(objects):
    """A file of these objects, from 1 on, with a right table."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


def stream(content, extra=b""):
    return b"<< /Length %d %s>>\nstream\n" % (len(content), extra) + content + b"\nendstream"


def page(name, content, fonts=(), page=b"", resources=b"", catalog=b"", more=()):
    """One page. Helvetica is /F0; `fonts` are /F1 on, objects from 6; `more` are the objects behind them."""
    named = b"".join(b"/F%d %d 0 R " % (at, 5 + at) for at in range(len(fonts) + 1))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s>>" % catalog,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %s/Contents 4 0 R /Resources << /Font << %s>> %s>> >>"
        % (page, named, resources),
        stream(content),
        HELVETICA,
        *fonts,
        *more,
    ]
    (HERE / f"{name}.pdf").write_bytes(file(objects))


def lines(*texts, size=12, left=72, top=720):
    return b"".join(
        b"BT /F0 %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (size, left, top - 20 * at, text) for at, text in enumerate(texts)
    )


def cmap(*pairs):
    """A ToUnicode map of codes of two bytes."""
    mapped = b"".join(b"<%04X> <%s>\n" % (code, text.encode("utf-16-be").hex().upper().encode()) for code, text in pairs)
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
        % (len(pairs), mapped)
    )


def composite(name, descendant, to_unicode):
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>"
        % (name, descendant, to_unicode)
    )


def cid_font(name, width):
    return (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /DW %d /CIDSystemInfo << /Registry (Adobe) /Ordering "
        b"(Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /%s /Flags 4 "
        b"/FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
        % (name, width, name)
    )


# Columns of whole numbers that stand close.
rows = [(b"Women", 246, 88, 173, 59), (b"Smokers", 393, 14, 26, 85), (b"Gout", 31, 73, 383, 21)]
table = lines(b"Cases by group and stage, whole numbers only, in four columns that stand close")
for row, (label, *numbers) in enumerate(rows):
    y = 690 - 11 * row
    table += b"BT /F0 8 Tf 1 0 0 1 72 %d Tm (%s) Tj ET\n" % (y, label)
    right = 170
    for number in numbers:
        right += 3 * 4.448 + 4
        left = right - 4.448 * len(str(number))
        table += b"BT /F0 8 Tf 1 0 0 1 %.3f %d Tm (%d) Tj ET\n" % (left, y, number)
page("whole-numbers", table)

# Gaps that are made by the spacing of characters, which is taken back within a number.
page(
    "spaced-numbers",
    lines(b"Admissions by state, with numbers that the spacing of characters keeps apart")
    + b"BT 1 Tc 8 0 0 8 150 690 Tm /F0 1 Tf [(0) (3) 1000 (,) 1000 (4) 1000 (6) 1000 (2) (1) 1000 (4) 1000 (7)] TJ 0 Tc ET",
)

# Symbol, as a standard font, as Word embeds it, and as a font of TrueType that says nothing of its signs.
page(
    "symbols",
    b"BT 72 720 Td /F0 12 Tf (Dose 3 ) Tj /F1 12 Tf (\xb4) Tj /F0 12 Tf ( 500 mg; potassium ) Tj /F1 12 Tf (\xad) Tj "
    b"/F0 12 Tf (, then ) Tj /F1 12 Tf (\xae) Tj /F0 12 Tf ( shock.) Tj ET\n"
    b"BT 72 700 Td /F0 12 Tf (Fentanyl 50 ) Tj /F2 12 Tf <006D> Tj /F0 12 Tf (g, if SpO2 ) Tj /F2 12 Tf <00B3> Tj "
    b"/F0 12 Tf ( 94 %) Tj ET\n"
    b"BT 72 680 Td /F0 12 Tf (Digoxin 125 ) Tj /F3 12 Tf (m) Tj /F0 12 Tf (g ) Tj /F3 12 Tf (\xb1) Tj "
    b"/F0 12 Tf ( 5 at 37 ) Tj /F3 12 Tf (\xb0) Tj /F0 12 Tf (C) Tj ET",
    fonts=[
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>",
        composite(b"ABCDEE+SymbolMT", 9, 10),
        b"<< /Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Symbol /FirstChar 32 /LastChar 255 /Widths [%s] >>"
        % (b"500 " * 224),
    ],
    more=[cid_font(b"ABCDEE+SymbolMT", 600), cmap((0x6D, "\uf06d"), (0xB3, "\uf0b3"))],
)

# Raised and lowered signs, by rise and by a smaller font.
page(
    "raised",
    b"BT /F0 12 Tf 72 720 Td (Platelets 150 to 400 x 10) Tj 5 Ts /F0 7 Tf (9) Tj 0 Ts /F0 12 Tf (/L, and 25 kg/m) Tj "
    b"5 Ts /F0 7 Tf (2) Tj 0 Ts /F0 12 Tf (; SO) Tj -3 Ts /F0 7 Tf (4) Tj 5 Ts (2-) Tj 0 Ts /F0 12 Tf ( as said.) Tj "
    b"5 Ts /F0 7 Tf (12) Tj 0 Ts ET",
)

# One page that is shown turned, and one that is written turned.
turned = b"".join(
    b"BT /F0 12 Tf 0 1 -1 0 %d 100 Tm (%s) Tj ET\n" % (100 + 20 * at, text)
    for at, text in enumerate([b"Position and setup", b"Warfarin 5 mg once daily", b"INR target 2.0 to 3.0"])
)
page("turned", turned, page=b"/Rotate 90 ")
page("written-turned", turned)
page("upside-down", lines(b"Position and setup", b"Warfarin 5 mg once daily", b"INR target 2.0 to 3.0"), page=b"/Rotate 180 ")

# Arabic as browsers write it: by shapes, from left to right, with numbers among it.
letters = sorted(set("يعطى المريض ملغ من إلى نبضة"))
codes = {letter: at + 1 for at, letter in enumerate(letters)} | {"\ufefb": 90}
digits = {digit: 100 + int(digit) for digit in "0123456789"}


def arabic(*words, y):
    eye = " ".join(word if word.isdigit() else word[::-1] for word in reversed(words))
    shown = b"".join(b"%04X" % (codes | digits)[sign] for sign in eye)
    return b"BT /F1 12 Tf 1 0 0 1 200 %d Tm <%s> Tj ET\n" % (y, shown)


page(
    "arabic",
    arabic("يعطى", "المريض", "25", "ملغ", y=720) + arabic("\ufefb", "من", "60", "إلى", "100", "نبضة", y=700),
    fonts=[composite(b"ABCDEF+Arabic", 7, 8)],
    more=[cid_font(b"ABCDEF+Arabic", 500), cmap(*((code, sign) for sign, code in (codes | digits).items()))],
)

# Ranges beside Arabic are drawn from the right, as browsers do; some draw them as they are elsewhere. Beside Hebrew they are
# drawn from the left.
signs = {sign: 120 + at for at, sign in enumerate(".-/molL%")}
hebrew = {letter: 140 + at for at, letter in enumerate(sorted(set("אשלגןירידה של")))} | {" ": codes[" "]}
drawn_signs = codes | digits | signs | hebrew


def as_drawn(name, *texts):
    shown = [b"".join(b"%04X" % drawn_signs[sign] for sign in text) for text in texts]
    page(
        name,
        b"".join(b"BT /F1 12 Tf 1 0 0 1 200 %d Tm <%s> Tj ET\n" % (720 - 20 * at, text) for at, text in enumerate(shown)),
        fonts=[composite(b"ABCDEF+Arabic", 7, 8)],
        more=[cid_font(b"ABCDEF+Arabic", 500), cmap(*((code, sign) for sign, code in drawn_signs.items()))],
    )


as_drawn(
    "leftward-ranges",
    "5.1-3.5 " + "من"[::-1],
    "mmol/L 5.1-3.5 " + "من"[::-1],
    "3.5-5.1 " + "אשלגן"[::-1],
    "mmol/L 3.5-5.1 " + "אשלגן"[::-1],
    "%25 " + "من"[::-1],
    "5%- " + "ירידה"[::-1],
)
as_drawn("leftward-or-not", "3.5-5.1 " + "من"[::-1])

# A figure that was placed, whose marks have properties without anything in them.
page(
    "placed",
    lines(b"Sepsis is organ dysfunction; the figure shows what to do at once.") + b"q /X Do Q",
    resources=b"/XObject << /X 6 0 R >> ",
    more=[
        stream(
            b"/PlacedPDF /MC0 BDC\n" + lines(b"Figure 1. Measure lactate; give 30 mL/kg crystalloid", top=640) + b"EMC",
            b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F0 5 0 R >> "
            b"/Properties << /MC0 << /Metadata null >> >> >> ",
        )
    ],
)

# Soft hyphens within words and at the end of a line; and what are hyphens, by the same code.
# Windows draws a hyphen there; a map says that it is a soft one.
page(
    "soft-hyphens",
    lines(
        b"Car\xaddio\xadmyo\xadpathy of the ven\xad",
        b"tricle: dose 5\xad10 mg, pH 7.35\xad7.45, NF\xadkB, COVID\xad19.",
    ).replace(b"/F0", b"/F1"),
    fonts=[HELVETICA.replace(b" >>", b" /ToUnicode 7 0 R >>")],
    more=[
        stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfrange <20> <7E> <0020> endbfrange\n"
            b"1 beginbfchar <AD> <00AD> endbfchar\nendcmap end end"
        )
    ],
)

# Layers that are switched off: of marks, of a member of none that is on, and of a drawing.
form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F0 5 0 R >> >> "
page(
    "layers",
    lines(b"What everybody sees")
    + b"/OC /On BDC\n" + lines(b"What is switched on", top=700) + b"EMC\n"
    + b"/OC /Off BDC\n/Span BMC\n" + lines(b"Secret solution 17 mg", top=680) + b"EMC\nEMC\n"
    + b"/OC /Member BDC\n" + lines(b"Secret member 18 mg", top=660) + b"EMC\n/X Do\n"
    + lines(b"And the end", top=640),
    resources=b"/Properties << /On 6 0 R /Off 7 0 R /Member 8 0 R >> /XObject << /X 9 0 R >> ",
    catalog=b"/OCProperties << /OCGs [6 0 R 7 0 R] /D << /OFF [7 0 R] >> >> ",
    more=[
        b"<< /Type /OCG /Name (Lecture) >>",
        b"<< /Type /OCG /Name (Solution) >>",
        b"<< /Type /OCMD /OCGs [7 0 R] /P /AllOn >>",
        stream(lines(b"Secret drawing 19 mg", top=620), form + b"/OC 7 0 R "),
    ],
)

# Numbers whose digits are no text of the file: drawn by a font that does not say what its codes mean.
page(
    "nameless-digits",
    lines(b"Everybody can read that the dose of this medicine by mouth, as given every day, is now")
    + b"BT /F1 12 Tf 1 0 0 1 72 690 Tm <00140018> Tj /F0 12 Tf ( mg) Tj ET",
    fonts=[composite(b"ABCDEF+Secret", 7, 8)],
    more=[cid_font(b"ABCDEF+Secret", 500), cmap((0x41, "A"))],
)

# Pages that are their own parents' parents.
(HERE / "pages-loop.pdf").write_bytes(
    file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 2 >>",
        ]
    )
)

# From the first page on, labels that begin with 12, behind a preface.
kids = b"".join(b"%d 0 R " % (4 + at) for at in range(4))
(HERE / "labels.pdf").write_bytes(
    file(
        [
            b"<< /Type /Catalog /Pages 2 0 R /PageLabels << /Kids [3 0 R] >> >>",
            b"<< /Type /Pages /Kids [%s] /Count 4 /MediaBox [0 0 612 792] >>" % kids,
            b"<< /Limits [0 2] /Nums [0 << /S /R /P (P-) >> 2 << /S /D /St 12 >>] >>",
            *[b"<< /Type /Page /Parent 2 0 R >>"] * 4,
        ]
    )
)

# A password with other than ASCII letters, in each way that files are locked.
for name, algorithm in [
    ("umlaut-r2", "RC4-40"),
    ("umlaut-r3", "RC4-128"),
    ("umlaut-r4", "AES-128"),
    ("umlaut-r5", "AES-256-R5"),
    ("umlaut-r6", "AES-256"),
]:
    writer = pypdf.PdfWriter(io.BytesIO((HERE / "raised.pdf").read_bytes()))
    writer.encrypt("pässwört", "owner", algorithm=algorithm)
    writer.write(HERE / f"{name}.pdf")

# A file that says 6 of what is drawn as 5.
page(
    "disputed",
    lines(b"Everybody can read that the dose is")
    + b"BT /F1 12 Tf 72 690 Td (5) Tj /F0 12 Tf ( mg) Tj ET",
    fonts=[
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R /Encoding << /Type /Encoding "
        b"/Differences [53 /five] >> >>"
    ],
    more=[
        stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfchar <35> <0036> endbfchar\nendcmap end end"
        )
    ],
)

# Files that say of a glyph another thing than its name, the encoding, the other codes or its own program.
def cmap_of_bytes(*pairs):
    """A ToUnicode map of codes of one byte."""
    mapped = b"".join(b"<%02X> <%04X>\n" % (code, ord(text)) for code, text in pairs)
    return stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
        % (len(pairs), mapped)
    )


def dose(drawn, unit=b"mg"):
    return lines(b"Everybody can read that the dose is") + (
        b"BT /F0 12 Tf 72 690 Td (Give ) Tj /F1 12 Tf (%s) Tj /F0 12 Tf ( %s of it a day) Tj ET" % (drawn, unit)
    )


MAPPED = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R %s >>"
WINDOWS = b"/Encoding /WinAnsiEncoding"
page("no-character", dose(b"15"), [MAPPED % WINDOWS], more=[cmap_of_bytes((0x31, "\0"), (0x35, "\ufffe"))])
page("encoded-otherwise", dose(b"15"), [MAPPED % WINDOWS], more=[cmap_of_bytes((0x31, "7"), (0x35, "5"))])
named = b"/Encoding << /Type /Encoding /Differences [65 /greaterequal] >>"
page("named-otherwise", dose(b"A", b"50 mg"), [MAPPED % named], more=[cmap_of_bytes((65, "$"))])
odd = b"/Encoding << /Type /Encoding /Differences [49 /g12 /g13 /g14 /g15 /g16] >>"
page(
    "named-oddly",
    dose(b"15"),
    [b"<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+Custom %s >>" % odd],
)
# Without an encoding: what most codes are by ASCII.
page(
    "ascii-otherwise",
    dose(b"15"),
    [
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 750 750] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 33 /LastChar 126 "
        b"/Widths [%s] /CharProcs << >> /Encoding << /Type /Encoding >> /ToUnicode 7 0 R >>" % (b"600 " * 94)
    ],
    more=[cmap_of_bytes(*[(code, "7" if code == 0x31 else chr(code)) for code in range(0x21, 0x7F)])],
)


def program(signs, mapped=True):
    """A font of TrueType whose glyphs, from 1 on, are those of these signs, and triangles that stand on their longest side."""
    glyph = struct.pack(">hhhhhHH3B3h3hx", 1, 0, 0, 500, 700, 2, 0, 1, 1, 1, 0, 500, -500, 0, 0, 700)
    count = len(signs) + 1
    ends = (sorted(map(ord, signs)) if mapped else []) + [0xFFFF]
    deltas = [(signs.index(chr(end)) + 1 - end) % 65536 for end in ends[:-1]] + [1]
    segments = [*ends, 0, *ends, *deltas, *[0] * len(ends)]
    table = struct.pack(f">7H{len(segments)}H", 4, 14 + 2 * len(segments), 0, 2 * len(ends), 2, 0, 0, *segments)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + table,
        b"glyf": glyph * count,
        b"head": struct.pack(">4I2H2q4h2H3h", 0x10000, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, 500, 700, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 800, -200, 0, 500, *[0] * 11, count),
        b"hmtx": struct.pack(">Hh", 500, 0) * count,
        b"loca": struct.pack(f">{count + 1}I", *[len(glyph) * at for at in range(count + 1)]),
        b"maxp": struct.pack(">I14H", 0x10000, count, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    }
    head = struct.pack(">I4H", 0x10000, len(tables), 0, 0, 0)
    body, place = b"", len(head) + 16 * len(tables)
    for name, data in tables.items():
        head += struct.pack(">4s3I", name, 0, place + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return head + body


page(
    "drawn-otherwise",
    dose(b"\0\1\0\2"),
    [composite(b"ABCDEF+Embedded", 7, 8)],
    more=[
        cid_font(b"ABCDEF+Embedded", 500).replace(b"/Flags 4", b"/Flags 4 /FontFile2 9 0 R").replace(
            b"/CIDSystemInfo", b"/CIDToGIDMap /Identity /CIDSystemInfo"
        ),
        cmap((1, "7"), (2, "5")),
        stream(program("15")),
    ],
)

# And where its program says nothing: what is seen has no foot of a 7, or does not hang below the line as a μ does.
for name, signs in [("shaped-otherwise", "17m"), ("unit-shaped-otherwise", "12μ"), ("shaped-so", "12m")]:
    page(
        name,
        lines(b"Everybody can read that the dose is")
        + b"BT /F0 12 Tf 72 690 Td (Give ) Tj /F1 12 Tf (\0\1\0\2) Tj /F0 12 Tf ( ) Tj /F1 12 Tf (\0\3) Tj /F0 12 Tf (g now) Tj ET",
        [composite(b"ABCDEF+Embedded", 7, 8)],
        more=[
            cid_font(b"ABCDEF+Embedded", 600).replace(b"/Flags 4", b"/Flags 4 /FontFile2 9 0 R").replace(
                b"/CIDSystemInfo", b"/CIDToGIDMap /Identity /CIDSystemInfo"
            ),
            cmap(*enumerate(signs, 1)),
            stream(program(signs, mapped=False)),
        ],
    )

# Fonts of Greek letters and signs that are not there, whose codes only those know who have them.
for name, font in [("greek-not-there", b"UniversalGreekwithMathPi"), ("pi-not-there", b"MathematicalPi-One")]:
    page(
        name,
        lines(b"Everybody can read that the dose is")
        + b"BT /F0 12 Tf 72 690 Td (Give 50 ) Tj /F1 12 Tf (m) Tj /F0 12 Tf (g now) Tj ET",
        [
            b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /FirstChar 32 /LastChar 126 /Widths [%s] >>"
            % (font, b"500 " * 95)
        ],
    )

# Figures that are said to be wider than they are, so that gaps are drawn where none are told.
page(
    "wide-figures",
    lines(b"Everybody can read these numbers")
    + b"BT /F1 12 Tf 72 690 Td (173) Tj 1 0 0 1 100 690 Tm (59) Tj ET",
    [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /FirstChar 48 /LastChar 57 "
        b"/Widths [%s] >>" % (b"750 " * 10)
    ],
)

# Spacing between all letters, and spaces between words.
page("letterspaced", lines(b"Numbers that are set wide") + b"BT 2 Tc /F0 8 Tf 72 690 Td (Group 30.3 757 61,337 48.1) Tj ET")

# Numbers that nothing parts but a line between them.
ruled, x = lines(b"Everybody can see the lines between these numbers"), 80
for cell in ["12", "34", "567", "8"]:
    ruled += b"BT /F0 10 Tf 1 0 0 1 %.2f 690 Tm (%s) Tj ET\n" % (x, cell.encode())
    x += 5.56 * len(cell) + 1
    ruled += b"0.3 w %.2f 687 m %.2f 699 l S\n" % (x - 0.5, x - 0.5)
page("ruled", ruled)

# A number that is hidden by a white box, and another one drawn on it.
page(
    "covered",
    lines(b"Give 500 mg of the drug once a day to all")
    + b"1 1 1 rg 95 715 35 16 re f 0 g BT /F0 12 Tf 101 720 Td (50) Tj ET",
)

# White boxes that hide nothing: one that is cut off, and one that all shines through.
page(
    "uncovered",
    lines(b"Give 500 mg of the drug once a day to all")
    + b"q 1 1 1 rg 300 600 50 50 re W n 95 715 35 16 re f Q q /G0 gs 1 1 1 rg 95 715 35 16 re f Q",
    resources=b"/ExtGState << /G0 << /BM /Multiply /ca 1 >> >> ",
)

# Whole numbers that stand so close that the gap between two of them is less than a quarter of a digit; and those of
# which nobody knows whether they are one.
close = lines(b"Cases by group and stage, whole numbers that stand very close")
for row, (gap, numbers) in enumerate([(0.12, [402, 17, 958]), (0.15, [23, 7, 6100]), (0.12, [88, -31, 5])]):
    x = 72
    for number in numbers:
        close += b"BT /F0 10 Tf 1 0 0 1 %.2f %d Tm (%d) Tj ET\n" % (x, 690 - 14 * row, number)
        x += 10 * (0.556 * len(str(abs(number))) + 0.333 * (number < 0) + gap)
close += b"BT /F0 10 Tf 1 0 0 1 72 648 Tm [(31)-130(4.5)-130(8)] TJ ET\n"
page("close-numbers", close)
page("close-digits", lines(b"Points of each") + b"BT /F0 10 Tf 1 0 0 1 72 690 Tm [(3)-130(5)-130(8)] TJ ET\n")

# Text that nobody sees: cut off by a path and by the bounds of a drawing, and white on white paper. White text on a dark box
# or picture is seen, and so is black text whose colour has a name and is told as 1.
page(
    "not-seen",
    lines(b"Everybody sees 12 mg")
    + b"q 0 0 10 10 re W n " + lines(b"Cut off 345 mg", top=700) + b"Q /X0 Do\n"
    + b"q 1 1 1 rg " + lines(b"White on white 347 mg", top=660) + b"Q\n"
    + b"q 0 0 0.5 rg 70 636 200 16 re f 1 1 1 rg " + lines(b"White on blue 6 mg", top=640) + b"Q\n"
    + b"q /C0 cs 1 scn " + lines(b"Black by name 7 mg", top=620) + b"Q\n"
    + b"q 60 590 m 300 590 l 300 612 l 60 612 l h W n " + lines(b"Within the path 8 mg", top=600) + b"Q",
    resources=b"/ColorSpace << /C0 [/Separation /Black /DeviceGray << /FunctionType 2 /Domain [0 1] /C0 [1] /C1 [0] /N 1 >>] >> "
    b"/XObject << /X0 6 0 R >> ",
    more=[
        stream(
            lines(b"Beyond the bounds 346 mg", top=680),
            b"/Type /XObject /Subtype /Form /BBox [0 0 60 60] /Resources << /Font << /F0 5 0 R >> >> ",
        )
    ],
)

# White text with a picture over it: some put there what a program recognised in it.
page(
    "under-a-picture",
    b"1 1 1 rg " + lines(b"White beneath 345 mg") + b"q 200 0 0 30 70 715 cm /X0 Do Q",
    resources=b"/XObject << /X0 6 0 R >> ",
    more=[
        stream(
            b"\x80",
            b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray ",
        )
    ],
)

# Spaces that fill a field beneath, a little lower, lie under the figures and part none.
page(
    "spaces-beneath",
    lines(b"Station numbers, each in a field that is filled with spaces")
    + b"BT /F0 10 Tf 1 0 0 1 72 690 Tm (152) Tj 100 0 Td (34.5) Tj 100 0 Td (7 a) Tj ET\n"
    + b"BT /F0 10 Tf 1 0 0 1 72 688.5 Tm 2.2 Tc (" + b" " * 50 + b") Tj 0 Tc ET",
)

# What stands over each other is read one after the other.
page(
    "small-fraction",
    b"BT /F0 10 Tf 1 0 0 1 72 720 Tm (Enter $ XXX ) Tj ET BT /F0 6 Tf 1 0 0 1 137.5 725.5 Tm (XX) Tj ET\n"
    b"BT /F0 6 Tf 1 0 0 1 136.5 718.8 Tm (100) Tj ET BT /F0 10 Tf 1 0 0 1 147 720 Tm ( in words.) Tj ET",
)

# Fractions, beside the text that they belong to, and beside a whole number; and one that may be figures that are
# underlined.
def stacked(over, under, x, y, size=10):
    wide = 0.556 * size * max(len(over), len(under))
    return b"BT /F0 %d Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj ET %.2f %.2f m %.2f %.2f l S BT /F0 %d Tf 1 0 0 1 %.2f %.2f Tm (%s) Tj ET\n" % (
        size, x, y + 3 + 0.2 * size, over, x, y + 3, x + wide, y + 3, size, x, y + 3 - size, under
    )


page(
    "stacked-fractions",
    lines(b"Doses of each, in parts of a tablet")
    + stacked(b"1", b"2", 72, 690) + b"BT /F0 10 Tf 1 0 0 1 82 690 Tm (mg a day) Tj ET\n"
    + b"BT /F0 10 Tf 1 0 0 1 72 660 Tm (x =) Tj ET\n" + stacked(b"120", b"80", 92, 660)
    + b"BT /F0 10 Tf 1 0 0 1 72 630 Tm (Take 2) Tj ET\n" + stacked(b"3", b"4", 105, 630, 7)
    + b"BT /F0 10 Tf 1 0 0 1 112 630 Tm (tablets) Tj ET\n",
)
page("stacked-or-not", lines(b"Sums of each") + stacked(b"120", b"80", 92, 660))

# Signs of a font whose glyphs have numbers for names.
page(
    "pi-font",
    b"BT /F0 12 Tf 72 720 Td (Platelets 245 ) Tj /F1 12 Tf (\x02) Tj /F0 12 Tf ( 31, 40 ) Tj /F1 12 Tf (\x05) Tj "
    b"/F0 12 Tf (g more, P ) Tj /F1 12 Tf (\x01) Tj /F0 12 Tf ( 0.05, r ) Tj /F1 12 Tf (\x03\x04) Tj /F0 12 Tf (0.62) Tj ET",
    fonts=[
        b"<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+MathematicalPi-One /FirstChar 1 /LastChar 5 "
        b"/Widths [833 833 833 833 556] /Encoding << /Type /Encoding /Differences [1 /H11021 /H11006 /H11005 /H11002 /H9262] >> >>"
    ],
)

# And where the file says that they are control characters, which would vanish.
page(
    "controls",
    b"BT /F0 12 Tf 72 720 Td (Everybody can read that P ) Tj /F1 12 Tf (\x01) Tj /F0 12 Tf ( 0.05 here) Tj ET",
    fonts=[
        b"<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+MathematicalPi-One /FirstChar 1 /LastChar 1 /Widths [833] "
        b"/ToUnicode 7 0 R /Encoding << /Type /Encoding /Differences [1 /H11021] >> >>"
    ],
    more=[
        stream(
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
            b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfchar <01> <0001> endbfchar\nendcmap end end"
        )
    ],
)


# Pages that unpack to more than there is room for, in each way, and one with a font that does.
def packed_twice(data_of):
    once = zlib.compressobj(9)
    return zlib.compress(b"".join(once.compress(part) for part in data_of) + once.flush(), 9)


def bits(codes):
    """Codes of LZW, each as long as it has to be."""
    out, length, at = 0, 0, 0
    for code in codes:
        wide = 9 + (at >= 255) + (at >= 767) + (at >= 1791)
        out, length, at = out << wide | code, length + wide, at + 1
    return (out << -length % 8).to_bytes((length + 7) // 8, "big")


spaces = packed_twice(b" " * (1 << 20) for _ in range(1024))
longest = bits([256, 32, *range(258, 4095)])
ways = [
    (b"/FlateDecode /FlateDecode", spaces),
    (b"/ASCII85Decode /FlateDecode /FlateDecode", base64.a85encode(spaces) + b"~>"),
    (b"/ASCIIHexDecode /FlateDecode /FlateDecode", spaces.hex().encode() + b">"),
    (b"/FlateDecode /FlateDecode /RunLengthDecode", packed_twice(b"\x81 " * (1 << 19) for _ in range(16))),
    (b"/FlateDecode /FlateDecode /LZWDecode", packed_twice([longest, b"\xff\xef\xfe" * (1 << 17)])),
]
font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %s>>"
first = 7 + 2 * len(ways)
(HERE / "bombs.pdf").write_bytes(
    file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /MediaBox [0 0 612 792] /Kids [%s] /Count %d /Resources << /Font << /F0 3 0 R /F1 4 0 R >> >> >>"
            % (b"".join(b"%d 0 R " % number for number in [5, *range(7, first, 2)]), 1 + len(ways)),
            font % b"",
            font % (b"/ToUnicode %d 0 R " % first),
            b"<< /Type /Page /Parent 2 0 R /Contents 6 0 R >>",
            stream(lines(b"Before the bombs there is text to be read") + b"BT /F1 9 Tf 72 600 Td (in two fonts) Tj ET"),
            *[
                body
                for at, (filters, data) in enumerate(ways)
                for body in [
                    b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (8 + 2 * at),
                    stream(data, b"/Filter [%s] " % filters),
                ]
            ],
            stream(spaces, b"/Filter [/FlateDecode /FlateDecode] "),
        ]
    )
)

# Objects that are packed with a bomb, in a file that has lost the table of its objects: whoever looks for them unpacks it.
(HERE / "objects-bomb.pdf").write_bytes(
    file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /MediaBox [0 0 612 792] /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F0 5 0 R /F1 7 0 R >> >> >>",
            stream(lines(b"What is not packed is read") + b"BT /F1 9 Tf 72 600 Td (what is packed is not) Tj ET"),
            HELVETICA,
            stream(
                packed_twice([b"7 0 " + font % b"" + b" " * (1 << 20), *[b" " * (1 << 20)] * 1023]),
                b"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode] ",
            ),
        ]
    ).split(b"xref")[0]
    + b"trailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
)

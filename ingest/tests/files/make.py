"""Makes the PDFs beside it. Run once, by hand: pip install pymupdf && python3 make.py"""

import pathlib
import zlib

import pymupdf as fitz

HERE = pathlib.Path(__file__).parent
PAGES = [
    "Preload is the stretch of the heart muscle at the end of diastole. It rises with venous return, "
    "and falls when a patient bleeds. The efficacy of the first beat depends on it.",
    "Afterload is the pressure against which the heart ejects. It rises with arterial resistance, "
    "so a patient with hypertension has a high afterload, and the wall grows thick.",
    "Contractility is the force of the muscle at a given preload and afterload. Digitalis and "
    "adrenaline raise it, and a lack of oxygen lowers it. The output is the product of all three.",
]


def lecture():
    document = fitz.open()
    for text in PAGES:
        page = document.new_page()
        page.insert_textbox(fitz.Rect(72, 72, 520, 700), text, fontsize=12)
    document.set_metadata({"title": "The Heart"})
    document.set_page_labels([{"startpage": 0, "style": "r", "firstpagenum": 1}, {"startpage": 2, "style": "D", "firstpagenum": 1}])
    return document


def save(document, name, **options):
    document.save(HERE / name, deflate=True, garbage=3, no_new_id=True, **options)


save(lecture(), "lecture.pdf")
save(lecture(), "empty-password.pdf", encryption=fitz.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="")
save(lecture(), "password.pdf", encryption=fitz.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="aorta")
save(lecture(), "password-rc4.pdf", encryption=fitz.PDF_ENCRYPT_RC4_128, owner_pw="owner", user_pw="aorta")

scan = lecture()
pixmap = fitz.Pixmap(fitz.csGRAY, fitz.IRect(0, 0, 40, 40))
pixmap.clear_with(128)
scan[1].clean_contents()
scan.delete_page(1)
scan.new_page(1).insert_image(fitz.Rect(0, 0, 400, 400), pixmap=pixmap)
save(scan, "second-page-is-an-image.pdf")

# A page that was printed and put on a scanner: its text is only in the picture.
printed = lecture()[1].get_pixmap(dpi=150, colorspace=fitz.csGRAY)
scanned = fitz.open()
scanned.new_page().insert_image(fitz.Rect(0, 0, 595, 842), stream=printed.tobytes("png"))
save(scanned, "scanned.pdf")

columns = fitz.open()
page = columns.new_page()
page.insert_textbox(fitz.Rect(50, 72, 280, 700), " ".join(["left column about the heart"] * 40), fontsize=11)
page.insert_textbox(fitz.Rect(310, 72, 540, 700), " ".join(["right column about the lung"] * 40), fontsize=11)
save(columns, "two-columns.pdf")

bytes_ = (HERE / "lecture.pdf").read_bytes()
(HERE / "broken-xref.pdf").write_bytes(bytes_[: bytes_.rindex(b"startxref")] + b"startxref\n7\n%%EOF\n")
(HERE / "truncated.pdf").write_bytes(bytes_[:60])
(HERE / "not-a.pdf").write_bytes(b"PK\x03\x04 a document of another kind, whatever its name says\n" * 4)
(HERE / "empty.pdf").write_bytes(b"")


def by_hand(name, objects):
    """A file of these objects, from 1 on, with a right table."""
    out = bytearray(b"%PDF-1.5\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    (HERE / name).write_bytes(out)


def stream(content, extra=b""):
    return b"<< /Length %d %s>>\nstream\n" % (len(content), extra) + content + b"\nendstream"


# The second of three pages unpacks to 1 GB, packed twice.
plain = b"BT /F 12 Tf 72 700 Td (Page %d says enough words to be read by the first engine alone and nothing more) Tj ET"
bomb = zlib.compressobj(9)
packed = b"".join(bomb.compress(b" " * (1 << 20)) for _ in range(1024)) + bomb.flush()
packed = zlib.compress(packed, 9)
kid = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F 6 0 R >> >> /Contents %d 0 R >>"
by_hand(
    "bomb.pdf",
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 3 >>",
        kid % 7,
        kid % 8,
        kid % 9,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(plain % 1),
        stream(packed, b"/Filter [/FlateDecode /FlateDecode] "),
        stream(plain % 3),
    ],
)
by_hand(
    "count-lies.pdf",
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
        kid.replace(b"6 0 R", b"4 0 R") % 5,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(plain % 1),
    ],
)

# A field that shows "Denmark" and is "DK" inside; one whose value nobody has drawn yet; one that is hidden; and one that
# is checked.
look = b"/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F 5 0 R >> >> "
widget = b"<< /Type /Annot /Subtype /Widget /F %d /Rect [%d 600 %d 620] /FT /%s /T (%s) %s >>"
by_hand(
    "form.pdf",
    [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [7 0 R 8 0 R 9 0 R 10 0 R] >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Annots [7 0 R 8 0 R 9 0 R 10 0 R] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        stream(b"BT /F 12 Tf 72 700 Td (Where the patient comes from, what is wrong, and whether it was seen to) Tj ET"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(b"/Tx BMC BT /F 12 Tf 2 5 Td (Denmark) Tj ET EMC", look),
        widget % (4, 72, 172, b"Ch", b"country", b"/V (DK) /Opt [[(DK) (Denmark)]] /AP << /N 6 0 R >>"),
        widget % (4, 192, 292, b"Tx", b"diagnosis", b"/V (Takotsubo)"),
        widget % (2, 312, 412, b"Tx", b"secret", b"/V (Hidden)"),
        widget % (4, 432, 532, b"Btn", b"seen", b"/V /Yes /AS /Yes /AP << /N << /Yes 11 0 R >> >>"),
        stream(b"0 0 m 10 10 l S", look),
    ],
)

# Its content names its filter by reference.
by_hand(
    "filter-by-reference.pdf",
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        kid.replace(b"6 0 R", b"4 0 R") % 5,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(zlib.compress(plain % 1), b"/Filter 6 0 R "),
        b"[/FlateDecode]",
    ],
)

# Two drawings, each of which draws the other.
drawing = look.replace(b"/F 5 0 R >>", b"/F 5 0 R >> /XObject << /X %d 0 R >>").replace(b"[0 0 100 20]", b"[0 -99 99 20]")
by_hand(
    "draws-itself.pdf",
    [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /XObject << /X 6 0 R >> >> >>",
        stream(b"1 0 0 1 72 700 cm /X Do"),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(b"BT /F 12 Tf 2 5 Td (The chicken) Tj ET 1 0 0 1 0 -30 cm /X Do", drawing % 7),
        stream(b"BT /F 12 Tf 2 5 Td (and the egg) Tj ET 1 0 0 1 0 -30 cm /X Do", drawing % 6),
    ],
)

# A list of goods, with a gap between names and numbers that is narrower than a sign.
goods = fitz.open()
page = goods.new_page()
for line, (name, number) in enumerate([("散称华联粉条", "2700549"), ("散称华联粉块", "2700550"), ("酸牛奶100g", "2700551")]):
    at = 72 + 20 * line
    page.insert_text((72, at), name, fontname="china-s", fontsize=10)
    page.insert_text((77 + fitz.get_text_length(name, "china-s", 10), at), number, fontname="helv", fontsize=10)
save(goods, "two-scripts.pdf")
